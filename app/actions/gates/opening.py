"""A gate opened for a change: loaded through what the person may see, locked, with what was recorded of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.actions.events import record, stale
from app.actions.issues.cases import calendar_at
from app.actions.loading import count_version, key_of, load
from app.actions.tasks.opening import demand_open
from app.errors import NotFound
from app.models import GateDecision, GatePack, GateRecord, Location, Rollout, ScheduledEntry
from app.plan import Playbook
from app.plan.calendars import PlaceCalendar
from app.plan.format.gates import Criterion, Gate, Test
from app.rules.gates.needed import tests_of
from app.rules.gates.packs import Pack
from app.rules.people.access import Permission, Viewer
from app.stored import playbook_at

Measure = Callable[[], Pack]
"""Measures the evidence as it stands, once the gate is locked."""


@dataclass
class OpenGate:
    """A gate at one place, locked; `row` is None as long as nothing was recorded of it."""

    dated: ScheduledEntry
    gate: Gate
    playbook: Playbook
    rollout: Rollout
    location: Location | None
    row: GateRecord | None

    @property
    def id(self) -> int:
        return key_of(self.dated)

    @property
    def place(self) -> dict[str, Any]:
        """Where it is, as permissions ask for it."""
        return {"rollout": self.dated.rollout_id, "location": self.dated.location_id}

    @property
    def spot(self) -> dict[str, Any]:
        """Where it is, as held roles are asked for."""
        return {**self.place, "wave": self.dated.wave}

    @property
    def calendar(self) -> PlaceCalendar:
        return calendar_at(self.rollout, self.location, self.playbook)

    def test(self, name: str) -> tuple[Criterion, Test]:
        """The criterion, and the part of it, that goes by that name in the records. Raises NotFound."""
        for criterion in self.gate.criteria.values():
            for known, test in tests_of(criterion):
                if known == name:
                    return criterion, test
        raise NotFound("criterion")


def open_gate(session: Session, dated_id: int, *, by: Viewer) -> OpenGate:
    """The gate for somebody who may see it. Raises NotFound, and Refused where nothing is changed any more."""
    dated = load(session, ScheduledEntry, dated_id, "gate")
    if dated.kind != "gate" or not by.can(Permission.SEE_PLAN, rollout=dated.rollout_id, location=dated.location_id):
        raise NotFound("gate")
    opened = gate_at(session, dated)
    demand_open(opened.rollout, opened.location)
    return opened


def gate_at(session: Session, dated: ScheduledEntry) -> OpenGate:
    """The gate with the playbook that holds at its place. Raises NotFound for one that it has no more."""
    location = session.get(Location, dated.location_id) if dated.location_id is not None else None
    rollout = session.get_one(Rollout, dated.rollout_id)
    playbook = playbook_at(session, rollout, location)
    gate = playbook.gates.get(dated.entry)
    if gate is None:
        raise NotFound("gate")
    statement = select(GateRecord).where(GateRecord.dated_id == dated.id)
    row = session.exec(statement.execution_options(populate_existing=True)).first()
    return OpenGate(dated, gate, playbook, rollout, location, row)


def demand_version(session: Session, opened: OpenGate, seen: int | None) -> None:
    """Raises Stale when something was recorded after the form was drawn. `seen` 0: nothing was; None: whatever is."""
    if seen is not None and seen != (opened.row.version if opened.row else 0):
        raise stale(session, ("gate", opened.id))


def begun(session: Session, opened: OpenGate) -> GateRecord:
    """The record of the gate, made where nothing was recorded yet."""
    if opened.row is None:
        dated = opened.dated
        opened.row = GateRecord(
            dated_id=opened.id, rollout_id=dated.rollout_id, location_id=dated.location_id, wave=dated.wave,
            gate=dated.entry,
        )  # fmt: skip
        session.add(opened.row)
        session.flush()
    return opened.row


def pack_in_force(session: Session, row: GateRecord) -> GatePack | None:
    """The frozen evidence of an open vote."""
    statement = select(GatePack).where(GatePack.record_id == key_of(row), col(GatePack.ended_at).is_(None))
    return session.exec(statement).first()


def decision_of(session: Session, row: GateRecord | None) -> GateDecision | None:
    """The decision that was made last and not replaced."""
    if row is None:
        return None
    statement = select(GateDecision).where(
        GateDecision.record_id == key_of(row), col(GateDecision.replaced_at).is_(None)
    )
    return session.exec(statement).first()


def changed(
    session: Session,
    opened: OpenGate,
    verb: str,
    *,
    by: Viewer | None,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Count one more version of the record and record the event; last step of every change. What people typed never
    stands in it.
    """
    row = begun(session, opened)
    count_version(session, row, "gate")
    record(
        session, f"gate.{verb}", ("gate", opened.id), by=by, now=now, rollout_id=opened.dated.rollout_id,
        location_id=opened.dated.location_id, before=dict(before) if before else None,
        after=dict(after) if after else None,
    )  # fmt: skip
