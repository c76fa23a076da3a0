"""The reader's own next step, as the first thing on a phone, with its one large button."""

from __future__ import annotations

from typing import Any

from app.queries.runs.room import Room, StepLine
from app.rules.runbooks.ledger import StepState
from app.web.prose import prose
from app.web.runs.acting import act_of
from app.web.runs.rows import behind_words, step_href, until_words, who_of
from app.web.runs.steps import minutes_used, takes_words
from app.web.runs.words import STEP_MARKS, clock_words


def own_card(room: Room) -> dict[str, Any] | None:
    """The reader's own next step with its one button; None for whoever has no step here."""
    one = room.own
    if one is None or room.over:
        return None
    act = act_of(one)
    check = act is not None and act["act"] == "verification"
    status = STEP_MARKS[one.state] if one.state is not StepState.TODO else "run"
    return {
        "step": one.id,
        "version": one.last,
        "status": status,
        "when": "To be checked by you" if check else "Your next step" if act else "Your next step, not yet",
        "about": _about(room, one),
        "what": f"{one.planned.number}. {one.planned.title}",
        "how": prose(one.planned.how),
        "act": act,
        "href": step_href(room, one.id),
    }


def _about(room: Room, one: StepLine) -> str:
    """When it ends or begins, and what it waits for."""
    if one.state is StepState.BLOCKED:
        return until_words(room, one).lower()
    if one.state is StepState.RUNNING and one.span is not None:
        used = minutes_used(one.told, one.planned, room.now)
        ends = used["over"] or f"ends {clock_words(one.span.end, room.zone, room.now)}"
        return f"{used['time']} {used['of']}, {ends}"
    if one.state is StepState.CHECK:
        return f"finished by {who_of(room, one)}"
    if not one.waits:
        return takes_words(one.planned)
    at = f"about {clock_words(one.span.begin, room.zone, room.now)}" if one.span else ""
    return ", ".join(filter(None, (at, behind_words(room, one))))
