"""The chosen set takes its wave: first shown with all that moves by it, then done in one step.

A location that moves to another wave keeps its work with everything that was recorded of it; what is not finished gets
the dates of the new wave. A cutover of its own belonged to the old one and goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select, update

from app.actions.events import record
from app.actions.loading import key_of
from app.actions.locations.facts import decide_anew
from app.actions.rollouts.drafting import judged
from app.actions.schedule.moves import Move, demand_shown, tell_moved, whole_move
from app.actions.schedule.planning import Change
from app.actions.schedule.replanning import write
from app.actions.selection.opening import SUBJECT, OpenSelection, begun, changed, open_selection
from app.actions.tasks.opening import demand_open
from app.errors import Forbidden, Invalid, Refused
from app.models import GateRecord, Location, Occasion, Run, ScheduledEntry, Task
from app.rules.people.access import Permission, Viewer
from app.rules.schedule.moves import Replan
from app.rules.selection.placing import placing
from app.stored import playbook_at

NOTHING: Final = Move(Replan(), ())
Waves = Mapping[int, str]
"""The wave into which a location goes, by its key."""


def planned_placing(session: Session, dated_id: int, *, waves: Waves, by: Viewer, now: datetime) -> Move:
    """What moves when the chosen locations take their wave, and those who make room go into these `waves` (or the one
    that has room). Only reads.

    Raises NotFound, Forbidden for whoever does not direct the rollout, Refused as long as no set is chosen and for a
    location that is live, and Invalid for field `wave`.
    """
    opened, rows = _directed(session, dated_id, waves, by, now)
    return _move(session, opened, rows, by, now)


def place_set(session: Session, dated_id: int, *, waves: Waves, shown: str, by: Viewer, now: datetime) -> Move:
    """Move them. Nothing to move is quiet. Raises as `planned_placing`, Refused where the plan would break a rule, and
    Stale when it has changed since it was `shown`.
    """
    opened, rows = _directed(session, dated_id, waves, by, now)
    if not rows:
        return NOTHING
    move = _move(session, opened, rows, by, now)
    demand_shown(move, shown)
    reason = f"{opened.selection.title}: {opened.playbook.waves[opened.selection.wave].title}"
    before = {location.id: location.wave for location, _ in rows}
    for location, wave in rows:
        _rewave(session, location, wave)
    session.expire_all()
    write(session, opened.rollout, move.found, by=by, now=now, reason=reason)
    for location, wave in rows:
        decide_anew(session, opened.rollout, location, by, now)
        record(
            session, "location.placed", ("location", key_of(location)), by=by, now=now, rollout_id=opened.rollout_id,
            location_id=key_of(location), before={"wave": before[location.id]}, after={"wave": wave, "reason": reason},
        )  # fmt: skip
    after = {"waves": {str(location.id): wave for location, wave in rows}}
    opened = opened.again(session)
    changed(session, opened, begun(session, opened), "placed", by=by, now=now, after=after)
    tell_moved(session, move, (SUBJECT, opened.id), opened.rollout, reason, by, now)
    return move


Rows = list[tuple[Location, str]]


def _directed(session: Session, dated_id: int, waves: Waves, by: Viewer, now: datetime) -> tuple[OpenSelection, Rows]:
    """The selection, and the locations that move with the waves they go to, locked."""
    opened = open_selection(session, dated_id, by=by)
    if not by.can(Permission.DIRECT, rollout=opened.rollout_id):
        raise Forbidden
    stored = opened.stored
    if stored.choice is None or not stored.settled:
        raise Refused("The set is not chosen yet: it must be proposed and signed first.")
    needed = placing(stored.scoring, stored.choice.locations, opened.playbook.waves)
    wanted = needed.waves(waves)
    found = session.exec(
        select(Location).where(col(Location.id).in_(wanted)).order_by(col(Location.id)).with_for_update()
    )
    rows = [(row, wanted[key_of(row)]) for row in found]
    coming = {one.id for one in needed.coming}
    for row, wave in rows:
        _judge(opened, row, wave, row.id in coming, now)
    return opened, rows


def _judge(opened: OpenSelection, row: Location, wave: str, comes: bool, now: datetime) -> None:
    if wave not in opened.playbook.waves or (wave == opened.selection.wave and not comes):
        raise Invalid({"wave": f"Choose another wave for {row.name}."})
    demand_open(opened.rollout, row)
    if row.cutover_at is not None and row.cutover_at <= now:
        raise Refused(f"{row.name} is live already. It stays in its wave.")


def _move(session: Session, opened: OpenSelection, rows: Rows, by: Viewer, now: datetime) -> Move:
    if not rows:
        return NOTHING
    stated: dict[str, dict[str, Any]] = {}
    for location, wave in rows:
        facts = {name: value for name, value in location.facts().items() if name != "cutover"}
        stated[location.slug] = {**facts, "wave": wave}
        judged(stated[location.slug], playbook_at(session, opened.rollout, location))
    return whole_move(session, opened.rollout, Change(stated=stated), by, now=now)


def _rewave(session: Session, location: Location, wave: str) -> None:
    """The location and all of its rows are of that wave. It is no change of the work: versions of tasks stay."""
    location.wave, location.cutover = wave, None
    session.add(location)
    session.flush()
    models: tuple[Any, ...] = (Task, ScheduledEntry, Occasion, GateRecord, Run)
    for model in models:
        session.execute(update(model).where(model.location_id == location.id).values(wave=wave))
