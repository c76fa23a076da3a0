"""Who is away, from which day to which, and who stands in meanwhile."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.actions.days import demand_years
from app.actions.deliveries.queue import queue_delivery
from app.actions.events import record
from app.actions.loading import key_of, load
from app.actions.people.viewers import in_charge_of, viewer_of
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Leave, Location, Membership, Person, PlaybookVersion, Rollout
from app.rules.clock import short_day
from app.rules.people.access import Permission, Viewer
from app.rules.playbooks import parsed

LONGEST = timedelta(days=366)


def record_leave(
    session: Session, person_id: int, *, first: date, last: date, cover_id: int | None = None, by: Viewer, now: datetime
) -> Leave:
    """Say that somebody is away from the first to the last day, in the zone of their location, else of the rollout.

    One's own leave anybody records; another's, and a cover, only whoever is in charge of the person's roles. The same
    again is quiet. Raises NotFound, Forbidden, Invalid, and Refused where another leave lies in these days.
    """
    _demand_right(session, person_id, by, now)
    person = load(session, Person, person_id, "person")  # locked: two leaves at once must see each other
    zone = _zone(session, person_id)
    demand_years(first=first, last=last)
    _judge(first, last, now.astimezone(ZoneInfo(zone)).date())
    if cover_id is not None:
        _demand_cover(session, person_id, cover_id, by, now)
    before = _overlapping(session, person_id, first, last, now)
    if before and (before.first, before.last, before.cover_id) == (first, last, cover_id):
        return before
    if before:
        days = f"{short_day(before.first, first)} to {short_day(before.last, first)}"
        raise Refused(f"{person.name} is away already, from {days}. End that leave first.")
    row = Leave(
        person_id=person_id,
        first=first,
        last=last,
        zone=zone,
        from_at=_midnight(first, zone),
        until_at=_midnight(last + timedelta(days=1), zone),
        cover_id=cover_id,
        by_id=by.person,
        at=now,
    )
    session.add(row)
    return _recorded(session, "leave_recorded", row, by, now)


def set_cover(session: Session, leave_id: int, *, cover_id: int | None, by: Viewer, now: datetime) -> Leave:
    """Say who stands in during a leave; nobody leaves it to the backups of the roles. The same again is quiet.

    Raises NotFound, Forbidden, Refused for a leave that has ended.
    """
    row = _open_leave(session, leave_id, by, now)
    if row.cover_id == cover_id:
        return row
    if cover_id is not None:
        _demand_cover(session, row.person_id, cover_id, by, now)
    row.cover_id = cover_id
    session.add(row)
    return _recorded(session, "cover_named", row, by, now)


def end_leave(session: Session, leave_id: int, *, by: Viewer, now: datetime) -> Leave:
    """Somebody is back earlier, or does not go. Ended already is quiet. Raises NotFound and Forbidden."""
    row = load(session, Leave, leave_id, "leave")
    _demand_right(session, row.person_id, by, now)
    if row.ended_at is not None or row.until_at <= now:
        return row
    row.ended_at = now
    session.add(row)
    return _recorded(session, "leave_ended", row, by, now)


def hold_leave(session: Session, leave_id: int) -> None:
    """Keep a leave as it is until the end of the transaction: before its version is compared with the one that was
    seen, so that two who have seen the same do not both change it. Raises NotFound.
    """
    load(session, Leave, leave_id, "leave")


def _open_leave(session: Session, leave_id: int, by: Viewer, now: datetime) -> Leave:
    row = load(session, Leave, leave_id, "leave")
    _demand_right(session, row.person_id, by, now)
    if row.ended_at is not None or row.until_at <= now:
        raise Refused("This leave is over.")
    return row


def _demand_right(session: Session, person_id: int, by: Viewer, now: datetime) -> None:
    """One's own, or that of somebody in whose rollout one keeps the people."""
    if person_id == by.person:
        return
    if not by.can(Permission.MANAGE_PEOPLE):
        raise Forbidden
    grants = viewer_of(session, person_id, now=now).grants
    reached = any(by.can(Permission.MANAGE_PEOPLE, rollout=one.rollout) for one in grants if one.rollout is not None)
    if not reached and not in_charge_of(by, grants):
        raise NotFound("person")


def _demand_cover(session: Session, person_id: int, cover_id: int, by: Viewer, now: datetime) -> None:
    """A cover gets every role of the absent one: whoever names one must be in charge of all of them."""
    roles = [one for one in viewer_of(session, person_id, now=now).grants if one.instead_of is None]
    if not by.can(Permission.MANAGE_PEOPLE) or not in_charge_of(by, roles):
        raise Forbidden("A cover gets all roles of the absent one. Ask somebody who may give these.")
    if cover_id == by.person:
        raise Forbidden("Nobody changes their own roles; ask another director or administrator to name you.")
    cover = session.get(Person, cover_id)
    if cover is None or cover.deactivated_at is not None or cover_id == person_id:
        raise Invalid({"cover": "Choose somebody else, whose account is in use."})


def _judge(first: date, last: date, today: date) -> None:
    if last < first:
        raise Invalid({"last": "The last day lies before the first."})
    if last < today:
        raise Invalid({"last": "These days are over."})
    if last - first >= LONGEST:
        raise Invalid({"last": "A leave is at most a year; for longer, give the roles to somebody else."})


def _zone(session: Session, person_id: int) -> str:
    """Where the person's days begin: at their location, else in the zone of their rollout."""
    at_location = (
        select(Location.zone)
        .join(Membership, col(Membership.location_id) == col(Location.id))
        .where(Membership.person_id == person_id)
        .order_by(col(Membership.id))
    )
    if zone := session.exec(at_location).first():
        return zone
    in_rollout = (
        select(PlaybookVersion.text)
        .join(Rollout, col(Rollout.playbook_version_id) == col(PlaybookVersion.id))
        .join(Membership, col(Membership.rollout_id) == col(Rollout.id))
        .where(Membership.person_id == person_id)
        .order_by(col(Membership.id))
    )
    text = session.exec(in_rollout).first()
    return parsed(text).calendar.zone if text else "UTC"


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def _overlapping(session: Session, person_id: int, first: date, last: date, now: datetime) -> Leave | None:
    statement = select(Leave).where(
        Leave.person_id == person_id,
        col(Leave.ended_at).is_(None),
        col(Leave.until_at) > now,
        col(Leave.first) <= last,
        col(Leave.last) >= first,
    )
    return session.exec(statement.order_by(col(Leave.id))).first()


def _recorded(session: Session, verb: str, row: Leave, by: Viewer, now: datetime) -> Leave:
    """Record the event, and tell the cover. In the history of a rollout where the person works in that one only."""
    session.flush()
    found = session.exec(
        select(Membership.rollout_id, Membership.location_id).where(Membership.person_id == row.person_id)
    ).all()
    rollouts = {rollout for rollout, _ in found}
    rollout_id = rollouts.pop() if len(rollouts) == 1 else None
    facts = {"leave": row.id, "first": row.first.isoformat(), "last": row.last.isoformat(), "cover": row.cover_id}
    record(session, f"person.{verb}", ("person", row.person_id), by=by, now=now, rollout_id=rollout_id, after=facts)
    if row.cover_id is not None and row.ended_at is None:
        name = session.get_one(Person, row.person_id).name
        queue_delivery(
            session,
            kind="leave",
            person_id=row.cover_id,
            key=f"leave-{key_of(row)}",
            subject=("leave", key_of(row)),
            rollout_id=rollout_id,
            now=now,
            data={"by": name, "first": row.first.isoformat(), "last": row.last.isoformat()},
        )
    return row
