"""The plan's filters as the part of an address behind the question mark, read and written. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final
from urllib.parse import parse_qsl, urlencode

from app.plan.language.dates import parse_iso_date
from app.plan.problems import Wrong
from app.rules.tasks.filtering import OPEN, PlanFilter

FIELDS: Final = (
    "location", "wave", "workstream", "phase", "role", "person", "state", "week", "since", "until", "critical", "q",
)  # fmt: skip
LONGEST: Final = 2_000
LONGEST_WORD: Final = 100
LONGEST_NUMBER: Final = 4


def query_of(wanted: PlanFilter, **more: str) -> str:
    """The part of an address behind the question mark; what filters nothing is left out."""
    given = {
        "location": wanted.location,
        "wave": wanted.wave,
        "workstream": wanted.workstream,
        "phase": wanted.phase,
        "role": wanted.role,
        "person": wanted.person,
        "state": wanted.state,
        "week": str(wanted.week or ""),
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "",
        "critical": "yes" if wanted.critical else "",
        "q": wanted.words,
        **more,
    }
    return urlencode({name: value for name, value in given.items() if value})


def filter_of(query: str) -> PlanFilter:
    """The filter that was kept as a query. What is none of ours is dropped."""
    given = {name: value[:LONGEST_WORD] for name, value in parse_qsl(query[:LONGEST])}
    return read_filter({name: given[name] for name in FIELDS if name in given})


def read_filter(texts: Mapping[str, str]) -> PlanFilter:
    """The filter of an address, by the names of its parts. What is no number and no day filters nothing."""

    def text(name: str) -> str:
        return texts.get(name, "")

    week = text("week")
    number = int(week) if week.isascii() and week.isdigit() and len(week) <= LONGEST_NUMBER else 0
    return PlanFilter(
        location=text("location"), wave=text("wave"), workstream=text("workstream"), phase=text("phase"),
        role=text("role"), person=text("person"), state=texts.get("state", OPEN), week=number,
        since=_day(text("since")), until=_day(text("until")), critical=text("critical") == "yes", words=text("q"),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return parse_iso_date(text) if text else None
    except Wrong:
        return None
