"""What needs a reader of the board now. Rows are fetched only for what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, not_, or_, select
from sqlmodel import Session, col

from app.models import Task
from app.queries.rollouts.board import Board
from app.queries.rollouts.gaps import Gap, gaps
from app.queries.tasks.alone import alone, of_rollout, paused, with_what_was_said
from app.queries.tasks.counted import Counted, states_among
from app.queries.tasks.ownership import mine, with_assignment
from app.queries.tasks.rows import task_rows
from app.rules.people.access import Extent, Permission, Viewer
from app.rules.rollouts.needs import SOON, Candidate, needs
from app.rules.rollouts.readiness import BarState
from app.rules.tasks.progress import State, held_up
from app.rules.tasks.waiting import Spot

Held = tuple[str, int | None, str]


@dataclass(frozen=True)
class Pressing:
    """The gravest few of `total` tasks that need the reader, and the posts that are empty or soon will be."""

    first: tuple[Counted, ...]
    total: int
    gaps: tuple[Gap, ...] = ()


def pressing(session: Session, seen: Board, extent: Extent, viewer: Viewer, now: datetime, limit: int) -> Pressing:
    """Tasks that need the reader now, gravest first: blocked or late ones that are critical, hold up a gate or are
    the reader's own, and the reader's own that are due soon; none where work stands still. For whoever oversees the
    rollout, every gap. Two queries.
    """
    found = needs(_candidates(session, seen, extent, viewer, now))
    ids = [one.id for one in found[:limit]]
    rows = task_rows(session, seen.rollout.id, None, col(Task.id).in_(ids))
    states = {one.row.id: one for one in states_among(rows, seen.rollout, seen.standing.waits, now)}
    oversees = viewer.can(Permission.STOP_ESCALATION, rollout=seen.rollout.id)
    empty = gaps(seen.rollout, seen.holders, seen.standing, seen.unowned, now) if oversees else ()
    return Pressing(tuple(states[id_] for id_ in ids), len(found), tuple(empty))


def _candidates(session: Session, seen: Board, extent: Extent, viewer: Viewer, now: datetime) -> Iterator[Candidate]:
    rollout = seen.rollout
    vetoed = _vetoed(seen)
    days = {None: rollout.today(now)} | {place.id: place.today(now) for place in rollout.locations}
    state = alone(rollout, now)
    own = case((mine(rollout, viewer, now), True), else_=False)
    grave = or_(col(Task.critical), own, col(Task.entry).in_(sorted({entry for entry, _, _ in vetoed})))
    columns = (col(Task.id), col(Task.entry), col(Task.location_id), col(Task.wave))
    statement = with_assignment(with_what_was_said(select(*columns, own, col(Task.critical), col(Task.due), state)))
    statement = of_rollout(statement, rollout.id, None if extent.everywhere else extent.ids).where(
        grave,
        not_(paused()),
        or_(
            state.in_((State.LATE.value, State.BLOCKED.value)),
            and_(own, col(Task.due) <= max(days.values()) + SOON, state != State.DONE.value),
        ),
    )
    for id_, entry, location, wave, is_mine, critical, due, stands in session.execute(statement):
        yield Candidate(
            id=id_,
            state=held_up(State(stands), seen.standing.waits.before(Spot(entry, location, wave))),
            critical=critical,
            mine=bool(is_mine),
            vetoes=_held(entry, location, wave) in vetoed,
            due=due,
            today=days[location],
        )


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
