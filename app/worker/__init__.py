"""Work that time asks for. `tick` is one look at what is due; the loops around it only wait.

Mail has a loop of its own, and so have the channels of people, so that a server that hangs holds up nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import structlog
from sqlmodel import Session

from app.actions.heartbeats import beat
from app.actions.jobs import claim_job, fail_job, renew_claim
from app.actions.loading import key_of
from app.actions.people.passwords import SEND_RESET, send_reset
from app.actions.schedule.starting import MATERIALISE, materialise
from app.db import Database
from app.errors import LostClaim, MusterError
from app.models import Job
from app.worker.channels import Switchboard, ring
from app.worker.digests import queue_digests
from app.worker.escalation import escalate
from app.worker.gates import watch
from app.worker.occasions import miss
from app.worker.post import Office, deliver

PAUSE_SECONDS = 1.0
PAUSE_WHILE_AWAY_SECONDS = 15.0
HANDLERS: dict[str, Callable[..., Iterator[None]]] = {MATERIALISE: materialise, SEND_RESET: send_reset}

log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


def tick(
    session: Session,
    now: datetime,
    clock: Callable[[], datetime] | None = None,
    *,
    office: Office | None = None,
    board: Switchboard | None = None,
) -> int:
    """Do everything that is due at `now`, committing after each step. Returns how many jobs were taken.

    `session` must come from `Database.writing()`. `clock` (default: `now` for ever) renews the claim of a long job.
    With an `office`, mail goes out too: digests are queued and what waits is sent. With a `board`, calls go out.
    """
    clock = clock or (lambda: now)
    escalate(session, now)
    taken = work(session, now, clock, digests=office is not None)
    if office is not None:
        deliver(session, office, clock)
    if board is not None:
        ring(session, board, clock)
    return taken


def work(session: Session, now: datetime, clock: Callable[[], datetime], *, digests: bool) -> int:
    """Jobs, what recurs and was missed, gates, and digests: everything of a look that has no loop of its own. Returns
    how many jobs were taken.
    """
    beat(session, now=now)
    session.commit()
    taken = 0
    while (job := claim_job(session, now=now)) is not None:
        session.commit()
        taken += 1
        _run(session, job, now, clock)
    session.commit()
    miss(session, now)
    watch(session, now)
    if digests:
        queue_digests(session, now)
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


def run(
    database: Database, stop: threading.Event, office: Office | None = None, board: Switchboard | None = None
) -> None:
    """Look once a second until told to stop. A look that fails is logged, and the next one follows."""
    others = [threading.Thread(target=_escalate, args=(database, stop), name="muster-clocks", daemon=True)]
    if office is not None:
        others.append(
            threading.Thread(target=_send_mail, args=(database, stop, office), name="muster-mail", daemon=True)
        )
    if board is not None:
        others.append(
            threading.Thread(target=_make_calls, args=(database, stop, board), name="muster-calls", daemon=True)
        )
    for thread in others:
        thread.start()
    while not stop.wait(PAUSE_SECONDS):
        try:
            with database.writing() as session:
                work(session, utc_now(), utc_now, digests=office is not None)
        except Exception:
            log.exception("the worker's look failed")
    for thread in others:
        thread.join(timeout=5)


def _escalate(database: Database, stop: threading.Event) -> None:
    while not stop.wait(PAUSE_SECONDS):
        try:
            with database.writing() as session:
                escalate(session, utc_now())
        except Exception:
            log.exception("the look at the clocks of issues failed")


def _send_mail(database: Database, stop: threading.Event, office: Office) -> None:
    """Send what is due; after the mail server was away, ask less often."""
    pause = PAUSE_SECONDS
    while not stop.wait(pause):
        pause = PAUSE_SECONDS
        try:
            with database.writing() as session:
                if not deliver(session, office, utc_now, stop.is_set):
                    pause = PAUSE_WHILE_AWAY_SECONDS
        except Exception:
            log.exception("the look at the mail failed")


def _make_calls(database: Database, stop: threading.Event, board: Switchboard) -> None:
    while not stop.wait(PAUSE_SECONDS):
        try:
            with database.writing() as session:
                ring(session, board, utc_now, stop.is_set)
        except Exception:
            log.exception("the look at the channels failed")


def start_inside(
    database: Database, office: Office | None = None, board: Switchboard | None = None
) -> Callable[[], None]:
    """Run the worker as a thread of this process; call what is returned to stop it and wait for its end."""
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(database, stop, office, board), name="muster-worker", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join(timeout=10)

    return end
