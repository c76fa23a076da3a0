"""The director's board and the executive's readiness: every location as it stands. The number of queries is fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col

from app.models import Task
from app.queries.gates.dates import gate_dates
from app.queries.gates.held import held_gates
from app.queries.gates.rolls import handed_over_at, rolls
from app.queries.people import Holders, holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.rollouts.gaps import Post, unowned_tasks
from app.queries.rollouts.heard import Heard, heard
from app.queries.tasks.counted import Counted, states_among
from app.queries.tasks.rows import task_rows
from app.queries.tasks.standing import Alike, Standing, standing
from app.rules.people.access import Extent
from app.rules.rollouts.readiness import Bar, Roll, Stand, stand
from app.rules.tasks.progress import Health, State, Tally, tally

OTHER = ""
UNDER_WAY = frozenset({State.TRACK, State.RISK, State.LATE, State.BLOCKED})


@dataclass(frozen=True)
class Column:
    """A workstream of the board; the one with the empty id holds work without a workstream."""

    id: str
    title: str


@dataclass(frozen=True)
class Centre:
    """One location as it stands; `cells` follow the columns, None where there is no work; `heard` is when somebody
    last recorded something there, and whether that is too long ago; `handed_at` when it left its first weeks behind.
    """

    place: PlaceFacts
    stand: Stand
    roll: Roll | None
    cells: tuple[Tally | None, ...]
    heard: Heard
    handed_at: datetime | None = None


@dataclass(frozen=True)
class Board:
    """A rollout counted. `shared` are the cells of what exists once for all or for a wave, `unowned` how many open
    tasks nobody can do, by place and role.
    """

    rollout: RolloutFacts
    columns: tuple[Column, ...]
    centres: tuple[Centre, ...]
    shared: tuple[Tally | None, ...]
    standing: Standing
    holders: Holders
    unowned: Mapping[Post, int]

    def unowned_at(self, location: int | None) -> int:
        """How many open tasks of a place nobody can do."""
        return sum(number for (place, _), number in self.unowned.items() if place == location)

    def held_by(self, centre: Centre, bar: Bar) -> tuple[str, ...]:
        """The names of those who hold the open work behind a bar, by the ids of their roles."""
        entries, place = set(bar.entries), centre.place
        roles = {
            group.owner_role
            for group in self.standing.groups
            if group.state is not State.DONE
            and group.meant_for(place.id, place.wave)
            and not entries.isdisjoint(group.entries)
        }
        return self.holders.names(sorted(roles), place.id)


def board(session: Session, rollout: RolloutFacts, extent: Extent, now: datetime) -> Board:
    """The board over the locations within `extent`. The number of queries does not grow with the rows."""
    counted = standing(session, rollout, extent, now)
    dates, held = gate_dates(session, rollout.id), held_gates(session, rollout.id, now)
    called, handed = rolls(session, rollout, dates, counted.groups, now, held), handed_over_at(rollout, dates, held)
    columns = _columns(rollout, counted.groups)
    at = _by_location(counted.groups)
    people = holders(session, rollout.id, extent, now)
    words = heard(session, rollout, now)
    return Board(
        rollout=rollout,
        columns=columns,
        centres=tuple(
            _centre(
                rollout,
                place,
                called[place.id],
                at.get(place.id, []),
                columns,
                words[place.id],
                handed.get(place.id),
                now,
            )
            for place in rollout.opening_order(now)
            if place.id in extent
        ),
        shared=_cells(rollout, at.get(None, []), columns),
        standing=counted,
        holders=people,
        unowned=unowned_tasks(session, rollout, extent, people, counted, now),
    )


def tasks_behind(session: Session, seen: Board, centre: Centre, bar: Bar, now: datetime) -> list[Counted]:
    """The tasks behind one bar of a location, in the order of the playbook. One query."""
    place = centre.place
    meant = or_(col(Task.location_id) == place.id, col(Task.wave).in_(("", place.wave)))
    rows = task_rows(session, seen.rollout.id, {place.id}, col(Task.entry).in_(bar.entries), meant)
    return states_among(rows, seen.rollout, seen.standing.waits, now)


def _by_location(groups: Sequence[Alike]) -> dict[int | None, list[Alike]]:
    found: dict[int | None, list[Alike]] = {}
    for group in groups:
        found.setdefault(group.location_id, []).append(group)
    return found


def _columns(rollout: RolloutFacts, groups: Sequence[Alike]) -> tuple[Column, ...]:
    used = {group.workstream for group in groups}
    named = [Column(id_, stream.title) for id_, stream in rollout.workstreams.items() if id_ in used]
    other = [Column(OTHER, "Other work" if named else "Work")] if OTHER in used else []
    return (*named, *other)


def _centre(
    rollout: RolloutFacts,
    place: PlaceFacts,
    roll: Roll | None,
    groups: Sequence[Alike],
    columns: Sequence[Column],
    last: Heard,
    handed: datetime | None,
    now: datetime,
) -> Centre:
    states = {group.state for group in groups}
    # Where nothing is under way, or all stands still, nobody is waited for.
    last = last if states & UNDER_WAY and not place.paused else last.quiet()
    where = stand(roll, states, place.cutover_at, now, last.out_of_date)
    return Centre(place, where, roll, _cells(rollout, groups, columns), last, handed)


def _cells(rollout: RolloutFacts, groups: Sequence[Alike], columns: Sequence[Column]) -> tuple[Tally | None, ...]:
    given = rollout.playbook.health
    health = Health(given.amber, given.red) if given else None
    streams: dict[str, list[Alike]] = {}
    for group in groups:
        streams.setdefault(group.workstream, []).append(group)
    return tuple(_cell(streams[column.id], health) if column.id in streams else None for column in columns)


def _cell(groups: Sequence[Alike], health: Health | None) -> Tally:
    states: Counter[State] = Counter()
    for group in groups:
        states[group.state] += len(group.entries)
    return tally(states, health, sum(len(group.entries) for group in groups if group.overdue))
