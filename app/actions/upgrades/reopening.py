"""A task that was done under an older version of the playbook is taken up again: under the one of its place."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from app.actions.events import record
from app.actions.loading import count_version
from app.actions.tasks.opening import OpenTask
from app.actions.upgrades.bringing import bring
from app.errors import Refused
from app.models import Pin
from app.plan.format.tasks import Task as AskedTask
from app.plan.places import Spot
from app.plan.terms import Scope
from app.rules.people.access import Viewer
from app.stored import playbook_at
from app.stored.timelines import timeline_now


def renew_task(session: Session, opened: OpenTask, *, by: Viewer, now: datetime) -> None:
    """Bring a task that has just been taken up again to what its place asks for now. One that stands under that
    version is left alone. Raises Refused where that has no such task.
    """
    task = opened.task
    if task.playbook_version_id is None:
        return
    playbook = playbook_at(session, opened.rollout, opened.location)
    asked = playbook.entries.get(task.entry)
    if not isinstance(asked, AskedTask):
        raise Refused(f"Version {playbook.version} of the playbook no longer has this task.")
    brought = bring(session, task, opened.playbook, playbook, opened.location)
    if not task.value and session.exec(select(Pin.id).where(Pin.task_id == opened.id)).first() is None:
        _date(session, opened, asked)
    count_version(session, task)
    record(
        session, "task.upgraded", ("task", opened.id), by=by, now=now, rollout_id=task.rollout_id,
        location_id=task.location_id, before={"version": opened.playbook.version},
        after={"version": playbook.version, **brought.said},
    )  # fmt: skip


def _date(session: Session, opened: OpenTask, asked: AskedTask) -> None:
    """The dates that the version of its place gives it, as far as it gives any."""
    place, task = opened.location, opened.task
    version = place.playbook_version_id if place else None
    timeline = timeline_now(session, opened.rollout, version)
    slug, wave = (place.slug, place.wave) if place else ("", task.wave)
    try:
        found = timeline.dated(asked, Spot(Scope(task.scope), wave, slug))
    except (ValueError, OverflowError):
        return
    if found is not None:
        begin, end = found.begin, found.end
        task.begins = begin.day if begin else None
        task.due, task.due_at, task.late_at = (end.day, end.at, end.late_at) if end else (None, None, None)
