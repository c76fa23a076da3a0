"""Forms that change a task. One address a change; each names the version of the task that its form showed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Path, Query, Request
from pydantic import AfterValidator
from sqlmodel import Session
from starlette.responses import Response

from app.actions.answers import answer_task
from app.actions.approvals import approve_task
from app.actions.blocks import block_task, unblock_task
from app.actions.checklists import check_item, uncheck_item
from app.actions.tasks import complete_task, reopen_task
from app.errors import Invalid, Refused, Stale
from app.rules.access import Permission, Viewer
from app.rules.approval import SIGN_OFF, VERIFY
from app.web.forms import LARGEST_ID, RowId, prose
from app.web.site import Db, Guard, Now
from app.web.tasks.page import after_change
from app.web.tasks.shown import Told

router = APIRouter()
Doer = Annotated[Viewer, Depends(Guard(Permission.CHECK_OFF))]
LinePath = Annotated[str, Path(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$", max_length=400)]
LineField = Annotated[str, Form(pattern=r"^([a-z0-9-]+(\.[a-z0-9-]+)*)?$", max_length=400)]
Typed = Annotated[str, Form(max_length=20_000), AfterValidator(prose)]


def seen_version(
    version: Annotated[int | None, Form(ge=0, le=LARGEST_ID)] = None,
    shown: Annotated[int | None, Query(alias="version", ge=0, le=LARGEST_ID)] = None,
) -> int:
    """The version of the task that the form showed, from the form or (an undo) from its address."""
    found = version if version is not None else shown
    if found is None:
        raise HTTPException(422)
    return found


Seen = Annotated[int, Depends(seen_version)]


def changed(
    request: Request,
    session: Session,
    viewer: Viewer,
    task_id: int,
    now: datetime,
    told: Told,
    act: Callable[[], object],
) -> Response:
    """Make one change and answer; a refusal keeps what was typed. `told` holds the typed texts and what was meant."""
    try:
        act()
    except (Stale, Refused, Invalid) as refusal:
        session.rollback()
        told = refused(told, refusal)
    else:
        told = Told()
        session.flush()
    return after_change(request, session, viewer, task_id, now, told)


def refused(told: Told, refusal: Stale | Refused | Invalid) -> Told:
    """The same typed texts, with what was refused."""
    kept = {"typed": told.typed, "label": told.label, "yours": told.yours}
    if isinstance(refusal, Stale):
        return Told(stale=refusal, **kept)  # type: ignore[arg-type]
    if isinstance(refusal, Refused):
        return Told(refusal=refusal.reason, wanted=refusal.missing, **kept)  # type: ignore[arg-type]
    return Told(errors=refusal.fields, **kept)  # type: ignore[arg-type]


@router.post("/tasks/{task_id}/completion")
def complete(request: Request, task_id: RowId, seen: Seen, viewer: Doer, session: Db, now: Now) -> Response:
    told = Told(yours="It is done")
    return changed(
        request,
        session,
        viewer,
        task_id,
        now,
        told,
        lambda: complete_task(session, task_id, seen=seen, by=viewer, now=now),
    )


@router.post("/tasks/{task_id}/reopening")
def reopen(request: Request, task_id: RowId, seen: Seen, viewer: Doer, session: Db, now: Now) -> Response:
    told = Told(yours="Take it up again")
    return changed(
        request,
        session,
        viewer,
        task_id,
        now,
        told,
        lambda: reopen_task(session, task_id, seen=seen, by=viewer, now=now),
    )


Approver = Annotated[Viewer, Depends(Guard(Permission.SIGN_OFF))]


@router.post("/tasks/{task_id}/verification")
def verify(request: Request, task_id: RowId, seen: Seen, viewer: Approver, session: Db, now: Now) -> Response:
    def act() -> object:
        return approve_task(session, task_id, kind=VERIFY, seen=seen, by=viewer, now=now)

    return changed(request, session, viewer, task_id, now, Told(yours="I have checked it"), act)


@router.post("/tasks/{task_id}/signature")
def sign(request: Request, task_id: RowId, seen: Seen, viewer: Approver, session: Db, now: Now) -> Response:
    def act() -> object:
        return approve_task(session, task_id, kind=SIGN_OFF, seen=seen, by=viewer, now=now)

    return changed(request, session, viewer, task_id, now, Told(yours="I sign for it"), act)


@router.post("/tasks/{task_id}/block")
def block(
    request: Request,
    task_id: RowId,
    seen: Seen,
    viewer: Doer,
    session: Db,
    now: Now,
    reason: Typed = "",
    expected: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    told = Told(typed={"reason": reason, "expected": expected}, label="What is in the way", yours=reason)

    def act() -> object:
        day = day_of(expected)
        return block_task(session, task_id, reason=reason, expected=day, seen=seen, by=viewer, now=now)

    return changed(request, session, viewer, task_id, now, told, act)


def day_of(text: str) -> date | None:
    """A day as a date field sends it; nothing for an empty one. Raises Invalid for field `expected`."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid({"expected": "Write a day, such as 2027-02-08."}) from None


@router.post("/tasks/{task_id}/unblocking")
def unblock(request: Request, task_id: RowId, seen: Seen, viewer: Doer, session: Db, now: Now) -> Response:
    told = Told(yours="It can go on")
    return changed(
        request,
        session,
        viewer,
        task_id,
        now,
        told,
        lambda: unblock_task(session, task_id, seen=seen, by=viewer, now=now),
    )


@router.post("/tasks/{task_id}/answer")
def answer(
    request: Request,
    task_id: RowId,
    seen: Seen,
    viewer: Doer,
    session: Db,
    now: Now,
    answer: Annotated[list[Typed], Form()] = [],  # noqa: B006 (FastAPI copies it)
    path: LineField = "",
) -> Response:
    text = "\n".join(answer)
    told = Told(typed={f"answer:{path}": text}, label="Answer", yours=text)

    def act() -> object:
        return answer_task(session, task_id, text, path=path, seen=seen, by=viewer, now=now)

    return changed(request, session, viewer, task_id, now, told, act)


@router.post("/tasks/{task_id}/checklist/{path}/tick")
def tick(request: Request, task_id: RowId, path: LinePath, seen: Seen, viewer: Doer, session: Db, now: Now) -> Response:
    told = Told(yours="Ticked", label="A line of the checklist")

    def act() -> object:
        return check_item(session, task_id, path, seen=seen, by=viewer, now=now)

    return changed(request, session, viewer, task_id, now, told, act)


@router.post("/tasks/{task_id}/checklist/{path}/untick")
def untick(
    request: Request, task_id: RowId, path: LinePath, seen: Seen, viewer: Doer, session: Db, now: Now
) -> Response:
    told = Told(yours="Not ticked", label="A line of the checklist")

    def act() -> object:
        return uncheck_item(session, task_id, path, seen=seen, by=viewer, now=now)

    return changed(request, session, viewer, task_id, now, told, act)
