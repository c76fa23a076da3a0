"""Gates as chance has held them, and what the rows say of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, col, select

from app.models import GateAnswer, GateCondition, GateDecision, GateRecord, ScheduledEntry
from tests.cast import Cast

HELD: tuple[type[SQLModel], ...] = (GateDecision, GateCondition, GateAnswer, GateRecord)
GOES = ("go", "go-with-conditions")


@dataclass(frozen=True)
class Told:
    """What counts of a gate: the outcome that stands (empty: none), whether it fell, answers, and criteria that are
    waived.
    """

    outcome: str = ""
    fell: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)
    waived: frozenset[str] = frozenset()

    @property
    def goes(self) -> bool:
        return self.outcome in GOES and not self.fell


def told(session: Session, now: datetime) -> dict[int, Told]:
    """Every gate of which something was recorded, by its key in the schedule."""
    decisions, conditions = session.exec(select(GateDecision)).all(), session.exec(select(GateCondition)).all()
    answers, found = session.exec(select(GateAnswer)).all(), {}
    for record in session.exec(select(GateRecord)):
        own = [one for one in decisions if one.record_id == record.id and one.replaced_at is None]
        found[record.dated_id] = Told(
            outcome=own[0].outcome if own else "",
            fell=bool(own) and own[0].fell_at is not None,
            answers={
                one.criterion: one.value for one in answers if one.record_id == record.id and one.replaced_at is None
            },
            waived=frozenset(
                one.criterion for one in conditions if one.record_id == record.id and one.accepted_at
                and not one.met_at and not one.expired_at and one.expires_at > now
            ),
        )  # fmt: skip
    return found


def hold(session: Session, cast: Cast, chance: Random, now: datetime) -> None:
    """Of some gates something is recorded: answers, waivers that last or are over, outcomes that stand or fell."""
    for dated in session.exec(
        select(ScheduledEntry).where(ScheduledEntry.kind == "gate").order_by(col(ScheduledEntry.id))
    ):
        if chance.random() < 0.7:
            _record(session, cast.people["dir"], dated, chance, now)


def _record(session: Session, by: int, dated: ScheduledEntry, chance: Random, now: datetime) -> None:
    connection, hour = session.connection(), timedelta(hours=1)
    place = {"rollout_id": dated.rollout_id, "location_id": dated.location_id, "wave": dated.wave}
    made = connection.execute(insert(GateRecord).values(dated_id=dated.id, gate=dated.entry, **place))
    on = {"record_id": made.inserted_primary_key[0]}  # type: ignore[index]
    for criterion in ("told", "seen", "agreed.2"):
        if chance.random() < 0.6:
            value = chance.choice([True, False])
            connection.execute(insert(GateAnswer).values(**on, criterion=criterion, value=value, by_id=by, at=now))
            connection.execute(
                insert(GateAnswer).values(
                    **on, criterion=criterion, value=not value, by_id=by, at=now, replaced_at=now
                )
            )  # fmt: skip
    for criterion in ("told", "installed", "papered", ""):
        if chance.random() < 0.4:
            ends = {
                "expires_at": now + chance.choice([hour, -hour]),
                "met_at": chance.choice([None, None, now]),
                "accepted_at": chance.choice([None, now, now]),
            }
            asked = {"what": "x", "instead": "x", "owner_id": by, "asked_by": by, "asked_at": now}
            connection.execute(insert(GateCondition).values(**on, criterion=criterion, **asked, **ends))
    if chance.random() < 0.6:
        outcome = chance.choice([*GOES, "no-go", "deferred"])
        fell = now if outcome == "go-with-conditions" and chance.random() < 0.5 else None
        texts = {"decided_as": "director", "name": "x", "proof": "password", "content": "{}", "sha256": "x"}
        values = {**on, **texts, "outcome": outcome, "by_id": by, "at": now, "fell_at": fell}
        connection.execute(insert(GateDecision).values(**values))
