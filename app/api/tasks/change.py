"""Somebody changes a task of which they saw a version: the one shape of every such operation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.callers import Db
from app.api.fields import RowId
from app.api.guards import Doer
from app.api.tags import IfMatch, versioned_step
from app.api.tasks.shapes import TaskWhole
from app.api.tasks.whole import show_task, whole
from app.queries.tasks.page import task_page
from app.request import Now
from app.rules.people.access import Viewer


@dataclass(frozen=True)
class Change:
    """Somebody is about to change a task of which they saw a version."""

    request: Request
    session: Session
    task_id: int
    seen: int
    viewer: Viewer
    now: datetime

    def make(self, change: Callable[..., object], **given: Any) -> Response:
        """Make it, and show the task as it is then. Raises what the change raises, a stale one with the version."""
        self.run(lambda: change(self.session, self.task_id, **given, seen=self.seen, by=self.viewer, now=self.now))
        return show_task(self.request, self.session, self.task_id, self.viewer, self.now)

    def run(self, act: Callable[[], Any]) -> Any:
        return versioned_step(self.session, act, self._present)

    def _present(self) -> tuple[TaskWhole, int]:
        page = task_page(self.session, self.task_id, self.viewer, self.now)
        return whole(page), page.task.row.version


async def change_of(request: Request, task_id: RowId, seen: IfMatch, viewer: Doer, session: Db, now: Now) -> Change:
    return Change(request, session, task_id, seen.version, viewer, now)


Changing = Annotated[Change, Depends(change_of)]
