"""Many tasks, changed in one step or not at all."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.actions.tasks.assignments import assign_tasks
from app.actions.tasks.bulk import MOST, complete_tasks, skip_tasks
from app.api.callers import Db
from app.api.describing import changing
from app.api.fields import LARGEST_ID, Given, Prose, RowKey, Shown
from app.api.guards import Seeing
from app.api.kinds import STALE
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.errors import Refused
from app.models import Task
from app.request import Now

router = APIRouter(tags=["tasks"], route_class=StrictRoute)


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
