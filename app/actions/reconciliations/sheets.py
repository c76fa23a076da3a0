"""Counts of many days from a table: shown with what is wrong row by row, then entered in one step, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from app.actions.loading import load
from app.actions.reconciliations.counting import enter_counts
from app.actions.reconciliations.handing import hand_in
from app.actions.reconciliations.opening import open_day
from app.actions.reconciliations.sheet_days import Known, known_days
from app.actions.reconciliations.sheet_rows import PlannedRow, planned_row
from app.errors import NotFound, Refused
from app.models import Rollout
from app.rules.people.access import Permission, Viewer
from app.rules.reconciliations.judging import Given
from app.rules.reconciliations.sheet import Row

MOST_SAID = 20


@dataclass(frozen=True)
class SheetPlan:
    """What a table would enter, row by row; `fingerprint` names it together with the days as they stand."""

    rows: tuple[PlannedRow, ...]
    fingerprint: str

    @property
    def faulty(self) -> tuple[PlannedRow, ...]:
        return tuple(row for row in self.rows if row.faults)

    @property
    def new(self) -> tuple[PlannedRow, ...]:
        """What would change anything."""
        return tuple(row for row in self.rows if not row.faults and row.outcome != "same")

    @property
    def days(self) -> int:
        return len({row.occasion for row in self.new})


def planned_sheet(session: Session, rollout_id: int, rows: Sequence[Row], *, by: Viewer, now: datetime) -> SheetPlan:
    """What the rows of a table would do. Only reads. Raises NotFound for a rollout that the person does not see, and
    Refused where nothing is changed any more. The number of queries does not grow with the rows.
    """
    rollout = load(session, Rollout, rollout_id, "rollout")
    if not by.can(Permission.SEE_PLAN, rollout=rollout_id):
        raise NotFound("rollout")
    if rollout.state != "running":
        raise Refused("This rollout is not running: nothing is counted.")
    known = known_days(session, rollout, rows, by, now)
    found = tuple(planned_row(row, known) for row in rows)
    return SheetPlan(found, _fingerprint(rows, known))


def _fingerprint(rows: Sequence[Row], known: Known) -> str:
    said = [sorted(row.cells.items()) for row in rows]
    stands = sorted((day.occasion, day.version) for day in known.days.values())
    return sha256(repr((said, stands)).encode()).hexdigest()


def enter_sheet(
    session: Session, rollout_id: int, rows: Sequence[Row], *, shown: str, hand_in_too: bool = False,
    source: str = "file", by: Viewer, now: datetime,
) -> SheetPlan:  # fmt: skip
    """Enter everything that a table says, all of it or, when this raises, nothing (the transaction must not be
    committed then). `hand_in_too`: days that are whole by it are handed in.

    Raises what `planned_sheet` raises, and Refused where a row is faulty or the days are no longer as they were shown.
    """
    plan = planned_sheet(session, rollout_id, rows, by=by, now=now)
    if plan.faulty:
        said = tuple(f"Row {row.number}: {' '.join(row.faults)}" for row in plan.faulty[:MOST_SAID])
        raise Refused("Nothing was entered: some rows cannot be taken.", said)
    if plan.fingerprint != shown:
        raise Refused("Nothing was entered: these days have changed since they were shown.")
    for occasion, given in _by_day(plan).items():
        enter_counts(session, occasion, given, source=source, seen=None, by=by, now=now)
        if hand_in_too and _whole(session, occasion, by, now):
            hand_in(session, occasion, seen=None, by=by, now=now)
    return plan


def _by_day(plan: SheetPlan) -> Mapping[int, list[Given]]:
    found: dict[int, list[Given]] = {}
    for row in plan.rows:
        if row.given is not None:
            found.setdefault(row.occasion, []).append(row.given)
    return found


def _whole(session: Session, occasion: int, by: Viewer, now: datetime) -> bool:
    """Whether every line is counted, and whatever is outside its tolerance has its reason."""
    day = open_day(session, occasion, by=by, now=now)
    return all(
        line in day.counts and (day.counts[line].within or day.counts[line].reason != "") for line in day.asked.lines
    )
