"""Wins and concerns beside other things: on the page of a location, a task, an issue, a day, a meeting."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from app.queries.meetings.remark_lines import RemarkLine
from app.queries.meetings.remarks import remarks_on
from app.queries.rollouts.facts import PlaceFacts
from app.rules.clock import moment
from app.rules.meetings.remarks import Kind
from app.rules.people.access import Permission
from app.web.meetings.words import KIND_WORDS, cut
from app.web.site import Desk

SHOWN: Final = 5
About = tuple[str, int]
_MARKS: Final = {True: ("done", "Settled"), False: ("open", "Concern")}


def remarks_beside(
    session: Session, desk: Desk, place: PlaceFacts | None, now: datetime, about: About | None = None
) -> dict[str, Any]:
    """The last remarks about a thing (`about`: its kind and key), or about a location; and, for those who may say
    something there, what the form sends. Four queries.
    """
    kind, id_ = about or ("", place.id if place else 0)
    lines = remarks_on(session, desk.rollout, desk.viewer, kind, id_, SHOWN)
    base = f"/rollouts/{desk.rollout.slug}/remarks"
    return {
        "lines": [beside_line(desk, line, now) for line in lines],
        "href": f"{base}?location={place.slug}" if place else base,
        "action": f"{base}/new" if may_say(desk, place) else "",
        "location": place.slug if place and not about else "",
        "about": f"{kind}-{id_}" if about else "",
    }


def may_say(desk: Desk, place: PlaceFacts | None) -> bool:
    """Whether the reader may say something there, as the action decides."""
    open_ = desk.rollout.state == "running" and (place is None or (place.planned and place.left_at is None))
    return open_ and desk.can(Permission.RAISE_ISSUE, place.id if place else None)


def beside_line(desk: Desk, line: RemarkLine, now: datetime) -> dict[str, Any]:
    """A remark as an item of a listing."""
    status, label = ("met", KIND_WORDS[Kind.WIN]) if line.kind is Kind.WIN else _MARKS[line.settled_at is not None]
    zone = line.place.zone if line.place else desk.rollout.zone
    return {
        "text": cut(line.said) if line.said else f"A {KIND_WORDS[line.kind].lower()}",
        "href": f"/remarks/{line.id}",
        "end": f"{line.by_name}, {moment(line.at, zone, now)}",
        "status": status,
        "status_label": label,
    }
