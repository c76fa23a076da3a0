"""What happened to one step, told from the entries of a run: nothing of them is edited, a later one corrects. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.plan.minutes import NO_TIME
from app.rules.runbooks.actuals import Actual


class Act(StrEnum):
    """What an entry says. `RETURNED`: whoever checked it sent it back; `REOPENED`: it was not over after all;
    `RETIMED`: T of the whole run was moved.
    """

    STARTED = "started"
    FINISHED = "finished"
    VERIFIED = "verified"
    RETURNED = "returned"
    SKIPPED = "skipped"
    REOPENED = "reopened"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    ROUND = "round"
    HANDED = "handed"
    CORRECTED = "corrected"
    RETIMED = "retimed"
    BROADCAST = "broadcast"
    NOTED = "noted"


class StepState(StrEnum):
    """Where a step stands."""

    TODO = "todo"
    RUNNING = "running"
    BLOCKED = "blocked"
    CHECK = "check"
    DONE = "done"
    SKIPPED = "skipped"


OVER: Final = (StepState.DONE, StepState.SKIPPED)
STATE_WORDS: Final = {
    StepState.TODO: "Not started",
    StepState.RUNNING: "Running",
    StepState.BLOCKED: "Blocked",
    StepState.CHECK: "Waiting for a check",
    StepState.DONE: "Done",
    StepState.SKIPPED: "Skipped",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `until` is when a block is expected to end, `corrects` the entry whose hour it sets right."""

    id: int
    act: Act
    happened_at: datetime
    until: datetime | None = None
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Where a step stands. `checked`: a second person is asked, so that it is over only when that person says so.
    `implied`: nobody entered its beginning, it was only ever finished. `lost`: of its time, to what held it up, or
    while it counted as finished and was not.
    """

    checked: bool = False
    started: datetime | None = None
    finished: datetime | None = None
    verified: datetime | None = None
    skipped: datetime | None = None
    blocked: datetime | None = None
    expected: datetime | None = None
    lost: timedelta = NO_TIME
    round: int = 1
    implied: bool = False

    @property
    def over(self) -> datetime | None:
        """When it was done with, its check included."""
        return self.verified if self.checked else self.finished

    @property
    def state(self) -> StepState:
        if self.skipped is not None:
            return StepState.SKIPPED
        if self.over is not None:
            return StepState.DONE
        if self.blocked is not None:
            return StepState.BLOCKED
        if self.finished is not None:
            return StepState.CHECK
        return StepState.TODO if self.started is None else StepState.RUNNING

    @property
    def actual(self) -> Actual:
        """As the forecast asks for it."""
        return Actual(self.started, self.over, self.skipped, self.blocked, self.expected, self.lost, self.finished)


def told(entries: Iterable[Entry], *, checked: bool) -> Told:
    """Where a step stands after its entries, in the order in which they were made. An hour that was corrected counts as
    the last correction has it.
    """
    known = list(entries)
    right = {one.corrects: one.happened_at for one in known if one.corrects is not None}
    found = Told(checked)
    for one in known:
        found = _after(found, replace(one, happened_at=right.get(one.id, one.happened_at)))
    return found


def _after(before: Told, one: Entry) -> Told:
    at = one.happened_at
    match one.act:
        case Act.STARTED:
            return replace(before, started=at, implied=False)
        case Act.FINISHED:
            implied = before.implied or before.started is None
            return replace(_freed(before, at), started=before.started or at, finished=at, implied=implied)
        case Act.VERIFIED:
            return replace(before, verified=at)
        case Act.RETURNED:
            return replace(_resumed(before, at), finished=None)
        case Act.SKIPPED:
            return replace(_freed(before, at), skipped=at)
        case Act.REOPENED:
            back = replace(_resumed(before, at), finished=None, verified=None, skipped=None, implied=False)
            return replace(back, started=None, lost=NO_TIME) if before.implied else back
        case Act.BLOCKED:
            return replace(before, blocked=before.blocked or at, expected=one.until)
        case Act.UNBLOCKED:
            return _freed(before, at)
        case Act.ROUND:
            return replace(before, round=before.round + 1)
    return before


def _resumed(before: Told, at: datetime) -> Told:
    """Nobody worked on it while it counted as finished."""
    idle = max(at - before.finished, NO_TIME) if before.finished else NO_TIME
    return replace(before, lost=before.lost + idle)


def _freed(before: Told, at: datetime) -> Told:
    """No longer held up: what that took counts from when it had begun."""
    if before.blocked is None:
        return before
    since = max(before.blocked, before.started) if before.started else at
    return replace(before, blocked=None, expected=None, lost=before.lost + max(at - since, NO_TIME))
