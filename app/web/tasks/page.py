"""The page of one task, and the answer to every form on it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.queries.tasks.page import TaskPage, task_page
from app.queries.tasks.wanted import wanted_evidence
from app.rules.access import Permission, Viewer
from app.rules.progress import State
from app.web.answers import is_fragment, own_path, see_other
from app.web.forms import RowId
from app.web.frame import in_rollout, rail
from app.web.site import Db, Desk, Guard, Now
from app.web.tasks.facts import crumbs
from app.web.tasks.rows import RowContext, shown_row
from app.web.tasks.shown import Told, shown
from app.web.templating import html

router = APIRouter()
NOTHING_TOLD = Told()


@router.get("/tasks/{task_id}")
def show(
    task_id: RowId, viewer: Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))], session: Db, now: Now
) -> Response:
    return html("tasks/show.html", **whole(task_page(session, task_id, viewer, now), viewer, NOTHING_TOLD, now))


def whole(page: TaskPage, viewer: Viewer, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the page of a task needs, frame and all."""
    desk = Desk(viewer, page.rollout)
    return {
        **in_rollout(desk, "Plan"),
        "weeks": rail(page.rollout, now),
        "crumbs": crumbs(page),
        **shown(page, told, now),
    }


def after_change(
    request: Request, session: Session, viewer: Viewer, task_id: int, now: datetime, told: Told = NOTHING_TOLD
) -> Response:
    """The answer to a form: the changed element for a script, else the page to go on with.

    A refusal is answered with 409, a fault of what was typed with 422; either shows the page with what was typed.
    """
    status = 422 if told.errors else 409 if told.stale or told.refusal else 200
    page = task_page(session, task_id, viewer, now)
    if not is_fragment(request):
        if status == 200:
            return see_other(_back(request, task_id))
        return html("tasks/show.html", status, **whole(page, viewer, told, now))
    if _asked_from(request) == f"/tasks/{task_id}":
        headers = {"HX-Retarget": "#task", "HX-Reswap": "morph:outerHTML"}
        return html("tasks/_task.html", status, headers, **whole(page, viewer, told, now))
    return _line(session, page, viewer, told, status, now)


def _line(session: Session, page: TaskPage, viewer: Viewer, told: Told, status: int, now: datetime) -> Response:
    """The task as a line of a list. What is missing is told on the task's own page, where it can be given."""
    row = page.task.row
    if told.wanted:
        return Response(status_code=204, headers={"HX-Redirect": f"/tasks/{row.id}#done"})
    wanted = wanted_evidence(session, page.rollout.playbook, [row])
    context = RowContext(viewer, page.rollout, now, wanted)
    said = ""
    if told.stale:
        said = f"Not saved: {told.stale.who} changed this in the meantime."
    elif told.refusal:
        said = told.refusal
    line = shown_row(context, page.task, said=said)
    undo = None
    if status == 200 and row.completed_at is not None:
        counts = page.task.state is State.DONE
        text = "Done." if counts else "Finished; a second person checks it."
        undo = {"text": text, "action": f"/tasks/{row.id}/reopening?version={row.version}"}
    return html("tasks/_row.html", status, row=line, undo=undo)


def _asked_from(request: Request) -> str:
    """The path of the page that a script asks from."""
    return urlsplit(request.headers.get("hx-current-url", "")).path


def _back(request: Request, task_id: int) -> str:
    """Where the form stood: a list keeps its filters and comes back to the line, else the task's own page."""
    came_from = urlsplit(request.headers.get("referer", ""))
    if came_from.path == "/today" or came_from.path.endswith("/plan"):
        query = f"?{came_from.query}" if came_from.query else ""
        return own_path(f"{came_from.path}{query}#task-{task_id}", f"/tasks/{task_id}")
    return f"/tasks/{task_id}"
