"""Tasks with the state they are in now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement
from sqlmodel import Session

from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.rows import TaskRow, task_rows
from app.rules.access import Extent
from app.rules.progress import State, state
from app.rules.waiting import Spot, Waits


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
    """Each row with its state, judged by the day of its place."""
    days: dict[int | None, date] = {place.id: place.today(now) for place in rollout.locations}
    days[None] = rollout.today(now)
    alone = _alone(rows, days, now)
    waits = Waits(rollout.playbook, {place.id: place.wave for place in rollout.locations})
    for row, found in zip(rows, alone, strict=True):
        waits.note(Spot(row.entry, row.location_id, row.wave), found)
    return [
        Counted(row, _after_what_it_waits_for(row, found, waits, days[row.location_id], now))
        if row.entry in waits
        else Counted(row, found)
        for row, found in zip(rows, alone, strict=True)
    ]


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
        row.version > 1,
        row.late_at is not None and row.late_at <= now,
        row.begins is not None and row.begins <= today,
    )


def _after_what_it_waits_for(row: TaskRow, alone: State, waits: Waits, today: date, now: datetime) -> State:
    if alone not in (State.TODO, State.TRACK):
        return alone
    before = waits.before(Spot(row.entry, row.location_id, row.wave))
    return state(replace(row.facts, before=before), today=today, now=now) if before else alone
