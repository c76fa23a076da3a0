"""What a message says of a run: whose step is next, what is held up, that it goes back or is over, a broadcast."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.models import Delivery, Location, Rollout, Run
from app.queries.dropped import GONE, NotToSend
from app.rules.clock import instant
from app.rules.people.access import Permission, Viewer
from app.stored import playbook_of

OVER: Final = "The run is over."
_ASKING: Final = frozenset({"run_step", "run_handed", "run_check", "run_blocked"})
"""What asks somebody to do something: of no use once the run is over."""


def run_facts(session: Session, row: Delivery, viewer: Viewer, now: datetime) -> tuple[str, dict[str, str]]:
    """The path of a run, which one it is and where, and its T. What the message names beside it is from the playbook.
    Raises NotToSend.
    """
    run = session.get(Run, row.subject_id)
    if run is None or not viewer.can(Permission.SEE_PLAN, rollout=run.rollout_id, location=run.location_id):
        raise NotToSend(GONE)
    if run.ended_at is not None and row.kind in _ASKING:
        raise NotToSend(OVER)
    playbook = playbook_of(session, run.playbook_version_id)
    location = session.get(Location, run.location_id) if run.location_id is not None else None
    kind = "live" if run.live else f"rehearsal {run.number}"
    title = f"{run.title}, {kind}"
    facts = {
        "title": ", ".join(filter(None, (title, location.name if location else ""))),
        "rollout": session.get_one(Rollout, run.rollout_id).title,
        "due": instant(run.zero_at, location.zone if location else playbook.calendar.zone, now),
    }
    return f"/runs/{run.id}", facts
