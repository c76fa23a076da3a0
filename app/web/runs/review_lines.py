"""The steps of a review as values: the line of each, what was blocked, left out, corrected or came from paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from app.queries.runs.room import Room
from app.rules.clock import MINUS, duration, moment
from app.rules.runbooks.ledger import OVER, Act, StepState
from app.rules.runbooks.review import Line
from app.web.runs.words import STEP_MARKS, clock_words

MINUTE: Final = timedelta(minutes=1)
_ENTERED: Final = {
    Act.STARTED: "begun",
    Act.FINISHED: "finished",
    Act.VERIFIED: "checked",
    Act.SKIPPED: "left out",
    Act.BLOCKED: "blocked",
    Act.UNBLOCKED: "going on",
    Act.ROUND: "a round done",
}


def reach(line: Line) -> timedelta:
    """How far the picture of a step goes."""
    return max(line.planned, (line.took or timedelta(0)) + line.blocked, MINUTE)


def step_address(room: Room, line: Line) -> str:
    return f"/runs/{room.id}/steps/{line.step.id}"


def row(room: Room, line: Line, top: timedelta) -> dict[str, Any]:
    """One step of the table. Places of its picture are percent of the longest."""
    return {
        "id": f"step-{line.step.id}",
        "href": step_address(room, line),
        "text": f"{line.step.number}. {line.step.title}",
        "status": STEP_MARKS[line.state],
        "over": line.state in OVER,
        "notes": [*_notes(line)],
        "planned": duration(line.planned),
        "planned_at": _planned_at(room, line),
        "took": _took(line),
        "took_at": _took_at(room, line),
        "longer": _signed(line),
        "blocked": duration(line.blocked) if line.was_blocked else "",
        "picture": {
            "planned": round(100 * (line.planned / top), 2),
            "took": round(100 * ((line.took or timedelta(0)) / top), 2),
            "blocked": round(100 * (line.blocked / top), 2),
        },
    }


def _planned_at(room: Room, line: Line) -> str:
    """`04:00`; where the plan was moved since the run was made, `04:30, first 04:00`."""
    first, now = (clock_words(span.begin, room.zone, room.now) for span in (line.went.baseline, line.went.planned))
    return now if first == now else f"{now}, first {first}"


def _took_at(room: Room, line: Line) -> str:
    """`04:05 to 04:41`, as far as it came."""
    told = line.went.told
    times = [at for at in (told.started, told.over or told.skipped) if at is not None]
    return " to ".join(clock_words(at, room.zone, room.now) for at in times)


def _took(line: Line) -> str:
    if line.took is not None:
        return duration(line.took)
    if line.state is StepState.SKIPPED:
        return "left out"
    return "not timed" if line.state is StepState.DONE else "not done"


def _signed(line: Line) -> str:
    """`+12 min`, `−5 min`: the difference of the minutes that stand beside it."""
    if line.longer is None or line.took is None:
        return ""
    longer = (line.took // MINUTE - line.planned // MINUTE) * MINUTE
    return f"{'+' if longer > timedelta(0) else MINUS}{duration(longer)}" if longer else "as planned"


def _notes(line: Line) -> Iterator[str]:
    """What is to be said of a step besides its minutes; never a text that somebody typed."""
    if line.early:
        yield f"begun before {' and '.join(line.early)}"
    if line.corrected:
        yield "an hour was corrected"
    if line.went.paper:
        yield "from paper"


def blocked(room: Room, line: Line) -> dict[str, Any]:
    """A step that was blocked, and the issues that came of it."""
    own = room.found.rows[line.step.id].id
    blocks = (one for one in room.entries if one.step_id == own and one.kind == Act.BLOCKED.value)
    keys = dict.fromkeys(one.issue_id for one in blocks if one.issue_id is not None)
    issues = [(key, *room.issues[key]) for key in keys if key in room.issues]
    return {
        "text": f"{line.step.number}. {line.step.title}",
        "href": step_address(room, line),
        "time": duration(line.blocked),
        "issues": [
            {"href": f"/issues/{key}", "text": f"Issue {number}", "state": "solved" if solved else "open"}
            for key, number, solved in issues
        ],
    }


def waited(room: Room, line: Line) -> dict[str, str]:
    """How long a step could have begun before it did, for `listing`."""
    text = f"{line.step.number}. {line.step.title}"
    return {"text": text, "href": step_address(room, line), "end": duration(line.waited)}


def skipped(room: Room, line: Line) -> dict[str, str]:
    """Who left a step out, and why, for whoever may read that."""
    own = room.found.rows[line.step.id].id
    entry = next((one for one in reversed(room.entries) if one.step_id == own and one.kind == Act.SKIPPED.value), None)
    return {
        "text": f"{line.step.number}. {line.step.title}",
        "href": step_address(room, line),
        "by": entry.name if entry else "",
        "why": entry.why if entry and room.detail else "",
    }


def entered(room: Room, now: datetime) -> Iterator[dict[str, str]]:
    """Every hour that was set right, and everything that came from paper."""
    known = {one.id: one for one in room.entries}
    steps = {row.id: row for row in room.found.rows.values()}
    for entry in room.entries:
        step = steps.get(entry.step_id)
        first = known.get(entry.corrects_id) if entry.corrects_id else None
        if step is None or not (entry.paper or first):
            continue
        what = _ENTERED.get(Act((first or entry).kind), "noted")
        hour = moment(entry.happened_at, room.zone, now)
        was = f", not {moment(first.happened_at, room.zone, now)}" if first else ", from paper"
        yield {
            "text": f"{step.number}. {step.title}",
            "href": f"/runs/{room.id}/steps/{step.step}",
            "said": f"{what} {hour}{was}; entered by {entry.name} {moment(entry.at, room.zone, now)}",
            "why": entry.why if room.detail else "",
        }
