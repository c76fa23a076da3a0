"""Tasks that no playbook foresaw, and whose a task is."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field
from starlette.responses import Response

from app.actions.tasks.added import add_task, change_added_task
from app.actions.tasks.assignments import assign_tasks
from app.api.callers import Db
from app.api.describing import changing, versioned
from app.api.fields import Day, Given, Line, PlaceId, Prose, RoleId, RowKey
from app.api.guards import Seeing
from app.api.intents import IntentKey
from app.api.reading import StrictRoute
from app.api.tasks.change import Changing, TaskChange
from app.api.tasks.shapes import TaskWhole
from app.api.tasks.whole import show_task
from app.request import Now

router = APIRouter(tags=["tasks"], route_class=StrictRoute)


class NewTask(Given):
    """Work for one location, or for all; held by a role, or by one person who holds a role there."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"title": "Order cables", "due": "2027-01-15", "location": "alder", "role": "champion"}]
        }
    )

    title: Line
    how: Prose = ""
    due: Day | None = None
    location: PlaceId | None = Field(None, description="Null for all locations.")
    role: RoleId | None = None
    person: RowKey | None = None
    workstream: Line = ""


class Details(Given):
    title: Line
    how: Prose = ""
    due: Day | None = None


class Assignee(Given):
    person: RowKey


@router.post(
    "/rollouts/{slug}/tasks", summary="Add a task", status_code=201, response_model=TaskWhole, responses=changing()
)
def add(request: Request, given: NewTask, desk: Seeing, session: Db, now: Now, key: IntentKey = "") -> Response:
    """By hand, beside those of the playbook."""
    place = desk.rollout.named(given.location)
    row = add_task(
        session, desk.rollout.id, title=given.title, how=given.how, due=given.due,
        location_id=place.id if place else None, role=given.role or "", person=given.person,
        workstream=given.workstream, token=key, by=desk.viewer, now=now,
    )  # fmt: skip
    location = f"/api/v1/tasks/{row.id}"
    return show_task(request, session, row.id or 0, desk.viewer, now, status=201, location=location)


@router.put(
    "/tasks/{task_id}/details", summary="Correct an added task", response_model=TaskWhole, responses=versioned()
)
def correct(change: Changing, given: Details) -> Response:
    """Its title, text and day; 404 for a task of the playbook."""
    return change.make_seen(change_added_task, title=given.title, how=given.how, due=given.due)


@router.put(
    "/tasks/{task_id}/assignment", summary="Give a task to a person", response_model=TaskWhole, responses=versioned()
)
def assign(change: Changing, given: Assignee) -> Response:
    """Rather than to everybody of the role. Theirs already is quiet."""
    return _assign(change, given.person)


@router.delete(
    "/tasks/{task_id}/assignment", summary="Give a task back to its role", response_model=TaskWhole,
    responses=versioned(),
)  # fmt: skip
def unassign(change: Changing) -> Response:
    return _assign(change, None)


def _assign(change: TaskChange, person: int | None) -> Response:
    def assign_one(session: Any, task_id: int, *, seen: int, **who: Any) -> object:
        return assign_tasks(session, {task_id: seen}, person, **who)

    return change.make_seen(assign_one)
