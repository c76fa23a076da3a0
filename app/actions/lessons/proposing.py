"""A lesson becomes a proposed change of the playbook; several may stand behind one, which is written until decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.events import record
from app.actions.intents import once
from app.actions.lessons.capturing import REDACTED
from app.actions.lessons.drafts import demand_newest, renewed, sound, title_of, with_change, with_edit
from app.actions.lessons.judging import demand_free
from app.actions.lessons.opening import (
    OpenLesson,
    changed,
    demand_undecided,
    demand_version,
    newest_of,
    open_proposal,
    open_to_judge,
)
from app.actions.loading import key_of, load
from app.errors import Forbidden, Invalid, NotFound
from app.models import Lesson, Proposal, Rollout
from app.plan.draft.guided import Change, kept
from app.rules.lessons.standing import Outcome, may_propose
from app.rules.people.access import Viewer


def propose_change(
    session: Session, lesson_id: int, *, change: Change, token: str = "", seen: int | None, by: Viewer, now: datetime
) -> Proposal:
    """A proposal that makes one change in the newest version of the playbook. The same form (`token`) again is quiet.

    Raises NotFound, Forbidden, Stale, Refused, Invalid for a field that does not fit, and PlaybookError where the
    playbook would have mistakes.
    """

    def write(base_text: str) -> tuple[str, str]:
        return title_of(base_text, change), with_change(base_text, change)

    return _propose(session, lesson_id, write, change, kept(change), token, seen, by, now)


def propose_text(
    session: Session, lesson_id: int, *, title: str, text: str, token: str = "", seen: int | None, by: Viewer,
    now: datetime,
) -> Proposal:  # fmt: skip
    """A proposal that somebody has written freely: the whole text. Raises as `propose_change`."""
    name = texts.one_line("title", title)
    asked = {"title": name, "text": text}
    return _propose(session, lesson_id, lambda _: (name, text), None, asked, token, seen, by, now)


def _propose(
    session: Session, lesson_id: int, write: Callable[[str], tuple[str, str]], change: Change | None,
    asked: dict[str, Any], token: str, seen: int | None, by: Viewer, now: datetime,
) -> Proposal:  # fmt: skip
    opened = _open_to_carry(session, lesson_id, by=by)

    def make() -> Proposal:
        demand_version(session, opened.lesson, seen)
        demand_free(session, opened.lesson)
        rollout = load(session, Rollout, opened.lesson.rollout_id, "rollout")
        base = newest_of(session, rollout)
        title, text = write(base.text)
        row = Proposal(
            rollout_id=key_of(rollout), number=_next_number(session, rollout), title=title, base_id=key_of(base),
            text=sound(base, text), edits=with_edit((), change), by_id=by.person, at=now,
        )  # fmt: skip
        session.add(row)
        session.flush()
        _carry(session, opened, row, by, now)
        subject, after = ("proposal", key_of(row)), {"number": row.number, "lesson": opened.id, "base": base.version}
        record(session, "proposal.made", subject, by=by, now=now, rollout_id=row.rollout_id, after=after)
        return row

    return once(session, token, Proposal, make, asked={"lesson": lesson_id, **asked}, by=by, now=now)


def _open_to_carry(session: Session, lesson_id: int, *, by: Viewer) -> OpenLesson:
    opened = open_to_judge(session, lesson_id, by=by)
    if not may_propose(by, opened.lesson.rollout_id):
        raise Forbidden("Only whoever may change the playbook proposes that.")
    return opened


def _carry(session: Session, opened: OpenLesson, proposal: Proposal, by: Viewer, now: datetime) -> None:
    lesson = opened.lesson
    lesson.outcome, lesson.proposal_id, lesson.reason = Outcome.PROPOSED, key_of(proposal), ""
    lesson.judged_by, lesson.judged_at = by.person, now
    changed(session, opened, "proposed", by=by, now=now, after={"proposal": proposal.id, "number": proposal.number})


def join_proposal(
    session: Session, lesson_id: int, *, proposal_id: int, seen: int | None, by: Viewer, now: datetime
) -> Lesson:
    """One lesson more stands behind a proposal that is not decided yet. It does already: quiet.

    Raises NotFound, Forbidden, Stale and Refused.
    """
    opened = _open_to_carry(session, lesson_id, by=by)
    lesson = opened.lesson
    if lesson.outcome == Outcome.PROPOSED and lesson.proposal_id == proposal_id:
        return lesson
    demand_version(session, lesson, seen)
    demand_free(session, lesson)
    proposal = open_proposal(session, proposal_id, by=by)
    if proposal.proposal.rollout_id != lesson.rollout_id:
        raise NotFound("proposal")
    demand_undecided(proposal)
    _carry(session, opened, proposal.proposal, by, now)
    return lesson


def add_change(
    session: Session, proposal_id: int, *, change: Change, seen: int | None, by: Viewer, now: datetime
) -> Proposal:
    """One change more in a proposal. Raises NotFound, Forbidden, Stale, Refused, Invalid and PlaybookError."""
    opened = open_proposal(session, proposal_id, by=by)
    proposal = opened.proposal
    if proposal.edits and dict(proposal.edits[-1]) == kept(change):
        return proposal  # the same form came twice
    demand_version(session, proposal, seen)
    demand_undecided(opened)
    demand_newest(session, opened)
    proposal.text = sound(opened.base, with_change(proposal.text, change))
    proposal.edits = with_edit(proposal.edits, change)
    changed(session, opened, "changed", by=by, now=now, after={"do": kept(change)["do"]})
    return proposal


def rewrite_proposal(
    session: Session, proposal_id: int, *, text: str, seen: int | None, by: Viewer, now: datetime
) -> Proposal:
    """The whole text of a proposal, as somebody has written it. The same again is quiet. Raises as `add_change`."""
    opened = open_proposal(session, proposal_id, by=by)
    proposal = opened.proposal
    if proposal.text == text:
        return proposal
    demand_version(session, proposal, seen)
    demand_undecided(opened)
    demand_newest(session, opened)
    proposal.text = sound(opened.base, text)
    proposal.edits = with_edit(proposal.edits, None)
    changed(session, opened, "changed", by=by, now=now, after={"do": "text"})
    return proposal


def renew_proposal(session: Session, proposal_id: int, *, seen: int | None, by: Viewer, now: datetime) -> Proposal:
    """An outdated proposal once more, for the newest version. One that is not outdated stays as it is: quiet.

    Raises NotFound, Forbidden, Stale, PlaybookError, and Refused where the two cannot be brought together.
    """
    opened = open_proposal(session, proposal_id, by=by)
    proposal = opened.proposal
    demand_undecided(opened)
    if newest_of(session, opened.rollout).id == proposal.base_id:
        return proposal
    demand_version(session, proposal, seen)
    newest, proposal.text = renewed(session, opened, opened.rollout)
    before, proposal.base_id = opened.base.version, key_of(newest)
    changed(session, opened, "renewed", by=by, now=now, after={"from": before, "to": newest.version})
    return proposal


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


def _next_number(session: Session, rollout: Rollout) -> int:
    """One more than the last; the rollout's row is locked, so that no two get the same."""
    last = session.exec(select(func.max(col(Proposal.number))).where(Proposal.rollout_id == rollout.id)).one()
    return (last or 0) + 1
