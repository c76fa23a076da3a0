"""Conditions of a go, and waivers: until when one may last, where it stands, how many a gate allows. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.plan.calendars import PlaceCalendar
from app.plan.format.gates import Conditions, Gate
from app.plan.language.dates import Offset
from app.plan.moments import stepped
from app.rules.clock import written


class ConditionState(StrEnum):
    """Where a condition or a waiver stands."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    MET = "met"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Term:
    """One condition, or (with a criterion) a waiver, with the instants of what became of it."""

    criterion: str
    expires_at: datetime
    accepted_at: datetime | None = None
    refused_at: datetime | None = None
    met_at: datetime | None = None
    expired_at: datetime | None = None

    def state(self, now: datetime) -> ConditionState:
        """Where it stands; accepted and unmet it has expired as soon as its time is over, told or not."""
        if self.met_at is not None:
            return ConditionState.MET
        if self.refused_at is not None:
            return ConditionState.REFUSED
        if self.accepted_at is None:
            return ConditionState.ASKED
        over = self.expired_at is not None or now >= self.expires_at
        return ConditionState.EXPIRED if over else ConditionState.ACCEPTED

    def fell_with(self, fell_at: datetime | None, now: datetime) -> bool:
        """Whether it has expired, and belongs to the go that fell then: it stays with that one."""
        carried = fell_at is not None and self.accepted_at is not None and self.accepted_at <= fell_at
        return carried and self.state(now) is ConditionState.EXPIRED


def counting(terms: Iterable[Term], fell_at: datetime | None, now: datetime) -> list[ConditionState]:
    """Where those stand that a new decision is about: all but what expired with the go that fell last."""
    return [one.state(now) for one in terms if not one.fell_with(fell_at, now)]


STATE_WORDS: Final = {
    ConditionState.ASKED: "Asked for",
    ConditionState.ACCEPTED: "Accepted",
    ConditionState.REFUSED: "Refused",
    ConditionState.MET: "Met",
    ConditionState.EXPIRED: "Expired",
}


def allowed(gate: Gate) -> Conditions | None:
    """How far a go of this gate may carry conditions; None: not at all."""
    return gate.conditions if isinstance(gate.conditions, Conditions) else None


def latest_end(gate: Gate, asked_at: datetime, calendar: PlaceCalendar) -> datetime | None:
    """Until when a condition that is asked for now may last: whole days end with the day at the place. None: as long as
    one likes.
    """
    limits = allowed(gate)
    if limits is None or limits.expire is None:
        return None
    step = Offset(1, limits.expire)
    day, at = stepped((step,), calendar.local_day(asked_at), asked_at, calendar)
    return at or calendar.day_end(day)


def limit_words(gate: Gate) -> str:
    """`2 at most, each for 5 days at most`; empty where nothing limits them."""
    limits = allowed(gate)
    if limits is None:
        return "This gate knows no conditions and no waivers."
    number = f"{limits.at_most} at most" if limits.at_most is not None else ""
    time = f"each for {written(limits.expire)} at most" if limits.expire is not None else ""
    return ", ".join(filter(None, (number, time)))
