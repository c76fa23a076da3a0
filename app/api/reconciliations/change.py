"""Somebody changes a day: the shapes of every such operation, with a version and without."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from app.api.acts import Act, Change
from app.api.callers import Db
from app.api.fields import RowId
from app.api.guards import Guard
from app.api.reconciliations.shapes import DayWhole
from app.api.reconciliations.whole import show_day, whole
from app.api.tags import IfMatch
from app.queries.reconciliations.page import day_page
from app.request import Now
from app.rules.people.access import Permission, Viewer

Counter = Annotated[Viewer, Depends(Guard(Permission.RECONCILE))]
Checker = Annotated[Viewer, Depends(Guard(Permission.SIGN_OFF))]
Manager = Annotated[Viewer, Depends(Guard(Permission.STOP_ESCALATION))]


class DayAct(Act):
    """Somebody is about to change a day, in whatever version it is."""

    def shown(self, status: int = 200) -> Response:
        return show_day(self.request, self.session, self.id, self.viewer, self.now, status=status)


class DayChange(DayAct, Change):
    """Somebody is about to change a day of which they saw a version."""

    def present(self) -> tuple[DayWhole, int]:
        page = day_page(self.session, self.id, self.viewer, self.now)
        return whole(page), page.row.version


async def acting(request: Request, occasion_id: RowId, viewer: Counter, session: Db, now: Now) -> DayAct:
    return DayAct(request, session, occasion_id, viewer, now)


async def counting(
    request: Request, occasion_id: RowId, seen: IfMatch, viewer: Counter, session: Db, now: Now
) -> DayChange:
    return DayChange(request, session, occasion_id, viewer, now, seen.version)


async def checking(
    request: Request, occasion_id: RowId, seen: IfMatch, viewer: Checker, session: Db, now: Now
) -> DayChange:
    return DayChange(request, session, occasion_id, viewer, now, seen.version)


async def managing(
    request: Request, occasion_id: RowId, seen: IfMatch, viewer: Manager, session: Db, now: Now
) -> DayChange:
    return DayChange(request, session, occasion_id, viewer, now, seen.version)


Acting = Annotated[DayAct, Depends(acting)]
Counting = Annotated[DayChange, Depends(counting)]
Checking = Annotated[DayChange, Depends(checking)]
Managing = Annotated[DayChange, Depends(managing)]
