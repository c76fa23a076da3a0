"""One lesson whole: what was learnt and about what, what became of it, and what the reader may do with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import Issue, Lesson, Location, Occasion, PlaybookVersion, Proposal, Rollout, Run, Task
from app.queries.events import HistoryLine, history
from app.queries.people import Naming, holders, names_of
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.rules.issues.standing import may_read
from app.rules.lessons.standing import SHAREABLE, State, may_judge, may_propose, reads, sees, state_of
from app.rules.people.access import Permission, Viewer
from app.stored import playbook_of


@dataclass(frozen=True)
class Subject:
    """What a lesson is about: the kind, what it is called (empty: the reader may not know), and its page."""

    kind: str
    title: str
    path: str


@dataclass(frozen=True)
class LessonPage(Naming):
    """Everything the page of a lesson shows. `detail`: the reader may read it; `open_proposals` are those that it may
    still join; `ahead` are the locations that have not gone live.
    """

    rollout: RolloutFacts
    lesson: Lesson
    place: PlaceFacts | None
    state: State
    subject: Subject | None
    proposal: Proposal | None
    result: str
    open_proposals: tuple[Proposal, ...]
    ahead: tuple[PlaceFacts, ...]
    names: Mapping[int, str]
    history: tuple[HistoryLine, ...]
    detail: bool
    may_judge: bool
    may_propose: bool
    may_redact: bool
    may_redact_reason: bool
    may_pass_on: bool

    @property
    def zone(self) -> str:
        return self.place.zone if self.place else self.rollout.zone

    @property
    def elsewhere(self) -> bool:
        return self.lesson.location_id is not None and self.place is None


def lesson_page(session: Session, lesson_id: int, viewer: Viewer, now: datetime) -> LessonPage:
    """The page of a lesson. Raises NotFound."""
    lesson = session.get(Lesson, lesson_id)
    told = lesson is not None and lesson.told_at is not None
    if lesson is None or not sees(viewer, lesson.rollout_id, lesson.location_id, told):
        raise NotFound("lesson")
    rollout = facts_of(session, session.get_one(Rollout, lesson.rollout_id))
    rollout = rollout.within(viewer.locations(rollout.id))
    place, at = rollout.location(lesson.location_id), rollout.as_of(now)
    hand = viewer if rollout.state == "running" else viewer.reading()
    proposal = session.get_one(Proposal, lesson.proposal_id) if lesson.proposal_id is not None else None
    state = state_of(lesson.outcome, proposal.outcome if proposal else "")
    may_carry = may_propose(hand, rollout.id) and may_judge(hand, rollout.id)
    detail = reads(viewer, rollout.id, lesson.location_id, told)
    gives = hand.can(Permission.ASSIGN, rollout=rollout.id, location=lesson.location_id)
    people = holders(session, rollout.id, viewer.locations(rollout.id), at)
    wider = place is not None or lesson.location_id is None
    return LessonPage(
        rollout=rollout, lesson=lesson, place=place, state=state,
        subject=_subject(session, rollout, lesson, viewer) if lesson.subject_kind and wider else None,
        proposal=proposal, result=_version(session, proposal.result_id) if proposal else "",
        open_proposals=_open(session, rollout.id) if may_carry else (), ahead=ahead_of(rollout, at),
        names=names_of(session, [lesson.by_id, lesson.judged_by, lesson.told_by] if wider else [], people.known()),
        history=tuple(history(session, "lesson", lesson_id)) if detail and wider else (),
        detail=detail, may_judge=may_judge(hand, rollout.id), may_propose=may_carry,
        may_redact=not hand.reads_only and (gives or lesson.by_id == hand.person),
        may_redact_reason=not hand.reads_only and (gives or lesson.judged_by == hand.person),
        may_pass_on=may_judge(hand, rollout.id) and state in SHAREABLE and not told and lesson.redacted_at is None,
    )  # fmt: skip


def ahead_of(rollout: RolloutFacts, now: datetime) -> tuple[PlaceFacts, ...]:
    """The locations that have not gone live, the first to open in front."""
    return tuple(one for one in rollout.opening_order(now) if one.cutover_at is None or one.cutover_at > now)


def _version(session: Session, version_id: int | None) -> str:
    found = session.exec(select(PlaybookVersion.version).where(PlaybookVersion.id == version_id)).first()
    return found or ""


def _open(session: Session, rollout_id: int) -> tuple[Proposal, ...]:
    statement = select(Proposal).where(Proposal.rollout_id == rollout_id, Proposal.outcome == "")
    return tuple(session.exec(statement.order_by(col(Proposal.number))))


def _subject(session: Session, rollout: RolloutFacts, lesson: Lesson, viewer: Viewer) -> Subject:
    """What it is about. The title of an issue is for those who may read it."""
    kind, id_ = lesson.subject_kind, lesson.subject_id or 0
    if kind == "task":
        task = session.get_one(Task, id_)
        return Subject(kind, task.title, f"/tasks/{id_}")
    if kind == "issue":
        issue = session.get_one(Issue, id_)
        title = issue.title if may_read(viewer, rollout.id, issue.location_id) else ""
        return Subject(kind, title or f"Issue {issue.number}", f"/issues/{id_}")
    if kind == "location":
        place = session.get_one(Location, id_)
        return Subject(kind, place.name, f"/rollouts/{rollout.slug}/locations/{place.slug}")
    if kind == "run":
        run = session.get_one(Run, id_)
        title = playbook_of(session, run.playbook_version_id).runbooks[run.runbook].title
        return Subject(kind, f"{title}, {'live' if run.live else f'rehearsal {run.number}'}", f"/runs/{id_}/review")
    occasion = session.get_one(Occasion, id_)
    return Subject(kind, occasion.title, f"/{kind}s/{id_}")
