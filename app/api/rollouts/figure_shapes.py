"""The figures of a rollout as the API shows them."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.api.fields import Shown
from app.rules.rollouts.readiness import BarState, Stand
from app.rules.tasks.progress import State


class Tally(Shown):
    """One cell of the board: tasks counted, never averaged."""

    workstream: str = Field(description="Empty for work without one.")
    state: State
    done: int
    total: int
    late: int
    blocked: int
    risk: int


class Bar(Shown):
    """One criterion of the next gate, counted."""

    id: str
    title: str
    critical: bool
    state: BarState
    done: int
    total: int
    said: str


class Roll(Shown):
    """The criteria of the next gate of a location."""

    gate: str
    title: str
    due: date | None
    ready: bool
    met: int
    vetoes: int
    unknown: int
    said: str
    bars: list[Bar]


class Standing(Shown):
    """One location as it stands."""

    location: str
    stand: Stand
    cells: list[Tally] = Field(description="One for each workstream in which the location has work.")
    roll: Roll | None = Field(description="Null where the playbook has no gate for it.")
    handed_over_at: datetime | None = Field(
        description="When the go at its last gate handed it over; null before that, and once that go fell."
    )


class Board(Shown):
    """A rollout counted now; locations in the order of the board."""

    locations: list[Standing]
    shared: list[Tally] = Field(description="What exists once for the network or for a wave.")


class Week(Shown):
    """The end of one week: how much was planned by then, and done."""

    week: int = Field(description="0 is the start.")
    planned: int
    done: int | None = Field(description="Null for weeks to come.")
    forecast: int | None


class BurnUp(Shown):
    """Work done against the plan, week by week."""

    weeks: list[Week]
    done: int
    total: int
    behind: int = Field(description="Tasks behind the plan; negative: ahead of it.")
