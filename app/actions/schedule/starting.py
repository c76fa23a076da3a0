"""Starting a rollout: the plan is checked and its rows are written in the background."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import Session, col, select, update

from app.actions.events import record, stale
from app.actions.jobs import finish_job, queue_job, retry_job
from app.actions.loading import count_version, key_of, load
from app.actions.schedule.planning import planner
from app.actions.schedule.rows import Writer
from app.errors import Forbidden, NotFound, Refused
from app.models import Job, Location, Rollout
from app.rules.people.access import Permission, Viewer
from app.rules.schedule.schedule import Plan
from app.stored.timelines import locations_of

MATERIALISE = "materialise"
BATCH = 2_000


def start_rollout(session: Session, rollout_id: int, *, seen: int, by: Viewer, now: datetime) -> Job:
    """Start a draft: its locations are pinned to the playbook version, its plan is queued for the worker.

    Started already is quiet. Raises NotFound, Forbidden, Stale, and Refused for a draft without start or locations.
    """
    rollout = load(session, Rollout, rollout_id, "rollout")
    if rollout_id not in by.rollouts():
        raise NotFound("rollout")
    if not by.can(Permission.DIRECT, rollout=rollout_id):
        raise Forbidden
    if rollout.state != "draft":
        return _job_of(session, rollout_id)
    if rollout.version != seen:
        raise stale(session, ("rollout", rollout_id))
    _demand_whole(session, rollout)
    rollout.started_by, rollout.started_at = by.person, now
    session.exec(
        update(Location)
        .where(col(Location.rollout_id) == rollout_id)
        .values(playbook_version_id=rollout.playbook_version_id)
    )
    job = queue_job(session, MATERIALISE, rollout_id=rollout_id, by=by, now=now)
    count_version(session, rollout)
    record(session, "rollout.started", ("rollout", rollout_id), by=by, now=now, rollout_id=rollout_id)
    return job


def start_again(session: Session, rollout_id: int, *, seen: int, by: Viewer, now: datetime) -> Job:
    """Start a draft, or try again to write the plan of a rollout after the worker has given up.

    Raises as `start_rollout`, and Stale where the rollout has changed since it was `seen` to have failed.
    """
    rollout = load(session, Rollout, rollout_id, "rollout")
    job = start_rollout(session, rollout_id, seen=seen, by=by, now=now)
    if rollout.state == "starting" and job.state == "failed":
        if rollout.version != seen:
            raise stale(session, ("rollout", rollout_id))
        retry_job(session, key_of(job), by=by, now=now)
    return job


def _job_of(session: Session, rollout_id: int) -> Job:
    statement = select(Job).where(Job.rollout_id == rollout_id, Job.kind == MATERIALISE)
    job = session.exec(statement.order_by(col(Job.id).desc())).first()
    if job is None:
        raise NotFound("job")
    return job


def _demand_whole(session: Session, rollout: Rollout) -> None:
    wanted = [] if rollout.start else ["Say on which day it starts."]
    if session.exec(select(Location.id).where(Location.rollout_id == rollout.id).limit(1)).first() is None:
        wanted.append("Name at least one location.")
    if wanted:
        raise Refused("The rollout cannot start yet.", tuple(wanted))


def materialise(session: Session, job: Job, *, now: datetime) -> Iterator[None]:
    """Write the rows of a started rollout, or of one location added later, a batch at each step; commit in between.

    Nothing is written twice: what an earlier, interrupted run has committed is left as it is. `job.done` of
    `job.total` counts the entries. A plan that the real calendar makes impossible sends a rollout that starts back to
    draft, with the reasons on the job.
    """
    rollout = load(session, Rollout, _rollout_id(job), "rollout")
    planned = planner(session, rollout)
    yield  # a large plan takes a while: nobody should have to wait for an open transaction
    plan = planned()
    added = job.payload.get("location")
    if added is None and any(problem.settle for problem in plan.problems):
        _send_back(session, rollout, job, plan, now)
        return
    locations = locations_of(session, rollout)
    places = ["", *(row.slug for row in locations)] if added is None else [added]
    job.done, job.total = 0, plan.count(places)
    session.add(job)
    yield
    # Place by place: of two hundred locations only one is in memory.
    books = {id(book): book for book in (plan.timeline_at(place).playbook for place in places)}
    writers = {key: Writer(session, book, rollout, locations) for key, book in books.items()}
    for place in places:
        writer = writers[id(plan.timeline_at(place).playbook)]
        items = (*plan.items_at(place), *plan.recurring_at(place)[0])
        for first in range(0, len(items), BATCH):
            batch = items[first : first + BATCH]
            writer.write(batch)
            job.done += len(batch)
            session.add(job)
            session.flush()
            yield
    written = [row for row in locations if added is None or row.slug == added]
    _finish(session, rollout, written, job, plan, now)


def _rollout_id(job: Job) -> int:
    if job.rollout_id is None:
        raise NotFound("rollout")
    return job.rollout_id


def _send_back(session: Session, rollout: Rollout, job: Job, plan: Plan, now: datetime) -> None:
    reasons = [problem.message for problem in plan.problems if problem.settle]
    rollout.started_by = rollout.started_at = None
    finish_job(job, now=now)
    job.state, job.error = "failed", "\n".join(reasons)
    session.add(job)
    count_version(session, rollout)
    subject = ("rollout", key_of(rollout))
    record(session, "rollout.sent_back", subject, by=None, now=now, rollout_id=rollout.id, after={"reasons": reasons})


def _finish(
    session: Session, rollout: Rollout, locations: Sequence[Location], job: Job, plan: Plan, now: datetime
) -> None:
    for location in locations:
        location.cutover_at = location.first_cutover_at = plan.cutovers.get(location.slug)
        location.planned_at = now
        session.add(location)
    finish_job(job, now=now)
    session.add(job)
    after = {"entries": job.total, **job.payload}
    if rollout.planned_at is None:
        rollout.planned_at = now
        count_version(session, rollout)
        subject = ("rollout", key_of(rollout))
        record(session, "rollout.planned", subject, by=None, now=now, rollout_id=rollout.id, after=after)
        return
    for location in locations:
        record(
            session, "location.planned", ("location", key_of(location)), by=None, now=now, rollout_id=rollout.id,
            location_id=location.id, after=after,
        )  # fmt: skip
