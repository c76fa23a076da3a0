"""How much waits for whoever directs: lessons that nobody has judged, proposals that nobody has decided."""

from __future__ import annotations

from typing import NamedTuple

from sqlmodel import Session, col, func, select

from app.models import Lesson, Proposal


class Waiting(NamedTuple):
    lessons: int
    proposals: int


def waiting(session: Session, rollout_id: int) -> Waiting:
    """Of a whole rollout, for those who judge lessons. Two queries."""
    lessons = select(func.count()).where(col(Lesson.rollout_id) == rollout_id, col(Lesson.judged_at).is_(None))
    proposals = select(func.count()).where(col(Proposal.rollout_id) == rollout_id, col(Proposal.outcome) == "")
    return Waiting(session.exec(lessons).one(), session.exec(proposals).one())
