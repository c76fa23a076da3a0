"""Sessions of a training at a location: planned, changed, called off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.events import record
from app.actions.intents import once
from app.actions.loading import key_of
from app.actions.training.mailing import mail_session
from app.actions.training.opening import (
    OpenSession,
    Place,
    changed_session,
    demand_seen,
    demand_trains,
    open_place,
    open_session,
)
from app.errors import Invalid, Refused
from app.models import Enrolment, Membership, Person, TrainingSession
from app.rules.people.access import Viewer
from app.rules.training.demand import Demand

LONGEST_MINUTES: Final = 24 * 60
MOST_SEATS: Final = 1_000
TOLD: Final = ("starts_at", "minutes", "place", "trainer_id")
"""What those who were invited hear of when it changes."""


@dataclass(frozen=True)
class Sitting:
    """What is said of a session. No `minutes`: as long as the playbook says; no `seats`: as many as come."""

    starts_at: datetime
    minutes: int | None = None
    place: str = ""
    seats: int | None = None
    trainer_id: int | None = None
    recording: str = ""


def plan_session(
    session: Session, location_id: int, entry: str, sitting: Sitting, *, token: str = "", by: Viewer, now: datetime
) -> TrainingSession:
    """Plan a session of a training at a location. The same form (`token`) again is quiet.

    Raises NotFound, Forbidden, Refused and Invalid. What merely speaks against it is told by its page.
    """
    place = open_place(session, location_id, by=by)
    demand = place.demand(entry)
    demand_trains(place, demand, by)

    def make() -> TrainingSession:
        return _make(session, place, demand, _checked(session, place, demand, sitting), by, now)

    asked = {"location": location_id, "entry": entry, **vars(sitting)}
    return once(session, token, TrainingSession, make, asked=asked, by=by, now=now)


def plan_proposed(
    session: Session,
    location_id: int,
    entry: str,
    starts: Sequence[datetime],
    sitting: Sitting,
    *,
    token: str = "",
    by: Viewer,
    now: datetime,
) -> TrainingSession:
    """Several sessions in one step, alike but for when they begin; gives the first. Raises as `plan_session`."""
    place = open_place(session, location_id, by=by)
    demand = place.demand(entry)
    demand_trains(place, demand, by)
    if not starts:
        raise Invalid({"day": "Say on which day."})

    def make() -> TrainingSession:
        checked = _checked(session, place, demand, sitting)
        made = [_make(session, place, demand, {**checked, "starts_at": at}, by, now) for at in starts]
        return made[0]

    asked = {"location": location_id, "entry": entry, "starts": list(starts), **vars(sitting)}
    return once(session, token, TrainingSession, make, asked=asked, by=by, now=now)


def _make(
    session: Session, place: Place, demand: Demand, checked: dict[str, Any], by: Viewer, now: datetime
) -> TrainingSession:
    row = TrainingSession(
        rollout_id=place.location.rollout_id, location_id=place.id, entry=demand.entry, **checked, by_id=by.person,
        at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    after = {"entry": demand.entry, "starts_at": row.starts_at.isoformat()}
    record(session, "session.planned", ("session", key_of(row)), by=by, now=now, **place.ids, after=after)
    return row


def change_session(
    session: Session, session_id: int, sitting: Sitting, *, seen: int, by: Viewer, now: datetime
) -> TrainingSession:
    """Say something else of a session; whoever was invited gets the new date. The same again is quiet.

    Raises NotFound, Forbidden, Stale, Invalid, and Refused for one that was held or called off.
    """
    opened = open_session(session, session_id, by=by)
    checked = _checked(session, opened.place, opened.demand, sitting)
    columns = [name for name, value in checked.items() if getattr(opened.row, name) != value]
    if not columns:
        return opened.row
    demand_seen(session, opened, seen)
    demand_coming(opened)
    if checked["seats"] is not None and checked["seats"] < (taken := seats_taken(session, session_id)):
        raise Invalid({"seats": f"{taken} are enrolled already."})
    for name in columns:
        setattr(opened.row, name, checked[name])
    told = any(name in TOLD for name in columns)
    mail = partial(mail_session, session, opened, "training_moved", by=by, now=now) if told else None
    return changed_session(session, opened, "changed", by=by, now=now, after={"columns": columns}, mail=mail)


def call_off_session(
    session: Session, session_id: int, *, reason: str, seen: int, by: Viewer, now: datetime
) -> TrainingSession:
    """It does not take place; whoever was invited is told, and is to be asked anew. Called off already is quiet.

    Raises NotFound, Forbidden, Stale, Invalid without a reason, and Refused for one that was held.
    """
    opened = open_session(session, session_id, by=by)
    if opened.row.called_off_at is not None:
        return opened.row
    demand_seen(session, opened, seen)
    demand_coming(opened)
    opened.row.called_off_at, opened.row.called_off_reason = now, texts.prose("reason", reason)
    mail = partial(mail_session, session, opened, "training_off", by=by, now=now)
    return changed_session(session, opened, "called_off", by=by, now=now, mail=mail)


def demand_coming(opened: OpenSession) -> None:
    """Raises Refused for a session that was held or called off."""
    if opened.row.called_off_at is not None:
        raise Refused("This session was called off. Plan another one.")
    if opened.row.held_at is not None:
        raise Refused("This session was held. What was noted there can still be corrected.")


def seats_taken(session: Session, session_id: int) -> int:
    """How many are enrolled in a session."""
    found = select(Enrolment.id).where(Enrolment.session_id == session_id, col(Enrolment.ended_at).is_(None))
    return len(session.exec(found).all())


def _checked(session: Session, place: Place, demand: Demand, sitting: Sitting) -> dict[str, Any]:
    minutes = demand.minutes if sitting.minutes is None else sitting.minutes
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Invalid({"minutes": f"From 1 to {LONGEST_MINUTES:,} minutes."})
    if sitting.seats is not None and not 1 <= sitting.seats <= MOST_SEATS:
        raise Invalid({"seats": f"From 1 to {MOST_SEATS:,}, or empty for as many as come."})
    if sitting.trainer_id is not None:
        _demand_trainer(session, place, sitting.trainer_id)
    where = " ".join(sitting.place.split())
    return {
        "starts_at": sitting.starts_at,
        "minutes": minutes,
        "place": texts.one_line("place", where) if where else "",
        "seats": sitting.seats,
        "trainer_id": sitting.trainer_id,
        "recording": texts.prose("recording", sitting.recording, 1_000, required=False),
    }


def _demand_trainer(session: Session, place: Place, person_id: int) -> None:
    """Somebody of the rollout, of the network or of this place, whose account is in use."""
    here = col(Membership.location_id).is_(None) | (col(Membership.location_id) == place.id)
    member = select(Membership.id).where(
        Membership.person_id == person_id, col(Membership.rollout_id) == place.location.rollout_id, here
    )
    person = session.get(Person, person_id)
    if person is None or person.deactivated_at is not None or session.exec(member).first() is None:
        raise Invalid({"trainer": "Choose somebody of this rollout."})
