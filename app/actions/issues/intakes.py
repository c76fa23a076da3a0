"""The public link of a location's help desk: made, renewed and ended by whoever manages there, and what comes by it."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, text
from sqlmodel import Session, col, delete, func, select

from app.actions import texts
from app.actions.events import record
from app.actions.issues.reporting import report_from_outside
from app.actions.loading import key_of, load
from app.actions.tasks.opening import demand_open
from app.errors import Forbidden, Invalid, NotFound, Throttled
from app.models import Intake, IntakeUse, Issue, Location, Rollout
from app.rules.people.access import Permission, Viewer

ADDRESS_REPORTS, ADDRESS_WINDOW = 20, timedelta(minutes=15)
LINK_REPORTS, LINK_WINDOW = 60, timedelta(hours=1)
NAME_LIMIT, REACH_LIMIT = 60, 58
KEPT: Final = timedelta(days=1)
LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
MANAGES: Final = Permission.STOP_ESCALATION


def make_intake(session: Session, location_id: int, *, seen: int | None, by: Viewer, now: datetime) -> Intake:
    """A help-desk link for a location in the place of the one with the key `seen`, whose posters lead nowhere then.

    Where another one stands by now, it is left as it is. Raises NotFound, Forbidden, and Refused in a rollout that is
    not running.
    """
    location = _opened(session, location_id, by)
    standing = _standing(session, location_id)
    if standing is not None:
        if standing.id != seen:
            return standing
        _end(session, standing, now)
    row = Intake(location_id=location_id, token=_new_token(), by_id=by.person, at=now)
    session.add(row)
    session.flush()
    _record(session, "help_desk_opened" if standing is None else "help_desk_renewed", location, by, now)
    return row


def _new_token() -> str:
    """Twelve letters that nobody mistakes for others, in groups that can be typed from a wall: 59 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def end_intake(session: Session, location_id: int, *, by: Viewer, now: datetime) -> None:
    """End the help-desk link of a location. Ended already is quiet. Raises NotFound, Forbidden and Refused."""
    location = _opened(session, location_id, by)
    standing = _standing(session, location_id)
    if standing is not None:
        _end(session, standing, now)
        _record(session, "help_desk_closed", location, by, now)


def report_by_link(
    session: Session,
    token: str,
    *,
    title: str,
    details: str,
    kind: str,
    name: str,
    reach: str,
    form: str,
    address: str,
    now: datetime,
) -> Issue:
    """Somebody without an account reports by a help-desk link. The same `form` again is the same issue.

    `address` is where the request came from; it is kept for a day. Raises NotFound for a link that is none or has
    ended, Throttled where too many came from there or by this link, Invalid, and Refused.
    """
    intake = session.exec(select(Intake).where(Intake.token == token, _is_open()).with_for_update()).first()
    if intake is None:
        raise NotFound("help desk")
    known = select(IntakeUse.issue_id).where(IntakeUse.intake_id == intake.id, IntakeUse.form == form[:64])
    before = session.exec(known).first()
    if before is not None:
        return session.get_one(Issue, before)
    _throttle(session, key_of(intake), address, now)
    location = session.get_one(Location, intake.location_id)
    caller = _caller(name, reach)
    issue = report_from_outside(session, location, title=title, details=details, caller=caller, kind=kind, now=now)
    use = IntakeUse(intake_id=key_of(intake), issue_id=key_of(issue), form=form[:64], address=address, at=now)
    session.add(use)
    session.flush()
    return issue


def _caller(name: str, reach: str) -> str:
    faults: dict[str, str] = {}
    said = []
    for field, value, limit in (("name", name, NAME_LIMIT), ("reach", reach, REACH_LIMIT)):
        try:
            said.append(texts.one_line(field, value, limit))
        except Invalid as fault:
            faults |= fault.fields
    if faults:
        raise Invalid(faults)
    return ", ".join(said)


def _throttle(session: Session, intake_id: int, address: str, now: datetime) -> None:
    """Counts under a lock, so that of reports at the same moment none slips by."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": address})
    _demand_few(session, col(IntakeUse.address) == address, ADDRESS_REPORTS, ADDRESS_WINDOW, now)
    _demand_few(session, col(IntakeUse.intake_id) == intake_id, LINK_REPORTS, LINK_WINDOW, now)
    session.exec(delete(IntakeUse).where(col(IntakeUse.at) <= now - KEPT))


def _demand_few(session: Session, counted: ColumnElement[bool], limit: int, window: timedelta, now: datetime) -> None:
    recent = select(func.count(), func.min(IntakeUse.at)).where(counted, col(IntakeUse.at) > now - window)
    count, oldest = session.exec(recent).one()
    if count >= limit:
        raise Throttled(oldest + window, now)


def _opened(session: Session, location_id: int, by: Viewer) -> Location:
    location = load(session, Location, location_id, "location")
    if not by.can(Permission.SEE_PLAN, rollout=location.rollout_id, location=location_id):
        raise NotFound("location")
    if not by.can(MANAGES, rollout=location.rollout_id, location=location_id):
        raise Forbidden
    demand_open(session.get_one(Rollout, location.rollout_id), location)
    return location


def _is_open() -> ColumnElement[bool]:
    return col(Intake.ended_at).is_(None)


def _standing(session: Session, location_id: int) -> Intake | None:
    return session.exec(select(Intake).where(Intake.location_id == location_id, _is_open())).first()


def _end(session: Session, row: Intake, now: datetime) -> None:
    row.ended_at = now
    session.add(row)
    session.flush()


def _record(session: Session, verb: str, location: Location, by: Viewer, now: datetime) -> None:
    key, rollout = key_of(location), location.rollout_id
    record(session, f"location.{verb}", ("location", key), by=by, now=now, rollout_id=rollout, location_id=key)
