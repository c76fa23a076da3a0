"""What the figures of a run are told from: its room, or its wall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.models import Run
from app.queries.runs.room import RunRights
from app.rules.runbooks.back_out import BackOut
from app.rules.runbooks.forecast import Forecast
from app.rules.runbooks.ledger import StepState
from app.rules.runbooks.plans import RunPlan
from app.rules.runbooks.position import Position
from app.rules.runbooks.steps import RunStep


class Line(Protocol):
    """One step, and where it stands."""

    @property
    def planned(self) -> RunStep: ...
    @property
    def state(self) -> StepState: ...
    @property
    def on_chain(self) -> bool: ...


class Ways(Protocol):
    """Its ways, and which of them is gone."""

    @property
    def plan(self) -> RunPlan: ...
    @property
    def goes_back(self) -> bool: ...


class Standing(Protocol):
    """A run at a moment."""

    @property
    def run(self) -> Run: ...
    @property
    def found(self) -> Ways: ...
    @property
    def over(self) -> bool: ...
    @property
    def zone(self) -> str: ...
    @property
    def now(self) -> datetime: ...
    @property
    def forecast(self) -> Forecast: ...
    @property
    def back(self) -> BackOut | None: ...
    @property
    def position(self) -> Position: ...
    @property
    def rights(self) -> RunRights: ...
    @property
    def lines(self) -> Sequence[Line]: ...
    @property
    def done(self) -> int: ...
    @property
    def blocked(self) -> int: ...
    def name(self, person: int | None) -> str: ...
