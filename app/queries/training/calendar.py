"""Sessions as calendar entries: one, or all that are somebody's own."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, or_, select

from app.errors import NotFound
from app.models import Enrolment, Location, Rollout, StaffMember, TrainingSession
from app.queries.training.letters import invitation_of
from app.rules.people.access import Permission, Viewer
from app.rules.training.invitation import Invitation


def session_entry(session: Session, session_id: int, viewer: Viewer) -> Invitation:
    """One session that the reader may see. Raises NotFound."""
    row = session.get(TrainingSession, session_id)
    seen = row is not None and viewer.can(Permission.SEE_PLAN, rollout=row.rollout_id, location=row.location_id)
    if row is None or row.location_id is None or not seen:
        raise NotFound("session")
    rollout, place = session.get_one(Rollout, row.rollout_id), session.get_one(Location, row.location_id)
    return invitation_of(session, row, rollout, place)


def own_entries(session: Session, viewer: Viewer, now: datetime) -> list[Invitation]:
    """Sessions to come that the person holds or is asked to, the soonest first."""
    asked = (
        select(Enrolment.session_id)
        .join(StaffMember, col(StaffMember.id) == col(Enrolment.staff_id))
        .where(StaffMember.person_id == viewer.person, col(Enrolment.ended_at).is_(None))
    )
    rows = session.exec(
        select(TrainingSession, Rollout, Location)
        .join(Rollout, col(Rollout.id) == col(TrainingSession.rollout_id))
        .join(Location, col(Location.id) == col(TrainingSession.location_id))
        .where(
            col(TrainingSession.starts_at) > now,
            col(TrainingSession.called_off_at).is_(None),
            col(Rollout.closed_at).is_(None),
            or_(TrainingSession.trainer_id == viewer.person, col(TrainingSession.id).in_(asked)),
        )
        .order_by(col(TrainingSession.starts_at), col(TrainingSession.id))
    )
    return [
        invitation_of(session, row, rollout, place)
        for row, rollout, place in rows
        if viewer.can(Permission.SEE_PLAN, rollout=row.rollout_id, location=row.location_id)
    ]
