"""Times of meetings and who said what, in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.plan.terms import TITLE_LIMIT
from app.queries.meetings.lines import MeetingLine
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.clock import duration, instant, short_day
from app.rules.meetings.remarks import Kind, Subject
from app.rules.meetings.states import STATUS, MeetingState, Slot

NETWORK_WORDS: Final = "The whole network"
KIND_WORDS: Final = {Kind.WIN: "Win", Kind.CONCERN: "Concern"}


def when_words(slot: Slot, now: datetime) -> str:
    """`Fri 8 Jan, 12:00 Central`; the day alone where no hour is written."""
    if slot.at is None:
        return short_day(slot.day, today_there(slot, now))
    return instant(slot.at, slot.zone, now)


def today_there(slot: Slot, now: datetime) -> date:
    return now.astimezone(ZoneInfo(slot.zone)).date()


def takes_words(takes: timedelta | None) -> str:
    """`15 min`; empty where it is not said."""
    return duration(takes) if takes else ""


def place_words(rollout: RolloutFacts, place: PlaceFacts | None, wave: str) -> str:
    """Its location, the title of its wave, or the whole network."""
    if place is not None:
        return f"{place.name} (left)" if place in rollout.left else place.name
    known = rollout.playbook.waves.get(wave)
    return known.title if known else wave or NETWORK_WORDS


def shown_line(rollout: RolloutFacts, line: MeetingLine, now: datetime) -> dict[str, Any]:
    """A row of a table of meetings."""
    status, label = STATUS[line.state]
    return {
        "title": line.title,
        "href": f"/meetings/{line.id}",
        "when": when_words(line.slot, now),
        "where": place_words(rollout, line.place, line.wave),
        "room": line.room,
        "status": status,
        "label": f"{label}, entered later" if line.state is MeetingState.MISSED and line.entered else label,
    }


def subject_address(kind: str) -> str:
    """The folder of the pages of such a thing."""
    folders = {Subject.TASK: "tasks", Subject.ISSUE: "issues", Subject.RECONCILIATION: "reconciliations"}
    return f"/{folders.get(Subject(kind), 'meetings')}"


def cut(text: str, most: int = TITLE_LIMIT) -> str:
    """The first line's worth of a text."""
    whole = " ".join(text.split())
    return whole if len(whole) <= most else f"{whole[: most - 1].rstrip()}…"


def remark_kinds() -> list[dict[str, str]]:
    """What can be said, as options."""
    return [{"value": kind.value, "label": f"A {KIND_WORDS[kind].lower()}"} for kind in KIND_WORDS]
