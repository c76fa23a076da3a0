"""What an issue's clock does, and when: the rungs of its ladder, reminders, and the end of its time. Pure.

Every rung is counted from the opening, never from the rung before, so that one told late delays no other. While the
clock stands still, or the issue is resolved, nothing is due.

Besides the rungs there are: `respond`, while nobody has taken it, again and again (each time the time to respond has
passed once more) until somebody does; `update`, when whoever holds it has said nothing for so long; `again`, when it
was taken and is still not resolved after the playbook's `again_after`, to the rung above the last one told; and
`breach`, when its time to resolve has run out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.plan.calendars import PlaceCalendar
from app.rules.issues.law import Law
from app.rules.issues.running import Clock, Stood, reaches, used


class Step(StrEnum):
    """What a step is."""

    RUNG = "rung"
    RESPOND = "respond"
    UPDATE = "update"
    AGAIN = "again"
    BREACH = "breach"
    BY_HAND = "hand"


REPEATED = frozenset({Step.RESPOND, Step.UPDATE, Step.AGAIN})
"""Steps that are due once more after they were."""


@dataclass(frozen=True)
class Case:
    """What has happened to an issue so far. `stood`: stretches in which its clock did not run, in order of time; one
    in which it was resolved is one of them. `news_at` is when somebody last said how it stands.
    """

    law: Law
    calendar: PlaceCalendar
    opened: datetime
    stood: Sequence[Stood] = ()
    acknowledged_at: datetime | None = None
    news_at: datetime | None = None
    resolved: bool = False

    @property
    def clock(self) -> Clock:
        return Clock(self.law.business, self.calendar)

    def used(self, now: datetime) -> float:
        """Seconds of its time that have run."""
        return used(self.clock, self.opened, self.stood, now)

    def breach_at(self) -> datetime | None:
        """When its time to resolve runs out; None while it stands still."""
        return reaches(self.clock, self.opened, self.stood, self.law.resolve)


def due(case: Case, kind: str, number: int = 0, since: datetime | None = None) -> datetime | None:
    """When a step is due; None where it is not, as things stand. `since` is when a repeated one was due before."""
    law = case.law
    if case.resolved:
        return None
    if kind == Step.RUNG:
        rung = law.rungs[number]
        clock = case.clock if rung.own else Clock(rung.open_hours, case.calendar)
        return reaches(clock, case.opened, case.stood, rung.seconds)
    if kind == Step.BREACH:
        return case.breach_at()
    if kind == Step.RESPOND and law.respond is not None and case.acknowledged_at is None:
        again = _after(case, case.clock, since or case.opened, law.respond)
        breach = case.breach_at()
        # By then the top of the ladder has been told; whoever has not reacted is not reminded for ever.
        return again if again is not None and (breach is None or again <= breach) else None
    if kind == Step.UPDATE and law.update is not None and case.acknowledged_at is not None:
        begun = max(filter(None, (case.acknowledged_at, case.news_at, since)))
        return _after(case, case.clock, begun, law.update)
    if kind == Step.AGAIN and law.again_after is not None and case.acknowledged_at is not None:
        return _after(case, Clock(False, case.calendar), since or case.acknowledged_at, law.again_after)
    return None


def _after(case: Case, clock: Clock, since: datetime, seconds: float) -> datetime | None:
    """So much running time after `since`; what stood still before does not count once more."""
    later = [stretch for stretch in case.stood if stretch.until is None or stretch.until > since]
    return reaches(clock, since, later, seconds)


def first_steps(law: Law) -> list[tuple[Step, int]]:
    """The steps with which an issue opens, by kind and number."""
    rungs = [(Step.RUNG, number) for number in range(len(law.rungs))]
    return [*rungs, (Step.RESPOND, 0), (Step.UPDATE, 0), (Step.AGAIN, 0), (Step.BREACH, 0)]


def spared(case: Case, kind: str, unless: str) -> bool:
    """Whether a step that is due is passed over: what it should prevent has happened."""
    if case.resolved:
        return True
    return kind == Step.RUNG and unless == "acknowledged" and case.acknowledged_at is not None


def next_rung(law: Law, told: Sequence[int]) -> int | None:
    """The rung above the highest one told: the first where none was, the highest where all were; None without any."""
    if not law.rungs:
        return None
    return min(max(told, default=-1) + 1, len(law.rungs) - 1)


def reminded(law: Law, told: Sequence[int]) -> list[int]:
    """The rungs reminded while nobody has taken it: the highest told, with all that are due at the same time."""
    if not law.rungs:
        return []
    last = law.rungs[min(max(told, default=0), len(law.rungs) - 1)]
    return [number for number, rung in enumerate(law.rungs) if (rung.seconds, rung.own) == (last.seconds, last.own)]
