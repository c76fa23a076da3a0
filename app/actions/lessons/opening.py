"""A lesson, or a proposed change of the playbook, opened for a change: seen by the person, locked, in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from app.actions.deliveries.telling import Telling, tell
from app.actions.events import record, stale
from app.actions.loading import count_version, key_of, load
from app.errors import Forbidden, NotFound, Refused
from app.models import Lesson, PlaybookVersion, Proposal, Rollout
from app.plan.draft.versions import order_of
from app.rules.lessons.standing import may_judge, may_propose, sees
from app.rules.people.access import Permission, Viewer


@dataclass(frozen=True)
class OpenLesson:
    lesson: Lesson
    rollout: Rollout

    @property
    def id(self) -> int:
        return key_of(self.lesson)


@dataclass(frozen=True)
class OpenProposal:
    """`base` is the version for which it was written."""

    proposal: Proposal
    rollout: Rollout
    base: PlaybookVersion

    @property
    def id(self) -> int:
        return key_of(self.proposal)


def open_lesson(session: Session, lesson_id: int, *, by: Viewer) -> OpenLesson:
    """The lesson for somebody who may know of it. Raises NotFound, and Refused in a closed rollout."""
    lesson = load(session, Lesson, lesson_id, "lesson")
    if not sees(by, lesson.rollout_id, lesson.location_id, lesson.told_at is not None):
        raise NotFound("lesson")
    return OpenLesson(lesson, _open_rollout(session, lesson.rollout_id))


def open_to_judge(session: Session, lesson_id: int, *, by: Viewer) -> OpenLesson:
    """The same for whoever judges lessons. Raises Forbidden too."""
    opened = open_lesson(session, lesson_id, by=by)
    if not may_judge(by, opened.lesson.rollout_id):
        raise Forbidden("Directors and managers of the whole rollout say what becomes of a lesson.")
    return opened


def open_proposal(session: Session, proposal_id: int, *, by: Viewer) -> OpenProposal:
    """The proposal for whoever may change playbooks. Raises NotFound, Forbidden, and Refused in a closed rollout."""
    proposal = load(session, Proposal, proposal_id, "proposal")
    if not by.can(Permission.SEE_PLAN, rollout=proposal.rollout_id):
        raise NotFound("proposal")
    if not may_propose(by, proposal.rollout_id):
        raise Forbidden("Whoever may change the playbook decides on this.")
    rollout = _open_rollout(session, proposal.rollout_id)
    return OpenProposal(proposal, rollout, session.get_one(PlaybookVersion, proposal.base_id))


def _open_rollout(session: Session, rollout_id: int) -> Rollout:
    rollout = session.get_one(Rollout, rollout_id)
    demand_open_rollout(rollout)
    return rollout


def demand_open_rollout(rollout: Rollout) -> None:
    """Raises Refused in a closed rollout."""
    if rollout.state == "closed":
        raise Refused("This rollout is closed. It can be read, not changed.")


def demand_version(session: Session, row: Lesson | Proposal, seen: int | None) -> None:
    """Raises Stale when it changed after the form was drawn. `seen` None: whatever it is now."""
    if seen is not None and row.version != seen:
        raise stale(session, ("lesson" if isinstance(row, Lesson) else "proposal", key_of(row)))


def demand_undecided(opened: OpenProposal) -> None:
    if opened.proposal.outcome:
        raise Refused(f"This proposal was {opened.proposal.outcome} already.")


def newest_of(session: Session, rollout: Rollout) -> PlaybookVersion:
    """The highest stored version of the playbook that a rollout follows."""
    own = session.get_one(PlaybookVersion, rollout.playbook_version_id)
    statement = select(PlaybookVersion.id, PlaybookVersion.version)
    versions = session.exec(statement.where(PlaybookVersion.playbook_id == own.playbook_id))
    found = max(versions, key=lambda one: order_of(one[1]))
    return session.get_one(PlaybookVersion, found[0])


def changed(
    session: Session,
    opened: OpenLesson | OpenProposal,
    verb: str,
    *,
    by: Viewer,
    now: datetime,
    after: dict[str, Any] | None = None,
    tellings: Sequence[Telling] = (),
) -> None:
    """Count one more version, tell whoever is to know, record the event; last step of every change. What people wrote
    never stands in an event.
    """
    row: Lesson | Proposal = opened.lesson if isinstance(opened, OpenLesson) else opened.proposal
    kind = "lesson" if isinstance(row, Lesson) else "proposal"
    count_version(session, row, "number")
    tell(session, tellings, now=now)
    place = row.location_id if isinstance(row, Lesson) else None
    record(
        session, f"{kind}.{verb}", (kind, opened.id), by=by, now=now, rollout_id=row.rollout_id, location_id=place,
        after=after,
    )  # fmt: skip
