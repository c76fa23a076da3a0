"""The clocks of issues, once a look: what is due is done, and one issue that fails keeps no other waiting."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from app.actions.heartbeats import SWEEP, beat
from app.actions.issues.sweep import due_issues, put_off_issue, sweep, sweep_issue

TRY_AGAIN = timedelta(minutes=5)

log = structlog.get_logger(__name__)


def escalate(session: Session, now: datetime) -> int:
    """Everything that is due by the clocks of issues, committing after each sweep. Returns how many steps were settled.

    A look that comes to its end leaves a heartbeat of its own: without one, pages say that escalation is not running.
    """
    count = 0
    try:
        while found := sweep(session, now=now):
            session.commit()
            count += found
    except Exception:
        session.rollback()
        log.exception("the sweep failed; each issue is tried alone")
        count += _one_by_one(session, now)
    beat(session, now=now, of=SWEEP)
    session.commit()
    return count


def _one_by_one(session: Session, now: datetime) -> int:
    count = 0
    for issue_id in due_issues(session, now=now):
        try:
            count += sweep_issue(session, issue_id, now=now)
            session.commit()
        except Exception:  # one bad issue must not stop the others
            session.rollback()
            log.exception("the clock of an issue failed; it is tried again later", issue=issue_id)
            put_off_issue(session, issue_id, until=now + TRY_AGAIN, now=now)
            session.commit()
    return count
