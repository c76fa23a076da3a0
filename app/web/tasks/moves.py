"""Moving a task: the page that shows what moves with it, and the step that does it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from sqlmodel import Session
from starlette.responses import Response

from app.actions.schedule.moves import Move, move_task, planned_task_move
from app.errors import Forbidden, Invalid, Refused, Stale
from app.queries.tasks.page import TaskPage, task_page
from app.rules.people.access import Permission, Viewer
from app.web.answers import see_other
from app.web.forms import Prose, RowId, day_of
from app.web.frame import in_rollout, rail
from app.web.moved import shown_move
from app.web.site import Db, Desk, Guard, Now
from app.web.tasks.facts import crumbs
from app.web.tasks.rows import titled
from app.web.templating import html

router = APIRouter()
Mover = Annotated[Viewer, Depends(Guard(Permission.MOVE))]
Day = Annotated[str, Form(max_length=10)]
AskedDay = Annotated[str, Query(max_length=10)]


@router.get("/tasks/{task_id}/move")
def ask(
    task_id: RowId, viewer: Mover, session: Db, now: Now, due: AskedDay = "", begins: AskedDay = "", back: AskedDay = ""
) -> Response:
    page = _page(session, task_id, viewer, now)
    typed = {"due": due, "begins": begins, "reason": "", "back": back}
    if not due and not back:
        return _show(page, viewer, typed, now)
    try:
        to = None if back else day_of("due", due)
        move = planned_task_move(session, task_id, due=to, begins=day_of("begins", begins), by=viewer, now=now)
    except Invalid as fault:
        return _show(page, viewer, typed, now, errors=fault.fields)
    except Refused as refusal:
        return _show(page, viewer, typed, now, refusal=refusal)
    return _show(page, viewer, typed, now, move)


@router.post("/tasks/{task_id}/move")
def move(
    task_id: RowId, viewer: Mover, session: Db, now: Now,
    due: Day = "", begins: Day = "", back: Day = "", reason: Prose = "",
    shown: Annotated[str, Form(max_length=64)] = "",
) -> Response:  # fmt: skip
    page = _page(session, task_id, viewer, now)
    typed = {"due": due, "begins": begins, "reason": reason, "back": back}
    to, start = None, None
    try:
        to = None if back else day_of("due", due)
        start = day_of("begins", begins)
        if to is None and not back:
            raise Invalid({"due": "Say on which day it is due."})
        move_task(session, task_id, due=to, begins=start, reason=reason, shown=shown, by=viewer, now=now)
    except (Invalid, Refused, Stale) as refusal:
        session.rollback()
        errors = refusal.fields if isinstance(refusal, Invalid) else {}
        if "due" in errors or "begins" in errors:
            return _show(page, viewer, typed, now, errors=errors)
        again = planned_task_move(session, task_id, due=to, begins=start, by=viewer, now=now)
        told = refusal if not isinstance(refusal, Invalid) else None
        return _show(page, viewer, typed, now, again, errors, told)
    return see_other(f"/tasks/{task_id}")


def _page(session: Session, task_id: int, viewer: Viewer, now: datetime) -> TaskPage:
    page = task_page(session, task_id, viewer, now)
    if not viewer.can(Permission.MOVE, rollout=page.rollout.id, location=page.task.row.location_id):
        raise Forbidden("Directors and managers move work.")
    return page


def _show(
    page: TaskPage, viewer: Viewer, typed: dict[str, str], now: datetime, found: Move | None = None,
    errors: dict[str, str] | None = None, refusal: Refused | Stale | None = None,
) -> Response:  # fmt: skip
    status = 422 if errors else 409 if refusal else 200
    row = page.task.row
    start = {"due": (row.due.isoformat() if row.due else ""), "begins": (row.begins.isoformat() if row.begins else "")}
    values: dict[str, Any] = typed if typed["due"] or typed["back"] else {**typed, **start}
    return html(
        "moves/task.html",
        status,
        **in_rollout(Desk(viewer, page.rollout), "Plan"),
        weeks=rail(page.rollout, now),
        crumbs=[*crumbs(page), (titled(page.task), f"/tasks/{row.id}")],
        address=f"/tasks/{row.id}/move",
        title=titled(page.task),
        values=values,
        errors=errors or {},
        refusal=refusal,
        by_hand=page.why.startswith("Set by hand"),
        move=shown_move(found, page.rollout, now) if found else None,
    )
