"""What a run was like: how long each step took against its plan, what held it up, what waited. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from app.plan.minutes import NO_TIME
from app.rules.runbooks.forecast import Span
from app.rules.runbooks.ledger import Act, Entry, StepState, Told
from app.rules.runbooks.steps import RunStep
from app.rules.runbooks.times import utc

WORTH_A_LINE: Final = timedelta(minutes=5)
"""A wait that is shorter is not told of."""
LONGEST: Final = 3


@dataclass(frozen=True, kw_only=True)
class Went:
    """A step of a run with its entries. `baseline` was planned when the run was made, `planned` is its plan as it is
    now; `paper`: an entry of it came from paper.
    """

    step: RunStep
    told: Told
    baseline: Span
    planned: Span
    entries: tuple[Entry, ...] = ()
    paper: bool = False


@dataclass(frozen=True)
class Line:
    """How a step went. `took` is from its beginning until it was over, its check included and what held it up left out;
    None where it is not over, was skipped, or nobody said when it began. `blocked` is what held it up, before it began
    too; `waited` how long it could have begun before it did; `early` names what it did not wait for.
    """

    went: Went
    took: timedelta | None
    blocked: timedelta
    waited: timedelta
    early: tuple[str, ...]

    @property
    def step(self) -> RunStep:
        return self.went.step

    @property
    def state(self) -> StepState:
        return self.went.told.state

    @property
    def baseline(self) -> timedelta:
        return self.went.baseline.end - self.went.baseline.begin

    @property
    def planned(self) -> timedelta:
        return self.went.planned.end - self.went.planned.begin

    @property
    def longer(self) -> timedelta | None:
        """By how much it took longer than planned; less than nothing: shorter."""
        return None if self.took is None else self.took - self.planned

    @property
    def was_blocked(self) -> bool:
        return any(one.act is Act.BLOCKED for one in self.went.entries)

    @property
    def corrected(self) -> bool:
        return any(one.corrects is not None for one in self.went.entries)


@dataclass(frozen=True)
class Review:
    """A whole run. `lines` are of the way forward, `back` of the way back where the run went back. `limit` is when it
    had to be over: the end of its window, or when it had to be back; None where nothing says so.
    """

    lines: tuple[Line, ...]
    back: tuple[Line, ...] = ()
    limit: datetime | None = None

    @cached_property
    def every(self) -> tuple[Line, ...]:
        return (*self.lines, *self.back)

    @property
    def planned_end(self) -> datetime | None:
        """Of the way that was gone to its end."""
        return max((line.went.planned.end for line in self.back or self.lines), default=None)

    @property
    def ended(self) -> datetime | None:
        """When the last step was over, or left out."""
        known = ((line.went.told.over, line.went.told.skipped) for line in self.every)
        return max((utc(at) for pair in known for at in pair if at is not None), default=None)

    @property
    def left(self) -> timedelta | None:
        """In hand at the end; less than nothing: too late."""
        return self.limit - self.ended if self.limit and self.ended else None

    @property
    def held_up(self) -> tuple[Line, ...]:
        """What was blocked, the longest first."""
        found = [line for line in self.every if line.was_blocked]
        return tuple(sorted(found, key=lambda line: -line.blocked))

    @property
    def blocked(self) -> timedelta:
        return sum((line.blocked for line in self.every), NO_TIME)

    @property
    def waits(self) -> tuple[Line, ...]:
        """The longest waits, the longest first."""
        found = [line for line in self.every if line.waited >= WORTH_A_LINE]
        return tuple(sorted(found, key=lambda line: -line.waited)[:LONGEST])

    @property
    def skipped(self) -> tuple[Line, ...]:
        return tuple(line for line in self.every if line.state is StepState.SKIPPED)


def review(
    forward: Sequence[Went], back: Sequence[Went] = (), *, limit: datetime | None = None, until: datetime
) -> Review:
    """The review of a run as of `until`, when it ended; `back` are the steps of the way back once it is gone."""
    every = {one.step.id: one for one in (*forward, *back)}
    lines, other = (tuple(_line(one, every, until) for one in way) for way in (forward, back))
    return Review(lines, other, limit)


def _line(one: Went, every: Mapping[str, Went], until: datetime) -> Line:
    blocked = sum((end - since for since, end in stretches(one.entries, until)), NO_TIME)
    return Line(one, timed(one.told), blocked, _waited(one, every), tuple(_early(one, every)))


def timed(told: Told) -> timedelta | None:
    """How long a step took, without what held it up; None where that was not measured."""
    if told.over is None or told.started is None or told.skipped is not None or told.started == told.finished:
        return None
    return max(utc(told.over) - utc(told.started) - told.lost, NO_TIME)


def stretches(entries: Iterable[Entry], until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From when to when something held a step up, in UTC; what still does, until `until`."""
    known = list(entries)
    right = {one.corrects: one.happened_at for one in known if one.corrects is not None}
    since: datetime | None = None
    for one in known:
        at = utc(right.get(one.id, one.happened_at))
        if one.act is Act.BLOCKED:
            since = at if since is None else since
        elif since is not None and one.act in (Act.UNBLOCKED, Act.FINISHED, Act.SKIPPED):
            yield since, max(at, since)
            since = None
    if since is not None:
        yield since, max(utc(until), since)


def _waited(one: Went, every: Mapping[str, Went]) -> timedelta:
    """Nothing for a step that waits for nothing, and for one that did not wait for all."""
    if one.told.started is None:
        return NO_TIME
    free = [utc(one.step.not_before)] if one.step.not_before else []
    for link in one.step.after:
        if (other := every.get(link.step)) is None:
            continue
        at = other.told.started if link.start else other.told.over or other.told.skipped
        if at is None:
            return NO_TIME
        free.append(utc(at) + link.lag + (NO_TIME if link.start else other.step.wait))
    return max(utc(one.told.started) - max(free), NO_TIME) if free else NO_TIME


def _early(one: Went, every: Mapping[str, Went]) -> Iterator[str]:
    started = one.told.started
    if started is None:
        return
    for link in one.step.after:
        other = every.get(link.step)
        if other is None or other.told.skipped is not None:
            continue
        at = other.told.started if link.start else other.told.over
        if at is None or at + link.lag + (NO_TIME if link.start else other.step.wait) > started:
            yield f"“{other.step.title}”"
    if one.step.not_before is not None and one.step.not_before > started:
        yield "its hour"
