"""What a message says of a selection."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.models import Delivery, Rollout, ScheduledEntry
from app.queries.dropped import GONE, NotToSend
from app.rules.clock import near_day
from app.rules.people.access import Permission, Viewer
from app.stored import playbook_at
from app.stored.selection import selection_at

Letter = tuple[str, dict[str, str]]
SIGNED: Final = "The set has been signed, or is no longer proposed."


def selection_facts(session: Session, row: Delivery, viewer: Viewer, now: datetime) -> Letter:
    """The path of the selection, what it is called and by when it is due. Raises NotToSend, also where a signature is
    no longer waited for.
    """
    dated = session.get(ScheduledEntry, row.subject_id)
    if dated is None or not viewer.can(Permission.SEE_PLAN, rollout=dated.rollout_id):
        raise NotToSend(GONE)
    rollout = session.get_one(Rollout, dated.rollout_id)
    playbook = playbook_at(session, rollout)
    if dated.entry not in playbook.selection:
        raise NotToSend(GONE)
    if row.kind == "selection_sign":
        stored = selection_at(session, dated, playbook)
        if not stored.wanted or any(one.by_id == viewer.person for one in stored.signatures):
            raise NotToSend(SIGNED)
    today = now.astimezone(ZoneInfo(playbook.calendar.zone)).date()
    due = near_day(dated.due, today) if dated.due else ""
    return f"/selections/{dated.id}", {"title": dated.title, "rollout": rollout.title, "due": due}
