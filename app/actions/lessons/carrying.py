"""Lessons stand behind a proposed change of the playbook; several may stand behind one."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions.lessons.judging import demand_free
from app.actions.lessons.opening import (
    OpenLesson,
    changed,
    demand_undecided,
    demand_version,
    open_proposal,
    open_to_judge,
)
from app.actions.loading import key_of
from app.errors import Forbidden, NotFound
from app.models import Lesson, Proposal
from app.rules.lessons.standing import Outcome, may_propose
from app.rules.people.access import Viewer


def join_proposal(
    session: Session, lesson_id: int, *, proposal_id: int, seen: int | None, by: Viewer, now: datetime
) -> Lesson:
    """One lesson more stands behind a proposal that is not decided yet. It does already: quiet.

    Raises NotFound, Forbidden, Stale and Refused.
    """
    opened = open_to_carry(session, lesson_id, by=by)
    lesson = opened.lesson
    if lesson.outcome == Outcome.PROPOSED and lesson.proposal_id == proposal_id:
        return lesson
    demand_version(session, lesson, seen)
    demand_free(session, lesson)
    proposal = open_proposal(session, proposal_id, by=by)
    if proposal.proposal.rollout_id != lesson.rollout_id:
        raise NotFound("proposal")
    demand_undecided(proposal)
    carry(session, opened, proposal.proposal, by, now)
    return lesson


def open_to_carry(session: Session, lesson_id: int, *, by: Viewer) -> OpenLesson:
    """A lesson for somebody who may propose a change. Raises NotFound, Forbidden and Refused."""
    opened = open_to_judge(session, lesson_id, by=by)
    if not may_propose(by, opened.lesson.rollout_id):
        raise Forbidden("Only whoever may change the playbook proposes that.")
    return opened


def carry(session: Session, opened: OpenLesson, proposal: Proposal, by: Viewer, now: datetime) -> None:
    """The proposal carries the lesson from now on."""
    lesson = opened.lesson
    lesson.outcome, lesson.proposal_id, lesson.reason = Outcome.PROPOSED, key_of(proposal), ""
    lesson.judged_by, lesson.judged_at = by.person, now
    changed(session, opened, "proposed", by=by, now=now, after={"proposal": proposal.id, "number": proposal.number})
