"""The rows of some places as an upgrade compares them: what is done, begun, set by hand, or retired."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select
from sqlmodel import Session, col

from app.actions.schedule.stored import begun, recorded, touched
from app.models import Assignment, Completion, Duty, Occasion, Pin, Rollout, ScheduledEntry, Skip, Task
from app.rules.schedule.moves import Dates, Rows, Stored, named
from app.rules.upgrades.lines import Held

Places = Mapping[str, int | None]
"""Keys of locations by their ids; the empty id is the network with the waves."""
_PLACED = ("id", "location_id", "entry", "wave", "value", "title", "begins", "due", "due_at", "late_at")


def held_rows(session: Session, rollout: Rollout, places: Places, now: datetime) -> dict[str, list[Held]]:
    """Every row of the plan at some places, by place, but for tasks that were added by hand. Three queries."""
    slugs = {key: slug for slug, key in places.items()}
    found: dict[str, list[Held]] = {slug: [] for slug in places}
    for held in (
        *_tasks(session, rollout, slugs),
        *_entries(session, rollout, slugs, now),
        *_occasions(session, rollout, slugs, now),
    ):
        found[held.stored.key[0]].append(held)
    return found


def _columns(model: type[Task | ScheduledEntry | Occasion]) -> list[Any]:
    return [getattr(model, name) for name in _PLACED]


def _at(model: type[Task | ScheduledEntry | Occasion], rollout: Rollout, slugs: Mapping[int | None, str]) -> list[Any]:
    there = col(model.location_id).in_([key for key in slugs if key is not None])
    place = or_(there, col(model.location_id).is_(None)) if None in slugs else there
    return [col(model.rollout_id) == rollout.id, place]


def _tasks(session: Session, rollout: Rollout, slugs: Mapping[int | None, str]) -> Iterator[Held]:
    finished = or_(*(exists().where(col(one.task_id) == col(Task.id)) for one in (Completion, Skip)))
    said: list[Any] = [col(Task.owner_role), touched(), finished, col(Pin.id), col(Assignment.id)]
    statement = (
        select(*_columns(Task), *said, col(Task.retired_at), col(Task.version))
        .outerjoin(Pin, col(Pin.task_id) == col(Task.id))
        .outerjoin(Assignment, col(Assignment.task_id) == col(Task.id))
        .where(*_at(Task, rollout, slugs), col(Task.added).is_(False))
        .order_by(col(Task.id))
    )
    for row, place, entry, wave, value, title, *rest in session.execute(statement):
        *dates, role, used, done, pin, given, retired, version = rest
        key, fixed = (slugs[place], entry, wave, value), pin is not None and value != ""
        stored = Stored(row, Rows.TASK, key, title, role, Dates(*dates), bool(done), bool(used), fixed)
        yield Held(stored, "task", pin is not None, given is not None, retired is not None, version)


def _entries(session: Session, rollout: Rollout, slugs: Mapping[int | None, str], now: datetime) -> Iterator[Held]:
    columns = (*_columns(ScheduledEntry), col(ScheduledEntry.kind), begun())
    statement = select(*columns).where(*_at(ScheduledEntry, rollout, slugs)).order_by(col(ScheduledEntry.id))
    for row, place, entry, wave, value, title, *rest in session.execute(statement):
        *dates, kind, held = rest
        stands = Dates(*dates)
        over = stands.late_at is not None and stands.late_at <= now
        key = (slugs[place], entry, wave, value)
        yield Held(Stored(row, Rows.ENTRY, key, title, "", stands, over, over or bool(held), False), kind)


def _occasions(session: Session, rollout: Rollout, slugs: Mapping[int | None, str], now: datetime) -> Iterator[Held]:
    columns = (
        *_columns(Occasion),
        col(Occasion.kind),
        recorded(),
        exists().where(col(Duty.occasion_id) == Occasion.id),
    )
    statement = select(*columns).where(*_at(Occasion, rollout, slugs)).order_by(col(Occasion.id))
    for row, place, entry, wave, value, title, *rest in session.execute(statement):
        *dates, kind, kept, used = rest
        stands = Dates(*dates)
        over = bool(kept) or (stands.late_at is not None and stands.late_at <= now)
        key = (slugs[place], named(entry, kind), wave, value)
        yield Held(Stored(row, Rows.OCCASION, key, title, "", stands, over, over or bool(used), False), kind)
