"""The next dates of a location, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.queries.locations.page import Coming
from app.queries.rollouts.facts import PlaceFacts
from app.rules.clock import in_days, short_day

KINDS: Final = {
    "gate": "Gate",
    "training": "Training",
    "milestone": "Milestone",
    "runbook": "Runbook",
    "freeze": "Freeze ends",
    "meeting": "Meeting",
    "cutover": "First patient",
}
PAGES: Final = {"gate": "/gates", "runbook": "/runbooks"}
"""What has a page of its own."""


def shown_coming(coming: Sequence[Coming], place: PlaceFacts, now: datetime) -> list[dict[str, Any]]:
    """Days with what happens on each, in the zone of the place; the first patient among them."""
    found = [*coming]
    today = place.today(now)
    if place.cutover_at and place.cutover and place.cutover_at > now:
        found.append(Coming(place.cutover.date(), place.cutover_at, "cutover", f"{place.name} opens on the new system"))
    zone = ZoneInfo(place.zone)
    found.sort(key=lambda one: (one.day, one.at is None, one.at or now, one.title))
    return [
        {
            "day": short_day(day, today),
            "near": in_days(day, today),
            "lines": [
                {
                    "at": f"{one.at.astimezone(zone):%H:%M}" if one.at else "",
                    "title": one.title,
                    "kind": KINDS[one.kind],
                    "href": f"{PAGES[one.kind]}/{one.id}" if one.id and one.kind in PAGES else "",
                }
                for one in lines
            ],
        }
        for day, lines in groupby(found, key=lambda one: one.day)
    ]
