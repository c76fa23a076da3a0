"""Issues: listed with the filters of their page, reported, read whole, and what happened to one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ConfigDict, Field
from starlette.responses import Response

from app.actions.issues.reporting import report_issue
from app.api.callers import Db
from app.api.describing import changing, reading
from app.api.fields import LARGEST_ID, Line, PlaceId, Prose, RowId, RowKey, Word
from app.api.guards import Detailed, Reader, Seeing
from app.api.intents import IntentKey
from app.api.issues.change import Written
from app.api.issues.shapes import IssueItem, IssueWhole
from app.api.issues.whole import issue_item, show_issue
from app.api.paging import Page, Paged, cut_page, page_of
from app.api.reading import StrictRoute
from app.api.tasks.said import HistoryLine
from app.errors import Forbidden
from app.queries.issues.after import issues_after
from app.queries.issues.page import issue_page
from app.request import Now
from app.rules.issues.filtering import ALL, OPEN, STATES, IssueFilter

router = APIRouter(tags=["issues"], route_class=StrictRoute)


class Report(Written):
    """What is wrong, and where."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"location": "alder", "title": "Scanner offline", "severity": "normal"}]}
    )

    title: Line
    location: PlaceId | None = Field(description="Null for the whole network.")
    details: Prose = ""
    severity: Line = Field("", description="A severity of the playbook, by its id; empty: its default.")
    kind: Line = Field("", description="A type of the playbook, by its id.")
    task: RowKey | None = Field(None, description="A task of that place that it has to do with.")


async def issue_filter(
    q: Annotated[
        Word, Query(description="Words of the title, a number, or a name of somebody who has to do with it.")
    ] = "",
    location: Annotated[Word, Query(description="A location's id, or `network`.")] = "",
    severity: Annotated[Word, Query(description="A severity's id.")] = "",
    kind: Annotated[Word, Query(description="A type's id.")] = "",
    state: Annotated[Word, Query(description="`open`, `solved` or `all`.")] = ALL,
) -> IssueFilter:
    return IssueFilter(q, location, severity, kind, state if state in STATES else OPEN)


@router.get("/rollouts/{slug}/issues", summary="Issues", response_model=Page[IssueItem], responses=reading())
def list_issues(
    desk: Seeing, wanted: Annotated[IssueFilter, Depends(issue_filter)], page: Paged, session: Db, now: Now
) -> Response:
    """The issues that you may see, open and solved, in the order of their ids, each with its clock."""
    rollout, after = desk.rollout, page.after("issues")
    found = []
    if after <= LARGEST_ID:
        at = rollout.as_of(now)
        found = issues_after(session, rollout, desk.extent, wanted, after, page.limit + 1, at)
    return cut_page(page, "issues", IssueItem, found, lambda one: one[1].id, lambda one: issue_item(rollout, *one))


@router.post(
    "/rollouts/{slug}/issues", summary="Report an issue", status_code=201, response_model=IssueWhole,
    responses=changing(),
)  # fmt: skip
def report(request: Request, given: Report, desk: Seeing, session: Db, now: Now, key: IntentKey = "") -> Response:
    """Its clock runs from now on, and whoever stands first on its ladder is told. Photos are attached afterwards."""
    place = desk.rollout.named(given.location)
    said = given.checked()
    issue = report_issue(
        session, desk.rollout.id, location_id=place.id if place else None, title=said["title"],
        details=said["details"], severity=given.severity, kind=given.kind, task_id=given.task, token=key,
        by=desk.viewer, now=now,
    )  # fmt: skip
    location = f"/api/v1/issues/{issue.id}"
    return show_issue(request, session, issue.id or 0, desk.viewer, now, status=201, location=location)


@router.get("/issues/{issue_id}", summary="One issue", response_model=IssueWhole, responses=reading())
def show(request: Request, issue_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    """With its law, its clock and its ladder. Its `ETag` names the version that changes of it ask for."""
    return show_issue(request, session, issue_id, viewer, now)


@router.get(
    "/issues/{issue_id}/history", summary="What happened to an issue", response_model=Page[HistoryLine],
    responses=reading(),
)  # fmt: skip
def show_history(issue_id: RowId, viewer: Detailed, page: Paged, session: Db, now: Now) -> Response:
    """The newest hundred events of an issue, oldest first."""
    found = issue_page(session, issue_id, viewer, now)
    if not found.detail:
        raise Forbidden("You may see this issue, but not what was said of it.")
    return page_of(
        page, "history", HistoryLine, found.history, lambda one: one.id,
        lambda one: HistoryLine(id=one.id, at=one.at, who=one.who, verb=one.verb, data=one.data),
    )  # fmt: skip
