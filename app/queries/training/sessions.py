"""Sessions as their pages show them, with what speaks against each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models import Enrolment, Leave, Person, StaffMember, TrainingSession
from app.queries.rollouts.facts import PlaceFacts
from app.queries.rollouts.heard import calendar_of
from app.queries.training.facts import TrainingFacts
from app.rules.training.clashes import Clash, Sitting, clashes


@dataclass(frozen=True)
class SessionLine:
    """One session. `enrolled` are asked to it, `present` were there, `uninvited` have an address and were not mailed;
    `clashes` speak against one that is still to come.
    """

    row: TrainingSession
    trainer: str
    enrolled: int
    present: int
    uninvited: int
    clashes: tuple[Clash, ...] = ()

    @property
    def id(self) -> int:
        return self.row.id or 0

    @property
    def ends_at(self) -> datetime:
        return self.row.starts_at + timedelta(minutes=self.row.minutes)

    @property
    def state(self) -> str:
        """`off`, `held` or `coming`."""
        if self.row.called_off_at is not None:
            return "off"
        return "held" if self.row.held_at is not None else "coming"

    @property
    def free(self) -> int | None:
        """How many seats are left; None: as many as come."""
        return None if self.row.seats is None else max(0, self.row.seats - self.enrolled)


def sessions_at(
    session: Session, facts: TrainingFacts, places: Sequence[PlaceFacts], *where: Any
) -> dict[int, list[SessionLine]]:
    """The sessions at these locations, by location, the soonest first. Four queries."""
    known = {place.id: place for place in places}
    rows = session.exec(
        select(TrainingSession, Person.name)
        .outerjoin(Person, col(Person.id) == col(TrainingSession.trainer_id))
        .where(col(TrainingSession.location_id).in_(known), *where)
        .order_by(col(TrainingSession.starts_at), col(TrainingSession.id))
    ).all()
    counts = _counts(session, [row.id or 0 for row, _ in rows])
    trainers = {row.trainer_id for row, _ in rows if row.trainer_id is not None}
    others, away = _busy(session, trainers), _away(session, trainers)
    found: dict[int, list[SessionLine]] = {}
    for row, name in rows:
        place = known[row.location_id or 0]
        enrolled, present, uninvited = counts.get(row.id or 0, (0, 0, 0))
        speaks = _clashes(facts, place, row, enrolled, others, away)
        line = SessionLine(row, name or "", enrolled, present, uninvited, speaks)
        found.setdefault(place.id, []).append(line)
    return found


def _counts(session: Session, ids: Collection[int]) -> dict[int, tuple[int, int, int]]:
    """Enrolled, present, and not mailed though they have an address, of each session."""
    unmailed = and_(col(Enrolment.invited_at).is_(None), col(StaffMember.email) != "")
    statement = (
        select_columns(
            col(Enrolment.session_id),
            func.count(),
            func.sum(case((col(Enrolment.attended).is_(True), 1), else_=0)),
            func.sum(case((unmailed, 1), else_=0)),
        )
        .join(StaffMember, col(StaffMember.id) == col(Enrolment.staff_id))
        .where(col(Enrolment.session_id).in_(ids), col(Enrolment.ended_at).is_(None))
        .group_by(col(Enrolment.session_id))
    )
    return {key: (total, present, uninvited) for key, total, present, uninvited in session.execute(statement)}


def _busy(session: Session, trainers: Collection[int]) -> list[Sitting]:
    """Everything that these trainers hold, at whatever place."""
    rows = session.exec(
        select(TrainingSession).where(
            col(TrainingSession.trainer_id).in_(trainers), col(TrainingSession.called_off_at).is_(None)
        )
    )
    return [Sitting(row.id or 0, row.starts_at, row.minutes, row.trainer_id) for row in rows]


Leaves = Mapping[int, Sequence[tuple[datetime, datetime]]]


def _away(session: Session, trainers: Collection[int]) -> Leaves:
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    rows = session.exec(select(Leave).where(col(Leave.person_id).in_(trainers), col(Leave.ended_at).is_(None)))
    for row in rows:
        found.setdefault(row.person_id, []).append((row.from_at, row.until_at))
    return found


def _clashes(
    facts: TrainingFacts,
    place: PlaceFacts,
    row: TrainingSession,
    enrolled: int,
    others: Sequence[Sitting],
    away: Leaves,
) -> tuple[Clash, ...]:
    if row.held_at is not None or row.called_off_at is not None or facts.rollout.start is None:
        return ()
    days = facts.days.get((place.id, row.entry))
    sitting = Sitting(row.id or 0, row.starts_at, row.minutes, row.trainer_id, row.seats, enrolled)
    leaves = away.get(row.trainer_id or 0, ())
    late_at = days.late_at if days else None
    return tuple(clashes(sitting, calendar_of(facts.rollout, place), late_at, others, leaves))
