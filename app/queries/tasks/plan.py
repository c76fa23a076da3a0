"""One page of the plan: the database filters, counts and cuts; only the tasks of the page are fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlmodel import Session, col

from app.models import Task
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.alone import alone, is_open, of_rollout, with_what_was_said
from app.queries.tasks.counted import Counted, shown_states, states_among
from app.queries.tasks.rows import BY_DUE, rows_by_due
from app.queries.tasks.standing import standing
from app.rules.access import Extent
from app.rules.filtering import ALL, NONE, OPEN, SHARED, PlanFilter, in_state
from app.rules.progress import State, held_up
from app.rules.waiting import Spot

ALONE: Final = frozenset({State.DONE.value, State.LATE.value, State.BLOCKED.value})
"""States that never depend on what a task waits for."""


@dataclass(frozen=True)
class PlanPage:
    """Some of `total` tasks, by the day they are due, undated ones last."""

    tasks: tuple[Counted, ...]
    total: int


@dataclass(frozen=True)
class Cut:
    """Which part of a list: `size` lines of the page `number`, counted from 1."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size


def plan_page(
    session: Session, rollout: RolloutFacts, extent: Extent, wanted: PlanFilter, cut: Cut, now: datetime
) -> PlanPage:
    """One page of the tasks within `extent` that the filter picks. The number of queries does not grow with them."""
    only = list(_picked(session, rollout, wanted))
    if wanted.state in ("", ALL, OPEN) or wanted.state in ALONE:
        return _cut_by_database(session, rollout, extent, [*only, *_standing_alone(rollout, wanted, now)], cut, now)
    return _cut_by_what_it_waits_for(session, rollout, extent, only, wanted, cut, now)


def _cut_by_database(
    session: Session,
    rollout: RolloutFacts,
    extent: Extent,
    only: list[ColumnElement[bool]],
    cut: Cut,
    now: datetime,
) -> PlanPage:
    locations = None if extent.everywhere else extent.ids
    count = with_what_was_said(select(func.count()).select_from(Task))
    total = session.execute(of_rollout(count, rollout.id, locations).where(*only)).scalar_one()
    rows = rows_by_due(session, rollout.id, locations, *only, offset=cut.offset, limit=cut.size)
    return PlanPage(tuple(shown_states(session, rollout, extent, now, rows)), total)


def _cut_by_what_it_waits_for(
    session: Session,
    rollout: RolloutFacts,
    extent: Extent,
    only: list[ColumnElement[bool]],
    wanted: PlanFilter,
    cut: Cut,
    now: datetime,
) -> PlanPage:
    """Whether work is at risk or waits is known only with its predecessors: of what is open, ids are fetched first."""
    locations = None if extent.everywhere else extent.ids
    waits = standing(session, rollout, extent, now).waits
    columns = (col(Task.id), col(Task.entry), col(Task.location_id), col(Task.wave), alone(rollout, now))
    statement = of_rollout(with_what_was_said(select(*columns)), rollout.id, locations)
    found = session.execute(statement.where(is_open(), *only).order_by(*BY_DUE))
    ids = [
        id_
        for id_, entry, location, wave, stands in found
        if in_state(held_up(State(stands), waits.before(Spot(entry, location, wave))), wanted.state)
    ]
    page = ids[cut.offset : cut.offset + cut.size]
    rows = rows_by_due(session, rollout.id, None, col(Task.id).in_(page))
    return PlanPage(tuple(states_among(rows, rollout, waits, now)), len(ids))


def _standing_alone(rollout: RolloutFacts, wanted: PlanFilter, now: datetime) -> Iterator[ColumnElement[bool]]:
    if wanted.state == OPEN:
        yield is_open()
    elif wanted.state in ALONE:
        yield alone(rollout, now) == wanted.state


def _picked(session: Session, rollout: RolloutFacts, wanted: PlanFilter) -> Iterator[ColumnElement[bool]]:
    """The filters, but for the state. Unknown words match nothing."""
    if wanted.location:
        yield _at(rollout, wanted.location)
    if wanted.workstream:
        stream = col(Task.workstream)
        yield stream.in_(("", NONE)) if wanted.workstream == NONE else stream == wanted.workstream
    if wanted.week:
        yield _in_week(rollout, wanted.week)
    if wanted.words:
        yield col(Task.title).in_(_titles(session, rollout.id, wanted.words.casefold()))


def _at(rollout: RolloutFacts, slug: str) -> ColumnElement[bool]:
    ids = [place.id for place in rollout.locations if place.slug == slug]
    own = col(Task.location_id).in_(ids)
    return or_(own, col(Task.location_id).is_(None)) if slug == SHARED else own


def _in_week(rollout: RolloutFacts, week: int) -> ColumnElement[bool]:
    if rollout.start is None:
        return false()
    begins = rollout.start + timedelta(weeks=week - 1)
    return (col(Task.due) >= begins) & (col(Task.due) < begins + timedelta(weeks=1))


def _titles(session: Session, rollout_id: int, words: str) -> list[str]:
    """The titles that hold the words in any case: databases differ in what they take for the same letter."""
    found = session.execute(select(col(Task.title)).where(col(Task.rollout_id) == rollout_id).distinct())
    return [title for title in found.scalars() if words in title.casefold()]
