"""Work for the worker: queued, claimed for a while, finished, or put off after a failure.

A claim is one conditional update: whoever changes no row was not the first. The same on SQLite and PostgreSQL.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select, update

from app.actions.loading import load
from app.errors import Forbidden, LostClaim
from app.models import Job
from app.rules.people.access import Permission, Viewer

LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=5)


def queue_job(
    session: Session,
    kind: str,
    *,
    rollout_id: int | None,
    by: Viewer,
    now: datetime,
    payload: dict[str, Any] | None = None,
) -> Job:
    """Leave work for the worker, to be taken at once."""
    job = Job(
        kind=kind, rollout_id=rollout_id, payload=payload or {}, next_at=now, created_by=by.person, created_at=now
    )
    session.add(job)
    session.flush()
    return job


def claim_job(session: Session, *, now: datetime) -> Job | None:
    """Take the job that has waited longest. None when nothing is due, or somebody else was quicker."""
    free = or_(col(Job.claimed_until).is_(None), col(Job.claimed_until) <= now)
    due = select(Job.id).where(col(Job.next_at) <= now, free).order_by(col(Job.next_at), col(Job.id)).limit(1)
    job_id = session.exec(due).first()
    if job_id is None:
        return None
    values = {"claim": secrets.token_hex(8), "claimed_until": now + LEASE, "state": "running"}
    taken = session.exec(
        update(Job).where(col(Job.id) == job_id, free).values(**values, attempts=col(Job.attempts) + 1)
    )
    if taken.rowcount == 0:
        return None
    return session.get(Job, job_id, populate_existing=True)


def renew_claim(session: Session, job_id: int, claim: str, *, now: datetime) -> None:
    """Hold a job for longer, in the transaction of the work just done. Raises LostClaim when another has it."""
    held = session.exec(
        update(Job).where(col(Job.id) == job_id, col(Job.claim) == claim).values(claimed_until=now + LEASE)
    )
    if held.rowcount == 0:
        raise LostClaim


def finish_job(job: Job, *, now: datetime) -> None:
    """Mark a job as done."""
    job.state, job.next_at, job.claimed_until, job.finished_at, job.error = "finished", None, None, now, ""


def fail_job(session: Session, job_id: int, error: str, *, now: datetime, final: bool = False) -> Job:
    """Put a job off, twice as long after each try; after MOST_ATTEMPTS (or when `final`) it is left as failed."""
    job = load(session, Job, job_id, "job")
    job.error, job.claimed_until = error[:2_000], None
    if final or job.attempts >= MOST_ATTEMPTS:
        job.state, job.next_at, job.finished_at = "failed", None, now
    else:
        job.state, job.next_at = "waiting", now + FIRST_WAIT * 2**job.attempts
    session.add(job)
    return job


def retry_job(session: Session, job_id: int, *, by: Viewer, now: datetime) -> Job:
    """Try a failed job again, at once. Not failed is quiet. Raises NotFound and Forbidden."""
    job = load(session, Job, job_id, "job")
    if not by.can(Permission.DIRECT, rollout=job.rollout_id):
        raise Forbidden
    if job.state == "failed":
        job.state, job.next_at, job.attempts, job.error, job.finished_at = "waiting", now, 0, "", None
        session.add(job)
    return job
