"""Tasks, changed: one address for each thing that can be said of one, and the version that was seen with each."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import ConfigDict, Field
from starlette.responses import Response

from app.actions.tasks.answers import answer_table, answer_task
from app.actions.tasks.blocks import block_again, block_task, unblock_task
from app.actions.tasks.checklists import check_item, uncheck_item
from app.actions.tasks.completion import complete_task, reopen_task, skip_task
from app.api.describing import versioned
from app.api.fields import ChecklistPath, Day, Given, Line, LinePath, Prose, RowKey
from app.api.reading import StrictRoute
from app.api.tasks.change import Changing
from app.api.tasks.shapes import TaskWhole

router = APIRouter(tags=["tasks"], route_class=StrictRoute)


class Reason(Given):
    reason: Prose = Field("", description="Why it does not apply; an optional task needs none.")


class Stop(Given):
    """Why a task cannot go on, and what it waits for: words, or a task or a person of the rollout."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "No power in the room", "expected": "2027-02-08"}]}
    )

    reason: Prose
    waits_for: Line = ""
    task: RowKey | None = None
    person: RowKey | None = None
    expected: Day | None = Field(None, description="Until when it is expected to last.")


class Answered(Given):
    """An answer as one would type it: a text, a list of choices, or the rows of a table by column."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"value": "120"}, {"path": "reading-room.phones", "value": "pass"}]}
    )

    path: ChecklistPath = ""
    value: Prose | list[Line] | list[dict[str, Line]] = Field(max_length=20_000)


@router.put(
    "/tasks/{task_id}/completion", summary="Say that a task is done", response_model=TaskWhole, responses=versioned()
)
def complete(change: Changing) -> Response:
    """Done already is quiet. 409 with `missing` where something is still wanted."""
    return change.make_seen(complete_task)


@router.delete(
    "/tasks/{task_id}/completion", summary="Take a task up again", response_model=TaskWhole, responses=versioned()
)
def reopen(change: Changing) -> Response:
    """Its signatures fall. Open already is quiet."""
    return change.make_seen(reopen_task)


@router.put(
    "/tasks/{task_id}/skip", summary="Set a task aside as not applicable", response_model=TaskWhole,
    responses=versioned(),
)  # fmt: skip
def skip(change: Changing, given: Reason) -> Response:
    return change.make_seen(skip_task, reason=given.reason)


@router.put("/tasks/{task_id}/block", summary="Block a task", response_model=TaskWhole, responses=versioned())
def block(change: Changing, given: Stop) -> Response:
    """The same again is quiet; another reason takes its place."""
    return change.make_seen(block_task, **given.model_dump())


@router.delete("/tasks/{task_id}/block", summary="A task can go on", response_model=TaskWhole, responses=versioned())
def unblock(change: Changing) -> Response:
    return change.make_seen(unblock_task)


@router.put(
    "/tasks/{task_id}/block/again", summary="Block a task as it was", response_model=TaskWhole, responses=versioned()
)
def block_as_before(change: Changing) -> Response:
    """Takes back that it can go on. Blocked already is quiet."""
    return change.make_seen(block_again)


@router.put("/tasks/{task_id}/answer", summary="Answer a task", response_model=TaskWhole, responses=versioned())
def give_answer(change: Changing, given: Answered) -> Response:
    """An answer to the task, or to the line of its checklist at `path`, in place of an older one."""
    if isinstance(given.value, str):
        return change.make_seen(answer_task, text=given.value, path=given.path)
    if all(isinstance(one, str) for one in given.value):
        return change.make_seen(answer_task, text="\n".join(map(str, given.value)), path=given.path)
    return change.make_seen(answer_table, rows=given.value, path=given.path)


@router.put("/tasks/{task_id}/checklist/{path}", summary="Tick a line", response_model=TaskWhole, responses=versioned())
def tick(change: Changing, path: LinePath) -> Response:
    """Two people may tick different lines from the same version; the same line is stale for the second."""
    return change.make_seen(check_item, path=path)


@router.delete(
    "/tasks/{task_id}/checklist/{path}", summary="Take a tick back", response_model=TaskWhole, responses=versioned()
)
def untick(change: Changing, path: LinePath) -> Response:
    return change.make_seen(uncheck_item, path=path)
