"""Readings from a table: shown with what is wrong row by row, then entered in one step, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from sqlmodel import Session

from app.actions.metrics.planned import Given, Outcome, Plan, Planned, planned_readings
from app.actions.metrics.recording import MOST_SAID, record_readings
from app.actions.tables import table_rows
from app.errors import Refused
from app.rules.metrics.judging import sign_of
from app.rules.metrics.sheet import Row, read_rows
from app.rules.people.access import Viewer

_FIELDS: Final = {"first": "first", "value": "value", "size": "of", "reason": "reason"}
"""The columns of which a fault must be said; the others are named in its words."""


@dataclass(frozen=True)
class SheetRow:
    """What a row would do; `planned` is None where it cannot even be read."""

    row: Row
    planned: Planned | None

    @property
    def outcome(self) -> Outcome:
        return self.planned.outcome if self.planned else "faulty"

    @property
    def faults(self) -> tuple[str, ...]:
        """Each with the column that it is of."""
        own = self.planned.faults.items() if self.planned else ()
        return (*self.row.faults, *(f"{_FIELDS[name]}: {said}" if name in _FIELDS else said for name, said in own))

    @property
    def wants_reason(self) -> bool:
        """Whether all that stands in the way is that nobody said why."""
        return self.planned is not None and set(self.planned.faults) == {"reason"}


@dataclass(frozen=True)
class SheetPlan:
    """What a table would do, row by row, and the fingerprint by which it is entered."""

    rows: tuple[SheetRow, ...]
    plan: Plan

    def of(self, outcome: Outcome) -> tuple[SheetRow, ...]:
        return tuple(row for row in self.rows if row.outcome == outcome)


def read_file(file: BinaryIO) -> list[Row]:
    """The rows of a CSV or XLSX file. Raises Invalid for what is no table, and SheetError."""
    return read_rows(table_rows(file))


def planned_sheet(
    session: Session, rollout_id: int, rows: Sequence[Row], *, reason: str = "", by: Viewer, now: datetime
) -> SheetPlan:
    """Only reads. Raises what `planned_readings` raises."""
    given = {row.number: _given(row) for row in rows if not row.faults}
    plan = planned_readings(session, rollout_id, list(given.values()), reason=reason, by=by, now=now)
    planned = dict(zip(given, plan.rows, strict=True))
    return SheetPlan(tuple(SheetRow(row, planned.get(row.number)) for row in rows), plan)


def enter_sheet(
    session: Session, rollout_id: int, rows: Sequence[Row], *, shown: str, reason: str = "", by: Viewer, now: datetime
) -> Plan:
    """Enter everything that a table says, all of it or, when this raises, nothing (the transaction must not be
    committed then).

    Raises what `record_readings` raises, and Refused where a row cannot be taken.
    """
    faulty = planned_sheet(session, rollout_id, rows, reason=reason, by=by, now=now).of("faulty")
    if faulty:
        said = tuple(f"Row {row.row.number}: {' '.join(row.faults)}" for row in faulty[:MOST_SAID])
        raise Refused("Nothing was entered: some rows cannot be taken.", said)
    given = [_given(row) for row in rows]
    return record_readings(session, rollout_id, given, shown=shown, reason=reason, source="file", by=by, now=now)


def _given(row: Row) -> Given:
    """A row without faults."""
    if row.first is None or row.last is None or row.value is None:
        raise ValueError("a row with faults gives no figure")
    return Given(
        row.cell("metric"), row.first, row.last, row.value, row.location, row.wave, row.size, row.cell("note"),
        row.cell("reason"), sign=sign_of(row.cell("value")),
    )  # fmt: skip
