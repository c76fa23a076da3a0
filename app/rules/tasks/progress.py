"""The state of a task, and of many tasks together, from facts and now. Pure.

A state is a word of the closed list on screen; its value is the mark that goes with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where one task stands. The value names its mark."""

    DONE = "done"
    WAITING = "wait"
    TODO = "todo"
    TRACK = "track"
    RISK = "risk"
    LATE = "late"
    BLOCKED = "blocked"


WORDS: Final[Mapping[State, str]] = {
    State.DONE: "Done",
    State.WAITING: "Waiting",
    State.TODO: "Not started",
    State.TRACK: "On track",
    State.RISK: "At risk",
    State.LATE: "Late",
    State.BLOCKED: "Blocked",
}

TROUBLE: Final = frozenset({State.RISK, State.LATE, State.BLOCKED})


@dataclass(frozen=True)
class TaskFacts:
    """What is known of one task. `late_at` is an instant in UTC, `begins` a day of the place (or nothing)."""

    begins: date | None
    late_at: datetime | None
    completed: bool = False
    skipped: bool = False
    blocked: bool = False
    failed: bool = False
    """Its answer lies outside what passes."""
    awaits: bool = False
    """It is finished, and a second person has still to check or sign it."""
    begun: bool = False
    """Something has been recorded: an answer, a line of the checklist, a file."""
    before: tuple[State, ...] = ()
    """The states of what must be finished first."""


def state(facts: TaskFacts, *, today: date, now: datetime) -> State:
    """The one word for a task; the gravest that is true wins, and what is finished cannot be late."""
    if facts.skipped:
        return State.DONE
    if facts.completed:
        return _finished(facts)
    if facts.blocked:
        return State.BLOCKED
    if facts.late_at is not None and now >= facts.late_at:
        return State.LATE
    return _open(facts, today)


def _finished(facts: TaskFacts) -> State:
    if facts.failed:
        return State.RISK
    return State.WAITING if facts.awaits else State.DONE


def _open(facts: TaskFacts, today: date) -> State:
    if facts.failed:
        return State.RISK
    begun = facts.begun or (facts.begins is not None and facts.begins <= today)
    return held_up(State.TRACK if begun else State.TODO, facts.before)


def held_up(alone: State, before: Collection[State]) -> State:
    """The state of a task that by itself is `alone`, given the states of what must be finished first: only work that
    is open and in no trouble of its own is held up.
    """
    if alone not in (State.TODO, State.TRACK):
        return alone
    if State.LATE in before or State.BLOCKED in before:
        return State.RISK
    return State.WAITING if any(earlier is not State.DONE for earlier in before) else alone


@dataclass(frozen=True)
class Tally:
    """Tasks counted: `done` of `total`, and how many are `late`, `blocked` or at `risk`."""

    state: State
    done: int
    total: int
    late: int = 0
    blocked: int = 0
    risk: int = 0

    @property
    def said(self) -> str:
        """`7 of 9, 1 blocked`: the gravest trouble is counted behind it; 0 of 0 is `nothing yet`."""
        if not self.total:
            return "nothing yet"
        trouble = ((self.blocked, "blocked"), (self.late, "late"))
        worst = next((f", {number} {word}" for number, word in trouble if number), "")
        return f"{self.done} of {self.total}{worst}"


@dataclass(frozen=True)
class Health:
    """Percent of the work due so far that is late, from which a workstream is amber or red."""

    amber: float
    red: float


def tally(states: Iterable[State] | Mapping[State, int], health: Health | None = None, due: int = 0) -> Tally:
    """One cell of the board, from states or from how many there are of each. The gravest task gives the colour; with
    `health`, late work gives it by its share of the `due` tasks whose time has come, finished or not.
    """
    found = Counter(states)
    total = sum(found.values())
    late, blocked, risk, done = (found[s] for s in (State.LATE, State.BLOCKED, State.RISK, State.DONE))
    return Tally(_together(found, total, health, due), done, total, late, blocked, risk)


def _together(found: Counter[State], total: int, health: Health | None, due: int) -> State:
    if found[State.BLOCKED]:
        return State.BLOCKED
    if found[State.LATE]:
        colour = _by_share(found[State.LATE], due, health) if health else State.LATE
        if colour:
            return colour
    return State.RISK if found[State.RISK] else _calm(found, total)


def _by_share(late: int, due: int, health: Health) -> State | None:
    share = 100 * late / max(due, late)
    if share >= health.red:
        return State.LATE
    return State.RISK if share >= health.amber else None


def _calm(found: Counter[State], total: int) -> State:
    if total and found[State.DONE] == total:
        return State.DONE
    if found[State.TODO] == total:
        return State.TODO
    return State.WAITING if found[State.WAITING] == total - found[State.DONE] else State.TRACK
