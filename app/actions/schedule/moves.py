"""A task, or a location's cutover, is moved: first shown with all it brings with it, then done in one step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, or_, select

from app.actions import texts
from app.actions.days import OUTSIDE, demand_years
from app.actions.deliveries.queue import queue_delivery
from app.actions.events import record
from app.actions.loading import key_of, load
from app.actions.locations.deviating import demand_undeviating
from app.actions.schedule.planning import Change
from app.actions.schedule.replanning import replan, write
from app.actions.tasks.opening import OpenTask, demand_open, demand_unfinished, visible_task
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.models import Assignment, Location, Membership, Person, Pin, Rollout, Task
from app.plan.language.dates import parse_date
from app.plan.places import Spot
from app.plan.problems import Wrong
from app.plan.terms import Scope
from app.rules.people.access import Permission, Viewer
from app.rules.schedule.moves import WHY_ALONE, Replan, on_another_day
from app.rules.schedule.schedule import PlaceError, read_place


@dataclass(frozen=True)
class Move:
    """What a move brings with it, and who is told: (id, name) of each person."""

    found: Replan
    told: tuple[tuple[int, str], ...]

    @property
    def fingerprint(self) -> str:
        return self.found.fingerprint


def planned_task_move(
    session: Session, task_id: int, *, due: date | None, begins: date | None = None, by: Viewer, now: datetime
) -> Move:
    """What moves with a task that is due on another day; no day: back to the one of the playbook. Only reads.

    Raises NotFound, Forbidden, Refused for a finished task, and Invalid for days the wrong way round or of
    years that no plan is in.
    """
    opened = _movable(session, task_id, by)
    return _task_move(session, opened, due, begins, by, now=now)


def move_task(
    session: Session,
    task_id: int,
    *,
    due: date | None,
    begins: date | None = None,
    reason: str,
    shown: str,
    by: Viewer,
    now: datetime,
) -> Move:
    """Move a task and everything that counts from it. `shown` is the fingerprint of what was shown before.

    Raises as `planned_task_move`, Refused where the new plan would break a rule of the playbook, Invalid without a
    reason, and Stale when the plan has changed since it was shown.
    """
    opened = _movable(session, task_id, by)
    reason = texts.prose("reason", reason)
    rollout = load(session, Rollout, opened.task.rollout_id, "rollout")
    move = _task_move(session, opened, due, begins, by, now=now)
    demand_shown(move, shown)
    pin = session.exec(select(Pin).where(Pin.task_id == task_id)).first()
    if pin is not None:
        session.delete(pin)
        session.flush()
    if due is not None:
        session.add(Pin(task_id=task_id, begins=begins, due=due, reason=reason, by_id=by.person, at=now))
    if opened.task.value:
        _move_alone(opened, due, begins)
        session.add(opened.task)
    write(session, rollout, move.found, by=by, now=now, reason=reason)
    if not any(shift.stored.row == task_id and shift.stored.task for shift in move.found.shifts):
        after = {"due": due.isoformat() if due else "", "reason": reason}
        record(
            session, "task.moved", ("task", task_id), by=by, now=now, rollout_id=rollout.id,
            location_id=opened.task.location_id, after=after,
        )  # fmt: skip
    tell_moved(session, move, ("task", task_id), rollout, reason, by, now)
    return move


def planned_cutover_move(session: Session, location_id: int, *, cutover: str | None, by: Viewer, now: datetime) -> Move:
    """What moves with a location's cutover, as in a locations file (`2027-02-08 07:00`); None: that of the wave.

    Only reads. Raises NotFound, Forbidden, Refused and Invalid for field `cutover`.
    """
    rollout, location = directed(session, location_id, by)
    return _cutover_move(session, rollout, location, cutover, by, now=now)


def move_cutover(
    session: Session, location_id: int, *, cutover: str | None, reason: str, shown: str, by: Viewer, now: datetime
) -> Move:
    """Move a location's cutover and everything that counts from it, in one step. Raises as `move_task`."""
    rollout, location = directed(session, location_id, by)
    reason = texts.prose("reason", reason)
    move = _cutover_move(session, rollout, location, cutover, by, now=now)
    demand_shown(move, shown)
    before, after = location.cutover_at, {slug: at for slug, _, at in move.found.cutovers}.get(location.slug)
    location.cutover = cutover
    session.add(location)
    write(session, rollout, move.found, by=by, now=now, reason=reason)
    record(
        session, "location.cutover_moved", ("location", location_id), by=by, now=now, rollout_id=rollout.id,
        location_id=location_id, before=_at(before), after={**(_at(after) or {}), "reason": reason},
    )  # fmt: skip
    tell_moved(session, move, ("location", location_id), rollout, reason, by, now)
    return move


def directed(session: Session, location_id: int, by: Viewer) -> tuple[Rollout, Location]:
    """A location for whoever directs its running rollout. Raises NotFound, Forbidden and Refused."""
    rollout, location = directed_anyway(session, location_id, by)
    demand_open(rollout, location)
    return rollout, location


def directed_anyway(session: Session, location_id: int, by: Viewer) -> tuple[Rollout, Location]:
    """The same, though the location may have left, or nothing be changed in the rollout. Raises NotFound, Forbidden."""
    found = session.get(Location, location_id)
    if found is None or not by.can(Permission.SEE_PLAN, rollout=found.rollout_id, location=location_id):
        raise NotFound("location")
    if not by.can(Permission.DIRECT, rollout=found.rollout_id):
        raise Forbidden
    # The rollout is locked first, as by whoever adds a location to it.
    rollout = load(session, Rollout, found.rollout_id, "rollout")
    return rollout, load(session, Location, location_id, "location")


def _movable(session: Session, task_id: int, by: Viewer) -> OpenTask:
    opened = visible_task(session, task_id, by=by)
    task = opened.task
    if not by.can(Permission.MOVE, rollout=task.rollout_id, location=task.location_id):
        raise Forbidden("Directors and managers move work.")
    demand_unfinished(session, opened, task.version)
    return opened


def _task_move(
    session: Session, opened: OpenTask, due: date | None, begins: date | None, by: Viewer, *, now: datetime
) -> Move:
    task = opened.task
    if task.added:
        raise Refused("This task was added by hand. Its day is changed where its text is.")
    demand_years(due=due, begins=begins)
    if due is not None and begins is not None and begins > due:
        raise Invalid({"begins": "It cannot begin after it is due."})
    rollout = session.get_one(Rollout, task.rollout_id)
    if due is not None:
        demand_undeviating(session, rollout, opened.location)
    if task.value:  # nothing counts from one value or one occurrence
        return Move(Replan(), holders_of(session, rollout, {task.id or 0}, by))
    slug = opened.location.slug if opened.location else ""
    spot = Spot(Scope(task.scope), opened.location.wave if opened.location else task.wave, slug)
    pinned = None if due is None else (begins, due)
    return whole_move(session, rollout, Change(pins={(task.entry, spot): pinned}), by, now=now)


def _move_alone(opened: OpenTask, due: date | None, begins: date | None) -> None:
    task = opened.task
    task.due, task.begins = due or task.first_due, begins if due else task.first_begins
    zone = opened.location.zone if opened.location else opened.playbook.calendar.zone
    if task.due is not None:
        task.due_at, task.late_at = on_another_day(task.due, task.due_at, ZoneInfo(zone))
        task.why = WHY_ALONE


def _cutover_move(
    session: Session, rollout: Rollout, location: Location, cutover: str | None, by: Viewer, *, now: datetime
) -> Move:
    if cutover is not None:
        demand_undeviating(session, rollout, location)
        try:
            parse_date(cutover)
            read_place({**location.facts(), "cutover": cutover})
        except (Wrong, PlaceError) as wrong:
            years = isinstance(wrong, Wrong) and wrong.rule == "D21"
            say = OUTSIDE if years else "Write a day and a time, such as 2027-02-08 07:00."
            raise Invalid({"cutover": say}) from wrong
    move = whole_move(session, rollout, Change(cutovers={location.slug: cutover}), by, now=now)
    at = {slug: after for slug, _, after in move.found.cutovers}.get(location.slug)
    demand_years(cutover=at.date() if at else None)
    return move


def whole_move(session: Session, rollout: Rollout, change: Change, by: Viewer, *, now: datetime) -> Move:
    """What a change of the plan brings with it, and who is told of it. Only reads."""
    found = replan(session, rollout, change, now=now)
    tasks = {shift.stored.row for shift in found.shifts if shift.stored.task}
    return Move(found, holders_of(session, rollout, tasks, by, [slug for slug, _, _ in found.cutovers]))


def holders_of(
    session: Session, rollout: Rollout, tasks: Collection[int], by: Viewer, openings: Collection[str] = ()
) -> tuple[tuple[int, str], ...]:
    """Whoever a moved task is assigned to, else everybody who holds the role of its owner there; and everybody who
    holds a role at a location whose opening moves. Not who moves it.
    """
    held = (
        select(Person.id, Person.name)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .join(Task, col(Task.owner_role) == col(Membership.role))
        .where(
            Membership.rollout_id == rollout.id,
            col(Person.deactivated_at).is_(None),
            col(Task.id).in_(tasks),
            or_(col(Membership.location_id).is_(None), col(Membership.location_id) == col(Task.location_id)),
            col(Task.id).not_in(select(Assignment.task_id)),
        )
    )
    assigned = (
        select(Person.id, Person.name)
        .join(Assignment, col(Assignment.person_id) == col(Person.id))
        .where(col(Assignment.task_id).in_(tasks), col(Person.deactivated_at).is_(None))
    )
    there = (
        select(Person.id, Person.name)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .join(Location, col(Location.id) == col(Membership.location_id))
        .where(
            Location.rollout_id == rollout.id, col(Location.slug).in_(openings), col(Person.deactivated_at).is_(None)
        )
    )
    found = [one for statement in (held, assigned, there) for one in session.exec(statement.distinct())]
    people = {key or 0: name for key, name in found}
    people.pop(by.person, None)
    return tuple(sorted(people.items(), key=lambda one: (one[1], one[0])))


def demand_shown(move: Move, shown: str) -> None:
    """Raises Refused where the plan would break a rule, and Stale where it is not the one that was shown."""
    if move.found.faults:
        raise Refused("The plan cannot be so.", tuple(finding.message for finding in move.found.faults))
    if move.fingerprint != shown:
        raise Stale("Somebody", None, "plan changed")


def tell_moved(
    session: Session, move: Move, subject: tuple[str, int], rollout: Rollout, reason: str, by: Viewer, now: datetime
) -> None:
    """Queue a message to everybody whose work has moved."""
    for person, _ in move.told:
        queue_delivery(
            session, kind="moved", person_id=person, key=f"{subject[0]}-{subject[1]}-{now.isoformat()}",
            subject=subject, rollout_id=key_of(rollout), now=now, data={"by": by.name, "text": reason},
        )  # fmt: skip


def _at(moment: datetime | None) -> dict[str, Any] | None:
    return None if moment is None else {"cutover": moment.isoformat()}
