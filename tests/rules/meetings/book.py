"""A playbook with meetings of every scope."""

from __future__ import annotations

from tests.cast import PLAYBOOK

TALKS = (
    PLAYBOOK
    + """\
meetings:
  all-hands:
    title: All-hands
    owner: director
    who: everyone
    scope: network
    when: week 1 .. week 8
    every: fri 12:00
    takes: 15m
    place: Big room
    agenda: [Wins worth celebrating, Figures]
  huddle:
    title: Huddle
    owner: champion
    who: [champion, it-lead]
    takes: 10m
    rounds:
      - {when: week 1 .. week 2, every: working day 07:15}
      - {when: week 3 .. week 4, every: mon 07:30, takes: 20m, place: Kitchen}
  wave-call: {title: Wave call, owner: it-lead, who: champion, scope: wave, when: week 1 .. week 6, every: tue 16:00}
  steering:
    title: Steering group
    owner: sponsor
    who: director
    scope: network
    when: week 1 .. week 8
    every: tue 15:00
    takes: 45m
    agenda: |
      - Money

      - Risks
"""
)
