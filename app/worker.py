"""Work that time asks for. `tick` is one look at what is due; the loop around it only waits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import structlog
from sqlmodel import Session

from app.actions.jobs import claim_job, fail_job, renew_claim
from app.actions.loading import key_of
from app.actions.starting import MATERIALISE, materialise
from app.db import Database
from app.errors import LostClaim, MusterError
from app.models import Job

PAUSE_SECONDS = 1.0
HANDLERS: dict[str, Callable[..., Iterator[None]]] = {MATERIALISE: materialise}

log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


def tick(session: Session, now: datetime, clock: Callable[[], datetime] | None = None) -> int:
    """Do every job that is due at `now`, committing after each step. Returns how many were taken.

    `session` must come from `Database.writing()`. `clock` (default: `now` for ever) renews the claim of a long job.
    """
    taken = 0
    while (job := claim_job(session, now=now)) is not None:
        session.commit()
        taken += 1
        _run(session, job, now, clock or (lambda: now))
    session.commit()
    return taken


def _run(session: Session, job: Job, now: datetime, clock: Callable[[], datetime]) -> None:
    job_id, kind, claim = key_of(job), job.kind, job.claim
    try:
        for _ in HANDLERS[kind](session, job, now=now):
            renew_claim(session, job_id, claim, now=clock())
            session.commit()
        session.commit()
    except LostClaim:
        session.rollback()
        log.warning("another worker has taken the job", job=job_id, kind=kind)
    except Exception as error:  # one bad job must not stop the others
        session.rollback()
        log.exception("the job failed", job=job_id, kind=kind)
        said = str(error) if isinstance(error, MusterError) else f"{type(error).__name__}: {error}"
        fail_job(session, job_id, said, now=clock())
        session.commit()


def run(database: Database, stop: threading.Event) -> None:
    """Look once a second until told to stop. A look that fails is logged, and the next one follows."""
    while not stop.wait(PAUSE_SECONDS):
        try:
            with database.writing() as session:
                tick(session, utc_now(), utc_now)
        except Exception:
            log.exception("the worker's look failed")


def start_inside(database: Database) -> Callable[[], None]:
    """Run the worker as a thread of this process; call what is returned to stop it and wait for its end."""
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(database, stop), name="muster-worker", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join(timeout=10)

    return end
