"""What locations share: what others let a reader see of their work, and what the reader's own let others see.

Of another location nothing is fetched but the states and due days of what was agreed to: no text, file or person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models import Consent, Person, Rollout, Task
from app.plan.format.frame import Sharing
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.queries.tasks.standing import Alike, standing
from app.rules.people.access import Extent
from app.rules.rollouts.sharing import Part, covered, parts
from app.rules.tasks.progress import State, Tally, tally


@dataclass(frozen=True)
class SharedPart:
    """One task, group or workstream of another location: how it stands, and the last day on which any of it is due."""

    title: str
    stands: Tally
    due: date | None


@dataclass(frozen=True)
class Share:
    """What another location lets the reader see under one entry of the playbook's `sharing`."""

    title: str
    parts: tuple[SharedPart, ...]


@dataclass(frozen=True)
class Neighbour:
    """Another location that lets the reader see something of it."""

    name: str
    shares: tuple[Share, ...]


def neighbours(session: Session, rollout_id: int, extent: Extent, now: datetime) -> list[Neighbour]:
    """The locations outside of `extent` that share something, in the order of the locations list.

    Whoever sees the whole network sees all of them by that, and has no neighbours.
    """
    rollout = facts_of(session, session.get_one(Rollout, rollout_id))
    others = {place.id: place for place in rollout.locations if place.planned and place.id not in extent}
    agreed = _agreed(session, others)
    if not agreed:
        return []
    open_to_all = Extent(False, frozenset(agreed))
    groups = [one for one in standing(session, rollout, open_to_all, now).groups if one.location_id is not None]
    dues = _dues(session, agreed)
    found = []
    for key, place in others.items():
        here = [group for group in groups if group.location_id == key]
        shares = _shares(rollout, agreed.get(key, {}), here, dues.get(key, {}))
        found += [Neighbour(place.name, shares)] if shares else []
    return found


Covers = Mapping[str, Mapping[str, list[str]]]
"""What was agreed to, by the id of the entry of `sharing`."""


def _agreed(session: Session, places: Collection[int]) -> dict[int, dict[str, Mapping[str, list[str]]]]:
    found: dict[int, dict[str, Mapping[str, list[str]]]] = {}
    statement = select(Consent.location_id, Consent.sharing, Consent.covers).where(
        col(Consent.location_id).in_(places), col(Consent.withdrawn_at).is_(None)
    )
    for location, sharing, covers in session.exec(statement):
        found.setdefault(location, {})[sharing] = covers
    return found


def _dues(session: Session, places: Collection[int]) -> dict[int, dict[str, date]]:
    """The last due day of each entry at each location."""
    found: dict[int, dict[str, date]] = {}
    columns = (col(Task.location_id), col(Task.entry))
    statement = select_columns(*columns, func.max(col(Task.due))).where(
        col(Task.location_id).in_(places), col(Task.retired_at).is_(None)
    )
    for location, entry, due in session.execute(statement.group_by(*columns)):
        if due is not None:
            found.setdefault(location, {})[entry] = due
    return found


def _shares(
    rollout: RolloutFacts, agreed: Covers, groups: Iterable[Alike], dues: Mapping[str, date]
) -> tuple[Share, ...]:
    states: dict[str, Counter[State]] = {}
    for group in groups:
        for entry in group.entries:
            states.setdefault(entry, Counter())[group.state] += 1
    found = []
    for id_, sharing in (rollout.playbook.sharing or {}).items():
        named = parts(rollout.playbook, sharing, agreed[id_]) if id_ in agreed else []
        shown = tuple(one for part in named if (one := _part(part, states, dues)))
        found += [Share(sharing.title, shown)] if shown else []
    return tuple(found)


def _part(part: Part, states: Mapping[str, Counter[State]], dues: Mapping[str, date]) -> SharedPart | None:
    """None where there is no such work at the location."""
    counted = sum((states[entry] for entry in part.entries if entry in states), Counter[State]())
    if not counted:
        return None
    return SharedPart(part.title, tally(counted), max((dues[one] for one in part.entries if one in dues), default=None))


@dataclass(frozen=True)
class Offer:
    """What one location may let the others see: `names` is that in words.

    `by` agreed to it at `at` (both None: nobody has); `more`: the playbook names other things by now.
    """

    place: PlaceFacts
    id: str
    title: str
    role: str
    names: tuple[str, ...]
    by: str | None
    at: datetime | None
    more: bool = False


def offers(session: Session, rollout: RolloutFacts) -> list[Offer]:
    """What the locations that the reader may see share, or might. An entry that names nothing but figures is left out:
    there are none yet.
    """
    asked = {id_: one for id_, one in (rollout.playbook.sharing or {}).items() if parts(rollout.playbook, one)}
    given = _given(session, [place.id for place in rollout.locations])
    return [
        _offer(rollout, place, id_, sharing, given.get((place.id, id_)))
        for place in rollout.locations
        for id_, sharing in asked.items()
    ]


Given = tuple[Consent, str]
"""An agreement that stands, and the name of whoever gave it."""


def _given(session: Session, places: Collection[int]) -> dict[tuple[int, str], Given]:
    statement = (
        select(Consent, Person.name)
        .join(Person, col(Person.id) == col(Consent.by_id))
        .where(col(Consent.location_id).in_(places), col(Consent.withdrawn_at).is_(None))
    )
    return {(row.location_id, row.sharing): (row, name) for row, name in session.exec(statement)}


def _offer(rollout: RolloutFacts, place: PlaceFacts, id_: str, sharing: Sharing, given: Given | None) -> Offer:
    names = tuple(part.title for part in parts(rollout.playbook, sharing))
    if given is None:
        return Offer(place, id_, sharing.title, sharing.consent, names, None, None)
    row, name = given
    return Offer(place, id_, sharing.title, sharing.consent, names, name, row.at, covered(sharing) != row.covers)
