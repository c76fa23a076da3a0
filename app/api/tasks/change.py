"""Somebody changes a task of which they saw a version: the one shape of every such operation."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from app.api.acts import Change
from app.api.callers import Db
from app.api.fields import RowId
from app.api.guards import Doer
from app.api.tags import IfMatch
from app.api.tasks.shapes import TaskWhole
from app.api.tasks.whole import show_task, whole
from app.queries.tasks.page import task_page
from app.request import Now


class TaskChange(Change):
    """Somebody is about to change a task of which they saw a version."""

    def shown(self, status: int = 200) -> Response:
        return show_task(self.request, self.session, self.id, self.viewer, self.now, status=status)

    def present(self) -> tuple[TaskWhole, int]:
        page = task_page(self.session, self.id, self.viewer, self.now)
        return whole(page), page.task.row.version


async def change_of(request: Request, task_id: RowId, seen: IfMatch, viewer: Doer, session: Db, now: Now) -> TaskChange:
    return TaskChange(request, session, task_id, viewer, now, seen.version)


Changing = Annotated[TaskChange, Depends(change_of)]
