"""Who is asked to a session: as many as there are seats, whoever comes first; the others are named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.actions.loading import key_of
from app.actions.training.mailing import mail_enrolled
from app.actions.training.session_changes import demand_coming, seats_taken
from app.actions.training.session_opening import OpenSession, changed_session, open_session
from app.errors import Refused
from app.models import Enrolment, StaffMember, TrainingResult, TrainingSession
from app.rules.people.access import Viewer
from app.rules.training.standing import Shown


@dataclass(frozen=True)
class Enrolled:
    """Who has a seat by this step, and who waits because there was none, by their keys in the order asked."""

    seated: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()


def enrol(
    session: Session, session_id: int, staff: Sequence[int], *, invite: bool = True, by: Viewer, now: datetime
) -> Enrolled:
    """Ask people of the place to a session, those of its audience only; nobody takes a seat that is not there.

    Enrolled already is quiet. With `invite` those with an address are sent the date. The session is locked meanwhile,
    so that of two who want the last seat the second waits. Raises NotFound, Forbidden and Refused.
    """
    opened = open_session(session, session_id, by=by)
    demand_coming(opened)
    wanted = [one for one in _audience(session, opened, staff) if one not in _enrolled(session, session_id)]
    free = _free(session, opened)
    seated = wanted if free is None else wanted[:free]
    rows = seat(session, opened, seated, by=by, now=now)
    if invite:
        send_invitations(session, opened, rows, by=by, now=now)
    if rows:
        changed_session(session, opened, "enrolled", by=by, now=now, after={"people": len(rows)})
    return Enrolled(tuple(seated), tuple(wanted[len(seated) :]))


def enrol_everybody(session: Session, session_id: int, *, invite: bool = True, by: Viewer, now: datetime) -> Enrolled:
    """Ask everybody of the audience at the place who has no seat in a session to come and was not in one that was held.

    Raises as `enrol`.
    """
    opened = open_session(session, session_id, by=by)
    staff = session.exec(
        select(StaffMember.id)
        .where(
            StaffMember.location_id == opened.place.id,
            col(StaffMember.left_at).is_(None),
            col(StaffMember.role).in_(opened.demand.audience),
            col(StaffMember.id).not_in(_provided(opened)),
            col(StaffMember.id).not_in(_watched(opened)),
        )
        .order_by(col(StaffMember.name), col(StaffMember.id))
    ).all()
    return enrol(session, session_id, [one or 0 for one in staff], invite=invite, by=by, now=now)


def invite_enrolled(session: Session, session_id: int, *, by: Viewer, now: datetime) -> int:
    """Send the date to everybody who is enrolled, has an address and was not sent it. Gives how many; none is quiet.

    Raises NotFound, Forbidden and Refused.
    """
    opened = open_session(session, session_id, by=by)
    demand_coming(opened)
    rows = session.exec(
        select(Enrolment).where(
            Enrolment.session_id == session_id, col(Enrolment.ended_at).is_(None), col(Enrolment.invited_at).is_(None)
        )
    ).all()
    sent = send_invitations(session, opened, rows, by=by, now=now)
    if sent:
        changed_session(session, opened, "invited", by=by, now=now, after={"people": sent})
    return sent


def withdraw_enrolment(session: Session, session_id: int, staff_id: int, *, by: Viewer, now: datetime) -> None:
    """Somebody is not asked any more; where they were invited they are told. Not asked is quiet.

    Raises NotFound, Forbidden, and Refused once attendance was noted.
    """
    opened = open_session(session, session_id, by=by)
    found = session.exec(
        select(Enrolment).where(
            Enrolment.session_id == session_id, Enrolment.staff_id == staff_id, col(Enrolment.ended_at).is_(None)
        )
    ).first()
    if found is None:
        return
    if opened.row.held_at is not None:
        raise Refused("This session was held: what was noted there is corrected, not taken back.")
    found.ended_at = now
    session.add(found)
    session.flush()
    told = found.invited_at is not None
    mail = partial(mail_enrolled, session, opened, "training_off", [found], by=by, now=now) if told else None
    changed_session(session, opened, "unenrolled", by=by, now=now, after={"staff": staff_id}, mail=mail)


def seat(session: Session, opened: OpenSession, staff: Sequence[int], *, by: Viewer, now: datetime) -> list[Enrolment]:
    """Rows for people who have a seat now. The caller has looked that there are seats."""
    rows = [Enrolment(session_id=opened.id, staff_id=one, by_id=by.person, at=now) for one in staff]
    session.add_all(rows)
    session.flush()
    return rows


def send_invitations(
    session: Session, opened: OpenSession, rows: Sequence[Enrolment], *, by: Viewer, now: datetime
) -> int:
    """Mail the date to those who have an address, and note when. Gives how many were mailed."""
    known = select(StaffMember.id).where(
        col(StaffMember.id).in_([row.staff_id for row in rows]), StaffMember.email != ""
    )
    mailed = set(session.exec(known).all())
    invited = [row for row in rows if row.staff_id in mailed]
    for row in invited:
        row.invited_at = now
        session.add(row)
    session.flush()
    return mail_enrolled(session, opened, "training_asked", invited, by=by, now=now)


def next_with_seat(session: Session, opened: OpenSession, now: datetime) -> Sequence[OpenSession]:
    """The sessions to come of the same training at the same place, the soonest first; locked."""
    rows = session.exec(
        select(TrainingSession)
        .where(
            TrainingSession.location_id == opened.place.id,
            TrainingSession.entry == opened.row.entry,
            TrainingSession.starts_at > now,
            col(TrainingSession.called_off_at).is_(None),
            col(TrainingSession.held_at).is_(None),
        )
        .order_by(col(TrainingSession.starts_at), col(TrainingSession.id))
        .with_for_update()
    ).all()
    return [OpenSession(row, opened.place, opened.demand) for row in rows if row.id != opened.row.id]


def seat_next(session: Session, opened: OpenSession, staff: Sequence[int], *, by: Viewer, now: datetime) -> Enrolled:
    """Whoever missed a session is asked to the next ones with free seats. Those for whom there is none wait."""
    left, seated = list(staff), list[int]()
    for coming in next_with_seat(session, opened, now):
        there = _enrolled(session, coming.id)
        seated += [one for one in left if one in there]
        left = [one for one in left if one not in there]
        free = _free(session, coming)
        taking = left if free is None else left[:free]
        rows = seat(session, coming, taking, by=by, now=now)
        send_invitations(session, coming, rows, by=by, now=now)
        if rows:
            changed_session(session, coming, "enrolled", by=by, now=now, after={"people": len(rows)})
        seated, left = [*seated, *taking], left[len(taking) :]
    return Enrolled(tuple(seated), tuple(left))


def _free(session: Session, opened: OpenSession) -> int | None:
    if opened.row.seats is None:
        return None
    return max(0, opened.row.seats - seats_taken(session, key_of(opened.row)))


def _enrolled(session: Session, session_id: int) -> Collection[int]:
    found = select(Enrolment.staff_id).where(Enrolment.session_id == session_id, col(Enrolment.ended_at).is_(None))
    return set(session.exec(found).all())


def _audience(session: Session, opened: OpenSession, staff: Sequence[int]) -> list[int]:
    """Those who work at the place in a role of the audience, in the order asked. Others are refused by name."""
    rows = session.exec(
        select(StaffMember.id, StaffMember.role).where(
            col(StaffMember.id).in_(staff),
            StaffMember.location_id == opened.place.id,
            col(StaffMember.left_at).is_(None),
        )
    ).all()
    known = {key or 0 for key, role in rows if role in opened.demand.audience}
    if any(one not in known for one in staff):
        raise Refused("Somebody chosen does not work here in a role that this training is for.")
    return list(dict.fromkeys(staff))


def _watched(opened: OpenSession) -> SelectOfScalar[int]:
    return select(TrainingResult.staff_id).where(
        TrainingResult.entry == opened.row.entry,
        TrainingResult.kind == Shown.RECORDING,
        col(TrainingResult.withdrawn_at).is_(None),
    )


def _provided(opened: OpenSession) -> SelectOfScalar[int]:
    """Who has a seat in a session to come, or was there: of this training at this place."""
    return (
        select(Enrolment.staff_id)
        .join(TrainingSession, col(TrainingSession.id) == col(Enrolment.session_id))
        .where(
            TrainingSession.location_id == opened.place.id,
            TrainingSession.entry == opened.row.entry,
            col(TrainingSession.called_off_at).is_(None),
            col(Enrolment.ended_at).is_(None),
            col(Enrolment.attended).is_(None) | col(Enrolment.attended).is_(True),
        )
    )
