"""What recurs and had nothing recorded by its hour, once a look; one that fails keeps no other waiting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlmodel import Session

from app.actions.meetings.missing import miss_meeting
from app.actions.occasions.missing import claim_occasion, due_occasions, put_off_occasion
from app.actions.reconciliations.missing import miss_day
from app.plan.terms import Recurring

TRY_AGAIN: Final = timedelta(minutes=5)
HANDLERS: Final[Mapping[str, Callable[..., None]]] = {
    Recurring.RECONCILIATION: miss_day,
    Recurring.MEETING: miss_meeting,
}
"""What is done when the hour of an occasion has passed, by its kind: `handler(session, occasion, *, now)`."""

log = structlog.get_logger(__name__)


def miss(session: Session, now: datetime) -> int:
    """Everything whose hour has passed, committing after each. Returns how many were taken.

    An occasion is claimed in the transaction of what is done with it: two workers never do it twice, and what breaks
    off in between is done by the next look.
    """
    count = 0
    while found := due_occasions(session, now=now):
        for occasion_id in found:
            count += _one(session, occasion_id, now)
    session.commit()
    return count


def _one(session: Session, occasion_id: int, now: datetime) -> bool:
    try:
        occasion = claim_occasion(session, occasion_id, now=now)
        if occasion is not None:
            HANDLERS[occasion.kind](session, occasion, now=now)
        session.commit()
        return occasion is not None
    except Exception:  # one bad occasion must not stop the others
        session.rollback()
        log.exception("an occasion failed; it is looked at again later", occasion=occasion_id)
        put_off_occasion(session, occasion_id, until=now + TRY_AGAIN)
        session.commit()
        return False
