"""Somebody changes a day: the shapes of every such operation, with a version and without."""

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
from app.api.guards import Guard
from app.api.reconciliations.shapes import DayWhole
from app.api.reconciliations.whole import show_day, whole
from app.api.tags import IfMatch, versioned_step
from app.queries.reconciliations.page import day_page
from app.request import Now
from app.rules.people.access import Permission, Viewer

Counter = Annotated[Viewer, Depends(Guard(Permission.RECONCILE))]
Checker = Annotated[Viewer, Depends(Guard(Permission.SIGN_OFF))]
Manager = Annotated[Viewer, Depends(Guard(Permission.STOP_ESCALATION))]


@dataclass(frozen=True)
class Act:
    """Somebody is about to change a day, in whatever version it is."""

    request: Request
    session: Session
    occasion_id: int
    viewer: Viewer
    now: datetime

    def make(self, change: Callable[..., object], **given: Any) -> Response:
        """Make it, and show the day as it is then. Raises what the change raises."""
        change(self.session, self.occasion_id, **given, by=self.viewer, now=self.now)
        return show_day(self.request, self.session, self.occasion_id, self.viewer, self.now)


@dataclass(frozen=True)
class Change(Act):
    """Somebody is about to change a day of which they saw a version."""

    seen: int

    def make_seen(self, change: Callable[..., object], *args: Any, **given: Any) -> Response:
        """Make a change that looks at the version itself; a stale one comes with the version that stands."""

        def act() -> object:
            return change(self.session, self.occasion_id, *args, **given, seen=self.seen, by=self.viewer, now=self.now)

        versioned_step(self.session, act, self._present)
        return show_day(self.request, self.session, self.occasion_id, self.viewer, self.now)

    def _present(self) -> tuple[DayWhole, int]:
        page = day_page(self.session, self.occasion_id, self.viewer, self.now)
        return whole(page), page.row.version


async def acting(request: Request, occasion_id: RowId, viewer: Counter, session: Db, now: Now) -> Act:
    return Act(request, session, occasion_id, viewer, now)


async def counting(
    request: Request, occasion_id: RowId, seen: IfMatch, viewer: Counter, session: Db, now: Now
) -> Change:
    return Change(request, session, occasion_id, viewer, now, seen.version)


async def checking(
    request: Request, occasion_id: RowId, seen: IfMatch, viewer: Checker, session: Db, now: Now
) -> Change:
    return Change(request, session, occasion_id, viewer, now, seen.version)


async def managing(
    request: Request, occasion_id: RowId, seen: IfMatch, viewer: Manager, session: Db, now: Now
) -> Change:
    return Change(request, session, occasion_id, viewer, now, seen.version)


Acting = Annotated[Act, Depends(acting)]
Counting = Annotated[Change, Depends(counting)]
Checking = Annotated[Change, Depends(checking)]
Managing = Annotated[Change, Depends(managing)]
