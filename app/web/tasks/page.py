"""The page of one task, and the answer to every form on it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.queries.tasks.page import TaskLine, TaskPage, task_line, task_page
from app.queries.tasks.wanted import wanted_evidence
from app.rules.people.access import Permission, Viewer
from app.rules.tasks.progress import State
from app.web.answers import is_fragment, own_path, see_other
from app.web.forms import RowId
from app.web.frame import in_rollout, rail
from app.web.issues.list import report_address
from app.web.lessons.beside import learns
from app.web.meetings.beside import remarks_beside
from app.web.site import Db, Desk, Guard, Now
from app.web.tasks.facts import crumbs
from app.web.tasks.rows import RowContext, shown_row
from app.web.tasks.shown import shown
from app.web.tasks.told import TaskTold
from app.web.tasks.undo import Flash, remember, undo_of
from app.web.templating import html

router = APIRouter()
NOTHING = TaskTold()
NEAR = 40
"""As many neighbours of a task bring its page up to date when they change."""


@router.get("/tasks/{task_id}")
def show(
    task_id: RowId,
    viewer: Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))],
    session: Db,
    now: Now,
    done: Flash,
    correct: Annotated[str, Query(max_length=3)] = "",
) -> Response:
    told = TaskTold(correcting=correct == "yes")
    page = task_page(session, task_id, viewer, now)
    return html("tasks/show.html", **whole(session, page, viewer, told, now), flash=done)


def whole(session: Session, page: TaskPage, viewer: Viewer, told: TaskTold, now: datetime) -> dict[str, Any]:
    """Everything the page of a task needs, frame and all."""
    desk, task_id = Desk(viewer, page.rollout), page.task.row.id
    return {
        **in_rollout(desk, "Plan"),
        "weeks": rail(page.rollout, now),
        "crumbs": crumbs(page),
        "report_href": report_address(desk, page.place.slug if page.place else "", task_id),
        "near": [one.row.id for one in (*page.waits_for, *page.holds_up)][:NEAR],
        "beside": remarks_beside(session, desk, page.place, now, ("task", task_id)),
        "learns": learns(desk, page.place, f"task-{task_id}"),
        **shown(page, secrets.token_urlsafe(12), told, now),
    }


def after_change(
    request: Request, session: Session, viewer: Viewer, task_id: int, now: datetime, told: TaskTold = NOTHING
) -> Response:
    """The answer to a form: the changed element for a script, else the page to go on with.

    A refusal is answered with 409, a fault of what was typed with 422; either shows the page with what was typed.
    """
    status = told.status
    if status != 200 and not is_fragment(request):
        return page_again(request, session, viewer, task_id, now, told)
    if asked_from(request) == f"/tasks/{task_id}" and is_fragment(request):
        page = task_page(session, task_id, viewer, now)
        undo = undo_of(request.url.path, page.task.row.version) if status == 200 else None
        return _whole_task(request, session, page, viewer, told, status, undo, now)
    line = task_line(session, task_id, viewer, now)
    if not is_fragment(request):
        return remember(see_other(_back(request, task_id)), request, line.task.row.version)
    if asked_from(request) == "/today" and request.url.path.startswith("/comments/"):
        return Response("", headers={"HX-Reswap": "delete"})
    return _line(session, line, viewer, told, status, now)


def page_again(
    request: Request, session: Session, viewer: Viewer, task_id: int, now: datetime, told: TaskTold
) -> Response:
    """The page of the task with what was typed, kept or refused."""
    page = task_page(session, task_id, viewer, now)
    if is_fragment(request):
        return _whole_task(request, session, page, viewer, told, told.status, None, now)
    told = replace(told, correcting=_correcting(request))
    return html("tasks/show.html", told.status, **whole(session, page, viewer, told, now), flash=None)


def _whole_task(
    request: Request,
    session: Session,
    page: TaskPage,
    viewer: Viewer,
    told: TaskTold,
    status: int,
    undo: dict[str, Any] | None,
    now: datetime,
) -> Response:
    headers = {"HX-Retarget": "#task", "HX-Reswap": "morph:outerHTML"}
    told = replace(told, correcting=_correcting(request))
    return html("tasks/_changed.html", status, headers, **whole(session, page, viewer, told, now), done=undo)


def _line(session: Session, page: TaskLine, viewer: Viewer, told: TaskTold, status: int, now: datetime) -> Response:
    """The task as a line of a list. What is missing is told on the task's own page, where it can be given."""
    row = page.task.row
    if told.wanted:
        return Response(status_code=204, headers={"HX-Redirect": f"/tasks/{row.id}#done"})
    wanted = wanted_evidence(session, page.rollout, [row])
    context = RowContext(viewer, page.rollout, now, wanted)
    said = ""
    if told.stale:
        said = f"Not saved: {told.stale.who} changed this in the meantime."
    elif told.refusal:
        said = told.refusal
    line = shown_row(context, page.task, said=said)
    undo = None
    if status == 200 and row.completed_at is not None:
        undo = undo_of(f"/tasks/{row.id}/completion", row.version)
        if undo and page.task.state is not State.DONE:
            undo = {**undo, "text": "Finished; a second person checks it."}
    return html("tasks/_row.html", status, row=line, done=undo)


def _correcting(request: Request) -> bool:
    """Whether the form stood on the page that offers to correct what is done."""
    came_from = request.headers.get("hx-current-url") or request.headers.get("referer", "")
    return "correct=yes" in urlsplit(came_from).query


def asked_from(request: Request) -> str:
    """The path of the page that a script asks from."""
    return urlsplit(request.headers.get("hx-current-url", "")).path


def _back(request: Request, task_id: int) -> str:
    """Where the form stood: a list keeps its filters and comes back to the line, else the task's own page."""
    came_from = urlsplit(request.headers.get("referer", ""))
    if came_from.path == "/today" or came_from.path.endswith("/plan"):
        query = f"?{came_from.query}" if came_from.query else ""
        return own_path(f"{came_from.path}{query}#task-{task_id}", f"/tasks/{task_id}")
    return f"/tasks/{task_id}"
