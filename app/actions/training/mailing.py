"""Mail about sessions to those of the staff who have an address: asked, moved, called off, no longer expected.

Most of them have no account, so that these messages are no notices: they go out by mail only, whatever somebody with
an account has chosen for notices.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.actions.bulk import insert_rows
from app.actions.training.session_opening import OpenSession
from app.models import Delivery, Enrolment, StaffMember
from app.rules.people.access import Viewer


def mail_session(session: Session, opened: OpenSession, kind: str, *, by: Viewer, now: datetime) -> int:
    """A message of that kind to everybody who was invited to the session. Gives how many."""
    invited = select(Enrolment).where(
        Enrolment.session_id == opened.id, col(Enrolment.ended_at).is_(None), col(Enrolment.invited_at).is_not(None)
    )
    return mail_enrolled(session, opened, kind, session.exec(invited).all(), by=by, now=now)


def mail_enrolled(
    session: Session, opened: OpenSession, kind: str, enrolments: Sequence[Enrolment], *, by: Viewer, now: datetime
) -> int:
    """The same to these. What was written before about this version of the session is not written again."""
    addresses = _addresses(session, [one.staff_id for one in enrolments])
    rows = [
        _delivery(opened, kind, one, addresses[one.staff_id], by, now)
        for one in enrolments
        if one.staff_id in addresses
    ]
    insert_rows(session, Delivery, rows, unless="key")
    return len(rows)


def _addresses(session: Session, staff: Sequence[int]) -> dict[int, str]:
    found = select(StaffMember.id, StaffMember.email).where(
        col(StaffMember.id).in_(staff), StaffMember.email != "", col(StaffMember.left_at).is_(None)
    )
    return {key or 0: email for key, email in session.exec(found)}


def _delivery(
    opened: OpenSession, kind: str, one: Enrolment, address: str, by: Viewer, now: datetime
) -> dict[str, Any]:
    return {
        "key": f"{kind}:{one.id}:{opened.row.version}",
        "kind": kind,
        "channel": "mail",
        "channel_id": None,
        "person_id": by.person,
        "address": address,
        "rollout_id": opened.row.rollout_id,
        "subject_kind": "enrolment",
        "subject_id": one.id,
        "data": {"by": by.name},
        "message_id": secrets.token_hex(16),
        "state": "waiting",
        "urgent": False,
        "attempts": 0,
        "claim": "",
        "error": "",
        "next_at": now,
        "created_at": now,
    }
