"""Many tasks counted where they stand: the database groups what stands alike, so no task is fetched as a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session, col

from app.models import Task
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.alone import alone, of_rollout, overdue, with_what_was_said
from app.rules.people.access import Extent
from app.rules.tasks.progress import State, held_up
from app.rules.tasks.waiting import Spot, Waits


class Alike(NamedTuple):
    """Tasks of one place that stand alike. `entries` are their ids in the playbook, one for each task: an id comes
    twice where two tasks come from it. `overdue`: their time has come; `failed`: open, with an answer that does not
    pass.
    """

    location_id: int | None
    wave: str
    workstream: str
    owner_role: str
    overdue: bool
    state: State
    failed: bool
    entries: tuple[str, ...]

    def meant_for(self, location_id: int, wave: str) -> bool:
        """Whether these tasks count for a location: its own, its wave's, the network's."""
        return self.location_id == location_id if self.location_id is not None else self.wave in ("", wave)


class Standing(NamedTuple):
    """A rollout counted, and what its tasks wait for."""

    groups: tuple[Alike, ...]
    waits: Waits


def standing(
    session: Session, rollout: RolloutFacts, extent: Extent, now: datetime, *only: ColumnElement[bool]
) -> Standing:
    """The tasks within `extent` (network and wave tasks always are), each group with its state. One query.

    `only` narrows them; then what a task waits for among those left out is not known.
    """
    groups = _groups(session, rollout, extent, now, only)
    waits = _nothing_noted(rollout)
    for group in groups:
        waits.note_all(group.entries, group.location_id, group.wave, group.state)
    return Standing(tuple(part for group in groups for part in _after_what_it_waits_for(group, waits)), waits)


def waits_of(session: Session, rollout: RolloutFacts, extent: Extent, now: datetime, spots: Iterable[Spot]) -> Waits:
    """The states of what some tasks wait for, and of nothing else. One query."""
    asking = [spot for spot in spots if spot.entry in rollout.book_at(spot.location).predecessors]
    earlier = {entry for spot in asking for entry in rollout.book_at(spot.location).predecessors[spot.entry]}
    if not earlier:
        return _nothing_noted(rollout)
    near = {spot.location for spot in asking}
    if None not in near:
        extent = Extent(False, frozenset(place for place in near if place is not None))
    return standing(session, rollout, extent, now, col(Task.entry).in_(sorted(earlier))).waits


def _nothing_noted(rollout: RolloutFacts) -> Waits:
    return Waits(rollout.playbook, {place.id: place.wave for place in rollout.locations}, rollout.own_books)


def waits_everywhere(session: Session, rollout: RolloutFacts, extent: Extent, now: datetime) -> Waits:
    """The states of everything that something waits for. One query, over those tasks alone."""
    waits = _nothing_noted(rollout)
    if not waits.wanted:
        return waits
    stands = alone(rollout, now).label("stands")
    columns = (col(Task.location_id), col(Task.wave), stands, func.aggregate_strings(col(Task.entry), ","))
    statement: Select[*tuple[Any, ...]] = with_what_was_said(select(*columns))
    statement = of_rollout(statement, rollout.id, None if extent.everywhere else extent.ids)
    statement = statement.where(col(Task.entry).in_(sorted(waits.wanted)))
    for location, wave, state, entries in session.execute(statement.group_by(*columns[:2], "stands")):
        waits.note_all(entries.split(","), location, wave, State(state))
    return waits


def _groups(
    session: Session, rollout: RolloutFacts, extent: Extent, now: datetime, only: Sequence[ColumnElement[bool]]
) -> list[Alike]:
    places = (col(Task.location_id), col(Task.wave), col(Task.workstream), col(Task.owner_role))
    stands = (overdue(now).label("overdue"), alone(rollout, now).label("stands"))
    statement: Select[*tuple[Any, ...]] = select(*places, *stands, func.aggregate_strings(col(Task.entry), ","))
    statement = of_rollout(with_what_was_said(statement), rollout.id, None if extent.everywhere else extent.ids)
    found = session.execute(statement.where(*only).group_by(*places, "overdue", "stands"))
    return [_alike(*row) for row in found]


def _alike(
    location: int | None, wave: str, workstream: str, role: str, overdue: bool, stands: str, entries: str
) -> Alike:
    # By itself a task is at risk only for its answer.
    state = State(stands)
    return Alike(location, wave, workstream, role, bool(overdue), state, state is State.RISK, tuple(entries.split(",")))


def _after_what_it_waits_for(group: Alike, waits: Waits) -> Iterator[Alike]:
    if group.state not in (State.TODO, State.TRACK):
        yield group
        return
    found: dict[State, list[str]] = {}
    for before, entries in waits.apart(group.entries, group.location_id, group.wave):
        found.setdefault(held_up(group.state, before), []).extend(entries)
    for state, same in found.items():
        yield group._replace(state=state, entries=tuple(same))
