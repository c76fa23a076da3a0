"""What is said of a session of a training, checked: when, how long, where, by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.training.opening import Place
from app.errors import Invalid
from app.models import Membership, Person
from app.rules.training.demand import Demand

LONGEST_MINUTES: Final = 24 * 60
MOST_SEATS: Final = 1_000


@dataclass(frozen=True)
class Sitting:
    """What is said of a session. No `minutes`: as long as the playbook says; no `seats`: as many as come."""

    starts_at: datetime
    minutes: int | None = None
    place: str = ""
    seats: int | None = None
    trainer_id: int | None = None
    recording: str = ""


def checked_sitting(session: Session, place: Place, demand: Demand, sitting: Sitting) -> dict[str, Any]:
    """As the columns of a session. Raises Invalid by field."""
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
