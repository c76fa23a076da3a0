"""Drafting a rollout: a playbook, a start day, locations, and who holds which role."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, delete, select

from app.actions import texts
from app.actions.days import demand_years
from app.actions.events import record, stale
from app.actions.loading import count_version, key_of, load
from app.actions.people.memberships import role_terms
from app.actions.people.viewers import holds_everywhere
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Location, Membership, Person, PlaybookVersion, Rollout
from app.plan import Playbook
from app.plan.format.locations import Place, judge_place
from app.plan.reading import Reading
from app.rules.people.access import Permission, Viewer
from app.rules.schedule.schedule import PlaceError, read_place
from app.rules.schedule.start_day import start_fault
from app.stored import playbook_at

LONGEST_SLUG = 48
OWN_COLUMNS = frozenset({"id", "name", "zone", "wave", "attributes", "cutover"})


@dataclass(frozen=True)
class Holding:
    """Somebody holds a role of the playbook: at the location of that id, or (empty) for the whole network."""

    role: str
    person_id: int
    location: str = ""


def draft_rollout(session: Session, *, title: str, playbook_version_id: int, by: Viewer, now: datetime) -> Rollout:
    """Begin a rollout that nothing depends on yet. Raises Forbidden, Invalid and NotFound."""
    # The right must be the account's own: a director of one rollout would not see the new one.
    if not holds_everywhere(by, Permission.DIRECT):
        raise Forbidden
    title = texts.one_line("title", title)
    load(session, PlaybookVersion, playbook_version_id, "playbook")
    rollout = Rollout(
        slug=free_slug(session, title),
        title=title,
        playbook_version_id=playbook_version_id,
        created_by=by.person,
        created_at=now,
    )
    session.add(rollout)
    session.flush()
    return _recorded(session, rollout, "drafted", by, now, {"title": title})


def free_slug(session: Session, title: str) -> str:
    """A word for addresses made of the title, with a number behind it when it is taken."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-") or "rollout"
    taken = set(session.exec(select(Rollout.slug).where(col(Rollout.slug).startswith(base))))
    number, slug = 1, base
    while slug in taken or slug == "new":
        number += 1
        slug = f"{base}-{number}"
    return slug


def set_playbook(
    session: Session, rollout_id: int, *, playbook_version_id: int, seen: int, by: Viewer, now: datetime
) -> Rollout:
    """Put a draft on another playbook version. Roles that it does not have are given up with it.

    As for every `set_`: the same again is quiet; raises NotFound, Forbidden, Stale, and Refused once it is started.
    """
    rollout = _draft(session, rollout_id, by)
    if rollout.playbook_version_id == playbook_version_id:
        return rollout
    _demand_version(session, rollout, seen)
    version = load(session, PlaybookVersion, playbook_version_id, "playbook")
    rollout.playbook_version_id = playbook_version_id
    session.add(rollout)
    session.exec(delete(Membership).where(col(Membership.rollout_id) == rollout_id))
    after = {"playbook": version.playbook_id, "version": version.version}
    return _recorded(session, rollout, "playbook_chosen", by, now, after)


def set_start(session: Session, rollout_id: int, *, start: date, seen: int, by: Viewer, now: datetime) -> Rollout:
    """Say on which day a draft begins. Raises Invalid for a year that no plan is in, and for a weekday on which the
    playbook does not start.
    """
    rollout = _draft(session, rollout_id, by)
    demand_years(start=start)
    if rollout.start == start:
        return rollout
    _demand_version(session, rollout, seen)
    fault = start_fault(playbook_at(session, rollout).calendar.start_day, start)
    if fault:
        raise Invalid({"start": fault})
    rollout.start = start
    session.add(rollout)
    return _recorded(session, rollout, "start_set", by, now, {"start": start.isoformat()})


def set_locations(
    session: Session, rollout_id: int, rows: Sequence[Mapping[str, Any]], *, seen: int, by: Viewer, now: datetime
) -> Rollout:
    """Replace the locations of a draft by those given, in their order. Locations that stay keep their roles.

    `rows` are as in a locations file: {id, name, zone, wave, attributes, cutover, and what of the calendar differs}.
    Raises Invalid for field `locations`.
    """
    rollout = _draft(session, rollout_id, by)
    _demand_version(session, rollout, seen)
    places = _places(session, rollout, rows)
    present = {row.slug: row for row in session.exec(select(Location).where(Location.rollout_id == rollout_id))}
    for slug in present.keys() - places.keys():
        session.exec(delete(Membership).where(col(Membership.location_id) == present[slug].id))
        session.delete(present[slug])
    for position, (place, stated) in enumerate(places.values()):
        row = present.get(place.id) or Location(rollout_id=rollout_id, slug=place.id, name="", zone="")
        fill(row, place, stated, position)
        session.add(row)
    return _recorded(session, rollout, "locations_set", by, now, {"locations": list(places)})


def _places(
    session: Session, rollout: Rollout, rows: Sequence[Mapping[str, Any]]
) -> dict[str, tuple[Place, Mapping[str, Any]]]:
    """The locations by their ids, each read and judged, with what was stated of it."""
    playbook = playbook_at(session, rollout)
    places: dict[str, tuple[Place, Mapping[str, Any]]] = {}
    for stated in rows:
        place = judged(stated, playbook)
        if place.id in places:
            raise Invalid({"locations": f"Two locations are called {place.id}."})
        places[place.id] = place, stated
    return places


def judged(stated: Mapping[str, Any], playbook: Playbook) -> Place:
    """The location, by the same rules as in a file. Raises Invalid for field `locations`."""
    if not all(text.isprintable() for text in _texts(stated)):
        raise Invalid({"locations": "A text holds a character that cannot be shown."})
    reading = Reading()
    try:
        place = read_place(stated)
    except PlaceError as error:
        raise Invalid({"locations": str(error)}) from error
    judge_place(place, playbook, (), reading)
    if reading.problems:
        told = "; ".join(problem.message for problem in reading.problems)
        raise Invalid({"locations": f"{place.name}: {told}"})
    return replace(place, zone=place.zone or playbook.calendar.zone)


def _texts(value: Any) -> Iterator[str]:
    """Every text inside plain values, names of keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inside in value.items():
            yield str(name)
            yield from _texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _texts(inside)


def fill(row: Location, place: Place, stated: Mapping[str, Any], position: int) -> None:
    """Put what was stated and judged into the columns."""
    row.name, row.zone, row.wave, row.position = place.name, place.zone, place.wave, position
    row.attributes, row.cutover = dict(stated.get("attributes") or {}), stated.get("cutover")
    row.calendar = {name: value for name, value in stated.items() if name not in OWN_COLUMNS}


def set_people(
    session: Session, rollout_id: int, holders: Sequence[Holding], *, seen: int, by: Viewer, now: datetime
) -> Rollout:
    """Replace who holds which role in a draft, the director's own included: whoever may draft has every right already.

    Raises Invalid for a role or location that is not there.
    """
    rollout = _draft(session, rollout_id, by)
    _demand_version(session, rollout, seen)
    rows = session.exec(select(Location.slug, Location.id).where(Location.rollout_id == rollout_id))
    locations: dict[str, Any] = dict(rows.all())
    wanted = [_membership(session, rollout, holding, locations, by, now) for holding in dict.fromkeys(holders)]
    session.exec(delete(Membership).where(col(Membership.rollout_id) == rollout_id))
    session.add_all(wanted)
    people = [{"role": row.role, "person": row.person_id, "location": row.location_id} for row in wanted]
    return _recorded(session, rollout, "people_set", by, now, {"people": people})


def _membership(
    session: Session, rollout: Rollout, holding: Holding, locations: dict[str, Any], by: Viewer, now: datetime
) -> Membership:
    load(session, Person, holding.person_id, "person")
    if holding.location and holding.location not in locations:
        raise Invalid({"people": f"There is no location {holding.location}."})
    access, takes_over = role_terms(session, rollout, holding.role, at_location=bool(holding.location))
    return Membership(
        person_id=holding.person_id,
        rollout_id=rollout.id,
        location_id=locations.get(holding.location),
        role=holding.role,
        access=access,
        steps_in=takes_over,
        created_by=by.person,
        created_at=now,
    )


def _draft(session: Session, rollout_id: int, by: Viewer) -> Rollout:
    rollout = load(session, Rollout, rollout_id, "rollout")
    if rollout_id not in by.rollouts():
        raise NotFound("rollout")
    if not by.can(Permission.DIRECT, rollout=rollout_id):
        raise Forbidden
    if rollout.state != "draft":
        raise Refused("This rollout has started.")
    return rollout


def _demand_version(session: Session, rollout: Rollout, seen: int) -> None:
    if rollout.version != seen:
        raise stale(session, ("rollout", key_of(rollout)))


def _recorded(
    session: Session, rollout: Rollout, verb: str, by: Viewer, now: datetime, after: dict[str, Any]
) -> Rollout:
    count_version(session, rollout)
    subject = ("rollout", key_of(rollout))
    record(session, f"rollout.{verb}", subject, by=by, now=now, rollout_id=rollout.id, after=after)
    return rollout
