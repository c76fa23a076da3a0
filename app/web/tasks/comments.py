"""Comments on a task: written, taken away, put back, read; and whom one may call in them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from pydantic import AfterValidator
from starlette.responses import Response

from app.actions.tasks.comments import comment_on_task, remove_comment, restore_comment, see_mention
from app.queries.comments import readers_of_task, task_of_comment
from app.rules.tasks.mentions import fitting
from app.web.answers import is_fragment, see_other
from app.web.forms import Line, RowId, one_line
from app.web.site import Db, Now
from app.web.tasks.forms import Key, Reader, Typed, changed, key_of
from app.web.tasks.page import asked_from
from app.web.tasks.told import TaskTold
from app.web.templating import html

router = APIRouter()
OFFERED = 6


@router.post("/tasks/{task_id}/comments")
def write(
    request: Request,
    task_id: RowId,
    viewer: Reader,
    session: Db,
    now: Now,
    text: Typed = "",
    tell: Annotated[list[Key], Form(max_length=200)] = [],  # noqa: B006 (FastAPI copies it)
    token: Line = "",
) -> Response:
    chosen = [key_of(one) or 0 for one in tell]
    told = TaskTold(typed={"comment": text, "tell": chosen}, label="Your comment", yours=text)

    def act() -> object:
        return comment_on_task(session, task_id, text=text, tell=chosen, token=token, by=viewer, now=now)

    return changed(request, session, viewer, task_id, now, told, act)


@router.get("/tasks/{task_id}/readers")
def offer(
    task_id: RowId,
    viewer: Reader,
    session: Db,
    q: Annotated[str, Query(max_length=100), AfterValidator(one_line)] = "",
) -> Response:
    """The people who may be called in a comment and whose name begins with `q`, for a list beside the box."""
    found = fitting(readers_of_task(session, task_id, viewer), q, OFFERED)
    return html("tasks/_readers.html", people=[{"id": one.person, "name": one.name} for one in found])


@router.post("/comments/{comment_id}/removal")
def remove(request: Request, comment_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    def act() -> object:
        return remove_comment(session, comment_id, by=viewer, now=now)

    return changed(request, session, viewer, task_of_comment(session, comment_id), now, TaskTold(), act)


@router.post("/comments/{comment_id}/restoring")
def restore(request: Request, comment_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    def act() -> object:
        return restore_comment(session, comment_id, by=viewer, now=now)

    return changed(request, session, viewer, task_of_comment(session, comment_id), now, TaskTold(), act)


@router.post("/comments/{comment_id}/reading")
def read(request: Request, comment_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    """The reader needs no more reminding of it; from the day's page it then goes."""
    see_mention(session, comment_id, by=viewer, now=now)
    if is_fragment(request) and asked_from(request) == "/today":
        return Response("")
    return see_other("/today")
