"""A staff list is taken over, all of it in one transaction or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, select, update

from app.actions import texts
from app.actions.bulk import insert_rows, update_rows
from app.actions.events import record
from app.actions.loading import key_of
from app.actions.training.opening import Place
from app.actions.training.roster import go_live_day
from app.actions.training.staff import staff_roles
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Location, Rollout, RosterDay, StaffMember
from app.rules.people.access import Permission, Viewer
from app.rules.training.staff_changes import Member, StaffChanges, staff_changes
from app.rules.training.staff_list import Known, StaffList
from app.rules.training.staff_reading import read_list
from app.stored import playbook_at

Table = Sequence[Sequence[str]]
_AT_ONCE = 500


@dataclass(frozen=True)
class Preview:
    """A list as it was read, and what it would change; with faults there is nothing to change."""

    read: StaffList
    changes: StaffChanges


def preview_staff(
    session: Session, rollout_id: int, table: Table, *, usual: str = "", by: Viewer, now: datetime
) -> Preview:
    """Read a list for the locations whose staff the person keeps; `usual` is that of rows that name none. Only reads.

    Raises NotFound, Forbidden and Refused.
    """
    return _previewed(session, _kept_places(session, rollout_id, by), table, usual)


def apply_staff(
    session: Session,
    rollout_id: int,
    table: Table,
    *,
    usual: str = "",
    left: Collection[int] = (),
    shown: str,
    by: Viewer,
    now: datetime,
) -> StaffChanges:
    """Take a list over: who is new comes, who is another changes, and of those who are not on it `left` have left.

    A list that changes nothing is quiet. `shown` is the digest of what the preview said. Raises as `preview_staff`,
    Invalid for a list with faults, and Refused where the staff has changed since.
    """
    places = _kept_places(session, rollout_id, by, lock=True)
    found = _previewed(session, places, table, usual)
    if found.read.faults:
        raise Invalid({"file": f"{len(found.read.faults)} faults: nothing was taken over."})
    gone = [one for one in found.changes.missing if one.id in set(left)]
    if found.changes.nothing and not gone:
        return found.changes
    if found.changes.digest != shown:
        raise Refused("The staff list was changed in the meantime. Look at what your list does now, and take it over.")
    _write(session, places, found.changes, gone, by, now)
    return found.changes


Places = dict[str, Place]


def _kept_places(session: Session, rollout_id: int, by: Viewer, *, lock: bool = False) -> Places:
    """The locations whose staff list the person keeps, by their ids in the locations file."""
    rollout = session.get(Rollout, rollout_id)
    if rollout is None or not by.can(Permission.SEE_PLAN, rollout=rollout_id):
        raise NotFound("rollout")
    if rollout.state != "running":
        raise Refused("This rollout is not running: its staff lists cannot be changed.")
    inside = col(Location.dropped_at).is_(None) & col(Location.planned_at).is_not(None)
    wanted = select(Location).where(Location.rollout_id == rollout_id, inside).order_by(col(Location.id))
    rows = session.exec(wanted.with_for_update() if lock else wanted).all()
    kept = [row for row in rows if by.can(Permission.CHECK_OFF, rollout=rollout_id, location=row.id)]
    if not kept:
        raise Forbidden("You may see this rollout, but keep no staff list in it.")
    return {row.slug: Place(rollout, row, playbook_at(session, rollout, row)) for row in kept}


def _previewed(session: Session, places: Places, table: Table, usual: str) -> Preview:
    roles = {id_: title for place in places.values() for id_, title in staff_roles(place).items()}
    names = {slug: place.location.name for slug, place in places.items()}
    alone = next(iter(places)) if len(places) == 1 else ""
    known = Known(roles, names, is_email, usual if usual in places else alone)
    read = read_list(table, known)
    if read.faults:
        return Preview(read, StaffChanges())
    spoken = {row.location for row in read.rows}
    return Preview(read, staff_changes(read.rows, _members(session, [places[slug] for slug in spoken]), read.columns))


def is_email(text: str) -> bool:
    """Whether mail can be sent there."""
    try:
        texts.email("email", text)
    except Invalid:
        return False
    return True


def _members(session: Session, places: Sequence[Place]) -> list[Member]:
    slugs = {place.id: place.location.slug for place in places}
    days = {place.id: go_live_day(place) for place in places if place.location.cutover_at}
    works = _works(session, days)
    rows = session.exec(
        select(StaffMember).where(col(StaffMember.location_id).in_(slugs), col(StaffMember.left_at).is_(None))
    )
    return [
        Member(row.id or 0, slugs[row.location_id], row.number, row.name, row.role, row.email, row.shift,
               row.person_id, row.id in works)
        for row in rows
    ]  # fmt: skip


def _works(session: Session, days: dict[int, date]) -> dict[int, RosterDay]:
    """Who works on the day of their location's go-live."""
    rows = session.exec(
        select(RosterDay).where(col(RosterDay.location_id).in_(days), col(RosterDay.ended_at).is_(None))
    )
    return {row.staff_id: row for row in rows if row.day == days[row.location_id]}


def _write(
    session: Session, places: Places, changes: StaffChanges, gone: Sequence[Member], by: Viewer, now: datetime
) -> None:
    new = [
        {
            "rollout_id": places[row.location].location.rollout_id, "location_id": places[row.location].id,
            "number": row.number, "name": row.name, "role": row.role, "email": row.email, "shift": row.shift,
            "person_id": None, "by_id": by.person, "at": now, "version": 1,
        }
        for row in changes.new
    ]  # fmt: skip
    insert_rows(session, StaffMember, new)
    _change(session, changes)
    for start in range(0, len(gone), _AT_ONCE):
        ids = [one.id for one in gone[start : start + _AT_ONCE]]
        session.exec(
            update(StaffMember).where(col(StaffMember.id).in_(ids))
            .values(left_at=now, version=col(StaffMember.version) + 1)
        )  # fmt: skip
    session.expire_all()
    _set_works(session, places, changes, by, now)
    _tell(session, places, changes, gone, by, now)


def _change(session: Session, changes: StaffChanges) -> None:
    """Everything that the list says of those it changes, and one more version of each."""
    ids = [one.was.id for one in changes.changed]
    versions: dict[int, int] = {}
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        found = select(StaffMember.id, StaffMember.version).where(col(StaffMember.id).in_(part))
        versions |= {key or 0: version for key, version in session.exec(found)}
    rows: list[dict[str, Any]] = [
        {
            "id": one.was.id, "name": one.row.name, "role": one.row.role, "email": one.row.email,
            "shift": one.row.shift, "version": versions[one.was.id] + 1,
        }
        for one in changes.changed
    ]  # fmt: skip
    update_rows(session, StaffMember, rows)


def _set_works(session: Session, places: Places, changes: StaffChanges, by: Viewer, now: datetime) -> None:
    """Who works on go-live day, of those of whom the list says it."""
    rows = (*changes.new, *(one.row for one in (*changes.changed, *changes.roster)))
    said = {(row.location, row.number.casefold()): row for row in rows if row.works is not None}
    if not said:
        return
    days = {place.id: go_live_day(place) for place in places.values() if place.location.cutover_at}
    works = _works(session, days)
    new = []
    staff = session.exec(
        select(StaffMember).where(col(StaffMember.location_id).in_(days), col(StaffMember.left_at).is_(None))
    )
    slugs = {place.id: slug for slug, place in places.items()}
    for member in staff.all():
        row = said.get((slugs[member.location_id], member.number.casefold()))
        standing = works.get(key_of(member))
        if row is None or (row.works and standing is not None and standing.shift == row.shift):
            continue
        if standing is not None:
            standing.ended_at = now
            session.add(standing)
        if row.works:
            new.append(
                {
                    "staff_id": key_of(member), "location_id": member.location_id, "day": days[member.location_id],
                    "shift": row.shift, "by_id": by.person, "at": now,
                }
            )  # fmt: skip
    session.flush()
    if new:
        session.connection().execute(insert(RosterDay), new)


def _tell(
    session: Session, places: Places, changes: StaffChanges, gone: Sequence[Member], by: Viewer, now: datetime
) -> None:
    """One event a location that the list changed; no name stands in it."""
    new = Counter(row.location for row in changes.new)
    changed = Counter(one.row.location for one in (*changes.changed, *changes.roster))
    left = Counter(one.location for one in gone)
    for slug in sorted({*new, *changed, *left}):
        place = places[slug]
        after = {"new": new[slug], "changed": changed[slug], "left": left[slug]}
        record(session, "staff.imported", ("location", place.id), by=by, now=now, **place.ids, after=after)
