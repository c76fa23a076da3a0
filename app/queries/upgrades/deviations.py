"""What locations have made another than their playbook says, each by itself: counted and listed, for gates too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlmodel import Session, col, select

from app.models import Event, Person, Pin, Skip, Task, Upgrade
from app.plan.places import Site
from app.plan.sites import place_calendar
from app.plan.timeline import Timeline
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.rollouts.places import places_of
from app.rules.schedule.dated import UNDATABLE
from app.rules.schedule.schedule import read_place
from app.rules.schedule.sketch import Opening, sketch
from app.rules.upgrades.lines import CUTOVER, OURS

Kind = Literal["date", "aside", "added", "cutover"]


@dataclass(frozen=True)
class Deviation:
    """One thing that a location has changed of its own plan: a day set by hand, a task that does not apply, one that
    was added, a cutover of its own. `against`: the version against which it was kept, where that was asked.
    """

    kind: Kind
    title: str
    task: int | None
    by: str
    at: datetime | None
    against: str = ""


def deviations(session: Session, rollout: RolloutFacts) -> dict[int, list[Deviation]]:
    """What each location of the rollout deviates in, by its key, the oldest first; of those that are not in `rollout`
    nothing. Six queries at most, whatever there is.
    """
    found: dict[int, list[Deviation]] = {place.id: [] for place in rollout.locations}
    upgrades = list(session.exec(select(Upgrade).where(Upgrade.rollout_id == rollout.id).order_by(col(Upgrade.id))))
    kept = _kept(rollout, upgrades)
    for place, key, one in (*_pinned(session, rollout), *_aside(session, rollout), *_added(session, rollout)):
        if place in found:
            found[place].append(replace(one, against=kept.get((place, key), "")))
    stays = {row.location_id for row in upgrades if row.summary.get("cutover_stays")}
    moved = [own for own in rollout.locations if own.moved and own.id not in stays]
    network = [one for one, dropped in places_of(session, rollout.id) if not dropped] if moved else []
    for own in moved:
        if _is_its_own(rollout, own, network):
            against = kept.get((own.id, CUTOVER), "")
            found[own.id].append(Deviation("cutover", "Its own cutover", None, "", None, against))
    return found


Found = Iterator[tuple[int, str, Deviation]]


def _tasks(rollout: RolloutFacts) -> tuple[Any, ...]:
    return (
        col(Task.rollout_id) == rollout.id,
        col(Task.location_id).in_([place.id for place in rollout.locations]),
        col(Task.retired_at).is_(None),
    )


def _pinned(session: Session, rollout: RolloutFacts) -> Found:
    """Days set by hand; not those that an upgrade asked for."""
    statement = (
        select(Task, Pin.at, Person.name)
        .join(Pin, col(Pin.task_id) == col(Task.id))
        .join(Person, col(Person.id) == col(Pin.by_id))
        .where(*_tasks(rollout), col(Pin.upgrade_id).is_(None))
        .order_by(col(Pin.at), col(Pin.id))
    )
    for task, at, name in session.exec(statement):
        yield task.location_id or 0, _key(task), Deviation("date", task.title, task.id, name, at)


def _aside(session: Session, rollout: RolloutFacts) -> Found:
    """What does not apply there, though it is not optional."""
    statement = (
        select(Task, Skip.at, Person.name)
        .join(Skip, col(Skip.task_id) == col(Task.id))
        .join(Person, col(Person.id) == col(Skip.by_id))
        .where(*_tasks(rollout), col(Task.optional).is_(False), col(Task.added).is_(False))
        .order_by(col(Skip.at), col(Skip.id))
    )
    for task, at, name in session.exec(statement):
        yield task.location_id or 0, _key(task), Deviation("aside", task.title, task.id, name, at)


def _added(session: Session, rollout: RolloutFacts) -> Found:
    statement = (
        select(Task, Event.at, Person.name)
        .join(Event, (col(Event.subject_id) == col(Task.id)) & (col(Event.verb) == "task.added"))
        .join(Person, col(Person.id) == col(Event.actor_id))
        .where(*_tasks(rollout), col(Task.added), Event.subject_kind == "task")
        .order_by(col(Event.id))
    )
    for task, at, name in session.exec(statement):
        yield task.location_id or 0, _key(task), Deviation("added", task.title, task.id, name, at)


def _key(task: Task) -> str:
    return "/".join((task.entry, task.value)).rstrip("/")


def _kept(rollout: RolloutFacts, upgrades: list[Upgrade]) -> dict[tuple[int, str], str]:
    """The newest version against which a location kept its own, by location and entry."""
    found: dict[tuple[int, str], str] = {}
    for row in upgrades:
        for key, choice in row.choices.items():
            if choice == OURS and row.location_id is not None and row.to_id in rollout.books:
                found[row.location_id, key.partition("/")[2]] = rollout.books[row.to_id].version
    return found


def _is_its_own(rollout: RolloutFacts, place: PlaceFacts, network: Sequence[PlaceFacts]) -> bool:
    """Whether its own cutover is another than that of its wave, which may follow from those of the whole network."""
    if rollout.start is None or place.cutover_at is None:
        return True
    playbook = rollout.book_at(place.id)
    around = [Opening(one.slug, one.wave, one.cutover) for one in network if one.cutover and one.id != place.id]
    stated = read_place(place.stated)
    calendar = place_calendar(playbook, rollout.start, stated.calendar(playbook.calendar))
    alone = Site(place.slug, place.name, place.wave, calendar, stated.attributes or {})
    others = sketch(playbook, rollout.start, around)
    timeline = Timeline(playbook, rollout.start, [*others.sites.values(), alone], others.network)
    try:
        return timeline.cutover(alone.spot).at != place.cutover_at
    except UNDATABLE:
        return True
