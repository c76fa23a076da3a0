"""Tasks with the state they are in now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement
from sqlmodel import Session

from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.rows import TaskRow, task_rows
from app.queries.tasks.standing import waits_of
from app.rules.people.access import Extent
from app.rules.tasks.progress import State, held_up, state
from app.rules.tasks.waiting import Spot, Waits


class Counted(NamedTuple):
    """One task and its state."""

    row: TaskRow
    state: State


def counted(
    session: Session, rollout: RolloutFacts, extent: Extent, now: datetime, *only: ColumnElement[bool]
) -> list[Counted]:
    """The tasks of a rollout that lie within `extent` (network and wave tasks always do), each with its state.

    `only` narrows what is fetched; then the states of what a narrowed task waits for are not known, and it may read
    "On track" where it waits. Pages that narrow by place are safe: a place's own and the network's tasks come along.
    """
    rows = task_rows(session, rollout.id, None if extent.everywhere else extent.ids, *only)
    return with_states(rows, rollout, now)


def with_states(rows: Collection[TaskRow], rollout: RolloutFacts, now: datetime) -> list[Counted]:
    """Each row with its state, judged by the day of its place and by what it waits for among these rows."""
    waits = Waits(rollout.playbook, {place.id: place.wave for place in rollout.locations}, rollout.own_books)
    for row, found in zip(rows, _alone(rows, _days(rollout, now), now), strict=True):
        waits.note(spot_of(row), found)
    return states_among(rows, rollout, waits, now)


def _days(rollout: RolloutFacts, now: datetime) -> dict[int | None, date]:
    places = (*rollout.locations, *rollout.left)
    return {None: rollout.today(now)} | {place.id: place.today(now) for place in places}


def _alone(rows: Collection[TaskRow], days: dict[int | None, date], now: datetime) -> list[State]:
    """The states but for what the tasks wait for. Rows that look alike share one verdict: there may be thousands."""
    seen: dict[tuple[bool, ...], State] = {}
    found = []
    for row in rows:
        look = _look(row, days[row.location_id], now)
        if look not in seen:
            seen[look] = state(row.facts, today=days[row.location_id], now=now)
        found.append(seen[look])
    return found


def _look(row: TaskRow, today: date, now: datetime) -> tuple[bool, ...]:
    """Everything of a row that its state depends on."""
    return (
        row.completed_at is not None,
        row.skipped_at is not None,
        row.blocked_at is not None,
        row.judged == "fail",
        row.awaits,
        row.begun,
        row.late_at is not None and row.late_at <= now,
        row.begins is not None and row.begins <= today,
    )


def spot_of(row: TaskRow) -> Spot:
    """Where the row lives, as the rules of waiting ask for it."""
    return Spot(row.entry, row.location_id, row.wave)


def shown_states(
    session: Session, rollout: RolloutFacts, extent: Extent, now: datetime, rows: Collection[TaskRow]
) -> list[Counted]:
    """Some rows of a rollout, each with its state, whatever they wait for. One query."""
    waits = waits_of(session, rollout, extent, now, map(spot_of, rows))
    return states_among(rows, rollout, waits, now)


def states_among(rows: Collection[TaskRow], rollout: RolloutFacts, waits: Waits, now: datetime) -> list[Counted]:
    """Each row with its state; `waits` knows what they wait for."""
    found = zip(rows, _alone(rows, _days(rollout, now), now), strict=True)
    return [Counted(row, held_up(alone, waits.before(spot_of(row)))) for row, alone in found]
