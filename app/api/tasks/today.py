"""The caller's own day: what is due, what comes soon, what was done, what others still have to finish."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.api.callers import Db
from app.api.describing import reading
from app.api.fields import Shown, Whole
from app.api.guards import Owner
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.api.tasks.shapes import TaskItem, task_item
from app.queries.tasks.today import MyTask, today
from app.request import Now

router = APIRouter(tags=["tasks"], route_class=StrictRoute)


class Mine(Shown):
    """A task that is the caller's to do."""

    task: TaskItem
    today: date = Field(description="The day at the place of the task.")
    evidence: str = Field(description="The kind of proof still to attach; empty when none is.")


class Awaited(Shown):
    """Somebody else's task that one of the caller's waits for."""

    id: int
    title: str
    location: str | None
    names: list[str] = Field(description="Who holds it.")


class Totals(Shown):
    """How many tasks each list has, shown or not."""

    due: int
    late: int = Field(description="Of those due.")
    soon: int
    done: int
    handed_in: int


class Day(Shown):
    """Lists in the order of due days, each cut to `limit`; `totals` counts all of each."""

    due: list[Mine] = Field(description="Late, or due by the end of the day at its place.")
    soon: list[Mine] = Field(description="Due in the next seven days, or blocked.")
    done: list[Mine] = Field(description="Finished today.")
    handed_in: list[Mine] = Field(description="Done by the caller, to be checked or signed by somebody else.")
    awaited: list[Awaited]
    totals: Totals


@router.get("/today", summary="Your day", response_model=Day, responses=reading())
def show(
    request: Request,
    viewer: Owner,
    session: Db,
    now: Now,
    limit: Annotated[int, Field(ge=1, le=200), Whole, Query()] = 50,
) -> Response:
    """Over every rollout in which you hold a role."""
    found = today(session, viewer, now, limit)
    day = Day(
        due=[_mine(one) for one in found.due],
        soon=[_mine(one) for one in found.soon],
        done=[_mine(one) for one in found.done],
        handed_in=[_mine(one) for one in found.handed_in],
        awaited=[
            Awaited(
                id=one.task.row.id,
                title=one.task.row.title,
                location=one.place.slug if one.place else None,
                names=list(one.names),
            )
            for one in found.awaited
        ],
        totals=Totals(**{name: getattr(found.totals, name) for name in Totals.model_fields}),
    )
    return answer(request, day)


def _mine(one: MyTask) -> Mine:
    return Mine(task=task_item(one.rollout, one.task), today=one.today, evidence=one.evidence)
