"""What runs, what is next, and what happened last, as rows of a wall: titles, times and names, no text of anybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

from app.plan.minutes import NO_TIME
from app.queries.runs.wall import LogLine, Wall, WallStep
from app.rules.clock import duration
from app.rules.runbooks.ledger import OVER, Act, StepState
from app.web.runs.steps import minutes_used
from app.web.runs.words import clock_words, numbers_words

MOST_RUNNING, MOST_NEXT, MOST_LOG = 5, 3, 4
MOST_NAMES: Final = 2
MINUTE: Final = timedelta(minutes=1)
SAID: Final = {
    Act.STARTED: ("", "", "Began"),
    Act.FINISHED: ("done", "Done", ""),
    Act.VERIFIED: ("done", "Checked", ""),
    Act.RETURNED: ("risk", "Sent back", ""),
    Act.SKIPPED: ("waived", "Skipped", ""),
    Act.REOPENED: ("risk", "Open again", ""),
    Act.BLOCKED: ("blocked", "Blocked", ""),
    Act.UNBLOCKED: ("", "", "Goes on"),
    Act.ROUND: ("", "", "One more round"),
    Act.HANDED: ("", "", "Handed over"),
    Act.CORRECTED: ("", "", "Its hour was set right"),
    Act.RETIMED: ("", "", "T was moved"),
    Act.BROADCAST: ("", "", "A message was sent"),
    Act.NOTED: ("", "", "A note was written"),
}
"""Of each kind of entry a status with its word, and what is said behind the step."""


def running_rows(wall: Wall) -> dict[str, Any]:
    """What is being done, as rows of `step`; `more`: how many do not stand here."""
    found = wall.running
    return {"rows": [_running(wall, one) for one in found[:MOST_RUNNING]], "more": max(len(found) - MOST_RUNNING, 0)}


def _running(wall: Wall, one: WallStep) -> dict[str, Any]:
    row: dict[str, Any] = {"no": one.planned.number, "title": one.planned.title, "who": names_words(wall.who(one))}
    if one.planned.asked.repeat is not None:
        row["beside"] = f"round {one.told.round}"
    if one.state is StepState.CHECK:
        checkers = names_words(wall.checkers(one))
        return {**row, "state": "check", "status": "wait", "status_label": "Waits for a check", "who": checkers}
    row |= _used(wall, one)
    if one.state is StepState.BLOCKED:
        number = wall.issues.get(one.planned.id)
        row |= {"state": "blocked", "status": "blocked", "status_label": f"Blocked, issue {number}" if number else None}
        if one.told.expected is not None:
            row["under"] = f"until {clock_words(one.told.expected, wall.zone, wall.now)}"
    return row


def _used(wall: Wall, one: WallStep) -> dict[str, Any]:
    """The minutes used of those planned, and how many more it takes already."""
    used = minutes_used(one.told, one.planned, wall.now)
    return {
        "state": "running",
        "time": used["time"],
        "of": used["of"],
        "under": used["over"] or f"ends {clock_words(one.span.end, wall.zone, wall.now)}",
        "used": used,
        "note": "Longest chain, no slack" if one.on_chain else "",
    }


def next_rows(wall: Wall) -> list[dict[str, Any]]:
    """The next steps, and the next checkpoint where it is none of them."""
    found = wall.ahead
    shown, rest = found[:MOST_NEXT], found[MOST_NEXT:]
    point = next((one for one in rest if one.planned.critical or one.planned.no_return), None)
    if point is not None and not any(one.planned.critical for one in shown):
        shown = (*shown[: MOST_NEXT - 1], point)
    return [_next(wall, one) for one in shown]


def _next(wall: Wall, one: WallStep) -> dict[str, Any]:
    point, waits = one.planned.no_return, _waits(wall, one)
    ready = one.span.begin <= wall.now and not waits
    under = f"after {numbers_words(waits, 3)}" if waits else "checkpoint" if one.planned.critical else ""
    return {
        "no": one.planned.number,
        "title": one.planned.title,
        "who": names_words(wall.who(one)),
        "time": "Now" if ready else clock_words(one.span.begin, wall.zone, wall.now),
        "under": "point of no return" if point else under,
        "gate": point or one.planned.critical,
    }


def _waits(wall: Wall, one: WallStep) -> list[int]:
    """The numbers of the steps that it still waits for."""
    before = [(wall.step[link.step], link.start) for link in one.planned.after if link.step in wall.step]
    found = {step.planned.number for step, start in before if not (step.state in OVER or (start and step.told.started))}
    return sorted(found)


def names_words(names: Sequence[str]) -> str:
    """`Ivo Tanaka, Chiara Amato and 2 more`."""
    words = ", ".join(names[:MOST_NAMES])
    return f"{words} and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else words


def log_lines(wall: Wall) -> list[dict[str, Any]]:
    """The latest entries, as `log` takes them."""
    return [_line(wall, one) for one in (wall.log if wall.over else wall.log[:MOST_LOG])]


def _line(wall: Wall, one: LogLine) -> dict[str, Any]:
    status, label, behind = SAID[one.act]
    step = f"Step {one.number}: {one.title}" if one.number else ""
    sent = one.act is not Act.BROADCAST or wall.run.broadcasts != "off"
    said = [step, *_more(one), behind if sent else "A message was due, but messages are off"]
    return {
        "when": clock_words(one.at, wall.zone, wall.now),
        "instant": one.at.isoformat(),
        "status": status,
        "label": label,
        "what": " ".join(f"{part.rstrip('.')}." for part in said if part),
        "who": one.name,
    }


def _more(one: LogLine) -> Iterator[str]:
    """How early or late it began, and how long it took."""
    if one.act is Act.STARTED and one.planned is not None and abs(late := one.at - one.planned) >= MINUTE:
        yield f"{duration(late)} {'late' if late > NO_TIME else 'early'}"
    if one.act is Act.FINISHED and one.started is not None and one.finished is not None:
        yield f"Took {(one.finished - one.started) // MINUTE} of {one.takes // MINUTE} min"
