"""What happened in a run, newest first: of which step, when, by whom; what came from paper or was set right says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from app.models import RunEntry
from app.plan.minutes import NO_TIME
from app.queries.runs.room import Room, StepLine
from app.rules.clock import duration, moment
from app.rules.runbooks.ledger import Act
from app.rules.tasks.answers import value_words
from app.web.runs.wall_steps import SAID
from app.web.runs.words import BROADCASTS, clock_words

MINUTE: Final = timedelta(minutes=1)
_OWN_WORDS: Final = (Act.STARTED, Act.BROADCAST, Act.ROUND, Act.HANDED, Act.CORRECTED, Act.RETIMED)
"""What says all of itself."""


def log_lines(room: Room, entries: Iterable[RunEntry], *, named: bool = True) -> list[dict[str, Any]]:
    """Entries as `log` takes them; `named`: with the step they are about."""
    steps = {one.row.id or 0: one for one in (*room.lines, *room.other)}
    known = {entry.id: entry for entry in room.entries}
    right = {entry.corrects_id: entry for entry in room.entries if entry.corrects_id is not None}
    newest = sorted(entries, key=lambda one: one.id or 0, reverse=True)
    return [_line(room, one, steps.get(one.step_id or 0), known, right.get(one.id or 0), named) for one in newest]


def _line(
    room: Room,
    entry: RunEntry,
    step: StepLine | None,
    known: dict[int | None, RunEntry],
    corrected: RunEntry | None,
    named: bool,
) -> dict[str, Any]:
    act = Act(entry.kind)
    status, label, behind = SAID[act]
    title = f"Step {step.planned.number}: {step.planned.title}" if step and named else ""
    at = entry.at if act is Act.CORRECTED else entry.happened_at
    parts = [title, *_facts(room, entry, act, step, known), "" if act in _OWN_WORDS else behind]
    issue = room.issues.get(entry.issue_id or 0)
    return {
        "id": f"entry-{entry.id}",
        "when": clock_words(at, room.zone, room.now, bare=NO_TIME),
        "instant": at.isoformat(),
        "status": status,
        "label": label,
        "what": " ".join(f"{part.rstrip('.')}." for part in parts if part),
        "who": entry.name,
        "said": _said(entry, step) if room.detail else "",
        "marks": _marks(room, entry, corrected),
        "href": f"/issues/{entry.issue_id}" if issue else "",
        "link": f"Issue {issue[0]}{', solved' if issue[1] else ''}" if issue else "",
    }


def _facts(
    room: Room, entry: RunEntry, act: Act, step: StepLine | None, known: dict[int | None, RunEntry]
) -> Iterator[str]:
    """What the entry says beside its kind; nothing that somebody typed."""
    if act is Act.STARTED and step is not None:
        late = entry.happened_at - step.row.planned_begins
        side = "late" if late > NO_TIME else "early"
        yield f"Began, {duration(late)} {side}" if abs(late) >= MINUTE else "Began as planned"
    if act is Act.FINISHED and step is not None and step.told.started and step.told.finished == entry.happened_at:
        took, takes = step.told.finished - step.told.started, step.planned.takes
        yield f"Took {took // MINUTE} of {takes // MINUTE} min"
    if act is Act.ROUND:
        yield f"Round {entry.value.get('round', 1)} is done"
    if act is Act.HANDED:
        yield f"Handed to {entry.value.get('name', 'somebody')}"
    if act is Act.BLOCKED and entry.value.get("until"):
        until = datetime.fromisoformat(entry.value["until"])
        yield f"Until about {clock_words(until, room.zone, room.now)}"
    if act is Act.BROADCAST:
        yield _sent(entry)
    if act is Act.RETIMED:
        yield _retimed(room, entry)
    if act is Act.CORRECTED:
        yield _corrected(room, entry, known.get(entry.corrects_id))


def _sent(entry: RunEntry) -> str:
    sent, told = str(entry.value.get("sent", "off")), entry.value.get("told")
    return f"Messages are {BROADCASTS.get(sent, sent)}{f', {told} were told' if told is not None else ''}"


def _retimed(room: Room, entry: RunEntry) -> str:
    """`T is 16:30, no longer 16:00`."""
    to, was = (datetime.fromisoformat(entry.value[one]) for one in ("zero", "was"))
    return f"T is {clock_words(to, room.zone, room.now)}, no longer {clock_words(was, room.zone, room.now)}"


def _corrected(room: Room, entry: RunEntry, first: RunEntry | None) -> str:
    """`Began 23:25, not 23:29`."""
    _, label, behind = SAID[Act(first.kind)] if first else ("", "", "It was")
    was = datetime.fromisoformat(entry.value["was"]) if entry.value.get("was") else entry.happened_at
    now, then = (clock_words(at, room.zone, room.now) for at in (entry.happened_at, was))
    return f"{label or behind} {now}, not {then}"


def _said(entry: RunEntry, step: StepLine | None) -> str:
    """What was typed, and what was answered."""
    value, asked = entry.value.get("answer"), step.planned.asked.answer if step else None
    answer = f"Answer: {value_words(value, asked.unit if asked else '')}" if value is not None else ""
    return "\n".join(filter(None, (entry.why, str(entry.value.get("note") or ""), answer)))


def _marks(room: Room, entry: RunEntry, corrected: RunEntry | None) -> list[str]:
    marks = []
    if entry.paper:
        marks.append(f"From paper, entered {moment(entry.at, room.zone, room.now).removeprefix('today ')}")
    if corrected is not None:
        marks.append("Set right later")
    return marks


def entries_of(room: Room, line: StepLine) -> Sequence[RunEntry]:
    """Those of one step, as they were made."""
    return [one for one in room.entries if one.step_id == line.row.id]
