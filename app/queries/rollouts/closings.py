"""Which open items would turn a location's next gate green: the fewest, and who holds them. One query for all rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import and_, or_
from sqlmodel import Session, col

from app.models import Task
from app.plan.format.gates import Criterion, Test
from app.queries.rollouts.board import Board, Centre
from app.queries.tasks.alone import is_open
from app.queries.tasks.counted import Counted, states_among
from app.queries.tasks.rows import task_rows
from app.queries.tasks.standing import Alike
from app.rules.gates.needed import tests_of
from app.rules.rollouts.closing import Closing, Way, needed, smallest
from app.rules.rollouts.criteria import share_of
from app.rules.rollouts.readiness import BarState
from app.rules.tasks.progress import State

Item = tuple[int | None, str, str, int]
"""Location (none: once), wave, entry, and a number where several tasks come from one entry."""


def closings(seen: Board, centres: Iterable[Centre]) -> dict[int, Closing[Item]]:
    """For each location that is not live the fewest items that turn its next gate green."""
    return {centre.place.id: _of(seen, centre) for centre in centres}


def _of(seen: Board, centre: Centre) -> Closing[Item]:
    roll, place = centre.roll, centre.place
    if roll is None:
        return Closing(())
    playbook = seen.rollout.book_at(place.id)
    criteria, inside = playbook.gates[roll.gate].criteria, playbook.inside
    groups = [group for group in seen.standing.groups if group.meant_for(place.id, place.wave)]
    asked = [(bar, _ways(criteria[bar.id], groups, inside)) for bar in roll.bars if bar.stands_in_the_way]
    found = smallest([ways for _, ways in asked])
    order = {task.id: number for number, task in enumerate(playbook.work)}
    items = sorted(found.items, key=lambda item: (order.get(item[2], len(order)), item[0] is None, item))
    rest = [bar for bar, ways in asked if not ways]
    return Closing(
        tuple(items),
        found.exact,
        beyond=tuple(bar.title for bar in rest if bar.state is BarState.UNKNOWN),
        besides=tuple(f"{bar.title} ({bar.said})" for bar in rest if bar.state is not BarState.UNKNOWN),
    )


def _ways(criterion: Criterion, groups: list[Alike], inside: Mapping[str, tuple[str, ...]]) -> list[Way[Item]]:
    return [way for _, test in tests_of(criterion) if test.source == "tasks" for way in _way(test, groups, inside)]


def _way(test: Test, groups: list[Alike], inside: Mapping[str, tuple[str, ...]]) -> Iterator[Way[Item]]:
    entries = {leaf for entry in test.names for leaf in inside.get(entry, ())}
    items: list[Item] = []
    done = 0
    numbers: dict[tuple[int | None, str, str], int] = {}
    for group in groups:
        for entry in group.entries:
            if entry in entries:
                at = (group.location_id, group.wave, entry)
                if group.state is State.DONE:
                    done += 1
                else:
                    numbers[at] = numbers.get(at, 0) + 1
                    items.append((*at, numbers[at]))
    if done + len(items):
        yield Way(tuple(items), needed(done + len(items), done, share_of(test.passes)))


def tasks_of(session: Session, seen: Board, items: Iterable[Item], now: datetime) -> dict[Item, Counted]:
    """The open tasks behind some items. One query."""
    wanted = list(items)
    places = [
        and_(col(Task.location_id) == location, col(Task.entry) == entry)
        if location is not None
        else and_(col(Task.location_id).is_(None), col(Task.wave) == wave, col(Task.entry) == entry)
        for location, wave, entry in dict.fromkeys(item[:3] for item in wanted)
    ]
    rows = task_rows(session, seen.rollout.id, None, is_open(), or_(*places)) if places else []
    found: dict[Item, Counted] = {}
    numbers: dict[tuple[int | None, str, str], int] = {}
    for task in states_among(rows, seen.rollout, seen.standing.waits, now):
        at = (task.row.location_id, task.row.wave, task.row.entry)
        numbers[at] = numbers.get(at, 0) + 1
        found[(*at, numbers[at])] = task
    return {item: found[item] for item in wanted if item in found}
