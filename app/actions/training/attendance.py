"""Attendance: who was there, noted once for a session, and what follows for those who were not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.training.enrolling import Enrolled, seat, seat_next
from app.actions.training.session_opening import OpenSession, changed_session, demand_seen, open_session
from app.errors import Invalid, Refused
from app.models import Enrolment, StaffMember
from app.rules.people.access import Viewer

NOBODY: Final = Enrolled()


@dataclass(frozen=True)
class Attendance:
    """What was noted: who was there and who was not (keys), and where those who were not are asked to come instead.
    Of a training that is recorded they owe the recording.
    """

    present: tuple[int, ...]
    absent: tuple[int, ...]
    next: Enrolled = NOBODY


def close_attendance(
    session: Session,
    session_id: int,
    present: Collection[int],
    *,
    recording: str = "",
    seen: int,
    by: Viewer,
    now: datetime,
) -> Attendance:
    """Note who was there: of those enrolled, and others of the audience who came too. Everybody else was not.

    `recording` says where the recording is, for those who owe it. Noted so already is quiet; what was noted otherwise
    is corrected. Raises NotFound, Forbidden, Stale, Invalid for somebody who does not belong there, and Refused before
    it has begun and for a session that was called off.
    """
    opened = open_session(session, session_id, by=by)
    _demand_begun(opened, now)
    kept = texts.prose("recording", recording, 1_000, required=False) or opened.row.recording
    rows = _rows(session, session_id)
    _demand_known(session, opened, set(present) - {row.staff_id for row in rows})
    others = [one for one in dict.fromkeys(present) if one not in {row.staff_id for row in rows}]
    said = {row.staff_id: row.staff_id in set(present) for row in rows}
    if not others and opened.row.held_at and said == {row.staff_id: row.attended for row in rows}:
        return _noted(rows)
    demand_seen(session, opened, seen)
    rows += seat(session, opened, others, by=by, now=now)
    missed_before = {row.staff_id for row in rows if row.attended is False}
    for row in rows:
        row.attended, row.noted_by, row.noted_at = row.staff_id in set(present), by.person, now
        session.add(row)
    first = opened.row.held_at is None
    opened.row.recording = kept
    if first:
        opened.row.held_at, opened.row.held_by = now, by.person
    session.flush()
    noted = _noted(rows)
    absent = [one for one in noted.absent if one not in missed_before]
    follows = NOBODY if opened.demand.recorded else seat_next(session, opened, absent, by=by, now=now)
    after = {"present": len(noted.present), "absent": len(noted.absent)}
    changed_session(session, opened, "held" if first else "corrected", by=by, now=now, after=after)
    return Attendance(noted.present, noted.absent, follows)


def _demand_begun(opened: OpenSession, now: datetime) -> None:
    if opened.row.called_off_at is not None:
        raise Refused("This session was called off.")
    if now < opened.row.starts_at:
        raise Refused("This session has not begun. Note who is there once it has.")


def _rows(session: Session, session_id: int) -> list[Enrolment]:
    found = select(Enrolment).where(Enrolment.session_id == session_id, col(Enrolment.ended_at).is_(None))
    return list(session.exec(found.order_by(col(Enrolment.id))))


def _demand_known(session: Session, opened: OpenSession, others: Collection[int]) -> None:
    """Whoever came without being asked must be of the audience, of this place."""
    found = session.exec(
        select(StaffMember.id).where(
            col(StaffMember.id).in_(others),
            StaffMember.location_id == opened.place.id,
            col(StaffMember.left_at).is_(None),
            col(StaffMember.role).in_(opened.demand.audience),
        )
    ).all()
    if set(found) != set(others):
        raise Invalid({"also": "Somebody chosen does not work here in a role that this training is for."})


def _noted(rows: Collection[Enrolment]) -> Attendance:
    return Attendance(
        tuple(row.staff_id for row in rows if row.attended), tuple(row.staff_id for row in rows if not row.attended)
    )
