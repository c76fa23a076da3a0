"""A proposal becomes a version of the playbook, or it does not; whoever raised its lessons is told."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.deliveries.telling import Telling
from app.actions.lessons.drafts import demand_newest
from app.actions.lessons.judging import told_of
from app.actions.lessons.opening import OpenProposal, changed, demand_undecided, demand_version, open_proposal
from app.actions.loading import key_of
from app.actions.playbooks import upload_playbook
from app.models import Lesson, Proposal
from app.rules.lessons.standing import ACCEPTED, REJECTED
from app.rules.people.access import Viewer


def accept_proposal(
    session: Session, proposal_id: int, *, reason: str = "", seen: int | None, by: Viewer, now: datetime
) -> Proposal:
    """Keep the text of a proposal as the next version of the playbook. Every location stays on the version that it
    has until somebody upgrades it. Accepted already is quiet.

    Raises NotFound, Forbidden, Stale, Invalid, PlaybookError, and Refused for one that was rejected, or that is
    outdated.
    """
    opened = open_proposal(session, proposal_id, by=by)
    if opened.proposal.outcome == ACCEPTED:
        return opened.proposal
    demand_version(session, opened.proposal, seen)
    demand_undecided(opened)
    demand_newest(session, opened)
    why = texts.prose("reason", reason, required=False)
    version = upload_playbook(session, opened.proposal.text.encode(), by=by, now=now)
    told = _told(session, opened, f"in the playbook, version {version.version}", by)
    opened.proposal.result_id = key_of(version)
    return _decided(session, opened, ACCEPTED, why, {"result": version.version}, told, by, now)


def reject_proposal(
    session: Session, proposal_id: int, *, reason: str, seen: int | None, by: Viewer, now: datetime
) -> Proposal:
    """Say no, with a reason: its lessons may be judged anew. Rejected already is quiet.

    Raises NotFound, Forbidden, Stale, Invalid, and Refused for one that was accepted.
    """
    opened = open_proposal(session, proposal_id, by=by)
    if opened.proposal.outcome == REJECTED:
        return opened.proposal
    demand_version(session, opened.proposal, seen)
    demand_undecided(opened)
    why = texts.prose("reason", reason)
    told = _told(session, opened, "not taken into the playbook", by)
    return _decided(session, opened, REJECTED, why, {}, told, by, now)


def _told(session: Session, opened: OpenProposal, said: str, by: Viewer) -> list[Telling]:
    lessons = session.exec(select(Lesson).where(Lesson.proposal_id == opened.id).order_by(col(Lesson.id)))
    return [one for lesson in lessons for one in told_of(lesson, f"{lesson.id}-p{opened.id}", said, by)]


def _decided(
    session: Session, opened: OpenProposal, outcome: str, reason: str, after: dict[str, str], told: list[Telling],
    by: Viewer, now: datetime,
) -> Proposal:  # fmt: skip
    row = opened.proposal
    row.outcome, row.reason, row.decided_by, row.decided_at = outcome, reason, by.person, now
    changed(session, opened, outcome, by=by, now=now, after=after, tellings=told)
    return row
