"""The plan of a rollout as its rows have it: playbook, start day, locations, and the dates that were set by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

from sqlmodel import Session, select

from app.errors import NotFound, Refused
from app.models import Location, PlaybookVersion, Rollout
from app.plan.format.locations import Place
from app.plan.places import Spot
from app.plan.timeline import Pins
from app.rules.playbooks import parsed
from app.rules.schedule.schedule import Plan, plan_rollout, read_place
from app.stored.timelines import Pinned, locations_of, pins_of


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
    pins = {**dict(_in_new_waves(pins_of(session, rollout), change)), **change.pins}
    days = {key: given for key, given in pins.items() if given}
    return partial(_planned, texts[version], rollout.start, places, days, own)


def _in_new_waves(pins: Iterable[Pinned], change: Change) -> Iterator[Pinned]:
    """Dates by hand of a location that is stated in another wave are those of the same work there."""
    waves = {slug: facts["wave"] for slug, facts in change.stated.items() if "wave" in facts}
    for (entry, spot), days in pins:
        yield (entry, replace(spot, wave=waves.get(spot.location, spot.wave))), days


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
