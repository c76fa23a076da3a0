"""What is planned of one step and what it waits for, in words and times, for its own page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.plan.minutes import length
from app.queries.runs.room import Room, StepLine
from app.rules.clock import count, duration
from app.rules.runbooks.ledger import STATE_WORDS
from app.rules.runbooks.steps import Before
from app.web.runs.rows import step_href
from app.web.runs.words import BROADCASTS, STEP_MARKS, clock_words


def waits(room: Room, line: StepLine) -> Iterator[dict[str, Any]]:
    """What must be before it begins, and before it ends, with a mark for what is."""
    for one, ends in (*((one, False) for one in line.planned.after), *((one, True) for one in line.planned.done_after)):
        other = room.line(one.step)
        if other is not None:
            yield _wait(room, other, one, ends)
    at = line.planned.not_before
    if at is not None:
        text = f"Its hour, {clock_words(at, room.zone, room.now)}"
        yield {"text": text, "status": "done" if at <= room.now else "open", "status_label": ""}


def _wait(room: Room, other: StepLine, one: Before, ends: bool) -> dict[str, Any]:
    reached = other.told.skipped or (other.told.started if one.start else other.told.over)
    length = one.lag if one.start or ends else one.lag + other.planned.wait
    lag = f", {duration(length)} after" if length else ""
    what = f"{'to begin' if one.start else 'to be done'}{lag}{', before it may end' if ends else ''}"
    return {
        "text": f"{other.planned.number}. {other.planned.title}",
        "href": step_href(room, other.id),
        "end": f"{clock_words(reached, room.zone, room.now)}{lag}" if reached else what,
        "status": STEP_MARKS[other.state] if reached else "open",
        "status_label": STATE_WORDS[other.state],
    }


def times(room: Room, line: StepLine) -> list[list[str]]:
    """Rows of a table: as first planned, as planned now, as forecast, and as it was."""

    def at(when: datetime | None) -> str:
        return clock_words(when, room.zone, room.now) if when else "–"

    row, span, told = line.row, line.span, line.told
    ended = told.over or told.skipped
    return [
        ["Begins", at(row.baseline_begins), at(row.planned_begins), at(span.begin if span else None), at(told.started)],
        ["Ends", at(row.baseline_ends), at(row.planned_ends), at(span.end if span else None), at(ended)],
    ]


def besides(room: Room, line: StepLine) -> Iterator[tuple[str, str]]:
    """What else the playbook says of it: label and words."""
    asked, steps = line.planned.asked, {one.id: one for one in (*room.lines, *room.other)}
    if asked.wait_until:
        most = f" At most {duration(length(asked.at_most))}." if asked.at_most else ""
        yield "Wait until", f"{asked.wait_until}{most}"
    if asked.repeat is not None:
        rounds = f"at least {count(asked.repeat.at_least, 'round')}"
        most = f", at most {asked.repeat.at_most}" if asked.repeat.at_most else ""
        every = duration(length(asked.repeat.every))
        yield (
            "Again and again",
            f"Every {every} until: {asked.repeat.until} ({rounds}{most}; round {line.told.round} now)",
        )
    if line.planned.wait:
        yield "After it", f"Wait {duration(line.planned.wait)} before whatever comes next."
    if asked.broadcast is not None:
        yield "Message", f"{asked.broadcast.text} (Messages are {BROADCASTS[room.run.broadcasts]}.)"
    if asked.gate and asked.gate in room.found.playbook.gates:
        yield "Asks for", f"A go that stands at “{room.found.playbook.gates[asked.gate].title}”, in a live run."
    if asked.reconcile and asked.reconcile in room.found.playbook.reconciliation:
        yield (
            "Asks for",
            f"“{room.found.playbook.reconciliation[asked.reconcile].title}” of that day, closed, in a live run.",
        )
    if line.planned.undoes in steps:
        other = steps[line.planned.undoes].planned
        yield "Takes back", f"{other.number}. {other.title}"
    if asked.back_out or line.planned.back_out_takes:
        takes = f" ({duration(line.planned.back_out_takes)})" if line.planned.back_out_takes else ""
        yield "To undo it alone", f"{asked.back_out or 'No more is written.'}{takes}"
