"""What a person may see that holds some words: tasks, locations, people, gates, rollouts and playbooks.

Every kind is judged by the rights of its page and cut to a few. Words are compared here and not by the database,
which knows the cases of the English alphabet only. The number of queries does not grow with what there is, but for
one for the playbook of each rollout whose people are found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, and_, case, false, or_, select
from sqlmodel import Session, col

from app.models import Block, Completion, Location, Membership, Person, PlaybookVersion, Rollout, ScheduledEntry, Task
from app.plan.format.frame import Role
from app.queries.tasks.alone import is_done, overdue, with_what_was_said
from app.rules.people.access import Extent, Permission, Viewer
from app.rules.tasks.progress import State
from app.rules.words import Words
from app.stored import playbook_of

PARTLY: Final = 30
"""So many titles are looked up that hold only some of the words, the rest being the place."""
RETIRED: Final = "retired"
"""The state of a task that a newer version of the playbook no longer has."""


class Kind(StrEnum):
    TASK = "task"
    LOCATION = "location"
    PERSON = "person"
    GATE = "gate"
    ROLLOUT = "rollout"
    PLAYBOOK = "playbook"


@dataclass(frozen=True)
class Ground:
    """A rollout that the person may see, and those of its locations that they may: what everything is judged by."""

    id: int
    slug: str
    title: str
    running: bool
    playbook_version: int
    extent: Extent
    places: dict[int, Location]


@dataclass(frozen=True)
class Found:
    """One result. `id` is the key of a task, gate or person, `name` the id in an address of a playbook whose version
    is in `note`; for a person `note` is the role, for what belongs to a wave its id. `state` only where it is beyond
    doubt: done, late, blocked, or retired.
    """

    kind: Kind
    title: str
    id: int = 0
    name: str = ""
    ground: Ground | None = None
    place: Location | None = None
    note: str = ""
    state: str = ""


def search(
    session: Session, viewer: Viewer, text: str, *, limit: int, accounts: bool, now: datetime
) -> dict[Kind, list[Found]]:
    """At most `limit` results of each kind; nothing for an empty text.

    `accounts`: the person keeps the accounts of everybody, and so finds people without a role too.
    """
    words = Words.of(text)
    if not words:
        return {}
    grounds = _grounds(session, viewer)
    found: dict[Kind, Iterable[Found]] = {
        Kind.TASK: _tasks(session, grounds, words, limit, now),
        Kind.LOCATION: _locations(grounds, words),
        Kind.PERSON: _people(session, grounds, words, accounts),
        Kind.GATE: _gates(session, grounds, words),
        Kind.ROLLOUT: (Found(Kind.ROLLOUT, one.title, ground=one) for one in grounds.values()),
        Kind.PLAYBOOK: _playbooks(session, viewer, grounds),
    }
    return {kind: _best(words, kind, results)[:limit] for kind, results in found.items()}


def _best(words: Words, kind: Kind, results: Iterable[Found]) -> list[Found]:
    if kind is Kind.TASK:
        return list(results)
    return sorted((one for one in results if words.fit(one.title)), key=lambda one: (words.rank(one.title), one.title))


def _grounds(session: Session, viewer: Viewer) -> dict[int, Ground]:
    """The rollouts of a person with the locations that they may see. Two queries."""
    seen = viewer.rollouts()
    rollouts = select(Rollout)
    if not seen.everywhere:
        rollouts = rollouts.where(col(Rollout.id).in_(sorted(seen.ids)))
    grounds = {row.id or 0: _ground(row, viewer) for row in session.execute(rollouts).scalars()}
    places = select(Location).where(col(Location.rollout_id).in_(sorted(grounds)))
    for place in session.execute(places.order_by(col(Location.position), col(Location.id))).scalars():
        ground = grounds[place.rollout_id]
        if (place.id or 0) in ground.extent:
            ground.places[place.id or 0] = place
    return grounds


def _ground(row: Rollout, viewer: Viewer) -> Ground:
    key = row.id or 0
    running = row.state not in ("draft", "starting")
    return Ground(key, row.slug, row.title, running, row.playbook_version_id, viewer.locations(key), {})


Scoped = type[Task] | type[ScheduledEntry]


def _within(model: Scoped, grounds: Iterable[Ground]) -> ColumnElement[bool]:
    """What exists once in a rollout that the person may see, and what belongs to a location that they may see."""
    parts: list[ColumnElement[bool]] = []
    for one in grounds:
        if not one.running:
            continue
        here = col(model.rollout_id) == one.id
        if not one.extent.everywhere:
            here = and_(here, or_(col(model.location_id).is_(None), col(model.location_id).in_(sorted(one.places))))
        parts.append(here)
    return or_(false(), *parts)


def _tasks(session: Session, grounds: dict[int, Ground], words: Words, limit: int, now: datetime) -> Iterator[Found]:
    """Tasks whose title holds the words; some of them may stand in the name of the location instead."""
    within = _within(Task, grounds.values())
    titles = session.execute(select(col(Task.title)).where(within).distinct()).scalars()
    places = [place for ground in grounds.values() for place in ground.places.values()]
    best = sorted((title for title in titles if words.touch(title)), key=words.rank)
    # Each of these is the title of some task here, so that no more of them are needed than are shown.
    whole = [title for title in best if words.fit(title)][:limit]
    partly = [title for title in best if not words.fit(title)][:PARTLY] if len(whole) < limit else []
    picked = [(title, at) for title in (*whole, *partly) if (at := _at(title, words, places)) is not None]
    if not picked:
        return
    stands = case(
        (col(Task.retired_at).is_not(None), RETIRED),
        (is_done(), State.DONE.value),
        (col(Completion.id).is_not(None), ""),
        (col(Block.id).is_not(None), State.BLOCKED.value),
        (overdue(now), State.LATE.value),
        else_="",
    )
    order = case({title: number for number, (title, _) in enumerate(picked)}, value=col(Task.title))
    columns = (
        col(Task.id),
        col(Task.title),
        col(Task.value),
        col(Task.rollout_id),
        col(Task.location_id),
        col(Task.wave),
    )
    first = (order, col(Task.retired_at).is_not(None))
    statement = with_what_was_said(select(*columns, stands)).where(within, or_(*(at for _, at in picked)))
    ordered = statement.order_by(*first, is_done(), col(Task.due).is_(None), col(Task.due), col(Task.id)).limit(limit)
    for id_, title, value, rollout, location, wave, state in session.execute(ordered):
        ground = grounds[rollout]
        said = f"{title}: {value}" if value and value not in title else title
        yield Found(Kind.TASK, said, id_, ground=ground, place=ground.places.get(location), note=wave, state=state)


def _at(title: str, words: Words, places: Sequence[Location]) -> ColumnElement[bool] | None:
    """The tasks of a title that the words mean: all of them, or those where the rest of the words is the place."""
    named = col(Task.title) == title
    left = words.beyond(title)
    if not left:
        return named
    there = [place.id for place in places if left.fit(place.name)]
    return and_(named, col(Task.location_id).in_(there)) if there else None


def _locations(grounds: dict[int, Ground], words: Words) -> Iterator[Found]:
    for ground in grounds.values():
        for place in ground.places.values():
            yield Found(Kind.LOCATION, place.name, ground=ground, place=place, note=place.wave)


def _people(session: Session, grounds: dict[int, Ground], words: Words, accounts: bool) -> Iterator[Found]:
    """Who holds a role where the person may look; and, for whoever keeps the accounts, everybody else."""
    statement = (
        select(
            col(Person.id),
            col(Person.name),
            col(Membership.rollout_id),
            col(Membership.location_id),
            col(Membership.role),
        )
        .join(Membership, col(Membership.person_id) == col(Person.id), isouter=accounts)
        .where(col(Person.deactivated_at).is_(None))
        .order_by(col(Person.name), col(Person.id), col(Membership.id))
    )
    if not accounts:
        statement = statement.where(col(Membership.rollout_id).in_(sorted(grounds)))
    told: set[int] = set()
    role_title = _role_titles(session)
    for id_, name, rollout, location, role in session.execute(statement):
        ground = grounds.get(rollout)
        seen = ground is not None and (location is None or location in ground.places)
        if id_ in told or not words.fit(name) or not (seen or accounts):
            continue
        told.add(id_)
        if ground is not None and seen:
            yield Found(
                Kind.PERSON, name, id_, ground=ground, place=ground.places.get(location), note=role_title(ground, role)
            )
        else:
            yield Found(Kind.PERSON, name, id_)


def _role_titles(session: Session) -> Callable[[Ground, str], str]:
    kept: dict[int, Mapping[str, Role]] = {}

    def title(ground: Ground, role: str) -> str:
        if ground.id not in kept:
            kept[ground.id] = playbook_of(session, ground.playbook_version).people
        found = kept[ground.id].get(role)
        return found.title if found else role

    return title


def _gates(session: Session, grounds: dict[int, Ground], words: Words) -> Iterator[Found]:
    entry = ScheduledEntry
    where = (col(entry.rollout_id), col(entry.location_id), col(entry.wave))
    columns = (col(entry.id), col(entry.title), col(entry.entry), *where)
    statement = select(*columns).where(col(entry.kind) == "gate", _within(entry, grounds.values()))
    rows = session.execute(statement.order_by(col(entry.position), col(entry.id)))
    for id_, title, name, rollout, location, wave in rows:
        if words.fit(title):
            ground = grounds[rollout]
            yield Found(Kind.GATE, title, id_, name, ground, ground.places.get(location), note=wave)


def _playbooks(session: Session, viewer: Viewer, grounds: dict[int, Ground]) -> Iterator[Found]:
    """Every stored version for whoever keeps playbooks; for others those that their rollouts follow."""
    version = PlaybookVersion
    statement = select(col(version.title), col(version.playbook_id), col(version.version)).order_by(
        col(version.id).desc()
    )
    if not viewer.can(Permission.CHANGE_PLAYBOOK):
        pinned = {place.playbook_version_id for one in grounds.values() for place in one.places.values()}
        followed = {one.playbook_version for one in grounds.values()} | pinned
        statement = statement.where(col(version.id).in_(sorted(id_ for id_ in followed if id_ is not None)))
    for title, name, number in session.execute(statement):
        yield Found(Kind.PLAYBOOK, title, name=name, note=number)
