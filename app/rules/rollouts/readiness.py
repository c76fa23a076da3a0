"""Readiness of a location: the roll of its next gate, one bar a criterion. Counted, never averaged. Pure.

A critical criterion that is not met vetoes as soon as what stands behind it is late, blocked, failed or wrong, or the
day of the gate has come. A criterion of which nothing is known is unknown: it counts as open and says so, and it
never vetoes, since nothing is known against it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from app.rules.rollouts.criteria import Found
from app.rules.tasks.progress import State

RULE: Final = (
    "A centre is ready when every criterion of its next gate is met. One bar is one criterion: tall if it can veto, "
    "broken if it does. A veto stands while a critical criterion is not met and something behind it is late, blocked, "
    "failed or wrong, or the day of the gate has come; a waiver that the gate's decider has accepted lifts it until it "
    "ends. What cannot be measured yet is unknown and counts as open."
)
LIVE_RULE: Final = "Live is said from the planned moment of the cutover on."


class BarState(StrEnum):
    """Where one criterion stands."""

    MET = "met"
    OPEN = "open"
    RISK = "risk"
    VETO = "veto"
    WAIVED = "waived"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Measure:
    """A criterion, and what was found behind it; `waived`: a waiver of it holds."""

    id: str
    title: str
    critical: bool
    found: Found
    waived: bool = False


@dataclass(frozen=True)
class Bar:
    """One criterion as counted: `done` of `total` tasks, the sentence that says it, and their entries."""

    id: str
    title: str
    critical: bool
    state: BarState
    done: int
    total: int
    said: str
    entries: tuple[str, ...]

    @property
    def stands_in_the_way(self) -> bool:
        return self.state not in (BarState.MET, BarState.WAIVED)


@dataclass(frozen=True)
class Roll:
    """The bars of one gate for one place, in the order of the playbook; `dated` is its key in the schedule."""

    gate: str
    title: str
    due: date | None
    bars: tuple[Bar, ...]
    dated: int = 0

    @property
    def met(self) -> int:
        return sum(bar.state is BarState.MET for bar in self.bars)

    @property
    def waived(self) -> int:
        return sum(bar.state is BarState.WAIVED for bar in self.bars)

    @property
    def in_the_way(self) -> int:
        return sum(bar.stands_in_the_way for bar in self.bars)

    @property
    def vetoes(self) -> int:
        return sum(bar.state is BarState.VETO for bar in self.bars)

    @property
    def unknown(self) -> int:
        return sum(bar.state is BarState.UNKNOWN for bar in self.bars)

    @property
    def ready(self) -> bool:
        """True when there is something to be ready for, and nothing of it stands in the way."""
        return bool(self.bars) and not self.in_the_way

    @property
    def said(self) -> str:
        """`19 of 23 met, 2 vetoes, 1 waived, 1 unknown`; without a criterion `nothing yet`."""
        return ", ".join(self._words())

    @property
    def said_shortly(self) -> str:
        """The count and the gravest of what is beside it: `19 of 23 met, 2 vetoes`."""
        return ", ".join(self._words()[:2])

    def _words(self) -> list[str]:
        if not self.bars:
            return ["nothing yet"]
        vetoes = "1 veto" if self.vetoes == 1 else f"{self.vetoes} vetoes" if self.vetoes else ""
        waived = f"{self.waived} waived" if self.waived else ""
        unknown = f"{self.unknown} unknown" if self.unknown else ""
        return [f"{self.met} of {len(self.bars)} met", *(words for words in (vetoes, waived, unknown) if words)]


@dataclass(frozen=True)
class GateDay:
    """A gate as it is dated for one place; `fallen`: a condition of its go expired unmet."""

    gate: str
    due: date | None
    fallen: bool = False


def next_gate(
    gates: Iterable[GateDay], today: date, opening: date | None = None, decided: Collection[str] = ()
) -> GateDay | None:
    """The first gate by date that is not decided and not past; when all are past, the last of them; undated gates
    come after dated ones.

    Until a location has opened, the gates before its `opening` come first, and the last of them stays the one in
    question when its day has passed undecided: an opening never hides behind a later gate.
    """
    waiting = [gate for gate in gates if gate.gate not in decided]
    if opening is not None and today <= opening:
        before = [gate for gate in waiting if gate.due is not None and gate.due <= opening]
        waiting = before or waiting
    ahead = [gate for gate in waiting if gate.due is None or gate.due >= today]
    if ahead:
        return min(ahead, key=lambda gate: (gate.due is None, gate.due or today))
    return max(waiting, key=lambda gate: gate.due or today, default=None)


def judge(measure: Measure, *, gate_day_has_come: bool) -> Bar:
    """One criterion, counted."""
    found = measure.found
    state = _state(measure, gate_day_has_come)
    return Bar(measure.id, measure.title, measure.critical, state, found.done, found.total, found.said, found.entries)


def _state(measure: Measure, gate_day_has_come: bool) -> BarState:
    found = measure.found
    if found.met:
        return BarState.MET
    if measure.waived:
        return BarState.WAIVED
    if measure.critical and (found.troubled or gate_day_has_come):
        return BarState.VETO
    if found.met is None:
        return BarState.UNKNOWN
    return BarState.RISK if found.troubled or found.at_risk else BarState.OPEN


def call(gate: str, title: str, due: date | None, measures: Sequence[Measure], *, today: date, dated: int = 0) -> Roll:
    """The roll of one gate for one place."""
    come = due is not None and today >= due
    return Roll(gate, title, due, tuple(judge(measure, gate_day_has_come=come) for measure in measures), dated)


class Stand(StrEnum):
    """Where a location stands as a whole. The value names its mark."""

    LIVE = "live"
    NOT_READY = "notready"
    RISK = "risk"
    READY = "ready"
    TRACK = "track"
    STALE = "stale"
    TODO = "todo"


STAND_WORDS: Final = {
    Stand.LIVE: "Live",
    Stand.NOT_READY: "Not ready",
    Stand.RISK: "At risk",
    Stand.READY: "Ready",
    Stand.TRACK: "On track",
    Stand.STALE: "Out of date",
    Stand.TODO: "Not started",
}


def stand(
    roll: Roll | None, states: Collection[State], cutover: datetime | None, now: datetime, out_of_date: bool = False
) -> Stand:
    """Live after the cutover; before it a veto says not ready, trouble says at risk. What nobody has shown of late is
    out of date, never ready or on track.
    """
    if cutover is not None and now >= cutover:
        return Stand.LIVE
    if roll is not None and roll.vetoes:
        return Stand.NOT_READY
    if roll is not None and any(bar.state is BarState.RISK for bar in roll.bars):
        return Stand.RISK
    if all(state is State.TODO for state in states):
        return Stand.READY if roll is not None and roll.ready else Stand.TODO
    if out_of_date:
        return Stand.STALE
    return Stand.READY if roll is not None and roll.ready else Stand.TRACK
