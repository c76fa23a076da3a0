"""The staff list of a location, one by one: somebody comes, changes, leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.actions import texts
from app.actions.events import record, stale
from app.actions.intents import once
from app.actions.loading import key_of
from app.actions.training.member_opening import OpenMember, open_member
from app.actions.training.opening import Place, keep_place
from app.errors import Forbidden, Invalid, Refused
from app.models import Membership, Person, StaffMember
from app.rules.people.access import Permission, Viewer
from app.rules.training.staff_list import LIMITS


@dataclass(frozen=True)
class Entry:
    """What is said of somebody of the staff. `person_id` is their account, where they have one."""

    number: str
    name: str
    role: str
    email: str = ""
    shift: str = ""
    person_id: int | None = None


def add_staff(
    session: Session, location_id: int, entry: Entry, *, token: str = "", by: Viewer, now: datetime
) -> StaffMember:
    """Put somebody on the list. The same form (`token`) again is quiet.

    Raises NotFound, Forbidden, Refused and Invalid.
    """
    place = keep_place(session, location_id, by=by)

    def make() -> StaffMember:
        checked = _checked(session, place, entry)
        _demand_free(session, place, checked.number)
        row = StaffMember(
            rollout_id=place.location.rollout_id, location_id=place.id, **vars(checked), by_id=by.person, at=now
        )
        session.add(row)
        session.flush()
        record(session, "staff.added", ("staff", key_of(row)), by=by, now=now, **place.ids, after={"role": row.role})
        return row

    return once(session, token, StaffMember, make, asked={"location": location_id, **vars(entry)}, by=by, now=now)


def change_staff(session: Session, staff_id: int, entry: Entry, *, seen: int, by: Viewer, now: datetime) -> StaffMember:
    """Say something else of somebody. The same again is quiet. Raises as `add_staff`, and Stale."""
    opened = _keep_member(session, staff_id, by)
    row, checked = opened.row, _checked(session, opened.place, entry)
    columns = [name for name, value in vars(checked).items() if getattr(row, name) != value]
    if not columns:
        return row
    if row.version != seen:
        raise stale(session, ("staff", staff_id))
    if "number" in columns:
        _demand_free(session, opened.place, checked.number, but=staff_id)
    for name in columns:
        setattr(row, name, getattr(checked, name))
    session.add(row)
    session.flush()
    after = {"columns": columns, "role": row.role}
    record(session, "staff.changed", ("staff", staff_id), by=by, now=now, **opened.place.ids, after=after)
    return row


def mark_left(session: Session, staff_id: int, *, by: Viewer, now: datetime) -> StaffMember:
    """Somebody works there no more; what they have shown is kept. Left already is quiet. Raises as `add_staff`."""
    opened = open_member(session, staff_id, by=by)
    _demand_keeps(opened, by)
    if opened.row.left_at is None:
        opened.row.left_at = now
        session.add(opened.row)
        session.flush()
        record(session, "staff.left", ("staff", staff_id), by=by, now=now, **opened.place.ids)
    return opened.row


def standing_staff(place: Place) -> SelectOfScalar[StaffMember]:
    """Who works there now."""
    return select(StaffMember).where(StaffMember.location_id == place.id, col(StaffMember.left_at).is_(None))


def _keep_member(session: Session, staff_id: int, by: Viewer) -> OpenMember:
    opened = open_member(session, staff_id, by=by)
    _demand_keeps(opened, by)
    if opened.row.left_at is not None:
        raise Refused("This person has left. Put them on the list anew.")
    return opened


def _demand_keeps(opened: OpenMember, by: Viewer) -> None:
    if not by.can(Permission.CHECK_OFF, **opened.place.where):
        raise Forbidden("You may see this location, but not keep its staff list.")


def _checked(session: Session, place: Place, entry: Entry) -> Entry:
    roles = staff_roles(place)
    if entry.role not in roles:
        raise Invalid({"role": "Choose a role of many people."})
    if entry.person_id is not None:
        _demand_account(session, place, entry.person_id)
    shift = " ".join(entry.shift.split())
    return Entry(
        number=texts.one_line("number", entry.number, LIMITS["number"]),
        name=texts.one_line("name", entry.name, LIMITS["name"]),
        role=entry.role,
        email=texts.email("email", entry.email) if entry.email.strip() else "",
        shift=texts.one_line("shift", shift, LIMITS["shift"]) if shift else "",
        person_id=entry.person_id,
    )


def staff_roles(place: Place) -> dict[str, str]:
    """The roles of many people, by id, with their titles."""
    return {id_: role.title or id_ for id_, role in place.playbook.people.items() if role.staff}


def _demand_account(session: Session, place: Place, person_id: int) -> None:
    """Somebody of the rollout whose account is in use."""
    member = select(Membership.id).where(
        Membership.person_id == person_id, col(Membership.rollout_id) == place.location.rollout_id
    )
    person = session.get(Person, person_id)
    if person is None or person.deactivated_at is not None or session.exec(member).first() is None:
        raise Invalid({"person": "Choose somebody of this rollout."})


def _demand_free(session: Session, place: Place, number: str, but: int | None = None) -> None:
    found = session.exec(standing_staff(place).where(StaffMember.number == number)).first()
    if found is not None and found.id != but:
        raise Invalid({"number": f"{number} is {found.name} already; a number is one person's."})
