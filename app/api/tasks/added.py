"""Tasks that no playbook foresaw, and whose a task is: one at a time, or many in one step."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.actions.added_tasks import add_task, change_added_task
from app.actions.assignments import assign_tasks
from app.actions.bulk import MOST, complete_tasks, skip_tasks
from app.api.describing import changing, versioned
from app.api.fields import LARGEST_ID, Day, Given, Line, PlaceId, Prose, RoleId, RowKey, Shown
from app.api.guards import Db, Seeing
from app.api.intents import IntentKey
from app.api.kinds import STALE
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.api.tasks.changes import Change, Changing
from app.api.tasks.shapes import TaskWhole
from app.api.tasks.whole import show_task
from app.errors import Invalid, Refused
from app.models import Task
from app.request import Now

router = APIRouter(tags=["tasks"], route_class=StrictRoute)


class NewTask(Given):
    """Work for one location, or for all; held by a role, or by one person who holds a role there."""

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


class Picked(Given):
    """A task, and the version of it that was seen."""

    id: RowKey
    version: int = Field(ge=0, le=LARGEST_ID)


class Many(Given):
    """All or none of them is changed."""

    tasks: list[Picked] = Field(min_length=1, max_length=MOST)


class Giving(Many):
    person: RowKey | None = Field(None, description="Null: back to the role of their owner.")


class Skipping(Many):
    reason: Prose = ""


class Changed(Shown):
    """The tasks that changed, each with its version now; what was so already is left out."""

    tasks: list[dict[str, int]]


@router.post(
    "/rollouts/{slug}/tasks", summary="Add a task", status_code=201, response_model=TaskWhole, responses=changing()
)
def add(request: Request, given: NewTask, desk: Seeing, session: Db, now: Now, key: IntentKey = "") -> Response:
    """By hand, beside those of the playbook."""
    place = next((one for one in desk.rollout.locations if one.slug == given.location), None)
    if given.location is not None and place is None:
        raise Invalid({"location": "There is no such location."})
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
    return change.make(change_added_task, title=given.title, how=given.how, due=given.due)


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


def _assign(change: Change, person: int | None) -> Response:
    def assign_one(session: Any, task_id: int, *, seen: int, **who: Any) -> object:
        return assign_tasks(session, {task_id: seen}, person, **who)

    return change.make(assign_one)


@router.post(
    "/rollouts/{slug}/many/assignment", summary="Give many tasks to a person", response_model=Changed,
    responses=changing(STALE),
)  # fmt: skip
def assign_many(request: Request, given: Giving, desk: Seeing, session: Db, now: Now) -> Response:
    """One message for all of them."""
    return _done(request, assign_tasks(session, _seen(given), given.person, by=desk.viewer, now=now))


@router.post(
    "/rollouts/{slug}/many/completion", summary="Say that many tasks are done", response_model=Changed,
    responses=changing(STALE),
)  # fmt: skip
def complete_many(request: Request, given: Many, desk: Seeing, session: Db, now: Now) -> Response:
    return _done(request, complete_tasks(session, _seen(given), by=desk.viewer, now=now))


@router.post(
    "/rollouts/{slug}/many/skip", summary="Set many tasks aside", response_model=Changed, responses=changing(STALE)
)
def skip_many(request: Request, given: Skipping, desk: Seeing, session: Db, now: Now) -> Response:
    return _done(request, skip_tasks(session, _seen(given), reason=given.reason, by=desk.viewer, now=now))


def _seen(given: Many) -> dict[int, int]:
    found = {one.id: one.version for one in given.tasks}
    if len(found) < len(given.tasks):
        raise Refused("A task stands here twice.")
    return found


def _done(request: Request, tasks: list[Task]) -> Response:
    return answer(request, Changed(tasks=[{"id": task.id or 0, "version": task.version} for task in tasks]))
