"""Tasks, read: the plan as a list with the filters of its page, one task whole, and its history."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi import Request as HttpRequest
from pydantic import Field
from starlette.responses import Response

from app.api.callers import Db
from app.api.describing import reading
from app.api.fields import LARGEST_ID, Day, RowId, Whole, Word
from app.api.guards import Detailed, Reader, Seeing
from app.api.kinds import REFUSED
from app.api.paging import Page, Paged, cut_page, page_of
from app.api.reading import StrictRoute
from app.api.tasks.said import HistoryLine
from app.api.tasks.shapes import TaskItem, TaskWhole, task_item
from app.api.tasks.whole import show_task
from app.errors import Forbidden
from app.queries.events import history
from app.queries.people import holders
from app.queries.tasks import picking
from app.queries.tasks.after import tasks_after
from app.queries.tasks.page import task_page
from app.request import Now
from app.rules.tasks.filtering import ALL, PlanFilter

router = APIRouter(tags=["tasks"], route_class=StrictRoute)
LARGEST_WEEK = 1_000


async def plan_filter(
    location: Annotated[Word, Query(description="A location's id, or `shared` for what exists once.")] = "",
    wave: Annotated[Word, Query(description="A wave's id: its own tasks and those of its locations.")] = "",
    workstream: Annotated[Word, Query(description="A workstream's id, or `none`.")] = "",
    phase: Annotated[Word, Query(description="A phase's id, or `none`.")] = "",
    role: Annotated[Word, Query(description="A role that owns the task.")] = "",
    person: Annotated[Word, Query(description="`me`, `unowned`, or a person's id.")] = "",
    state: Annotated[Word, Query(description="A state, or `open`, `trouble`, `all`.")] = ALL,
    week: Annotated[
        int, Field(ge=0, le=LARGEST_WEEK), Whole, Query(description="A week of the rollout, from 1; 0: all.")
    ] = 0,
    since: Annotated[Day | None, Query(description="Due on that day or later.")] = None,
    until: Annotated[Day | None, Query(description="Due on that day or before.")] = None,
    critical: Annotated[bool, Query(description="Only critical ones.")] = False,
    q: Annotated[Word, Query(description="Words of the title, in any case.")] = "",
) -> PlanFilter:
    return PlanFilter(location, wave, workstream, phase, role, person, state, week, since, until, critical, q)


@router.get(
    "/rollouts/{slug}/tasks", summary="The plan as a list", response_model=Page[TaskItem], responses=reading(REFUSED)
)
def list_tasks(
    desk: Seeing,
    wanted: Annotated[PlanFilter, Depends(plan_filter)],
    page: Paged,
    session: Db,
    now: Now,
) -> Response:
    """The tasks that you may see, in the order of their ids, each with the facts that every figure is counted from."""
    rollout, after, now = desk.rollout, page.after("tasks"), desk.counted_at(now)
    reader = picking.Reader(desk.viewer, holders(session, rollout.id, desk.extent, now))
    found = []
    if after <= LARGEST_ID:
        found = tasks_after(session, rollout, desk.extent, wanted, reader, after, page.limit + 1, now)
    return cut_page(page, "tasks", TaskItem, found, lambda one: one.row.id, lambda one: task_item(rollout, one))


@router.get("/tasks/{task_id}", summary="One task", response_model=TaskWhole, responses=reading())
def show(request: HttpRequest, task_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    """Everything that has been said of a task. Its `ETag` names the version that every change of it asks for."""
    return show_task(request, session, task_id, viewer, now)


@router.get(
    "/tasks/{task_id}/history", summary="What happened to a task", response_model=Page[HistoryLine],
    responses=reading(),
)  # fmt: skip
def show_history(task_id: RowId, viewer: Detailed, page: Paged, session: Db, now: Now) -> Response:
    """The newest hundred events of a task, oldest first."""
    if not task_page(session, task_id, viewer, now).detail:
        raise Forbidden("You may see this task, but not what was said of it.")
    found = history(session, "task", task_id)
    return page_of(
        page, "history", HistoryLine, found, lambda one: one.id,
        lambda one: HistoryLine(id=one.id, at=one.at, who=one.who, verb=one.verb, data=one.data),
    )  # fmt: skip
