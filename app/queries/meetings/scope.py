"""What one time of a meeting is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_

from app.models import Occasion
from app.plan.format.rhythm import Meeting
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts


@dataclass(frozen=True)
class Scope:
    """One time of a meeting, and what it is about: its location, the locations of its wave, or everything in the
    rollout, each as far as the rollout holds it.
    """

    rollout: RolloutFacts
    occasion: Occasion
    meeting: Meeting | None
    now: datetime

    @property
    def places(self) -> tuple[PlaceFacts, ...]:
        known, occasion = self.rollout.locations, self.occasion
        if occasion.location_id is not None:
            return tuple(place for place in known if place.id == occasion.location_id)
        return tuple(place for place in known if occasion.wave in ("", place.wave))

    @property
    def of_network(self) -> bool:
        return self.occasion.location_id is None and not self.occasion.wave

    def holds(self, column: Any) -> ColumnElement[bool]:
        """Whether something lies in it, by the column of its location."""
        here: ColumnElement[bool] = column.in_([place.id for place in self.places])
        return or_(column.is_(None), here) if self.of_network else here

    def day(self, at: datetime) -> date:
        """The day of an instant where they meet."""
        place = self.rollout.location(self.occasion.location_id)
        return at.astimezone(ZoneInfo(place.zone if place else self.rollout.zone)).date()

    @property
    def today(self) -> date:
        return self.day(self.now)
