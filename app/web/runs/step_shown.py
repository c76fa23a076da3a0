"""The page of one step as values for its template: what is to be done, its four times, what it waits for, its forms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.models import RunFile
from app.queries.runs.room import Room, StepLine
from app.rules.clock import moment
from app.rules.runbooks.ledger import STATE_WORDS, Act, StepState
from app.web.prose import prose
from app.web.runs.log import entries_of, log_lines
from app.web.runs.rows import checkers_of, until_words, who_of
from app.web.runs.shown import head
from app.web.runs.step_forms import correctable, step_forms
from app.web.runs.step_words import besides, times, waits
from app.web.runs.steps import marks_of, minutes_used, takes_words
from app.web.runs.told import conflict
from app.web.runs.words import STEP_MARKS, clock_words
from app.web.tasks.shown import size_words
from app.web.told import Told


def shown_step(room: Room, line: StepLine, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the template of a step needs."""
    planned, asked = line.planned, line.planned.asked
    log = log_lines(room, entries_of(room, line), named=False)
    return {
        "run": head(room),
        "step": {
            "id": line.id,
            "no": planned.number,
            "version": line.last,
            "title": planned.title,
            "status": STEP_MARKS[line.state],
            "label": until_words(room, line) if line.state is StepState.BLOCKED else STATE_WORDS[line.state],
            "group": ": ".join(planned.group),
            "back": line.row.back,
            "marks": marks_of(planned, room.zone, room.now),
        },
        "say": _say(room, line),
        "how": prose(planned.how),
        "why": prose(asked.why),
        "links": asked.links,
        "besides": list(besides(room, line)),
        "waits": list(waits(room, line)),
        "times": times(room, line),
        "does": who_of(room, line),
        "checks": checkers_of(room, line),
        "answer": _answered(room, line),
        "files": [_file(room, one, now) for one in room.files if one.step_id == line.row.id] if room.detail else [],
        "wanted": [_wanted(one) for one in asked.evidence],
        "log": correctable(room, log, told),
        "forms": step_forms(room, line, told, now),
        "detail": room.detail,
        "told": told,
        "conflict": conflict(room, told, line.id, now),
    }


def _say(room: Room, line: StepLine) -> str:
    """Where it stands, in a sentence below the title."""
    if line.state is StepState.RUNNING and line.span is not None:
        used = minutes_used(line.told, line.planned, room.now)
        ends = clock_words(line.span.end, room.zone, room.now)
        over = f"it is {used['over']}" if used["over"] else f"it ends about {ends}"
        return f"{used['time']} {used['of']} used; {over}."
    if line.state is StepState.TODO and line.span is not None and not room.over:
        begins = clock_words(line.span.begin, room.zone, room.now)
        return f"It begins about {begins} and takes {takes_words(line.planned)}."
    return ""


def _answered(room: Room, line: StepLine) -> dict[str, Any] | None:
    """What was answered, ticked and noted when it was last finished, for those who may read it."""
    done = [one for one in entries_of(room, line) if one.kind == Act.FINISHED]
    if not done or line.told.finished is None:
        return None
    return {"ticks": set(done[-1].value.get("ticks") or ()), "judged": done[-1].value.get("judged", "")}


def _wanted(piece: Any) -> str:
    many = f"{piece.at_least} × " if piece.at_least > 1 else ""
    return f"{many}{piece.type}{f', {piece.title}' if piece.title else ''}"


def _file(room: Room, one: RunFile, now: datetime) -> dict[str, Any]:
    by = f"{room.name(one.by_id)}, {moment(one.at, room.zone, now)}"
    return {
        "row": one.id,
        "name": one.url or one.file_name,
        "href": one.url or f"/runs/{room.id}/files/{one.id}",
        "kind": "link" if one.url else "photo" if one.content_type.startswith("image/") else "file",
        "said": by if one.url else f"{size_words(one.size)}, {by}",
    }
