"""What a mail about a session says to somebody of the staff, read when it is about to be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from app.models import Delivery, Enrolment, Location, Person, Rollout, StaffMember, TrainingSession
from app.queries.dropped import NotToSend
from app.queries.letters import Letter
from app.rules.clock import count, instant
from app.rules.training.invitation import Invitation, Mailbox
from app.stored import playbook_at

OFF: Final = "training_off"


def staff_letter(session: Session, row: Delivery, now: datetime) -> Letter:
    """What a message to somebody of the staff says now, whether they have an account or not. Raises NotToSend."""
    asked = session.get(Enrolment, row.subject_id)
    sitting = session.get(TrainingSession, asked.session_id) if asked else None
    staff = session.get(StaffMember, asked.staff_id) if asked else None
    if asked is None or sitting is None or staff is None or staff.left_at is not None:
        raise NotToSend("Nobody is asked to this any more.")
    off = row.kind == OFF
    gone = sitting.called_off_at is not None or asked.ended_at is not None
    if gone != off or (off and asked.ended_at is not None and _asked_anew(session, asked)):
        raise NotToSend("It was said otherwise since.")
    place = session.get_one(Location, sitting.location_id)
    rollout = session.get_one(Rollout, sitting.rollout_id)
    if rollout.closed_at is not None:
        raise NotToSend("The rollout has been closed.")
    found = invitation_of(session, sitting, rollout, place, called_off=off)
    facts = {
        "by": row.data.get("by") or "Somebody",
        "title": found.title,
        "place": found.place,
        "rollout": rollout.title,
        "due": instant(sitting.starts_at, place.zone, now),
        "length": count(sitting.minutes, "minute"),
        "trainer": _name(session, sitting.trainer_id),
        "off": "yes" if off else "",
    }
    attendee = Mailbox(staff.name, row.address)
    organizer = _mailbox(session, sitting.trainer_id) or _mailbox(session, row.person_id)
    entry = replace(found, stamp=row.created_at, organizer=organizer, attendee=attendee)
    return Letter(staff.name, f"/training/{sitting.id}", facts, entry=entry)


def invitation_of(
    session: Session, sitting: TrainingSession, rollout: Rollout, place: Location, *, called_off: bool = False
) -> Invitation:
    """A session as a calendar entry, of the version that stands; its id wants the name of the site behind it."""
    training = next((one for one in playbook_at(session, rollout, place).sessions if one.id == sitting.entry), None)
    trainer = _name(session, sitting.trainer_id)
    lines = [rollout.title, *([f"Held by {trainer}."] if trainer else []), *(training.topics if training else ())]
    return Invitation(
        id=f"training-{sitting.id}",
        sequence=sitting.version,
        stamp=sitting.called_off_at or sitting.held_at or sitting.at,
        starts_at=sitting.starts_at,
        minutes=sitting.minutes,
        title=training.title if training else sitting.entry,
        place=", ".join(filter(None, (sitting.place, place.name))),
        details="\n".join(lines),
        called_off=called_off or sitting.called_off_at is not None,
    )


def _asked_anew(session: Session, asked: Enrolment) -> bool:
    standing = select(Enrolment.id).where(
        Enrolment.session_id == asked.session_id,
        Enrolment.staff_id == asked.staff_id,
        col(Enrolment.ended_at).is_(None),
    )
    return session.exec(standing).first() is not None


def _name(session: Session, person_id: int | None) -> str:
    found = session.get(Person, person_id) if person_id is not None else None
    return found.name if found else ""


def _mailbox(session: Session, person_id: int | None) -> Mailbox | None:
    found = session.get(Person, person_id) if person_id is not None else None
    return Mailbox(found.name, found.email) if found and found.deactivated_at is None else None
