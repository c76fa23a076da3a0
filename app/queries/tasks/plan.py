"""One page of the plan: the database filters, counts and cuts; only the tasks of the page are fetched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from app.models import Task
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.alone import alone, is_open, of_rollout, with_what_was_said
from app.queries.tasks.counted import Counted, shown_states, states_among
from app.queries.tasks.ownership import with_assignment
from app.queries.tasks.picking import Reader, picked
from app.queries.tasks.rows import BY_DUE, rows_by_due
from app.queries.tasks.standing import waits_everywhere
from app.rules.people.access import Extent
from app.rules.tasks.filtering import PlanFilter, in_state, states_of
from app.rules.tasks.progress import State, held_up
from app.rules.tasks.waiting import Spot, Waits

ALONE: Final = frozenset({State.DONE, State.LATE, State.BLOCKED})
"""States that never depend on what a task waits for."""
HELD: Final = frozenset({State.TODO, State.TRACK})
"""States in which a task would be if it did not wait."""
EVERY: Final = frozenset(State)


class Sums(NamedTuple):
    """How many tasks a filter picks, and how many of them are late and blocked."""

    total: int
    late: int
    blocked: int


@dataclass(frozen=True)
class PlanPage:
    """Some of the tasks that a filter picks, by the day they are due, undated ones last."""

    tasks: tuple[Counted, ...]
    sums: Sums

    @property
    def total(self) -> int:
        return self.sums.total


@dataclass(frozen=True)
class Cut:
    """Which part of a list: `size` lines of the page `number`, counted from 1."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size


def plan_page(
    session: Session,
    rollout: RolloutFacts,
    extent: Extent,
    wanted: PlanFilter,
    cut: Cut,
    now: datetime,
    reader: Reader | None = None,
) -> PlanPage:
    """One page of the tasks within `extent` that the filter picks. The number of queries does not grow with them."""
    only = list(picked(session, rollout, wanted, reader, now))
    states = states_of(wanted.state)
    if states <= ALONE or states in (EVERY, EVERY - {State.DONE}):
        return _cut_by_database(session, rollout, extent, [*only, *_standing_alone(rollout, states, now)], cut, now)
    return _cut_by_what_it_waits_for(session, rollout, extent, only, wanted.state, cut, now)


def _cut_by_database(
    session: Session,
    rollout: RolloutFacts,
    extent: Extent,
    only: Sequence[ColumnElement[bool]],
    cut: Cut,
    now: datetime,
) -> PlanPage:
    locations = None if extent.everywhere else extent.ids
    state = alone(rollout, now)
    count = with_assignment(with_what_was_said(select(state.label("stands"), func.count()).select_from(Task)))
    found = session.execute(of_rollout(count, rollout.id, locations).where(*only).group_by("stands"))
    sums = _sums(Counter({State(stands): number for stands, number in found}))
    rows = rows_by_due(session, rollout.id, locations, *only, offset=cut.offset, limit=cut.size)
    return PlanPage(tuple(shown_states(session, rollout, extent, now, rows)), sums)


def _sums(states: Counter[State]) -> Sums:
    return Sums(states.total(), states[State.LATE], states[State.BLOCKED])


def _standing_alone(rollout: RolloutFacts, states: frozenset[State], now: datetime) -> list[ColumnElement[bool]]:
    if states == EVERY:
        return []
    if states <= ALONE:
        return [alone(rollout, now).in_(sorted(state.value for state in states))]
    return [is_open()]


def _cut_by_what_it_waits_for(
    session: Session,
    rollout: RolloutFacts,
    extent: Extent,
    only: Sequence[ColumnElement[bool]],
    wanted: str,
    cut: Cut,
    now: datetime,
) -> PlanPage:
    """Whether work is at risk or waits is known only with its predecessors: the ids of what may be so come first."""
    waits = waits_everywhere(session, rollout, extent, now)
    columns = (col(Task.id), col(Task.entry), col(Task.location_id), col(Task.wave), alone(rollout, now))
    statement = with_assignment(with_what_was_said(select(*columns)))
    statement = of_rollout(statement, rollout.id, None if extent.everywhere else extent.ids)
    found = session.execute(statement.where(is_open(), _may_be(rollout, waits, wanted, now), *only).order_by(*BY_DUE))
    matching = [
        (id_, state)
        for id_, entry, location, wave, stands in found
        if in_state(state := held_up(State(stands), waits.before(Spot(entry, location, wave))), wanted)
    ]
    page = [id_ for id_, _ in matching[cut.offset : cut.offset + cut.size]]
    rows = rows_by_due(session, rollout.id, None, col(Task.id).in_(page))
    return PlanPage(tuple(states_among(rows, rollout, waits, now)), _sums(Counter(state for _, state in matching)))


def _may_be(rollout: RolloutFacts, waits: Waits, wanted: str, now: datetime) -> ColumnElement[bool]:
    """In one of the wanted states by itself, or held up somewhere so that it is."""
    states, stands = states_of(wanted), alone(rollout, now)
    itself = stands.in_(sorted(state.value for state in states))
    entries = sorted(entry for entry, found in waits.held_anywhere().items() if found & states)
    held = and_(stands.in_(sorted(state.value for state in HELD)), col(Task.entry).in_(entries))
    return or_(itself, held) if entries else itself
