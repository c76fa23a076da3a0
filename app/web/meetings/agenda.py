"""The agenda of a meeting in words, and how its minutes are shared."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from app.queries.meetings.page import MeetingPage
from app.rules.clock import count
from app.rules.meetings.agenda import Line, Part, Section, minutes_each
from app.rules.meetings.remarks import Kind
from app.web.meetings.words import NETWORK_WORDS, takes_words

_EMPTY: Final = {
    Part.WINS: "Nobody has said a win since the last time.",
    Part.CONCERNS: "No concern is open.",
}


def budget_words(page: MeetingPage) -> str:
    """`15 min: about 3 min for each of 5 parts`."""
    each = minutes_each(page.sections, page.slot.takes)
    spoken = sum(bool(one.lines) for one in page.sections)
    if not each or spoken < 2:
        return takes_words(page.slot.takes)
    return f"{takes_words(page.slot.takes)}: about {each} min for each of {spoken} parts"


def agenda_part(page: MeetingPage, one: Section) -> dict[str, Any]:
    """One section of the agenda."""
    return {
        "id": one.part.value,
        "title": one.title,
        "note": count(len(one.lines), "line") if one.part is not Part.POINTS and len(one.lines) > 1 else None,
        "items": [_line(page, line) for line in one.lines],
        "more": one.more,
        "empty": _EMPTY.get(one.part, ""),
    }


def _line(page: MeetingPage, line: Line) -> dict[str, Any]:
    if line.kind == "point":
        return {"text": line.said}
    if line.kind == "found":
        return _found(page, line)
    where = _where(page, line)
    who = page.name(line.who) if line.who is not None else ""
    return {
        "text": _text(page, line),
        "href": _address(line),
        "end": ", ".join(word for word in (where, who, line.said) if word),
    }


def _found(page: MeetingPage, line: Line) -> dict[str, Any]:
    """A win that Muster found: a line leads to the form that says it, filled in."""
    place = page.rollout.location(line.place)
    where = _where(page, line)
    if place is None or not page.may_say:
        return {"text": line.said, "end": where}
    said = f"{line.said}, {place.name}"
    asked = urlencode({"location": place.slug, "kind": Kind.WIN, "said": said})
    href = f"/rollouts/{page.rollout.slug}/remarks/new?{asked}"
    return {"text": line.said, "href": href, "end": ", ".join(word for word in (where, "found in the figures") if word)}


def _text(page: MeetingPage, line: Line) -> str:
    known = page.texts.get((line.kind, line.id))
    if known:
        return known
    return {"win": "A win", "concern": "A concern"}.get(line.kind, "No longer there")


def _address(line: Line) -> str:
    folder = {"win": "remarks", "concern": "remarks", "issue": "issues"}.get(line.kind, "tasks")
    return f"/{folder}/{line.id}"


def _where(page: MeetingPage, line: Line) -> str:
    """Where it is, unless that is where they meet."""
    if page.place is not None:
        return ""
    place = page.rollout.location(line.place)
    return place.name if place else NETWORK_WORDS if line.place is None else ""
