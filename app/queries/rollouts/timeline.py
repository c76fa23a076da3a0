"""The plan as a timeline: the rollout folded to its places, or one place with its tasks. What is shown is counted or
fetched, and nothing else. The number of queries is fixed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from app.models import ScheduledEntry, Task
from app.queries.rollouts.chains import Chains, chain_of_place, chain_of_waves
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.rollouts.folded import Days, Folded, folded, seen
from app.queries.tasks.alone import of_rollout
from app.queries.tasks.counted import Counted, states_among
from app.queries.tasks.picking import Reader, picked
from app.queries.tasks.rows import task_rows
from app.queries.tasks.standing import waits_everywhere
from app.rules.people.access import Extent
from app.rules.tasks.filtering import SHARED, PlanFilter, in_state

MARKS: Final = ("gate", "milestone", "training", "runbook")


class Mark(NamedTuple):
    """A dated entry that is no task: a gate, a milestone, training, a runbook."""

    kind: str
    entry: str
    title: str
    location_id: int | None
    wave: str
    due_at: datetime | None
    days: Days
    id: int = 0

    def meant_for(self, place: PlaceFacts) -> bool:
        return self.location_id == place.id or (self.location_id is None and self.wave in ("", place.wave))


@dataclass(frozen=True)
class Timelines:
    """What the page shows: `folded` places, or the `tasks` of one with their days as first planned. `last` are the last
    due day of the rollout and the one first planned.
    """

    folded: tuple[Folded, ...] = ()
    tasks: tuple[Counted, ...] = ()
    first: dict[int, Days] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    chains: Chains = field(default_factory=Chains)
    last: tuple[date | None, date | None] = (None, None)


def timelines(
    session: Session, rollout: RolloutFacts, extent: Extent, wanted: PlanFilter, now: datetime, reader: Reader
) -> Timelines:
    """The tasks that the filter picks within `extent`: with a location its tasks one by one, else folded by place."""
    only = list(picked(session, rollout, wanted, reader, now))
    near = _near(rollout, extent, wanted.location) if wanted.location else extent
    marks, last = tuple(_marks(session, rollout, near)), _last(session, rollout, extent)
    if not wanted.location:
        places = tuple(folded(session, rollout, extent, only, wanted.state, now))
        return Timelines(places, marks=marks, chains=chain_of_waves(session, rollout, extent), last=last)
    rows = task_rows(session, rollout.id, near.ids, *only)
    waits = waits_everywhere(session, rollout, extent if wanted.location == SHARED else near, now)
    counted = states_among(rows, rollout, waits, now)
    return Timelines(
        tasks=tuple(one for one in counted if in_state(one.state, wanted.state)),
        first=_first(session, rollout, near),
        marks=marks,
        chains=chain_of_place(session, rollout, near),
        last=last,
    )


def _near(rollout: RolloutFacts, extent: Extent, slug: str) -> Extent:
    """One location; nothing but what exists once for `shared`, and for a slug that is none of the reader's."""
    return Extent(
        False, frozenset(place.id for place in rollout.locations if place.slug == slug and place.id in extent)
    )


def _last(session: Session, rollout: RolloutFacts, extent: Extent) -> tuple[date | None, date | None]:
    statement = select(func.max(col(Task.due)), func.max(col(Task.first_due)))
    found = session.execute(of_rollout(statement, rollout.id, seen(extent))).one()
    return found[0], found[1]


def _first(session: Session, rollout: RolloutFacts, near: Extent) -> dict[int, Days]:
    """The days of each task of a place, now and as first planned."""
    columns = (col(Task.id), col(Task.begins), col(Task.due), col(Task.first_begins), col(Task.first_due))
    found = session.execute(of_rollout(select(*columns), rollout.id, seen(near)))
    return {id_: Days(*days) for id_, *days in found}


def _marks(session: Session, rollout: RolloutFacts, near: Extent) -> Iterator[Mark]:
    row = ScheduledEntry
    where = (col(row.location_id), col(row.wave), col(row.due_at))
    columns = (col(row.id), col(row.kind), col(row.entry), col(row.title), *where)
    days = (col(row.begins), col(row.due), col(row.first_begins), col(row.first_due))
    places = [place.id for place in rollout.locations if place.id in near]
    there = or_(col(row.location_id).is_(None), col(row.location_id).in_(places))
    statement = select(*columns, *days).where(col(row.rollout_id) == rollout.id, col(row.kind).in_(MARKS), there)
    for id_, kind, entry, title, location, wave, due_at, *dates in session.execute(
        statement.order_by(col(row.due), col(row.position), col(row.id))
    ):
        yield Mark(kind, entry, title, location, wave, due_at, Days(*dates), id_)
