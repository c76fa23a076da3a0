"""Forms that change a task. One address a change; each names the version of the task that its form showed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from app.actions.tasks.added import change_added_task
from app.actions.tasks.answers import answer_table, answer_task
from app.actions.tasks.blocks import block_again, block_task, unblock_task
from app.actions.tasks.checklists import check_item, uncheck_item
from app.actions.tasks.completion import complete_task, reopen_task, skip_task
from app.queries.tasks.awaited import tasks_to_wait_for
from app.web.forms import Line, day_of
from app.web.tasks.forms import Day, Doing, Key, LineField, LinePath, Typed, key_of
from app.web.tasks.tables import rows_of_cells
from app.web.tasks.told import TaskTold

router = APIRouter()
Cells = Annotated[list[Typed], Form()]
ColumnId = Annotated[str, Form(pattern=r"^[a-z0-9-]{1,48}$")]
Part = Annotated[str, Form(max_length=10)]


@router.post("/tasks/{task_id}/completion")
def complete(form: Doing) -> Response:
    return form.make(complete_task, TaskTold(form="done", yours="It is done"))


@router.post("/tasks/{task_id}/reopening")
def reopen(form: Doing) -> Response:
    return form.make(reopen_task, TaskTold(form="done", yours="Take it up again"))


@router.post("/tasks/{task_id}/setting-aside")
def set_aside(form: Doing, reason: Typed = "") -> Response:
    told = TaskTold(
        typed={"aside": reason}, form="done", yours=f"It does not apply: {reason}", sent=(("reason", reason),)
    )
    return form.make(skip_task, told, reason=reason)


@router.post("/tasks/{task_id}/block")
def block(
    form: Doing,
    reason: Typed = "",
    waits_for: Line = "",
    waits_task: Key = "",
    waits_person: Key = "",
    expected: Day = "",
    find: Line = "",
    part: Part = "",
) -> Response:
    """`part` find only looks for the task that it waits for, and keeps what was typed."""
    sent = {
        "reason": reason,
        "waits_for": waits_for,
        "waits_task": waits_task,
        "waits_person": waits_person,
        "expected": expected,
    }
    told = TaskTold(
        typed={**sent, "find": find}, form="block", label="What is in the way", yours=reason, sent=tuple(sent.items())
    )
    if part == "find":
        found = tasks_to_wait_for(form.session, form.task_id, form.viewer, find, form.now)
        told = TaskTold(typed=told.typed, offered=found)
        return form.answer(told)

    def change(*where: Any, **who: Any) -> object:
        return block_task(*where, expected=day_of("expected", expected), **who)

    awaited = {"waits_for": waits_for, "task": key_of(waits_task), "person": key_of(waits_person)}
    return form.make(change, told, reason=reason, **awaited)


@router.post("/tasks/{task_id}/block/again")
def block_as_before(form: Doing) -> Response:
    return form.make(block_again, TaskTold(form="block", label="What is in the way", yours="Blocked as it was"))


@router.post("/tasks/{task_id}/unblocking")
def unblock(form: Doing) -> Response:
    return form.make(unblock_task, TaskTold(form="block", label="What is in the way", yours="It can go on"))


@router.post("/tasks/{task_id}/answer")
def answer(
    form: Doing,
    answer: Annotated[list[Typed], Form()] = [],  # noqa: B006 (FastAPI copies it)
    path: LineField = "",
) -> Response:
    text = "\n".join(answer)
    sent = (("path", path), *(("answer", line) for line in answer))
    told = TaskTold(typed={f"answer:{path}": text}, form=f"answer:{path}", label="Answer", yours=text, sent=sent)
    return form.make(answer_task, told, text=text, path=path)


@router.post("/tasks/{task_id}/table")
def answer_rows(
    form: Doing,
    column: Annotated[list[ColumnId], Form(max_length=100)],
    cell: Cells = [],  # noqa: B006 (FastAPI copies it)
    path: LineField = "",
    part: Part = "",
) -> Response:
    """A table, cell by cell. `part` row only adds empty rows to the form, and keeps what was typed."""
    rows = rows_of_cells(column, cell)
    words = "\n".join(" | ".join(row.values()) for row in rows if any(row.values()))
    sent = (("path", path), *(("column", one) for one in column), *(("cell", one) for one in cell))
    told = TaskTold(typed={f"answer:{path}": rows}, form=f"answer:{path}", label="Answer", yours=words, sent=sent)
    if part == "row":
        more = TaskTold(typed={f"answer:{path}": [*rows, {}]})
        return form.answer(more)
    return form.make(answer_table, told, rows=rows, path=path)


@router.post("/tasks/{task_id}/checklist/{path}/tick")
def tick(form: Doing, path: LinePath) -> Response:
    return form.make(check_item, TaskTold(form=f"tick:{path}", yours="Ticked"), path=path)


@router.post("/tasks/{task_id}/checklist/{path}/untick")
def untick(form: Doing, path: LinePath) -> Response:
    return form.make(uncheck_item, TaskTold(form=f"tick:{path}", yours="Not ticked"), path=path)


@router.post("/tasks/{task_id}/details")
def change_details(form: Doing, title: Line = "", how: Typed = "", due: Day = "") -> Response:
    """The texts and the day of a task that somebody added by hand."""
    sent = {"title": title, "how": how, "due": due}
    told = TaskTold(typed=sent, form="details", label="The task", yours=title, sent=tuple(sent.items()))

    def change(*where: Any, **who: Any) -> object:
        return change_added_task(*where, due=day_of("due", due), **who)

    return form.make(change, told, title=title, how=how)
