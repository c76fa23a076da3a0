"""What needs a reader of the board now. Rows are fetched only for what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session, col

from app.models import Task
from app.queries.rollouts.board import Board
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.alone import alone, of_rollout, with_what_was_said
from app.queries.tasks.counted import Counted, states_among
from app.queries.tasks.rows import task_rows
from app.rules.access import Extent, Viewer
from app.rules.needs import SOON, Candidate, needs
from app.rules.progress import State, held_up
from app.rules.readiness import BarState
from app.rules.waiting import Spot

Held = tuple[str, int | None, str]


@dataclass(frozen=True)
class Pressing:
    """The gravest few of `total` tasks that need the reader."""

    first: tuple[Counted, ...]
    total: int


def pressing(session: Session, seen: Board, extent: Extent, viewer: Viewer, now: datetime, limit: int) -> Pressing:
    """Tasks that need the reader now, gravest first: blocked or late ones that are critical, hold up a gate or are
    the reader's own, and the reader's own that are due soon. Two queries.
    """
    found = needs(_candidates(session, seen, extent, viewer, now))
    ids = [one.id for one in found[:limit]]
    rows = task_rows(session, seen.rollout.id, None, col(Task.id).in_(ids))
    states = {one.row.id: one for one in states_among(rows, seen.rollout, seen.standing.waits, now)}
    return Pressing(tuple(states[id_] for id_ in ids), len(found))


def _candidates(session: Session, seen: Board, extent: Extent, viewer: Viewer, now: datetime) -> Iterator[Candidate]:
    rollout = seen.rollout
    vetoed = _vetoed(seen)
    days = {None: rollout.today(now)} | {place.id: place.today(now) for place in rollout.locations}
    state = alone(rollout, now)
    mine = _mine(rollout, viewer)
    grave = or_(col(Task.critical), mine, col(Task.entry).in_(sorted({entry for entry, _, _ in vetoed})))
    columns = (col(Task.id), col(Task.entry), col(Task.location_id), col(Task.wave), col(Task.owner_role))
    statement = select(*columns, col(Task.critical), col(Task.due), state)
    statement = of_rollout(with_what_was_said(statement), rollout.id, None if extent.everywhere else extent.ids).where(
        grave,
        or_(
            state.in_((State.LATE.value, State.BLOCKED.value)),
            and_(mine, col(Task.due) <= max(days.values()) + SOON, state != State.DONE.value),
        ),
    )
    for id_, entry, location, wave, role, critical, due, stands in session.execute(statement):
        yield Candidate(
            id=id_,
            state=held_up(State(stands), seen.standing.waits.before(Spot(entry, location, wave))),
            critical=critical,
            mine=role in viewer.roles(rollout.id, location),
            vetoes=_held(entry, location, wave) in vetoed,
            due=due,
            today=days[location],
        )


def _mine(rollout: RolloutFacts, viewer: Viewer) -> ColumnElement[bool]:
    """The reader holds the owner's role: at the task's location, or anywhere for what exists once."""
    held: dict[frozenset[str], list[int]] = {}
    for place in rollout.locations:
        held.setdefault(viewer.roles(rollout.id, place.id), []).append(place.id)
    local = [and_(col(Task.owner_role).in_(roles), col(Task.location_id).in_(ids)) for roles, ids in held.items()]
    shared = and_(col(Task.owner_role).in_(viewer.roles(rollout.id)), col(Task.location_id).is_(None))
    return or_(shared, *local)


def _held(entry: str, location: int | None, wave: str) -> Held:
    return entry, location, wave if location is None else ""


def _vetoed(seen: Board) -> frozenset[Held]:
    """What stands behind the bars that veto: entries with their location, or with their wave ("" the network's)."""
    return frozenset(
        held
        for centre in seen.centres
        for bar in (centre.roll.bars if centre.roll else ())
        if bar.state is BarState.VETO
        for entry in bar.entries
        for held in ((entry, centre.place.id, ""), (entry, None, ""), (entry, None, centre.place.wave))
    )
