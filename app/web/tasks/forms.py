"""The one shape of every form that changes a task: who sent it, the version it showed, and the answer to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Form, HTTPException, Path, Query, Request
from pydantic import AfterValidator
from sqlmodel import Session
from starlette.responses import Response

from app.errors import Invalid, Refused, Stale
from app.rules.people.access import Permission, Viewer
from app.web.forms import LARGEST_ID, RowId, Whole, prose
from app.web.site import Db, Guard, Now
from app.web.tasks.page import after_change, page_again
from app.web.tasks.told import TaskTold

LinePath = Annotated[str, Path(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$", max_length=400)]
LineField = Annotated[str, Form(pattern=r"^([a-z0-9-]+(\.[a-z0-9-]+)*)?$", max_length=400)]
Typed = Annotated[str, Form(max_length=20_000), AfterValidator(prose)]
Day = Annotated[str, Form(max_length=10)]
Key = Annotated[str, Form(pattern=r"^[0-9]{0,10}$")]


async def seen_version(
    version: Annotated[int | None, Form(ge=0, le=LARGEST_ID), Whole] = None,
    shown: Annotated[int | None, Query(alias="version", ge=0, le=LARGEST_ID), Whole] = None,
) -> int:
    """The version of the task that the form showed, from the form or (an undo) from its address."""
    found = version if version is not None else shown
    if found is None:
        raise HTTPException(422)
    return found


Seen = Annotated[int, Depends(seen_version)]
Doer = Annotated[Viewer, Depends(Guard(Permission.CHECK_OFF))]
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_DETAIL))]


@dataclass(frozen=True)
class TaskForm:
    """A form of one task, sent by somebody who may do it."""

    request: Request
    session: Session
    viewer: Viewer
    task_id: int
    seen: int
    now: datetime

    def make(self, change: Callable[..., object], told: TaskTold, **given: Any) -> Response:
        """Make one change of the task, with what the form gives for it."""

        def act() -> object:
            return change(self.session, self.task_id, **given, seen=self.seen, by=self.viewer, now=self.now)

        return changed(self.request, self.session, self.viewer, self.task_id, self.now, told, act)

    def answer(self, told: TaskTold) -> Response:
        """The page once more, with what was typed; nothing was changed."""
        return page_again(self.request, self.session, self.viewer, self.task_id, self.now, told)


async def doing(request: Request, task_id: RowId, seen: Seen, viewer: Doer, session: Db, now: Now) -> TaskForm:
    return TaskForm(request, session, viewer, task_id, seen, now)


Doing = Annotated[TaskForm, Depends(doing)]


def changed(
    request: Request,
    session: Session,
    viewer: Viewer,
    task_id: int,
    now: datetime,
    told: TaskTold,
    act: Callable[[], object],
) -> Response:
    """Make one change and answer; a refusal keeps what was typed. `told` holds the typed texts and what was meant."""
    try:
        act()
    except (Stale, Refused, Invalid) as refusal:
        session.rollback()
        told = replace(told, action=request.url.path).refused(refusal)
    else:
        told = TaskTold()
        session.flush()
    return after_change(request, session, viewer, task_id, now, told)


def key_of(text: str) -> int | None:
    """A row's key as a choice sends it; nothing for an empty one, and 0, which is no row, for one too large."""
    if not text:
        return None
    return number if (number := int(text)) <= LARGEST_ID else 0
