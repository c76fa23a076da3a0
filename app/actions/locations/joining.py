"""A location joins a running rollout, leaves it, or comes back: first shown with all it brings with it, then done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, func, select

from app.actions import texts
from app.actions.events import record
from app.actions.jobs import queue_job, retry_job
from app.actions.loading import key_of, load
from app.actions.locations.deviating import is_unchanged
from app.actions.locations.pauses import end_pause
from app.actions.metrics.network import sum_anew
from app.actions.metrics.restanding import restand_moved
from app.actions.people.memberships import add_membership
from app.actions.rollouts.drafting import Holding, fill, judged
from app.actions.schedule.moves import Move, demand_shown, directed, directed_anyway, tell_moved, whole_move
from app.actions.schedule.planning import Change
from app.actions.schedule.replanning import write
from app.actions.schedule.starting import MATERIALISE
from app.actions.selection.freezing import look_again
from app.actions.tasks.opening import demand_open
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Job, Location, Rollout
from app.plan.format.locations import Place
from app.rules.people.access import Permission, Viewer
from app.rules.schedule.moves import COUNT_OF_WAVE
from app.stored import playbook_at
from app.stored.timelines import locations_of

TAKEN: Final = frozenset({"new"})
"""Ids that are the address of something else."""

Stated = Mapping[str, Any]


def planned_addition(session: Session, rollout_id: int, stated: Stated, *, by: Viewer, now: datetime) -> Move:
    """What else moves when a location joins. `stated` is as one row of a locations file. Only reads.

    Raises NotFound, Forbidden, Refused where nothing is changed, and Invalid for field `locations`.
    """
    rollout = _directed_rollout(session, rollout_id, by)
    place = _joining(session, rollout, stated)
    return whole_move(session, rollout, Change(stated={place.id: _written(place, stated)}), by, now=now)


def add_location(
    session: Session,
    rollout_id: int,
    stated: Stated,
    *,
    reason: str,
    shown: str,
    people: Sequence[Holding] = (),
    by: Viewer,
    now: datetime,
) -> Move:
    """Take a location into a running rollout. Its own plan is queued for the worker: until then nothing counts there.

    `people` get their roles at it. Raises as `planned_addition`, Refused where a wave would take more locations than
    the playbook allows or a date could not be, Invalid without a reason, and Stale when the plan has changed since it
    was `shown`.
    """
    rollout = _directed_rollout(session, rollout_id, by)
    reason = texts.prose("reason", reason)
    place = _joining(session, rollout, stated)
    facts = _written(place, stated)
    move = whole_move(session, rollout, Change(stated={place.id: facts}), by, now=now)
    demand_shown(move, shown)
    last = session.exec(select(func.max(Location.position)).where(Location.rollout_id == rollout_id)).one()
    row = Location(
        rollout_id=rollout_id, slug=place.id, name="", zone="", playbook_version_id=rollout.playbook_version_id
    )
    fill(row, place, facts, (last or 0) + 1)
    session.add(row)
    session.flush()
    write(session, rollout, move.found, by=by, now=now, reason=reason)
    for one in people:
        add_membership(
            session, one.person_id, role=one.role, rollout_id=rollout_id, location_id=key_of(row), by=by, now=now
        )
    queue_job(session, MATERIALISE, rollout_id=rollout_id, by=by, now=now, payload={"location": row.slug})
    _record(session, "added", row, by, now, {"name": row.name, "wave": row.wave, "reason": reason})
    tell_moved(session, move, ("location", key_of(row)), rollout, reason, by, now)
    return move


def write_plan_again(session: Session, location_id: int, *, by: Viewer, now: datetime) -> None:
    """Try again to write the plan of an added location after the worker has given up. Written already is quiet."""
    rollout, location = directed_anyway(session, location_id, by)
    jobs = session.exec(
        select(Job).where(Job.rollout_id == rollout.id, Job.kind == MATERIALISE).order_by(col(Job.id).desc())
    )
    job = next((one for one in jobs if one.payload.get("location") == location.slug), None)
    if location.planned_at is None and job is not None and job.state == "failed":
        retry_job(session, key_of(job), by=by, now=now)


def _directed_rollout(session: Session, rollout_id: int, by: Viewer) -> Rollout:
    rollout = load(session, Rollout, rollout_id, "rollout")
    if rollout_id not in by.rollouts():
        raise NotFound("rollout")
    if not by.can(Permission.DIRECT, rollout=rollout_id):
        raise Forbidden
    demand_open(rollout, None)
    return rollout


def _joining(session: Session, rollout: Rollout, stated: Stated) -> Place:
    """The location, judged as in a file, with an id that is free."""
    playbook = playbook_at(session, rollout)
    place = judged(stated, playbook)
    if place.cutover is not None and is_unchanged(playbook, place.wave):
        raise Invalid({"locations": f"{playbook.waves[place.wave].title} allows no cutover of its own."})
    if place.id in TAKEN:
        raise Invalid({"locations": f"No location can have the short name {place.id}."})
    statement = select(Location).where(Location.rollout_id == rollout.id, Location.slug == place.id)
    there = session.exec(statement).first()
    if there is not None and there.dropped_at is not None:
        raise Invalid({"locations": f"{there.name} was in this rollout before. Take it back in."})
    if there is not None:
        raise Invalid({"locations": f"There is a location {place.id} already: {there.name}."})
    return place


def _written(place: Place, stated: Stated) -> dict[str, Any]:
    return {**stated, "zone": place.zone}


def planned_drop(session: Session, location_id: int, *, by: Viewer, now: datetime) -> Move:
    """What else moves when a location leaves. Only reads. Raises NotFound, Forbidden, and Refused for the last one."""
    rollout, location = directed(session, location_id, by)
    return _drop_move(session, rollout, location, by, now=now)


def drop_location(session: Session, location_id: int, *, reason: str, shown: str, by: Viewer, now: datetime) -> Move:
    """Let a location leave. What was recorded there stays; it leaves the counts, and its work everybody's day.

    A wave with fewer locations than the playbook asks for is no refusal: that is so, whatever the plan wished. Raises
    as `planned_drop`, Invalid without a reason, and Stale when the plan has changed since it was `shown`.
    """
    rollout, location = directed(session, location_id, by)
    reason = texts.prose("reason", reason)
    move = _drop_move(session, rollout, location, by, now=now)
    demand_shown(move, shown)
    end_pause(session, location_id, by=by, now=now)
    location.dropped_by, location.dropped_at, location.dropped_reason = by.person, now, reason
    session.add(location)
    session.flush()
    write(session, rollout, move.found, by=by, now=now, reason=reason)
    _record(session, "dropped", location, by, now, {"reason": reason})
    restand_moved(session, rollout, [])
    sum_anew(session, rollout, location_id)
    look_again(session, rollout, by=by, now=now)
    tell_moved(session, move, ("location", location_id), rollout, reason, by, now)
    return move


def _drop_move(session: Session, rollout: Rollout, location: Location, by: Viewer, *, now: datetime) -> Move:
    if len(locations_of(session, rollout)) == 1:
        raise Refused("It is the last location of this rollout. Close the rollout instead.")
    move = whole_move(session, rollout, Change(without=frozenset({location.slug})), by, now=now)
    told = (replace(one, settle=one.settle and one.id != COUNT_OF_WAVE) for one in move.found.findings)
    return replace(move, found=replace(move.found, findings=tuple(told)))


def planned_return(session: Session, location_id: int, *, by: Viewer, now: datetime) -> Move:
    """What moves when a location that had left comes back, its own dates too. Only reads."""
    rollout, location = _gone(session, location_id, by)
    return whole_move(session, rollout, Change(back=frozenset({location.slug})), by, now=now)


def return_location(session: Session, location_id: int, *, reason: str, shown: str, by: Viewer, now: datetime) -> Move:
    """Take a location back in, with everything that was recorded there; its open work gets the dates of now.

    Raises NotFound, Forbidden, Refused (also for one that never left), Invalid and Stale as `add_location`.
    """
    rollout, location = _gone(session, location_id, by)
    reason = texts.prose("reason", reason)
    move = whole_move(session, rollout, Change(back=frozenset({location.slug})), by, now=now)
    demand_shown(move, shown)
    before = {"reason": location.dropped_reason}
    location.dropped_by, location.dropped_at, location.dropped_reason = None, None, ""
    session.add(location)
    session.flush()
    write(session, rollout, move.found, by=by, now=now, reason=reason)
    _record(session, "returned", location, by, now, {"reason": reason}, before)
    restand_moved(session, rollout, [location_id])
    sum_anew(session, rollout, location_id)
    tell_moved(session, move, ("location", location_id), rollout, reason, by, now)
    return move


def _gone(session: Session, location_id: int, by: Viewer) -> tuple[Rollout, Location]:
    rollout, location = directed_anyway(session, location_id, by)
    demand_open(rollout, None)
    if location.dropped_at is None:
        raise Refused(f"{location.name} is in this rollout.")
    return rollout, location


def _record(
    session: Session, verb: str, row: Location, by: Viewer, now: datetime, after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    record(
        session, f"location.{verb}", ("location", key_of(row)), by=by, now=now, rollout_id=row.rollout_id,
        location_id=key_of(row), before=before, after=after,
    )  # fmt: skip
