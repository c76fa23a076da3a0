"""Small playbooks, dated: what the tests of the schedule have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app.plan import Playbook, load
from app.rules.schedule.dated import Item
from app.rules.schedule.schedule import Plan, plan_rollout, read_place

MONDAY = date(2027, 1, 4)
"""Week 1 is 4 to 10 January 2027; week 7 begins with Presidents' Day, 15 February."""


def book(body: str, calendar: str = "", length: int = 16) -> Playbook:
    """A sound playbook around `body`. `calendar` adds keys to a calendar in UTC without holidays."""
    own = calendar if "zone:" in calendar else f"zone: UTC{', ' if calendar else ''}{calendar}"
    head = f'muster: 1\nid: move\ntitle: Move\nversion: "1.0"\nlength: {length}w\ncalendar: {{{own}}}\n'
    return load((head + "roles: {lead: {title: Lead, scope: network}}\n" + body).encode())


WAVES = """waves:
  pilot: {title: Pilot, when: week 3 .. week 6, cutover: "week 6 mon 07:00", locations: 1 ..}
  second: {title: Second, when: week 7 .. week 10, cutover: "week 9 mon 07:00", locations: 1 ..}
"""
PLACES: tuple[dict[str, Any], ...] = (
    {"id": "alder", "name": "Alder", "wave": "pilot"},
    {"id": "birch", "name": "Birch", "wave": "second"},
)


def planned(playbook: Playbook, start: date = MONDAY, places: Sequence[dict[str, Any]] | None = None) -> Plan:
    """The plan; `places` are the two of the two waves where the playbook has waves."""
    stated = places if places is not None else PLACES if playbook.waves else ()
    return plan_rollout(playbook, start, [read_place(place) for place in stated])


def dated(
    due: str, *, calendar: str = "", start: date = MONDAY, keys: str = "", waves: bool = False, **place: Any
) -> Item:
    """The one task of a playbook with this `due`: of the network, or with waves of Alder (in wave pilot)."""
    body = f"tasks:\n  fees: {{title: Fees, owner: lead, due: {due}{', ' if keys else ''}{keys}}}\n"
    playbook = book((WAVES if waves else "") + body, calendar)
    places = [{**PLACES[0], **place}, PLACES[1]] if waves else []
    return items(planned(playbook, start, places), "fees")[0]


def items(plan: Plan, entry: str) -> list[Item]:
    return [item for item in (*plan.items, *plan.rhythm) if item.entry == entry]


def days(plan: Plan, entry: str) -> list[date | None]:
    return [item.due for item in items(plan, entry)]


def wall(item: Item, zone: str) -> str:
    """When it is due on the clock of a zone, as 2027-02-08T07:00-06:00."""
    assert item.due_at is not None
    return item.due_at.astimezone(ZoneInfo(zone)).isoformat(timespec="minutes")
