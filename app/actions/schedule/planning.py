"""The plan of a rollout as its rows have it: playbook, start day, locations, and the dates that were set by hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, or_, select

from app.errors import NotFound, Refused
from app.models import Location, Pin, PlaybookVersion, Rollout, Task
from app.plan.format.locations import Place
from app.plan.places import Spot
from app.plan.terms import Scope
from app.plan.timeline import Pins, Timeline
from app.rules.playbooks import parsed
from app.rules.schedule.schedule import Plan, plan_rollout, read_place, timeline_of


@dataclass(frozen=True)
class Change:
    """What is different in a changed plan. Locations by their id in the locations file.

    `pins`: dates by hand of entries (None: back to those of the playbook); `cutovers`: as written in a locations file
    (None: back to that of the wave); `without`: locations that leave; `back`: locations that had left and come back;
    `stated`: locations as a row of a locations file in place of what is stored, those that are new behind the others;
    `versions`: locations ("" for the network) brought to another version of the playbook, by its key.
    """

    pins: Mapping[tuple[str, Spot], tuple[date | None, date] | None] = field(default_factory=dict)
    cutovers: Mapping[str, str | None] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    back: frozenset[str] = frozenset()
    stated: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)


NO_CHANGE = Change()


def plan_of(session: Session, rollout: Rollout, change: Change = NO_CHANGE) -> Plan:
    """The dated plan of a rollout as it stands, or as it would be. Only reads. Raises Refused without a start day."""
    return planner(session, rollout, change)()


def timeline_now(session: Session, rollout: Rollout, version_id: int | None = None) -> Timeline:
    """What dates everything in a rollout as it stands, by its playbook or another version of it. Only reads."""
    if rollout.start is None:
        raise Refused("Say first on which day the rollout starts.")
    text = _text(session, version_id or rollout.playbook_version_id)
    places = [read_place(row.facts()) for row in locations_of(session, rollout)]
    pins = {key: days for key, days in _pins(session, rollout) if days}
    return timeline_of(parsed(text), rollout.start, places, pins)


def planner(session: Session, rollout: Rollout, change: Change = NO_CHANGE) -> Callable[[], Plan]:
    """Everything the plan is made of, read now; the plan itself is made by the call, which needs no database."""
    if rollout.start is None:
        raise Refused("Say first on which day the rollout starts.")
    rows = [row for row in locations_of(session, rollout, change.back) if row.slug not in change.without]
    version = change.versions.get("", rollout.playbook_version_id)
    there = {row.slug: change.versions.get(row.slug) or row.playbook_version_id or version for row in rows}
    texts = {key: _text(session, key) for key in {version, *there.values()}}
    own = {slug: texts[key] for slug, key in there.items() if key != version}
    known = {row.slug for row in rows}
    places = [_place(row, change) for row in rows]
    places += [read_place(facts) for slug, facts in change.stated.items() if slug not in known]
    pins = {**dict(_pins(session, rollout)), **change.pins}
    days = {key: given for key, given in pins.items() if given}
    return partial(_planned, texts[version], rollout.start, places, days, own)


def _text(session: Session, version_id: int) -> str:
    """The text of a version; never changed once it is there, so that nobody is kept from reading it."""
    found = session.exec(select(PlaybookVersion.text).where(PlaybookVersion.id == version_id)).one_or_none()
    if found is None:
        raise NotFound("playbook")
    return found


def _planned(text: str, start: date, places: Sequence[Place], pins: Pins, own: Mapping[str, str]) -> Plan:
    """`own` are the texts of the locations that are on another version of the playbook than the network."""
    return plan_rollout(parsed(text), start, places, pins, {slug: parsed(other) for slug, other in own.items()})


def _place(row: Location, change: Change) -> Place:
    facts = dict(change.stated.get(row.slug) or row.facts())
    if row.slug in change.cutovers:
        facts.pop("cutover", None)
        written = change.cutovers[row.slug]
        facts |= {"cutover": written} if written else {}
    return read_place(facts)


def locations_of(session: Session, rollout: Rollout, back: Collection[str] = ()) -> Sequence[Location]:
    """The locations that are in the rollout, in the order of the locations list, and those that come `back`."""
    inside = or_(col(Location.dropped_at).is_(None), col(Location.slug).in_(back))
    statement = select(Location).where(Location.rollout_id == rollout.id, inside)
    return session.exec(statement.order_by(col(Location.position), col(Location.id))).all()


def _pins(session: Session, rollout: Rollout) -> Iterator[tuple[tuple[str, Spot], tuple[date | None, date]]]:
    """Only what a whole entry was moved to: a date of one value or occurrence moves nothing else."""
    columns = (Pin.begins, Pin.due, Task.entry, Task.scope, Task.wave, Location.slug, Location.wave)
    found = session.execute(
        select_columns(*columns)  # type: ignore[call-overload]
        .join(Task, col(Task.id) == col(Pin.task_id))
        .outerjoin(Location, col(Location.id) == col(Task.location_id))
        .where(Task.rollout_id == rollout.id, Task.value == "", col(Task.retired_at).is_(None))
    )
    for begins, due, entry, scope, wave, slug, wave_of_place in found:
        yield (entry, Spot(Scope(scope), wave_of_place if slug else wave, slug or "")), (begins, due)
