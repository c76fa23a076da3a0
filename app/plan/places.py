"""Where entries exist: the network, a wave, a location; and locations as facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.plan.calendars import PlaceCalendar
from app.plan.language.dates import DateRange
from app.plan.terms import Scope


@dataclass(frozen=True, slots=True)
class Spot:
    """One place an entry exists at: `Spot(NETWORK)`, `Spot(WAVE, wave)`, `Spot(LOCATION, wave, location)`."""

    scope: Scope
    wave: str = ""
    location: str = ""


NETWORK = Spot(Scope.NETWORK)


@dataclass(frozen=True)
class Site:
    """A location as the plan needs it: its wave, calendar, stated facts, and its own cutover where it has one."""

    id: str
    name: str
    wave: str
    calendar: PlaceCalendar
    attributes: Mapping[str, Any] = field(default_factory=dict)
    cutover: DateRange | None = None

    @property
    def spot(self) -> Spot:
        return Spot(Scope.LOCATION, self.wave, self.id)
