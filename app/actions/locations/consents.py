"""A location lets the others see something of it, or no longer: whoever holds the role that the playbook asks for."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from app.actions.events import record
from app.actions.loading import load
from app.actions.tasks.opening import demand_open
from app.errors import Forbidden, NotFound, Stale
from app.models import Consent, Location, Rollout
from app.plan.format.frame import Sharing
from app.rules.people.access import Permission, Viewer
from app.rules.rollouts.sharing import covered, covers_all, shown_of
from app.stored import playbook_at


def give_consent(
    session: Session, location_id: int, sharing: str, *, shown: str | None = None, by: Viewer, now: datetime
) -> Consent:
    """Let the other locations see what an entry of `sharing` names today, and nothing that it may name later.

    Agreed to already is quiet; where the playbook names more by now, it is agreed to anew. `shown` is the fingerprint
    of what was shown; None: whatever it names now. Raises NotFound, Forbidden for whoever does not hold the role there,
    Refused where nothing is changed, and Stale where the playbook has come to name other things.
    """
    location, asked = _opened(session, location_id, sharing, by)
    demand_open(session.get_one(Rollout, location.rollout_id), location)
    found = _standing(session, location_id, sharing)
    if found is not None and covers_all(asked, found.covers):
        return found
    if shown is not None and shown != shown_of(asked):
        raise Stale("Somebody", None, "brought a version of the playbook that names other things")
    if found is not None:
        _end(session, found, by, now)
    row = Consent(location_id=location_id, sharing=sharing, covers=covered(asked), by_id=by.person, at=now)
    session.add(row)
    session.flush()
    _record(session, "sharing_agreed", location, sharing, by, now)
    return row


def withdraw_consent(session: Session, location_id: int, sharing: str, *, by: Viewer, now: datetime) -> None:
    """Take the agreement back: nobody sees it from the next look on. None given is quiet.

    It works in a closed rollout too. Raises NotFound, and Forbidden for whoever does not hold the role there.
    """
    location, _ = _opened(session, location_id, sharing, by)
    found = _standing(session, location_id, sharing)
    if found is not None:
        _end(session, found, by, now)
        _record(session, "sharing_withdrawn", location, sharing, by, now)


def _opened(session: Session, location_id: int, sharing: str, by: Viewer) -> tuple[Location, Sharing]:
    location = load(session, Location, location_id, "location")
    if not by.can(Permission.SEE_PLAN, rollout=location.rollout_id, location=location_id):
        raise NotFound("location")
    rollout = session.get_one(Rollout, location.rollout_id)
    asked = (playbook_at(session, rollout, location).sharing or {}).get(sharing)
    if asked is None:
        raise NotFound("sharing")
    if asked.consent not in by.roles(location.rollout_id, location_id):
        raise Forbidden("Only whoever holds the role that the playbook names may agree to this.")
    return location, asked


def _standing(session: Session, location_id: int, sharing: str) -> Consent | None:
    statement = select(Consent).where(
        Consent.location_id == location_id, Consent.sharing == sharing, col(Consent.withdrawn_at).is_(None)
    )
    return session.exec(statement).first()


def _end(session: Session, row: Consent, by: Viewer, now: datetime) -> None:
    row.withdrawn_at, row.withdrawn_by = now, by.person
    session.add(row)
    session.flush()


def _record(session: Session, verb: str, location: Location, sharing: str, by: Viewer, now: datetime) -> None:
    record(
        session, f"location.{verb}", ("location", location.id or 0), by=by, now=now, rollout_id=location.rollout_id,
        location_id=location.id, after={"sharing": sharing},
    )  # fmt: skip
