"""What training means for one person: sessions that they hold or come to soon, and recordings that they owe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from app.models import Enrolment, Location, Rollout, StaffMember, TrainingSession
from app.queries.training.my_recordings import MyRecording, recordings_of
from app.queries.training.my_sessions import MySession, part_in, session_shown, titles_of
from app.rules.people.access import Viewer

SOON: Final = timedelta(days=7)
UNCLOSED: Final = timedelta(days=14)
"""How long a session stands on the list whose attendance nobody has noted."""


@dataclass(frozen=True)
class MyTraining:
    """Sessions in the order in which they begin, and recordings."""

    sessions: tuple[MySession, ...] = ()
    recordings: tuple[MyRecording, ...] = ()


def sessions_of(session: Session, viewer: Viewer, now: datetime) -> MyTraining:
    """Sessions of the next seven days that the person leads, manages at their own places or is enrolled in, those that
    are over and not closed, and recordings owed. The number of queries grows with the rollouts, never with the rows.
    """
    own = _own_staff(session, viewer)
    enrolled = _enrolled(session, [one.id or 0 for one in own])
    rows = session.exec(
        select(TrainingSession, Location, Rollout)
        .join(Location, col(Location.id) == col(TrainingSession.location_id))
        .join(Rollout, col(Rollout.id) == col(TrainingSession.rollout_id))
        .where(
            col(TrainingSession.called_off_at).is_(None),
            col(TrainingSession.held_at).is_(None),
            col(TrainingSession.starts_at) > now - UNCLOSED,
            col(TrainingSession.starts_at) < now + SOON,
            col(Rollout.closed_at).is_(None),
            col(Location.dropped_at).is_(None),
        )
        .order_by(col(TrainingSession.starts_at), col(TrainingSession.id))
    ).all()
    titles = titles_of(session, {rollout.id or 0: rollout for _, _, rollout in rows})
    found = [
        session_shown(row, place, titles, part, now)
        for row, place, _rollout in rows
        if (part := part_in(viewer, row, row.id in enrolled, titles, now))
    ]
    return MyTraining(tuple(found), tuple(recordings_of(session, viewer, own)))


def _own_staff(session: Session, viewer: Viewer) -> list[StaffMember]:
    found = select(StaffMember).where(StaffMember.person_id == viewer.person, col(StaffMember.left_at).is_(None))
    return list(session.exec(found.order_by(col(StaffMember.id))))


def _enrolled(session: Session, staff: list[int]) -> set[int]:
    found = select(Enrolment.session_id).where(col(Enrolment.staff_id).in_(staff), col(Enrolment.ended_at).is_(None))
    return set(session.exec(found).all())
