"""What somebody begins with who begins with nothing: the smallest playbook that shows each part."""

from typing import Final

STARTER: Final = """\
muster: 1
id: my-rollout
title: What this rollout is for
version: "1.0"
length: 8w
calendar: {zone: America/Chicago, open: mon .. fri, hours: "08:00-17:00"}

roles:
  director: {title: Director, scope: network, access: director}
  champion: {title: Site champion, scope: location}

waves:
  pilot: {title: Pilot, when: week 3 .. week 6, cutover: "week 6 mon 07:00", locations: 1}

tasks:
  contract: {title: Sign the contract, scope: network, owner: director, due: week 1 fri}
  readiness:
    title: Be ready
    owner: champion
    due: cutover - 5wd
    tasks:
      devices: Count the devices
      training: {title: Train everybody at the front desk, sign_off: director}

gates:
  go:
    title: Go or no-go
    when: cutover - 1wd 15:00
    owner: champion
    decide: director
    votes: [director, champion]
    criteria:
      ready: {title: Everything is ready, tasks: readiness, critical: true}
"""
