"""Training in counts and the cover of go-live day, as the API shows them."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.api.fields import Shown
from app.rules.training.standing import Standing


class TrainingCount(Shown):
    """One training at one location."""

    location: str
    training: str = Field(description="Its id in the playbook.")
    title: str
    due: date | None
    late_at: datetime | None
    catch_up: date | None
    wanted: int = Field(description="People of its audience on the staff list.")
    passed: int
    needed: int = Field(description="How many are enough.")
    share: float | None = Field(description="In percent; null with nobody on the list.")
    met: bool
    late: bool
    standings: dict[Standing, int]
    short: list[int] | None = Field(description="Staff who have not passed; null where you may not know them.")


class TrainingCounts(Shown):
    """Every training at every location that you may see."""

    trainings: list[TrainingCount]


class CoverCell(Shown):
    """A role in a shift."""

    role: str
    shift: str
    rostered: int
    covered: int = Field(description="On the roster and trained.")
    untrained: list[int] | None = Field(description="Null where you may not know them.")


class CoverHelpers(Shown):
    """An entry of the playbook's cover with a ratio, in a shift."""

    entry: str
    shift: str
    people: int
    needed: int
    there: int
    short: int


class CoverWhole(Shown):
    """Go-live day at a location: who is trained and works."""

    location: str
    day: date | None
    percent: float | None = Field(description="Null with nobody on the roster.")
    cells: list[CoverCell]
    helpers: list[CoverHelpers]
