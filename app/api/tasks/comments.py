"""Comments on a task: read, written, taken away, put back."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.tasks.comments import comment_on_task, remove_comment, restore_comment, see_mention
from app.api.callers import Db
from app.api.describing import changing, reading
from app.api.fields import Given, Prose, RowId, RowKey, Shown
from app.api.guards import Detailed
from app.api.intents import IntentKey
from app.api.paging import Page, Paged, page_of
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.errors import Forbidden, NotFound
from app.queries.comments import CommentLine, comments, task_of_comment
from app.queries.tasks.page import task_page
from app.request import Now
from app.rules.people.access import Viewer

router = APIRouter(tags=["comments"], route_class=StrictRoute)


class Words(Given):
    """What is said. Whoever is called by `@Full Name`, or is in `tell`, gets a message."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "The cables come on Monday, @Omar Haddad"}]})

    text: Prose
    tell: list[RowKey] = Field(default=[], max_length=200, description="People, by their ids.")


class CommentItem(Shown):
    id: int
    task: int
    person: int
    by: str
    at: datetime
    text: str
    called: list[int] = Field(description="The people it calls.")


def _of(session: Session, task_id: int, viewer: Viewer, now: Now) -> tuple[CommentLine, ...]:
    if not task_page(session, task_id, viewer, now).detail:
        raise Forbidden("You may see this task, but not what people write about it.")
    return comments(session, task_id)


def _item(task_id: int, line: CommentLine) -> CommentItem:
    return CommentItem(
        id=line.id, task=task_id, person=line.person, by=line.by, at=line.at, text=line.text,
        called=[person for person, _ in line.called],
    )  # fmt: skip


def _shown(session: Session, comment_id: int) -> CommentItem:
    session.flush()
    task_id = task_of_comment(session, comment_id)
    found = next((line for line in comments(session, task_id) if line.id == comment_id), None)
    if found is None:
        raise NotFound("comment")
    return _item(task_id, found)


@router.get(
    "/tasks/{task_id}/comments", summary="What people say", response_model=Page[CommentItem], responses=reading()
)
def list_comments(task_id: RowId, viewer: Detailed, page: Paged, session: Db, now: Now) -> Response:
    found = _of(session, task_id, viewer, now)
    return page_of(page, "comments", CommentItem, found, lambda one: one.id, lambda one: _item(task_id, one))


@router.post(
    "/tasks/{task_id}/comments", summary="Say something", status_code=201, response_model=CommentItem,
    responses=changing(),
)  # fmt: skip
def write(
    request: Request, task_id: RowId, given: Words, viewer: Detailed, session: Db, now: Now, key: IntentKey = ""
) -> Response:
    """It stands beside the task, so nobody's version of that is outdated by it."""
    row = comment_on_task(session, task_id, text=given.text, tell=given.tell, token=key, by=viewer, now=now)
    location = f"/api/v1/comments/{row.id}"
    return answer(request, _shown(session, row.id or 0), status=201, location=location)


@router.get("/comments/{comment_id}", summary="One comment", response_model=CommentItem, responses=reading())
def show(request: Request, comment_id: RowId, viewer: Detailed, session: Db, now: Now) -> Response:
    _of(session, task_of_comment(session, comment_id), viewer, now)
    return answer(request, _shown(session, comment_id))


@router.delete("/comments/{comment_id}", summary="Take your comment away", status_code=204, responses=changing())
def remove(comment_id: RowId, viewer: Detailed, session: Db, now: Now) -> Response:
    """A comment never changes, so no version is asked for. Taken away already is quiet."""
    remove_comment(session, comment_id, by=viewer, now=now)
    return Response(status_code=204)


@router.put("/comments/{comment_id}", summary="Put your comment back", response_model=CommentItem, responses=changing())
def restore(request: Request, comment_id: RowId, viewer: Detailed, session: Db, now: Now) -> Response:
    """There already is quiet."""
    restore_comment(session, comment_id, by=viewer, now=now)
    return answer(request, _shown(session, comment_id))


@router.put("/comments/{comment_id}/seen", summary="You have read it", status_code=204, responses=changing())
def see(comment_id: RowId, viewer: Detailed, session: Db, now: Now) -> Response:
    """A comment that calls you stands on your day until you have read or answered it."""
    see_mention(session, comment_id, by=viewer, now=now)
    return Response(status_code=204)
