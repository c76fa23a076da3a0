"""Gates whose next look has come, once a look; one that fails keeps no other waiting."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlmodel import Session

from app.actions.gates.watching import claim_gate, due_gates, put_off_gate, watch_gate
from app.queries.gates.evidence import evidence_of
from app.queries.rollouts.facts import facts_of
from app.rules.gates.packs import Pack

TRY_AGAIN: Final = timedelta(minutes=5)

log = structlog.get_logger(__name__)


def watch(session: Session, now: datetime) -> int:
    """Look at everything that is due, committing after each gate. Returns how many were taken."""
    return sum(_one(session, dated_id, now) for dated_id in due_gates(session, now=now))


def _one(session: Session, dated_id: int, now: datetime) -> bool:
    try:
        opened = claim_gate(session, dated_id, now=now)
        if opened is not None:

            def measure() -> Pack:
                return evidence_of(session, facts_of(session, opened.rollout), dated_id, now).pack

            watch_gate(session, opened, measure=measure, now=now)
        session.commit()
        return opened is not None
    except Exception:  # one bad gate must not stop the others
        session.rollback()
        log.exception("a gate failed; it is looked at again later", gate=dated_id)
        put_off_gate(session, dated_id, until=now + TRY_AGAIN)
        session.commit()
        return False
