"""One issue whole: its clock, its ladder, what was said and done, and what the reader may do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from app.errors import Forbidden, NotFound
from app.models import (
    Issue,
    IssueFile,
    IssueNote,
    IssueStep,
    Occasion,
    Reconciliation,
    ReconciliationCount,
    Resolution,
    Rollout,
    SameIssue,
    Standstill,
    Task,
)
from app.queries.comments import viewers_of
from app.queries.events import HistoryLine, history
from app.queries.issues.cases import cases_of
from app.queries.issues.list import holder_of, kind_words
from app.queries.people import Holders, Naming, holders, names_of
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.rules.issues.ladder import Case
from app.rules.issues.law import rank
from app.rules.issues.recipients import Place, people_of
from app.rules.issues.standing import Standing, may_read, may_stop, may_take, standing
from app.rules.people.access import Permission, Viewer
from app.rules.tasks.mentions import known

Row = TypeVar("Row")


@dataclass(frozen=True)
class IssueRows:
    """An issue as stored, with everything that hangs on it; what people wrote only for those who may read it."""

    issue: Issue
    steps: tuple[IssueStep, ...]
    waits: tuple[Standstill, ...]
    resolutions: tuple[Resolution, ...]
    notes: tuple[IssueNote, ...]
    files: tuple[IssueFile, ...]


@dataclass(frozen=True)
class IssuePage(Naming):
    """Everything the page of an issue shows. `detail`: the reader may read what people wrote; `may_act`: change it;
    `may_take`: say that it is theirs; `confirms`: say that it is solved. `names` are people by key, as far as the
    reader may know them.
    """

    reader: int
    rollout: RolloutFacts
    place: PlaceFacts | None
    rows: IssueRows
    rank: int
    kind: str
    case: Case
    standing: Standing
    holder: tuple[int, str] | None
    elsewhere: tuple[PlaceFacts, ...]
    task: Task | None
    day: Occasion | None
    readers: tuple[Viewer, ...]
    people: Holders
    names: dict[int, str]
    history: tuple[HistoryLine, ...]
    detail: bool
    may_act: bool
    may_take: bool
    may_stop: bool
    may_redact: bool
    confirms: bool

    @property
    def issue(self) -> Issue:
        return self.rows.issue

    @property
    def zone(self) -> str:
        return self.place.zone if self.place else self.rollout.zone

    @property
    def waiting(self) -> Standstill | None:
        """What it waits for now."""
        return next((one for one in self.rows.waits if one.until is None), None)

    @property
    def solution(self) -> Resolution | None:
        """The solution that stands."""
        return next((one for one in self.rows.resolutions if one.reopened_at is None), None)


def seen_issue(session: Session, issue_id: int, viewer: Viewer) -> Issue:
    """The stored issue. Raises NotFound for none, and for one at a location that the person may not see."""
    issue = session.get(Issue, issue_id)
    if issue is None or not viewer.can(Permission.SEE_PLAN, rollout=issue.rollout_id, location=issue.location_id):
        raise NotFound("issue")
    return issue


def issue_page(session: Session, issue_id: int, viewer: Viewer, now: datetime) -> IssuePage:
    """The page of an issue. Raises NotFound."""
    issue = seen_issue(session, issue_id, viewer)
    extent = viewer.locations(issue.rollout_id)
    rollout = facts_of(session, session.get_one(Rollout, issue.rollout_id)).within(extent)
    at, place = rollout.as_of(now), rollout.location(issue.location_id)
    people = holders(session, rollout.id, extent, at, rota=True)
    case = cases_of(session, rollout, [issue])[issue_id]
    hand = viewer if rollout.state == "running" else viewer.reading()
    here: dict[str, Any] = {"rollout": rollout.id, "location": issue.location_id}
    may_act, detail = hand.can(Permission.RAISE_ISSUE, **here), may_read(viewer, issue.rollout_id, issue.location_id)
    rows = _rows(session, issue, detail)
    elsewhere = select(SameIssue.location_id).where(SameIssue.issue_id == issue_id).order_by(col(SameIssue.id))
    places = [rollout.location(one) for one in session.exec(elsewhere)]
    return IssuePage(
        reader=viewer.person,
        rollout=rollout,
        place=place,
        rows=rows,
        rank=rank(rollout.playbook, issue.severity),
        kind=kind_words(rollout, issue.kind),
        case=case,
        standing=standing(case, at),
        holder=holder_of(people, issue, case.law),
        elsewhere=tuple(one for one in places if one is not None),
        task=_task(session, issue, viewer),
        day=_day(session, issue),
        readers=tuple(readers_of(session, issue, viewer)) if detail else (),
        people=people,
        names=names_of(session, _involved(rows), people.known()),
        history=tuple(history(session, "issue", issue_id)) if detail else (),
        detail=detail,
        may_act=may_act,
        may_take=may_take(case.law, hand, rollout.id, issue.location_id, issue.holder_id, _told(rows)),
        may_stop=may_stop(case.law, hand, rollout.id, issue.location_id),
        may_redact=hand.can(Permission.ASSIGN, **here),
        confirms=may_act and _confirms(rows, case, people, hand),
    )


def _told(rows: IssueRows) -> set[int]:
    return {person for step in rows.steps for person in step.told}


def _rows(session: Session, issue: Issue, detail: bool) -> IssueRows:
    id_ = issue.id or 0
    files = _of(session, IssueFile, id_) if detail else ()
    return IssueRows(
        issue=issue,
        steps=_of(session, IssueStep, id_),
        waits=_of(session, Standstill, id_),
        resolutions=_of(session, Resolution, id_),
        notes=_of(session, IssueNote, id_) if detail else (),
        files=tuple(one for one in files if one.removed_at is None),
    )


def readers_of(session: Session, issue: Issue, viewer: Viewer) -> list[Viewer]:
    """Who may be called in a note, by name; never the reader. One query. Raises Forbidden where a note would."""
    if not may_read(viewer, issue.rollout_id, issue.location_id):
        raise Forbidden("You may see this issue, but not what people write about it.")
    extent, rollout = viewer.locations(issue.rollout_id), issue.rollout_id
    return [
        one
        for one in viewers_of(session, rollout)
        if one.person != viewer.person
        and may_read(one, issue.rollout_id, issue.location_id)
        and known(one, rollout, extent)
    ]


def file_of(session: Session, issue_id: int, file_id: int, viewer: Viewer) -> IssueFile:
    """A file of an issue. Raises NotFound, also for one taken away, and Forbidden."""
    issue, row = seen_issue(session, issue_id, viewer), session.get(IssueFile, file_id)
    if not may_read(viewer, issue.rollout_id, issue.location_id):
        raise Forbidden("You may see this issue, but not what is attached to it.")
    if row is None or row.issue_id != issue_id or row.removed_at is not None:
        raise NotFound("file")
    return row


def _of(session: Session, model: type[Row], issue_id: int) -> tuple[Row, ...]:
    """The rows of one issue, in the order in which they were written."""
    table: Any = model
    return tuple(session.exec(select(table).where(table.issue_id == issue_id).order_by(table.id)).all())


def _task(session: Session, issue: Issue, viewer: Viewer) -> Task | None:
    task = session.get(Task, issue.task_id) if issue.task_id is not None else None
    seen = task and viewer.can(Permission.SEE_PLAN, rollout=task.rollout_id, location=task.location_id)
    return task if seen else None


def _day(session: Session, issue: Issue) -> Occasion | None:
    """The day whose counts or whose silence opened the issue; whoever sees the one sees the other."""
    if issue.source != "work" or issue.task_id is not None:
        return None
    of_lines = (
        select(ReconciliationCount.reconciliation_id).where(ReconciliationCount.issue_id == issue.id).scalar_subquery()
    )
    days = select(Occasion).join(Reconciliation, col(Reconciliation.occasion_id) == col(Occasion.id))
    return session.exec(
        days.where((col(Reconciliation.issue_id) == issue.id) | col(Reconciliation.id).in_(of_lines)).limit(1)
    ).first()


def _involved(rows: IssueRows) -> list[int | None]:
    """Everybody whom the rows of an issue name."""
    issue = rows.issue
    return [
        issue.by_id,
        issue.holder_id,
        issue.acknowledged_by,
        *(person for one in rows.steps for person in (*one.told, one.by_id)),
        *(person for one in rows.waits for person in (one.by_id, one.until_by)),
        *(person for one in rows.resolutions for person in (one.by_id, one.confirmed_by, one.reopened_by)),
        *(one.by_id for one in rows.notes),
        *(one.by_id for one in rows.files),
    ]


def _confirms(rows: IssueRows, case: Case, people: Holders, hand: Viewer) -> bool:
    """As the action that confirms decides: whoever reported it, whom the playbook names, and whoever gives out work
    there; nobody an own fix.
    """
    issue = rows.issue
    solution = next((one for one in rows.resolutions if one.reopened_at is None), None)
    if solution is None or solution.by_id == hand.person or issue.closed_at is not None:
        return False
    place = Place(issue.rollout_id, issue.location_id, issue.holder_id, issue.acknowledged_by)
    named = people_of(people.staff, place, [["role", role, role] for role in case.law.confirm], [])
    may_give = hand.can(Permission.ASSIGN, rollout=issue.rollout_id, location=issue.location_id)
    return hand.person in (issue.by_id, *named) or may_give
