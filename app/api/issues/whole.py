"""One issue with all that was said and done, from its page's facts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.contents import file_facts
from app.api.issues import said, shapes
from app.api.issues.law import law_line, to_lines
from app.api.tags import answer
from app.models import Issue, IssueFile, IssueNote, IssueStep, Resolution, Standstill
from app.queries.issues.list import IssueLine
from app.queries.issues.page import IssuePage, issue_page
from app.queries.rollouts.facts import RolloutFacts
from app.rules.issues.ladder import Step
from app.rules.issues.running import Clock
from app.rules.issues.standing import Standing
from app.rules.people.access import Viewer


def show_issue(
    request: Request, session: Session, issue_id: int, viewer: Viewer, now: datetime, *, status: int = 200,
    location: str = "",
) -> Response:  # fmt: skip
    """The issue as it is now, with the tag of its version. Raises NotFound."""
    session.flush()
    session.expire_all()
    page = issue_page(session, issue_id, viewer, now)
    return answer(request, whole(page, now), version=page.issue.version, status=status, location=location)


def issue_item(rollout: RolloutFacts, issue: Issue, line: IssueLine) -> shapes.IssueItem:
    """An issue of a list."""
    holder = line.holder[1] if line.holder else None
    return shapes.IssueItem(**_facts(rollout, issue, line.standing, line.rank, holder, bool(line.waits_for)))


def whole(page: IssuePage, now: datetime) -> shapes.IssueWhole:
    """Everything that the page of an issue shows."""
    issue, rows = page.issue, page.rows
    holder, at = page.holder[1] if page.holder else None, page.rollout.as_of(now)
    return shapes.IssueWhole(
        **_facts(page.rollout, issue, page.standing, page.rank, holder, page.waiting is not None),
        detail=page.detail,
        may_act=page.may_act,
        may_take=page.may_take,
        may_stop=page.may_stop,
        confirms=page.confirms,
        details=issue.details if page.detail else None,
        caller=issue.caller if page.detail else None,
        law=law_line(page.case.law),
        steps=[_step(page, one) for one in rows.steps],
        pauses=[_pause(page, one, at) for one in rows.waits],
        solutions=[_solution(page, one) for one in rows.resolutions],
        notes=[note_line(page, one) for one in rows.notes],
        files=[_file(page, one) for one in rows.files],
        elsewhere=[one.slug for one in page.elsewhere],
    )


def _facts(
    rollout: RolloutFacts, issue: Issue, found: Standing, rank: int, holder: str | None, waits: bool
) -> dict[str, Any]:
    place, stored = (
        rollout.location(issue.location_id),
        shapes.IssueItem.model_fields.keys() & Issue.model_fields.keys(),
    )
    known = {name: getattr(issue, name) for name in stored}
    return {**known, "rollout": rollout.slug, "location": place.slug if place else None, "rank": rank,
            "clock": clock_line(found), "state": _state(issue, waits), "by": issue.by_id, "task": issue.task_id,
            "assigned_to": issue.holder_id, "holder": holder}  # fmt: skip


def clock_line(found: Standing) -> shapes.ClockLine:
    return shapes.ClockLine(
        state=found.ticking, breach_at=found.breach_at, left=found.left, used=found.used, whole=found.whole
    )


def _state(issue: Issue, waits: bool) -> shapes.State:
    if issue.closed_at is not None:
        return shapes.State.CLOSED
    if issue.resolved_at is not None:
        return shapes.State.SOLVED
    if waits:
        return shapes.State.WAITS
    return shapes.State.TAKEN if issue.acknowledged_at else shapes.State.NEW


def _step(page: IssuePage, one: IssueStep) -> said.StepLine:
    law = page.case.law
    to = one.to or (law.rungs[one.number].to if one.kind == Step.RUNG and one.number < len(law.rungs) else [])
    return said.StepLine(
        id=one.id or 0, kind=one.kind, number=one.number, to=to_lines(to), said=one.said, unless=one.unless,
        due_at=one.due_at, settled_at=one.settled_at, outcome=one.outcome, told=one.told,
        names=[page.name(person) for person in one.told], by=one.by_id,
    )  # fmt: skip


def _pause(page: IssuePage, one: Standstill, now: datetime) -> said.PauseLine:
    clock = Clock(page.case.law.business, page.case.calendar)
    return said.PauseLine(
        id=one.id or 0, waits_for=one.waits_for if page.detail else None, reason=one.reason if page.detail else None,
        stops_clock=one.stops_clock, stood=clock.between(one.since, one.until or now) if one.stops_clock else 0,
        since=one.since, until=one.until, by=one.by_id, by_name=page.name(one.by_id), until_by=one.until_by,
    )  # fmt: skip


def _solution(page: IssuePage, one: Resolution) -> said.SolutionLine:
    reads = page.detail
    return said.SolutionLine(
        id=one.id or 0, cause=one.cause if reads else None, fix=one.fix if reads else None, at=one.at, by=one.by_id,
        by_name=page.name(one.by_id), confirmed_at=one.confirmed_at, confirmed_by=one.confirmed_by,
        reopened_at=one.reopened_at, reopened_by=one.reopened_by,
        reopened_reason=one.reopened_reason if reads else None,
    )  # fmt: skip


def note_line(page: IssuePage, one: IssueNote) -> said.NoteLine:
    return said.NoteLine(
        id=one.id or 0, issue=one.issue_id, text=one.said, at=one.at, by=one.by_id, by_name=page.name(one.by_id),
        redacted_at=one.redacted_at,
    )  # fmt: skip


def _file(page: IssuePage, one: IssueFile) -> said.FileLine:
    facts = file_facts(one, f"/api/v1/issues/{one.issue_id}/files/{one.id}/content", page.name(one.by_id))
    return said.FileLine(by=one.by_id, **facts)
