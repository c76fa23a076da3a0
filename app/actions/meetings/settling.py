"""What becomes of a concern, and remarks that are taken back or taken away."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlmodel import Session

from app.actions import texts
from app.actions.events import stale
from app.actions.issues.talking import REDACTED
from app.actions.loading import load
from app.actions.meetings.remarks import changed_remark
from app.actions.tasks.opening import demand_open
from app.errors import Forbidden, NotFound, Refused
from app.models import Location, Remark, Rollout
from app.rules.meetings.remarks import Kind
from app.rules.people.access import Permission, Viewer

Part = Literal["said", "outcome"]


def settle_remark(session: Session, remark_id: int, *, outcome: str, by: Viewer, now: datetime) -> Remark:
    """Say what became of a concern: it is open no more. The same again is quiet.

    Raises NotFound, Forbidden, Stale where somebody else has settled it, Refused for a win, and Invalid.
    """
    row = _open(session, remark_id, by)
    _demand_working(row, by)
    said = texts.prose("outcome", outcome)
    if row.kind != Kind.CONCERN:
        raise Refused("A win needs no answer.")
    if row.settled_at is not None:
        if (row.settled_by, row.outcome) == (by.person, said):
            return row
        raise stale(session, ("remark", remark_id))
    row.settled_at, row.settled_by, row.outcome = now, by.person, said
    return changed_remark(session, row, "settled", by, now)


def withdraw_remark(session: Session, remark_id: int, *, by: Viewer, now: datetime) -> Remark:
    """Take back what one has said oneself: it is shown no more, and its text is kept nowhere. Taken back already is
    quiet. Raises NotFound, Forbidden and Refused.
    """
    row = _open(session, remark_id, by, gone=True)
    if row.by_id != by.person:
        raise Forbidden("Only who said it takes it back.")
    if row.withdrawn_at is not None:
        return row
    row.withdrawn_at, row.said = now, ""
    return changed_remark(session, row, "withdrawn", by, now)


def redact_remark(session: Session, remark_id: int, *, part: Part, by: Viewer, now: datetime) -> Remark:
    """Take away for good what should never have been written: what was said, or what became of it (`outcome`). Taken
    away already is quiet. Raises NotFound, Forbidden for who neither wrote it nor gives out work there, and Refused.
    """
    row = _open(session, remark_id, by)
    author = row.by_id if part == "said" else row.settled_by
    if author != by.person and not by.can(Permission.ASSIGN, rollout=row.rollout_id, location=row.location_id):
        raise Forbidden
    if getattr(row, part) in ("", REDACTED):
        return row
    setattr(row, part, REDACTED)
    row.redacted_at = row.redacted_at or now
    return changed_remark(session, row, "redacted", by, now, {"part": part})


def _open(session: Session, remark_id: int, by: Viewer, *, gone: bool = False) -> Remark:
    """The remark, locked, for somebody who may see where it is; one that was taken back only where `gone`. Raises
    NotFound, and Refused where nothing is changed any more.
    """
    row = load(session, Remark, remark_id, "remark")
    seen = by.can(Permission.SEE_PLAN, rollout=row.rollout_id, location=row.location_id)
    if not seen or (row.withdrawn_at is not None and not gone):
        raise NotFound("remark")
    location = session.get_one(Location, row.location_id) if row.location_id is not None else None
    demand_open(session.get_one(Rollout, row.rollout_id), location)
    return row


def _demand_working(row: Remark, by: Viewer) -> None:
    if not by.can(Permission.RAISE_ISSUE, rollout=row.rollout_id, location=row.location_id):
        raise Forbidden("You may see this, but not settle it.")
