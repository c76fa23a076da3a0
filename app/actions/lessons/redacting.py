"""A text of a lesson or of a proposal that names a patient is taken away for good."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.actions.lessons.opening import changed, open_lesson, open_proposal
from app.errors import Forbidden, Invalid
from app.models import Lesson, Proposal
from app.rules.people.access import Permission, Viewer

REDACTED: Final = "Taken away: it named a patient."


def redact_lesson(session: Session, lesson_id: int, *, part: str = "said", by: Viewer, now: datetime) -> Lesson:
    """Take away for good what should never have been written: what was learnt (`said`), or why it was judged so
    (`reason`). What was there is kept nowhere. Taken away already is quiet.

    Raises NotFound, Forbidden for what somebody else said, Refused in a closed rollout, and Invalid.
    """
    opened = open_lesson(session, lesson_id, by=by)
    lesson = opened.lesson
    own = {"said": lesson.by_id, "reason": lesson.judged_by}
    if part not in own:
        raise Invalid({"part": "Choose what is to be taken away."})
    if own[part] != by.person and not by.can(Permission.ASSIGN, rollout=lesson.rollout_id, location=lesson.location_id):
        raise Forbidden("Whoever said it takes it away, or whoever gives out the work there.")
    if getattr(lesson, part) in ("", REDACTED):
        return lesson
    setattr(lesson, part, REDACTED)
    if part == "said":
        lesson.redacted_at = now
    changed(session, opened, "redacted", by=by, now=now, after={"part": part})
    return lesson


def redact_proposal(session: Session, proposal_id: int, *, part: str, by: Viewer, now: datetime) -> Proposal:
    """Take away for good the name of a proposal (`title`) or why it was decided so (`reason`). Taken away already is
    quiet. Raises NotFound, Forbidden, Refused in a closed rollout, and Invalid.
    """
    opened = open_proposal(session, proposal_id, by=by)
    if part not in ("title", "reason"):
        raise Invalid({"part": "Choose what is to be taken away."})
    proposal = opened.proposal
    if getattr(proposal, part) in ("", REDACTED):
        return proposal
    setattr(proposal, part, REDACTED)
    changed(session, opened, "redacted", by=by, now=now, after={"part": part})
    return proposal
