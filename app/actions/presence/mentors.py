"""Locations learn from one that is live: a mentor from there, or a visit there.

Whoever says so shows each of the two the name of the other, and of the mentor: that is what it is for.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.days import demand_years
from app.actions.deliveries.telling import Telling, tell
from app.actions.events import record
from app.actions.intents import once
from app.actions.loading import key_of, load
from app.actions.people.viewers import staff_of
from app.actions.tasks.opening import demand_open
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Location, Mentorship, Person, Rollout
from app.rules.people.access import Permission, Viewer
from app.rules.presence.mentors import KINDS, MENTOR, VISIT, hindrance, may_pair


def pair_locations(
    session: Session,
    location_id: int,
    *,
    kind: str,
    from_location_id: int,
    person_id: int | None = None,
    day: date | None = None,
    note: str = "",
    token: str = "",
    by: Viewer,
    now: datetime,
) -> Mentorship:
    """Say that a location learns from another one: by a mentor of it (`kind` mentor, a person), or by a visit there on
    a day (`visit`; a person who shows it may be named). The mentor is told. The same form again is the same row.

    Raises NotFound, Forbidden, Refused, and Invalid: where the other one is not live by then, or is the same.
    """
    location = load(session, Location, location_id, "location")
    if not by.can(Permission.SEE_PLAN, rollout=location.rollout_id, location=location_id):
        raise NotFound("location")
    rollout = session.get_one(Rollout, location.rollout_id)
    demand_open(rollout, location)
    other = _other(session, location, from_location_id, by)
    if not may_pair(by, rollout.id or 0, location_id, key_of(other)):
        raise Forbidden("Whoever assigns work at both centres pairs them.")
    _judge(location, other, kind, person_id, day, now)
    if person_id is not None:
        _demand_of(session, other, person_id, now)
    said = texts.prose("note", note, required=False)

    def make() -> Mentorship:
        return _make(session, location, other, kind, person_id, day, said, by, now)

    asked = {
        "location": location_id, "kind": kind, "from": key_of(other), "person": person_id, "day": day, "note": said
    }  # fmt: skip
    return once(session, token, Mentorship, make, asked=asked, by=by, now=now)


def hold_mentorship(session: Session, mentorship_id: int, *, by: Viewer, now: datetime) -> Mentorship:
    """Say that it took place. Said already is quiet. Raises NotFound, Forbidden, and Refused before its day."""

    def change(row: Mentorship, location: Location) -> str:
        if row.held_at is not None:
            return ""
        if row.day is not None and now.astimezone(ZoneInfo(location.zone)).date() < row.day:
            raise Refused("Its day has not come.")
        row.held_at = now
        return "held"

    return _change(session, mentorship_id, change, by, now)


def end_mentorship(session: Session, mentorship_id: int, *, by: Viewer, now: datetime) -> Mentorship:
    """It is over, or does not take place. Ended already is quiet. Raises NotFound and Forbidden."""

    def change(row: Mentorship, location: Location) -> str:
        row.ended_at = now
        return "ended"

    return _change(session, mentorship_id, change, by, now)


def _change(
    session: Session, mentorship_id: int, change: Callable[[Mentorship, Location], str], by: Viewer, now: datetime
) -> Mentorship:
    row = load(session, Mentorship, mentorship_id, "mentorship")
    seen = (row.location_id, row.from_location_id)
    if not any(by.can(Permission.SEE_PLAN, rollout=row.rollout_id, location=one) for one in seen):
        raise NotFound("mentorship")
    location = session.get_one(Location, row.location_id)
    demand_open(session.get_one(Rollout, row.rollout_id), location)
    if not any(by.can(Permission.ASSIGN, rollout=row.rollout_id, location=one) for one in seen):
        raise Forbidden("Whoever assigns work at one of the two centres says so.")
    if row.ended_at is not None:
        return row
    verb = change(row, location)
    if verb:
        session.add(row)
        _record(session, row, verb, by, now)
    return row


def _other(session: Session, location: Location, from_id: int, by: Viewer) -> Location:
    other = session.get(Location, from_id) if 0 < from_id < 2**31 else None
    unseen = other is None or not by.can(Permission.SEE_PLAN, rollout=location.rollout_id, location=from_id)
    if other is None or unseen or other.rollout_id != location.rollout_id:
        raise Invalid({"from": "Choose a centre of this rollout."})
    return other


def _judge(
    location: Location, other: Location, kind: str, person_id: int | None, day: date | None, now: datetime
) -> None:
    demand_years(day=day)
    if kind not in KINDS:
        raise Invalid({"kind": "Choose a mentor or a visit."})
    if kind == VISIT and day is None:
        raise Invalid({"day": "Say on which day."})
    if kind == MENTOR and person_id is None:
        raise Invalid({"person": "Choose who the mentor is."})
    if day is not None and day < now.astimezone(ZoneInfo(other.zone)).date():
        raise Invalid({"day": "This day is over."})
    fault = hindrance(location, other, day, now)
    if fault:
        raise Invalid({"from": fault})


def _demand_of(session: Session, other: Location, person_id: int, now: datetime) -> None:
    row = session.get(Person, person_id) if 0 < person_id < 2**31 else None
    sees = staff_of(session, other.rollout_id, now=now).sees(person_id, other.id)
    if row is None or row.deactivated_at is not None or not sees:
        raise Invalid({"person": f"Choose somebody of {other.name}."})


def _make(
    session: Session,
    location: Location,
    other: Location,
    kind: str,
    person_id: int | None,
    day: date | None,
    note: str,
    by: Viewer,
    now: datetime,
) -> Mentorship:
    same = select(Mentorship).where(
        Mentorship.location_id == location.id, Mentorship.from_location_id == other.id, Mentorship.kind == kind,
        Mentorship.person_id == person_id, Mentorship.day == day, col(Mentorship.ended_at).is_(None),
    )  # fmt: skip
    if (found := session.exec(same).first()) is not None:
        return found
    row = Mentorship(
        rollout_id=location.rollout_id,
        location_id=key_of(location),
        from_location_id=key_of(other),
        kind=kind,
        person_id=person_id,
        day=day,
        note=note,
        by_id=by.person,
        at=now,
    )
    session.add(row)
    session.flush()
    if person_id is not None and person_id != by.person:
        subject = ("mentorship", key_of(row))
        told = Telling(str(key_of(row)), "mentor", person_id, subject, row.rollout_id, data={"by": by.name})
        tell(session, [told], now=now)
    _record(session, row, "arranged", by, now)
    return row


def _record(session: Session, row: Mentorship, verb: str, by: Viewer, now: datetime) -> None:
    facts = {
        "kind": row.kind, "from": row.from_location_id, "person": row.person_id,
        "day": row.day.isoformat() if row.day else None,
    }  # fmt: skip
    record(
        session, f"mentorship.{verb}", ("mentorship", key_of(row)), by=by, now=now, rollout_id=row.rollout_id,
        location_id=row.location_id, after=facts,
    )  # fmt: skip
