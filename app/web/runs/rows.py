"""The steps of a run as rows: what runs, what is next, all of them in their groups, and what must be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from app.queries.runs.room import Room, StepLine
from app.rules.clock import duration
from app.rules.runbooks.ledger import OVER, STATE_WORDS, StepState
from app.web.held import listed
from app.web.runs.acting import act_of
from app.web.runs.steps import after_words, grouped, marks_of, minutes_used, numbered, takes_words
from app.web.runs.words import STEP_MARKS, clock_words

MINUTE: Final = timedelta(minutes=1)


def step_href(room: Room, step: str) -> str:
    return f"/runs/{room.id}/steps/{step}"


def who_of(room: Room, one: StepLine) -> str:
    """Whoever it was handed to, else those who hold its roles by name, else the titles of the roles."""
    people = room.found.playbook.people
    roles = one.planned.asked.owner.roles if one.planned.asked.owner else ()
    titles = " or ".join(people[role].title if role in people else role for role in roles)
    return one.holder or listed(one.names) or titles or "Nobody is named"


def checkers_of(room: Room, one: StepLine) -> str:
    """Who checks it, by name, else by the titles of the roles; empty where nobody does."""
    verify, people = one.planned.asked.checked_by, room.found.playbook.people
    if verify is None:
        return ""
    names = room.holders.names(verify.roles, room.run.location_id)
    return listed(names) or " or ".join(people[role].title if role in people else role for role in verify.roles)


def running_row(room: Room, one: StepLine) -> dict[str, Any]:
    """A step that runs, is held up or waits for its check."""
    status = STEP_MARKS[one.state]
    row: dict[str, Any] = {
        "no": one.planned.number,
        "title": one.planned.title,
        "href": step_href(room, one.id),
        "state": one.state.value,
        "who": who_of(room, one),
        "act": act_of(one),
        "step": one.id,
        "version": one.last,
    }
    if one.planned.asked.repeat is not None:
        row["beside"] = f"round {one.told.round}"
    if one.state is StepState.CHECK:
        label = f"Waits for a check by {checkers_of(room, one)}"
        return {**row, "status": status, "status_label": label}
    used = minutes_used(one.told, one.planned, room.now)
    row |= {"time": used["time"], "of": used["of"], "used": used}
    if one.span is not None:
        row["under"] = used["over"] or f"ends {clock_words(one.span.end, room.zone, room.now)}"
    row["note"] = "Longest chain, no slack" if one.on_chain else ""
    if one.state is StepState.BLOCKED:
        row |= {"status": status, "status_label": until_words(room, one), "used": None, "note": ""}
    return row


def until_words(room: Room, one: StepLine) -> str:
    at = one.told.expected
    return f"Blocked, until about {clock_words(at, room.zone, room.now)}" if at else "Blocked"


def next_row(room: Room, one: StepLine) -> dict[str, Any]:
    """A step that is still to begin."""
    begins = clock_words(one.span.begin, room.zone, room.now) if one.span else ""
    return {
        "no": one.planned.number,
        "title": one.planned.title,
        "href": step_href(room, one.id),
        "state": "next",
        "who": who_of(room, one),
        "marks": marks_of(one.planned, room.zone, room.now)[:2],
        "time": begins,
        "under": behind_words(room, one),
        "gate": one.planned.no_return or bool(one.planned.asked.gate),
        "act": act_of(one),
        "step": one.id,
        "version": one.last,
    }


def behind_words(room: Room, one: StepLine) -> str:
    """`after 12, 13`: the steps that it still waits for."""
    states = {line.id: line.state for line in room.lines}
    numbers = numbered(line.planned for line in room.lines)
    return after_words(one.planned, numbers, lambda step: states.get(step) not in OVER)


def groups(room: Room, lines: Sequence[StepLine]) -> list[dict[str, Any]]:
    """All steps of a way, group by group, each with how many of it are over."""
    return [
        {
            "title": title or _unnamed(inside),
            "count": f"{sum(one.state in OVER for one in inside)} of {len(inside)}",
            "steps": [line_row(room, one) for one in inside],
        }
        for title, inside in grouped(lines, lambda one: one.planned)
    ]


def _unnamed(inside: Sequence[StepLine]) -> str:
    """`Step 1`, `Steps 4 to 8`: those that belong to no group."""
    first, last = inside[0].planned.number, inside[-1].planned.number
    return f"Step {first}" if first == last else f"Steps {first} to {last}"


def line_row(room: Room, one: StepLine) -> dict[str, Any]:
    """A step as a line: where it stands, and when it was or will be."""
    return {
        "no": one.planned.number,
        "title": one.planned.title,
        "href": step_href(room, one.id),
        "id": f"step-{one.id}",
        "state": "next" if one.state is StepState.TODO else one.state.value,
        "status": STEP_MARKS[one.state],
        "status_label": STATE_WORDS[one.state],
        "marks": marks_of(one.planned, room.zone, room.now),
        "who": who_of(room, one),
        "time": _hour(room, one),
        "under": _took(one),
        "gate": one.planned.no_return,
    }


def _hour(room: Room, one: StepLine) -> str:
    at = one.told.finished or one.told.skipped or one.told.started or (one.span.begin if one.span else None)
    return clock_words(at or one.row.planned_begins, room.zone, room.now)


def _took(one: StepLine) -> str:
    """`took 34 of 30 min`; `30 min` ahead of it."""
    if one.told.finished is not None and one.told.started is not None:
        return f"took {(one.told.finished - one.told.started) // MINUTE} of {one.planned.takes // MINUTE} min"
    return "" if one.state is StepState.SKIPPED else takes_words(one.planned)


def pairs(room: Room) -> list[dict[str, Any]]:
    """What was done and must be taken back, as items of a listing, the most urgent first."""
    titles = {one.id: one.planned.number for one in room.lines}
    found = []
    for pair in room.pairs:
        by = ", ".join(f"step {titles[step]}" for step in pair.undone_by if step in titles)
        at = clock_words(pair.deadline, room.zone, room.now)
        gap = duration(pair.deadline - room.now)
        found.append({
            "text": f"{pair.step.number}. {pair.step.title}",
            "href": step_href(room, pair.step.id),
            "end": f"{f'by {by}, ' if by else ''}until {at}, {f'{gap} over' if pair.past else f'in {gap}'}",
            "status": "late" if pair.past else "open",
            "status_label": "Not taken back" if pair.past else "To take back",
        })  # fmt: skip
    return found
