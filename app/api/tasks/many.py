"""Many tasks, changed in one step or not at all."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.tasks.assignments import assign_tasks
from app.actions.tasks.bulk import MOST, complete_tasks, skip_tasks
from app.api.callers import Db, asks_dry
from app.api.describing import changing
from app.api.fields import LARGEST_ID, Given, Prose, RowKey, Shown
from app.api.guards import Desk, Seeing
from app.api.kinds import STALE
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.errors import Refused
from app.models import Task
from app.queries.people import holders
from app.queries.tasks.bulk import chosen_tasks, outcome
from app.queries.tasks.picking import Reader
from app.request import Now
from app.rules.tasks.bulk import Act

router = APIRouter(tags=["tasks"], route_class=StrictRoute)


class Picked(Given):
    """A task, and the version of it that was seen."""

    id: RowKey
    version: int = Field(ge=0, le=LARGEST_ID)


class Many(Given):
    """All or none of them is changed. Where some were changed meanwhile (412), `ids` names them."""

    tasks: list[Picked] = Field(min_length=1, max_length=MOST)
    dry: bool = Field(False, description="Change nothing: say which tasks would change, and why the others would not.")


class Giving(Many):
    person: RowKey | None = Field(None, description="Null: back to the role of their owner.")


class Skipping(Many):
    reason: Prose = ""


class Left(Shown):
    """A task that would stay as it is."""

    id: int
    reason: str


class Changed(Shown):
    """The tasks that changed, or would, each with its version now; what was so already is left out."""

    done: bool = Field(description="False where it was asked what would change.")
    tasks: list[dict[str, int]]
    left: list[Left] = Field(description="Of those that were named; only where it was asked what would change.")


@router.post(
    "/rollouts/{slug}/many/assignment", summary="Give many tasks to a person", response_model=Changed,
    responses=changing(STALE),
)  # fmt: skip
@asks_dry
def assign_many(request: Request, given: Giving, desk: Seeing, session: Db, now: Now) -> Response:
    """One message for all of them."""
    if given.dry:
        return _would(request, session, desk, given, Act.ASSIGN, now, given.person)
    return _done(request, assign_tasks(session, _seen(given), given.person, **_by(desk, now)))


@router.post(
    "/rollouts/{slug}/many/completion", summary="Say that many tasks are done", response_model=Changed,
    responses=changing(STALE),
)  # fmt: skip
@asks_dry
def complete_many(request: Request, given: Many, desk: Seeing, session: Db, now: Now) -> Response:
    if given.dry:
        return _would(request, session, desk, given, Act.COMPLETE, now)
    return _done(request, complete_tasks(session, _seen(given), **_by(desk, now)))


@router.post(
    "/rollouts/{slug}/many/skip", summary="Set many tasks aside", response_model=Changed, responses=changing(STALE)
)
@asks_dry
def skip_many(request: Request, given: Skipping, desk: Seeing, session: Db, now: Now) -> Response:
    if given.dry:
        return _would(request, session, desk, given, Act.SKIP, now)
    return _done(request, skip_tasks(session, _seen(given), reason=given.reason, **_by(desk, now)))


def _seen(given: Many) -> dict[int, int]:
    found = {one.id: one.version for one in given.tasks}
    if len(found) < len(given.tasks):
        raise Refused("A task stands here twice.")
    return found


def _by(desk: Desk, now: Now) -> dict[str, Any]:
    """Who asks, when, and of which rollout."""
    return {"within": desk.rollout.id, "by": desk.viewer, "now": now}


def _done(request: Request, tasks: list[Task]) -> Response:
    changed = [{"id": task.id or 0, "version": task.version} for task in tasks]
    return answer(request, Changed(done=True, tasks=changed, left=[]))


def _would(
    request: Request, session: Session, desk: Desk, given: Many, act: Act, now: Now, person: int | None = None
) -> Response:
    """As the page shows it before it is done: tasks that you may not see are in neither list."""
    rollout, reader = desk.rollout, Reader(desk.viewer, holders(session, desk.rollout.id, desk.extent, now))
    tasks, _ = chosen_tasks(session, rollout, desk.extent, _seen(given).keys(), now)
    found = outcome(session, rollout, tasks, act, person, reader)
    changed = [{"id": task.row.id, "version": task.row.version} for task in found.changed]
    left = [Left(id=task.row.id, reason=reason) for task, reason in found.left]
    return answer(request, Changed(done=False, tasks=changed, left=left))
