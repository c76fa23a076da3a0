"""The days of a whole rollout, three weeks of them: a few places at a time, and the sum of all.

What is read follows what is shown: of the places on the page their days, of all others only what an index holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from app.models import Occasion, Reconciliation
from app.plan.terms import Recurring, Scope
from app.queries.reconciliations.rows import at_places, come, days_at, in_rollout, seen, todays
from app.queries.reconciliations.runs import state_column, waits_column
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.people.access import Extent
from app.rules.reconciliations.days import DayState, Runs, runs_of

PLACES: Final = 20
WINDOW: Final = timedelta(days=20)
"""Three weeks with today: fifteen working days."""
WATCHED: Final = timedelta(days=2)
"""What the worker has not looked at by then lies ahead."""


class StripDay(NamedTuple):
    """One day of a strip."""

    title: str
    day: date
    state: DayState
    waits: bool


@dataclass(frozen=True)
class NetworkLine:
    """One entry at one place (None: the whole network): its last days, and how they went; `open_ended`: all of them
    were clean, and there may be more before. Without any day there `ahead` is the next one (None: there is none), and
    `entry` is empty.
    """

    place: PlaceFacts | None
    entry: str
    title: str
    days: tuple[StripDay, ...]
    runs: Runs
    open_ended: bool = False
    ahead: date | None = None


@dataclass(frozen=True)
class NetworkDays:
    """One page of the places, `total` of them in all; `sums` are those of the last three weeks, everywhere that the
    reader may see, `first` to `last`.
    """

    lines: tuple[NetworkLine, ...]
    total: int
    sums: Runs
    first: date
    last: date


def network_days(
    session: Session, rollout: RolloutFacts, extent: Extent, entry: str, page: int, now: datetime
) -> NetworkDays:
    """Page `page` (from 1) of the places in the order in which they open; of one entry where it is named. Five
    queries.
    """
    ordered = rollout.opening_order(now)
    shown: list[PlaceFacts | None] = [*ordered[(page - 1) * PLACES : page * PLACES]]
    if rollout.playbook.default_scope is Scope.NETWORK:
        shown = [None]
    last = max(todays(rollout, now).values())
    first = last - WINDOW
    keys = [place.id if place else None for place in shown]
    days = _days(session, rollout, keys, entry, first, now)
    ahead = _ahead(session, rollout, keys, entry, now)
    lines = [line for place in shown for line in _lines(place, days.get(place.id if place else None, {}), ahead, first)]
    return NetworkDays(tuple(lines), len(ordered), _sums(session, rollout, extent, entry, first, now), first, last)


def _days(
    session: Session, rollout: RolloutFacts, keys: Sequence[int | None], entry: str, first: date, now: datetime
) -> dict[int | None, dict[str, list[StripDay]]]:
    """The days of some places since the first one, oldest first, by place and entry."""
    columns = (
        Occasion.location_id, Occasion.entry, Occasion.title, Occasion.due, state_column(rollout, now), waits_column(),
    )  # fmt: skip
    only = [col(Occasion.due) >= first, come(rollout, now), *_of(entry)]
    statement = (
        days_at(at_places(rollout, keys), *columns).where(*only).order_by(col(Occasion.due), col(Occasion.position))
    )
    states = {state.value: state for state in DayState}
    found: dict[int | None, dict[str, list[StripDay]]] = {}
    for place, name, title, due, state, waits in session.execute(statement):
        day = StripDay(title, due, states[state], bool(waits))
        found.setdefault(place, {}).setdefault(name, []).append(day)
    return found


def _of(entry: str) -> list[Any]:
    return [col(Occasion.entry) == entry] if entry else []


def _lines(
    place: PlaceFacts | None, days: dict[str, list[StripDay]], ahead: dict[int | None, date], first: date
) -> list[NetworkLine]:
    """A line for each entry of a place that was counted lately; else one that says when it begins."""
    key, found = place.id if place else None, []
    for entry, mine in days.items():
        runs = runs_of((one.state, one.waits) for one in mine)
        whole = runs.run == runs.clean > 0 and not runs.variance and not runs.missed
        open_ended = whole and mine[0].day < first + timedelta(days=7)
        found.append(NetworkLine(place, entry, mine[0].title, tuple(mine), runs, open_ended))
    if found or (place is None and key not in ahead):
        return found  # of the network there is no line where nothing is counted for it
    return [NetworkLine(place, "", "", (), Runs(), ahead=ahead.get(key))]


def _ahead(
    session: Session, rollout: RolloutFacts, keys: Sequence[int | None], entry: str, now: datetime
) -> dict[int | None, date]:
    """The next day of each place that lies ahead. One query."""
    statement = (
        select(col(Occasion.location_id), func.min(Occasion.due))
        .where(
            at_places(rollout, keys),
            col(Occasion.kind) == Recurring.RECONCILIATION,
            col(Occasion.due) > rollout.today(now),
            *_of(entry),
        )
        .group_by(col(Occasion.location_id))
    )
    return dict(session.execute(statement).all())


def _sums(session: Session, rollout: RolloutFacts, extent: Extent, entry: str, first: date, now: datetime) -> Runs:
    """Of every place that the reader may see: what was recorded, from the index alone, and what was not yet."""
    row = Reconciliation
    facts = (
        col(row.missed_at).is_not(None), col(row.reviewed_at).is_not(None), col(row.clean),
        col(row.counted_at).is_not(None),
    )  # fmt: skip
    statement = select(*facts, func.count()).where(
        col(row.rollout_id) == rollout.id, col(row.day) >= first, *_recorded(extent, entry)
    )
    due = clean = variance = missed = waiting = 0
    for is_missed, closed, is_clean, counted, number in session.execute(statement.group_by(*facts)):
        due += number
        missed += number if is_missed else 0
        waiting += number if counted and not closed else 0
        clean += number if closed and is_clean and not is_missed else 0
        variance += number if closed and not is_clean and not is_missed else 0
    for state, number in _unrecorded(session, rollout, extent, entry, first, now):
        due += number if state != DayState.NOT_ASKED else 0
        missed += number if state == DayState.MISSED else 0
    return Runs(due, clean, variance, missed, waiting)


def _recorded(extent: Extent, entry: str) -> list[Any]:
    place = col(Reconciliation.location_id)
    only: list[Any] = [col(Reconciliation.entry) == entry] if entry else []
    return only if extent.everywhere else [*only, or_(place.is_(None), place.in_(extent.ids))]


def _unrecorded(
    session: Session, rollout: RolloutFacts, extent: Extent, entry: str, first: date, now: datetime
) -> Sequence[tuple[str, int]]:
    """Days that have come and of which nothing is recorded: those that the worker has still to look at."""
    state = state_column(rollout, now)
    watched = col(Occasion.next_at) <= now + WATCHED
    only = [watched, col(Occasion.due) >= first, come(rollout, now), col(Reconciliation.id).is_(None)]
    only += [*seen(extent), *_of(entry)]
    statement = days_at(in_rollout(rollout), state, func.count()).where(*only).group_by(state)
    return [(one, number) for one, number in session.execute(statement)]
