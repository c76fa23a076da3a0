"""Proposed changes of a rollout's playbook: all of them as lines, one of them whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from app.errors import NotFound
from app.models import Lesson, PlaybookVersion, Proposal, Rollout
from app.plan import Playbook
from app.plan.draft.versions import order_of
from app.queries.events import HistoryLine, history
from app.queries.lessons.list import LessonLine, lines_of, seen
from app.queries.lessons.page import ahead_of
from app.queries.people import Naming, holders, names_of
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.rules.lessons.standing import may_propose, works_in
from app.rules.people.access import Permission, Viewer
from app.stored import playbook_of

# Half a megabyte each, that no list needs.
_TEXT: Any = Proposal.text


@dataclass(frozen=True)
class ProposalLine:
    """One proposal as a list shows it; `lessons` counts those behind it that the reader may know of, `result` is the
    version that it has become.
    """

    id: int
    number: int
    title: str
    outcome: str
    outdated: bool
    base: str
    result: str
    lessons: int
    at: datetime
    decided_at: datetime | None
    version: int


@dataclass(frozen=True)
class ProposalPage(Naming):
    """Everything the page of a proposal shows; `matters` are the locations that have not gone live."""

    rollout: RolloutFacts
    proposal: Proposal
    base: PlaybookVersion
    newest: str
    result: str
    lessons: tuple[LessonLine, ...]
    matters: tuple[PlaceFacts, ...]
    names: Mapping[int, str]
    history: tuple[HistoryLine, ...]
    detail: bool
    may_decide: bool

    @property
    def outdated(self) -> bool:
        return not self.proposal.outcome and self.newest != self.base.version


def proposal_lines(session: Session, rollout: RolloutFacts, viewer: Viewer) -> tuple[ProposalLine, ...]:
    """Every proposal of a rollout, those to decide first, then the newest. Three queries."""
    rows = session.exec(select(Proposal).options(defer(_TEXT)).where(Proposal.rollout_id == rollout.id)).all()
    numbers = versions_of(session, rollout.playbook.id) if rows else {}
    newest = max(numbers.values(), key=order_of, default="")
    counted = dict(
        session.exec(
            select(Lesson.proposal_id, func.count())
            .where(*seen(rollout, viewer), col(Lesson.proposal_id).is_not(None))
            .group_by(col(Lesson.proposal_id))
        ).all()
        if rows
        else ()
    )
    rows = sorted(rows, key=lambda row: (bool(row.outcome), -row.number))
    return tuple(_line(row, numbers, newest, counted.get(row.id, 0)) for row in rows)


def _line(row: Proposal, numbers: Mapping[int, str], newest: str, lessons: int) -> ProposalLine:
    base = numbers.get(row.base_id, "")
    return ProposalLine(
        row.id or 0, row.number, row.title, row.outcome, not row.outcome and base != newest, base,
        numbers.get(row.result_id or 0, ""), lessons, row.at, row.decided_at, row.version,
    )  # fmt: skip


def versions_of(session: Session, playbook_id: str) -> dict[int, str]:
    """The number of every version of a playbook, by its key."""
    statement = select(PlaybookVersion.id, PlaybookVersion.version).where(PlaybookVersion.playbook_id == playbook_id)
    return {id_ or 0: version for id_, version in session.exec(statement)}


def newest_text(session: Session, playbook_id: str) -> str:
    """The text of the newest version of a playbook."""
    return session.get_one(PlaybookVersion, _newest(session, playbook_id)).text


def newest_book(session: Session, playbook_id: str) -> Playbook:
    """The newest version of a playbook. Two queries, one more for one that is new here."""
    return playbook_of(session, _newest(session, playbook_id))


def _newest(session: Session, playbook_id: str) -> int:
    found = versions_of(session, playbook_id)
    return max(found, key=lambda id_: order_of(found[id_]))


def proposal_page(session: Session, proposal_id: int, viewer: Viewer, now: datetime) -> ProposalPage:
    """The page of a proposal. Raises NotFound."""
    proposal = session.get(Proposal, proposal_id)
    if proposal is None or not viewer.can(Permission.SEE_PLAN, rollout=proposal.rollout_id):
        raise NotFound("proposal")
    rollout = facts_of(session, session.get_one(Rollout, proposal.rollout_id))
    rollout = rollout.within(viewer.locations(rollout.id))
    at = rollout.as_of(now)
    hand = viewer if rollout.state == "running" else viewer.reading()
    numbers = versions_of(session, rollout.playbook.id)
    statement = select(Lesson).where(*seen(rollout, viewer), col(Lesson.proposal_id) == proposal_id)
    behind = [(lesson, proposal) for lesson in session.exec(statement.order_by(col(Lesson.id)))]
    detail = works_in(viewer, rollout.id)
    people = holders(session, rollout.id, viewer.locations(rollout.id), at)
    return ProposalPage(
        rollout=rollout, proposal=proposal, base=session.get_one(PlaybookVersion, proposal.base_id),
        newest=max(numbers.values(), key=order_of), result=numbers.get(proposal.result_id or 0, ""),
        lessons=lines_of(session, rollout, viewer, behind, at), matters=ahead_of(rollout, at),
        names=names_of(session, [proposal.by_id, proposal.decided_by], people.known()),
        history=tuple(history(session, "proposal", proposal_id)) if detail else (), detail=detail,
        may_decide=may_propose(hand, rollout.id),
    )  # fmt: skip
