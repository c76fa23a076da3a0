"""The caller's own day: what is due, what comes soon, what was done, what others still have to finish."""

from __future__ import annotations

from datetime import date, datetime
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
from app.queries.comments import Call, calls_of
from app.queries.tasks.signoffs import ToSign as Unsigned
from app.queries.tasks.signoffs import to_sign
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
    awaited: int
    calls: int
    to_sign: int


class CallItem(Shown):
    """A comment that calls the caller, who has neither read nor answered it."""

    id: int = Field(description="Of the comment.")
    task: int
    title: str = Field(description="Of the task.")
    person: int
    by: str
    at: datetime
    text: str


class ToSign(Shown):
    """Completed work that waits for the caller's check or signature, which only its page takes."""

    task: int
    title: str
    rollout: int
    location: int | None = Field(description="The key of the location.")
    completed_at: datetime
    kind: str = Field(description="verify (a second person's check) or sign_off.")
    roles: list[str]


class Day(Shown):
    """Lists in the order of due days, each cut to `limit`; `totals` counts all of each."""

    due: list[Mine] = Field(description="Late, or due by the end of the day at its place.")
    soon: list[Mine] = Field(description="Due in the next seven days, or blocked.")
    done: list[Mine] = Field(description="Finished today.")
    handed_in: list[Mine] = Field(description="Done by the caller, to be checked or signed by somebody else.")
    awaited: list[Awaited]
    calls: list[CallItem] = Field(description="What others ask the caller in comments, oldest first.")
    to_sign: list[ToSign] = Field(description="What waits for the caller's check or signature, oldest first.")
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
    calls, signs = calls_of(session, viewer), to_sign(session, viewer)
    more = {"awaited": len(found.awaited), "calls": len(calls), "to_sign": len(signs)}
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
            for one in found.awaited[:limit]
        ],
        calls=[_call(one) for one in calls[:limit]],
        to_sign=[_to_sign(one) for one in signs[:limit]],
        totals=Totals(**vars(found.totals), **more),
    )
    return answer(request, day)


def _call(one: Call) -> CallItem:
    return CallItem(
        id=one.comment, task=one.task, title=one.title, person=one.person, by=one.by, at=one.at, text=one.text
    )


def _to_sign(one: Unsigned) -> ToSign:
    return ToSign(
        task=one.task_id, title=one.title, rollout=one.rollout_id, location=one.location_id, completed_at=one.at,
        kind=one.wanted.kind, roles=list(one.wanted.roles),
    )  # fmt: skip


def _mine(one: MyTask) -> Mine:
    return Mine(task=task_item(one.rollout, one.task), today=one.today, evidence=one.evidence)
