"""A rollout while it is being set up: its locations as stated, who holds which role, and accounts by address."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.models import Job, Location, Membership, Person


@dataclass(frozen=True)
class RoleHolder:
    """Somebody holds a role; `location` is the location's slug, empty for the whole network."""

    role: str
    location: str
    person: int
    name: str
    email: str


@dataclass(frozen=True)
class Start:
    """How far the writing of the plan has come; total 0: not yet counted.

    `state` is waiting, running, finished or failed. While it runs, its worker holds it until `held_until`, and longer
    with each step.
    """

    job: int
    state: str
    done: int
    total: int
    error: str
    held_until: datetime | None = None


def stated_locations(session: Session, rollout_id: int) -> list[dict[str, Any]]:
    """Every location as one row of a locations file, in order."""
    found = session.exec(select(Location).where(Location.rollout_id == rollout_id).order_by(col(Location.position)))
    return [row.facts() for row in found]


def role_holders(session: Session, rollout_id: int) -> list[RoleHolder]:
    """Who holds which role, by name."""
    found = session.exec(
        select(Membership.role, Location.slug, Person)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .outerjoin(Location, col(Location.id) == col(Membership.location_id))
        .where(Membership.rollout_id == rollout_id)
        .order_by(col(Membership.id))
    )
    return [RoleHolder(role, slug or "", row.id or 0, row.name, row.email) for role, slug, row in found]


def people_at(session: Session, emails: Collection[str]) -> dict[str, int]:
    """Accounts by their address, casefolded."""
    found = session.exec(select(Person.email, Person.id).where(col(Person.email).in_(emails)))
    return {email: person or 0 for email, person in found}


def start_of(session: Session, rollout_id: int) -> Start | None:
    """The latest start of a rollout; None when it was never started."""
    job = session.exec(
        select(Job).where(Job.rollout_id == rollout_id).order_by(col(Job.id).desc()).limit(1)
    ).one_or_none()
    return Start(job.id or 0, job.state, job.done, job.total, job.error, job.claimed_until) if job else None


def failed_plans(session: Session, rollout_id: int) -> dict[str, str]:
    """Why the plan of an added location could not be written, by its id in the locations file."""
    found = session.exec(
        select(Job).where(Job.rollout_id == rollout_id, Job.state == "failed").order_by(col(Job.id).desc()).limit(100)
    )
    return {str(job.payload["location"]): job.error for job in reversed(found.all()) if "location" in job.payload}
