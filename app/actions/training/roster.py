"""Who of the staff works on go-live day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.actions.events import record
from app.actions.loading import key_of
from app.actions.training.opening import Place, keep_place
from app.actions.training.staff import standing_staff
from app.errors import Refused
from app.models import RosterDay, StaffMember
from app.rules.people.access import Viewer


def set_roster(session: Session, location_id: int, works: Collection[int], *, by: Viewer, now: datetime) -> int:
    """Say who of the staff works on go-live day, each in their own shift; everybody else does not. Gives how many were
    changed; none is quiet. Raises NotFound, Forbidden, and Refused while the day is not known.
    """
    place = keep_place(session, location_id, by=by)
    day = go_live_day(place)
    staff = session.exec(standing_staff(place)).all()
    return _roster(session, place, day, {row.id or 0: row.shift for row in staff if row.id in set(works)}, by, now)


def roster_shift(
    session: Session, location_id: int, shift: str, *, works: bool = True, by: Viewer, now: datetime
) -> int:
    """Everybody of a shift works on go-live day, or (`works` False) nobody of it does. As `set_roster`."""
    place = keep_place(session, location_id, by=by)
    day = go_live_day(place)
    wanted = standing_roster(session, place, day)
    for row in session.exec(standing_staff(place).where(StaffMember.shift == shift)):
        if works:
            wanted[key_of(row)] = row.shift
        else:
            wanted.pop(key_of(row), None)
    return _roster(session, place, day, wanted, by, now)


def go_live_day(place: Place) -> date:
    """The day of the cutover at the place. Raises Refused while there is none."""
    if place.location.cutover_at is None:
        raise Refused(f"{place.location.name} has no go-live day yet.")
    return place.location.cutover_at.astimezone(ZoneInfo(place.location.zone)).date()


def standing_roster(session: Session, place: Place, day: date) -> dict[int, str]:
    """Who works on that day, and in which shift."""
    found = select(RosterDay.staff_id, RosterDay.shift).where(
        RosterDay.location_id == place.id, RosterDay.day == day, col(RosterDay.ended_at).is_(None)
    )
    return dict(session.exec(found).all())


def _roster(session: Session, place: Place, day: date, wanted: dict[int, str], by: Viewer, now: datetime) -> int:
    """Bring the rows of a day to what is wanted, and say once how many were changed."""
    rows = session.exec(
        select(RosterDay).where(
            RosterDay.location_id == place.id, RosterDay.day == day, col(RosterDay.ended_at).is_(None)
        )
    ).all()
    gone = [row for row in rows if wanted.get(row.staff_id) != row.shift]
    kept = {row.staff_id for row in rows} - {row.staff_id for row in gone}
    new = {staff: shift for staff, shift in wanted.items() if staff not in kept}
    for row in gone:
        row.ended_at = now
        session.add(row)
    session.flush()
    session.add_all(
        RosterDay(staff_id=staff, location_id=place.id, day=day, shift=shift, by_id=by.person, at=now)
        for staff, shift in new.items()
    )
    changed = len({row.staff_id for row in gone} | new.keys())
    if changed:
        session.flush()
        after = {"day": day.isoformat(), "works": len(wanted)}
        record(session, "roster.set", ("location", place.id), by=by, now=now, **place.ids, after=after)
    return changed
