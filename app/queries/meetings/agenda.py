"""The agenda of one meeting from the facts of its scope."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import and_, not_, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from app.models import Issue, MeetingAction, MeetingRecord, Occasion, Remark, Rollout, Task
from app.queries.issues.cases import cases_of
from app.queries.meetings.lines import same_meeting
from app.queries.meetings.scope import Scope
from app.queries.metrics.network import network_gains
from app.queries.rollouts.facts import facts_of
from app.queries.tasks.alone import alone, is_open, of_rollout, paused, with_what_was_said
from app.rules.issues.standing import Ticking, standing
from app.rules.issues.top_ten import Weighed, top
from app.rules.meetings import agenda as rule
from app.rules.meetings import agenda_words as words
from app.rules.meetings.agenda import Line, Part, Section
from app.rules.meetings.remarks import Kind
from app.rules.metrics.words import moved_words
from app.rules.people.access import Extent
from app.rules.tasks.progress import State

MOST: Final = rule.MOST + 1
FOUND: Final = 5
"""Wins that Muster offers to one meeting."""


def whole_agenda(session: Session, occasion: Occasion, now: datetime) -> tuple[Section, ...]:
    """The agenda of everything in the scope of a meeting, whoever asks: as it is kept when the meeting is held."""
    facts = facts_of(session, session.get_one(Rollout, occasion.rollout_id))
    meeting = facts.book_at(occasion.location_id).meetings.get(occasion.entry)
    return agenda_of(session, Scope(facts, occasion, meeting, now))


def agenda_of(session: Session, scope: Scope) -> tuple[Section, ...]:
    """The sections of a meeting as things stand now. Eight queries, two more where figures are read."""
    found: dict[Part, Sequence[Line]] = {
        Part.POINTS: rule.points_of(scope.meeting),
        Part.WINS: [*_wins(session, scope), *_found(session, scope)],
        Part.CONCERNS: _concerns(session, scope),
        Part.ISSUES: _issues(session, scope),
        Part.ACTIONS: _actions(session, scope),
        Part.TROUBLE: _trouble(session, scope),
    }
    return rule.agenda(found)


def _wins(session: Session, scope: Scope) -> list[Line]:
    """What was said since the last time that it was held, the newest first."""
    since = session.execute(_last_held(scope)).scalar()
    only = [col(Remark.at) > since] if since else []
    rows = session.execute(_remarks(scope, Kind.WIN).where(*only).order_by(col(Remark.id).desc()).limit(MOST))
    return [Line("win", words.win_words(scope.day(at), scope.today), *rest) for at, *rest in rows]


def _found(session: Session, scope: Scope) -> list[Line]:
    """What Muster found in the readings, the newest and greatest first; it is nobody's word yet."""
    known = {place.id for place in scope.places}
    gains = network_gains(session, scope.rollout, Extent(scope.of_network, frozenset(known)), scope.today)
    return [
        Line("found", f"{one.metric.title} {moved_words(one.before, one.now, one.metric.unit, one.live, one.last)}",
             place=one.location)
        for one in gains[:FOUND] if one.location in known
    ]  # fmt: skip


def _last_held(scope: Scope) -> Any:
    occasion = scope.occasion
    return (
        select(col(MeetingRecord.held_at))
        .join(Occasion, col(Occasion.id) == col(MeetingRecord.occasion_id))
        .where(*same_meeting(occasion), col(MeetingRecord.held_at).is_not(None), col(Occasion.due) < occasion.due)
        .order_by(col(Occasion.due).desc(), col(Occasion.due_at).desc())
        .limit(1)
    )


def _remarks(scope: Scope, kind: Kind) -> Any:
    return select(col(Remark.at), col(Remark.id), col(Remark.location_id), col(Remark.by_id)).where(
        col(Remark.rollout_id) == scope.rollout.id,
        col(Remark.kind) == kind.value,
        col(Remark.withdrawn_at).is_(None),
        scope.holds(col(Remark.location_id)),
    )


def _concerns(session: Session, scope: Scope) -> list[Line]:
    """What is still open, the oldest first."""
    statement = _remarks(scope, Kind.CONCERN).where(col(Remark.settled_at).is_(None))
    rows = session.execute(statement.order_by(col(Remark.id)).limit(MOST))
    return [Line("concern", words.concern_words(scope.day(at), scope.today), *rest) for at, *rest in rows]


def _issues(session: Session, scope: Scope) -> list[Line]:
    """The open ten to talk about."""
    statement = select_rows(Issue).where(
        Issue.rollout_id == scope.rollout.id, col(Issue.resolved_at).is_(None), scope.holds(col(Issue.location_id))
    )
    issues = {one.id or 0: one for one in session.exec(statement)}
    cases = cases_of(session, scope.rollout, list(issues.values())) if issues else {}
    severities = list(scope.rollout.playbook.issues.severities) if scope.rollout.playbook.issues else []
    weighed = [
        Weighed(id_, one.severity, one.opened_at, cases[id_].used(scope.now), cases[id_].law.resolve)
        for id_, one in issues.items()
    ]
    lines = []
    for one in top(weighed, severities):
        stands, law = standing(cases[one.id], scope.now), cases[one.id].law
        said = words.issue_words(law.title, stands.left, stands.ticking is Ticking.PAUSED)
        lines.append(Line("issue", said, one.id, issues[one.id].location_id))
    return lines


def _actions(session: Session, scope: Scope) -> list[Line]:
    """What was agreed at earlier times and is not done, the first to be due in front."""
    occasion = scope.occasion
    statement = with_what_was_said(select(*_DATED))
    statement = (
        statement.join(MeetingAction, col(MeetingAction.task_id) == col(Task.id))
        .join(MeetingRecord, col(MeetingRecord.id) == col(MeetingAction.record_id))
        .join(Occasion, col(Occasion.id) == col(MeetingRecord.occasion_id))
        .where(*same_meeting(occasion), col(Occasion.due) <= occasion.due, col(Occasion.id) != occasion.id, is_open())
    )
    return [_task(scope, "action", *row) for row in session.execute(statement.order_by(*_BY_DUE).limit(MOST))]


def _trouble(session: Session, scope: Scope) -> list[Line]:
    """What is late or blocked, for a meeting that prepares an opening."""
    day = scope.occasion.due or scope.today
    if not rule.prepares(day, [place.cutover.date() if place.cutover else None for place in scope.places]):
        return []
    stands = alone(scope.rollout, scope.now)
    statement = with_what_was_said(select(*_DATED, stands))
    statement = of_rollout(statement, scope.rollout.id, None).where(
        scope.holds(col(Task.location_id)),
        and_(stands.in_((State.LATE.value, State.BLOCKED.value)), not_(paused())),
    )
    rows = session.execute(statement.order_by(*_BY_DUE).limit(MOST))
    return [
        Line("task", "blocked", row[0], row[1]) if row[4] == State.BLOCKED.value else _task(scope, "task", *row[:4])
        for row in rows
    ]


_DATED: Final = (col(Task.id), col(Task.location_id), col(Task.due), col(Task.late_at))
_BY_DUE: Final = (col(Task.due).is_(None), col(Task.due), col(Task.id))


def _task(scope: Scope, kind: str, id_: int, place: int | None, due: date | None, late_at: datetime | None) -> Line:
    return Line(kind, words.due_words(due, late_at, scope.today, scope.now), id_, place)
