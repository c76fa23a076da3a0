"""The tasks of each place as one bar: how they stand, and between which days they lie. One query, or two where a state
hangs on other tasks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from app.models import Task
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.alone import alone, of_rollout, with_what_was_said
from app.queries.tasks.ownership import with_assignment
from app.queries.tasks.standing import waits_everywhere
from app.rules.people.access import Extent
from app.rules.tasks.filtering import in_state, states_of
from app.rules.tasks.progress import State, held_up
from app.rules.tasks.waiting import Spot

BEGINS = func.coalesce(col(Task.begins), col(Task.due))
FIRST_BEGINS = func.coalesce(col(Task.first_begins), col(Task.first_due))
ALONE = frozenset({State.DONE, State.LATE, State.BLOCKED})
"""States that never depend on what a task waits for."""


class Days(NamedTuple):
    """Between which days something lies, now and as first planned."""

    begins: date | None
    due: date | None
    first_begins: date | None
    first_due: date | None

    def around(self, other: Days) -> Days:
        """The days that hold both."""
        first = (_least(self.begins, other.begins), _most(self.due, other.due))
        return Days(*first, _least(self.first_begins, other.first_begins), _most(self.first_due, other.first_due))


class Folded(NamedTuple):
    """The tasks of one place: of a location, or (none) of a wave or (empty) of the network. `due` counts them by the
    day on which they are due and the state that they are in.
    """

    location_id: int | None
    wave: str
    due: Counter[tuple[date | None, State]]
    days: Days

    @property
    def total(self) -> int:
        return self.due.total()

    @property
    def late(self) -> int:
        """How many are late or blocked."""
        return self.count(State.LATE, State.BLOCKED)

    def count(self, *states: State) -> int:
        """How many are in one of some states."""
        return sum(number for (_, state), number in self.due.items() if state in states)


class _Part(NamedTuple):
    location_id: int | None
    wave: str
    state: State
    number: int
    days: Days


def folded(
    session: Session,
    rollout: RolloutFacts,
    extent: Extent,
    only: Sequence[ColumnElement[bool]],
    wanted: str,
    now: datetime,
) -> list[Folded]:
    """Every place with tasks that `only` and the state `wanted` pick."""
    states = states_of(wanted)
    counted = states <= ALONE or frozenset(State) - states <= {State.DONE}
    parts = _counted(session, rollout, extent, only, now) if counted else _singly(session, rollout, extent, only, now)
    places: dict[tuple[int | None, str], Folded] = {}
    for part in parts:
        if in_state(part.state, wanted):
            here = (part.location_id, part.wave)
            known = places.get(here) or Folded(*here, Counter(), part.days)
            known.due[part.days.due, part.state] += part.number
            places[here] = known._replace(days=known.days.around(part.days))
    return list(places.values())


def _counted(
    session: Session, rollout: RolloutFacts, extent: Extent, only: Sequence[ColumnElement[bool]], now: datetime
) -> Iterator[_Part]:
    places, stands = (col(Task.location_id), col(Task.wave)), alone(rollout, now).label("stands")
    dates = (func.min(BEGINS), col(Task.due), func.min(FIRST_BEGINS), func.max(col(Task.first_due)))
    statement = with_assignment(with_what_was_said(select(*places, stands, func.count(), *dates)))
    statement = of_rollout(statement, rollout.id, seen(extent)).where(*only)
    statement = statement.group_by(*places, col(Task.due), "stands")
    for location, wave, state, number, *days in session.execute(statement):
        yield _Part(location, wave, State(state), number, Days(*days))


def _singly(
    session: Session, rollout: RolloutFacts, extent: Extent, only: Sequence[ColumnElement[bool]], now: datetime
) -> Iterator[_Part]:
    waits = waits_everywhere(session, rollout, extent, now)
    places, dates = (col(Task.location_id), col(Task.wave)), (BEGINS, col(Task.due), FIRST_BEGINS, col(Task.first_due))
    statement = with_assignment(with_what_was_said(select(*places, col(Task.entry), alone(rollout, now), *dates)))
    for location, wave, entry, stands, *days in session.execute(
        of_rollout(statement, rollout.id, seen(extent)).where(*only)
    ):
        state = held_up(State(stands), waits.before(Spot(entry, location, wave)))
        yield _Part(location, wave, state, 1, Days(*days))


def seen(extent: Extent) -> Collection[int] | None:
    """The locations of an extent as the queries take them: None for all."""
    return None if extent.everywhere else extent.ids


def _least(*days: date | None) -> date | None:
    return min(_known(days), default=None)


def _most(*days: date | None) -> date | None:
    return max(_known(days), default=None)


def _known(days: Iterable[date | None]) -> list[date]:
    return [day for day in days if day is not None]
