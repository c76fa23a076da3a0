"""The director's board and the executive's readiness: every location as it stands. The number of queries is fixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.queries.gates import gate_dates, rolls
from app.queries.people import Holders, holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.tasks.counted import Counted, counted
from app.rules.access import Extent
from app.rules.burn import BurnUp, Work, burn_up
from app.rules.progress import Health, State, Tally, tally
from app.rules.readiness import Roll, Stand, stand

OTHER = ""


@dataclass(frozen=True)
class Column:
    """A workstream of the board; the one with the empty id holds work without a workstream."""

    id: str
    title: str


@dataclass(frozen=True)
class Centre:
    """One location as it stands; `cells` follow the columns, None where there is no work."""

    place: PlaceFacts
    stand: Stand
    roll: Roll | None
    cells: tuple[Tally | None, ...]
    tasks: tuple[Counted, ...]


@dataclass(frozen=True)
class Board:
    """A rollout counted. `shared` are the cells of what exists once for all or for a wave."""

    rollout: RolloutFacts
    columns: tuple[Column, ...]
    centres: tuple[Centre, ...]
    shared: tuple[Tally | None, ...]
    tasks: tuple[Counted, ...]
    burn: BurnUp | None
    holders: Holders


def board(session: Session, rollout: RolloutFacts, extent: Extent, now: datetime) -> Board:
    """The board over the locations within `extent`. The number of queries does not grow with the rows."""
    tasks = counted(session, rollout, extent, now)
    called = rolls(rollout, gate_dates(session, rollout.id), tasks, now)
    columns = _columns(rollout, tasks)
    at = _by_location(tasks)
    return Board(
        rollout=rollout,
        columns=columns,
        centres=tuple(
            _centre(rollout, place, called[place.id], at.get(place.id, []), columns, now)
            for place in rollout.opening_order(now)
            if place.id in extent
        ),
        shared=_cells(rollout, at.get(None, []), columns, now),
        tasks=tuple(tasks),
        burn=_burn(rollout, tasks, now),
        holders=holders(session, rollout.id, extent),
    )


def _by_location(tasks: Sequence[Counted]) -> dict[int | None, list[Counted]]:
    found: dict[int | None, list[Counted]] = {}
    for task in tasks:
        found.setdefault(task.row.location_id, []).append(task)
    return found


def _columns(rollout: RolloutFacts, tasks: Sequence[Counted]) -> tuple[Column, ...]:
    used = {task.row.workstream for task in tasks}
    named = [Column(id_, stream.title) for id_, stream in rollout.playbook.workstreams.items() if id_ in used]
    other = [Column(OTHER, "Other work" if named else "Work")] if OTHER in used else []
    return (*named, *other)


def _centre(
    rollout: RolloutFacts,
    place: PlaceFacts,
    roll: Roll | None,
    tasks: Sequence[Counted],
    columns: Sequence[Column],
    now: datetime,
) -> Centre:
    standing = stand(roll, [task.state for task in tasks], place.cutover_at, now)
    return Centre(place, standing, roll, _cells(rollout, tasks, columns, now), tuple(tasks))


def _cells(
    rollout: RolloutFacts, tasks: Sequence[Counted], columns: Sequence[Column], now: datetime
) -> tuple[Tally | None, ...]:
    given = rollout.playbook.health
    health = Health(given.amber, given.red) if given else None
    streams: dict[str, list[Counted]] = {}
    for task in tasks:
        streams.setdefault(task.row.workstream, []).append(task)
    return tuple(_cell(streams[column.id], health, now) if column.id in streams else None for column in columns)


def _cell(tasks: Sequence[Counted], health: Health | None, now: datetime) -> Tally:
    due = sum(task.row.late_at is not None and task.row.late_at <= now for task in tasks)
    return tally((task.state for task in tasks), health, due)


def _burn(rollout: RolloutFacts, tasks: Sequence[Counted], now: datetime) -> BurnUp | None:
    if rollout.start is None:
        return None
    work = [Work(task.row.due, task.row.completed_at if task.state is State.DONE else None) for task in tasks]
    return burn_up(work, rollout.start, rollout.playbook.length, now.astimezone(ZoneInfo(rollout.zone)))
