"""Somebody changes a selection: the shapes of every such operation, with a version and without."""

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
from app.api.selection.shapes import SelectionWhole
from app.api.selection.whole import show_selection, whole
from app.api.tags import IfMatch, versioned_step
from app.queries.selection.page import selection_page
from app.request import Now
from app.rules.people.access import Permission, Viewer

Selector = Annotated[Viewer, Depends(Guard(Permission.VOTE))]
Signer = Annotated[Viewer, Depends(Guard(Permission.SIGN_OFF))]


@dataclass(frozen=True)
class Act:
    """Somebody is about to change a selection, in whatever version it is."""

    request: Request
    session: Session
    selection_id: int
    viewer: Viewer
    now: datetime

    def make(self, change: Callable[..., object], *where: Any, **given: Any) -> Response:
        """Make it, and show the selection as it is then. Raises what the change raises."""
        change(self.session, self.selection_id, *where, **given, by=self.viewer, now=self.now)
        return show_selection(self.request, self.session, self.selection_id, self.viewer, self.now)

    def location(self, slug: str) -> int:
        """The key of a candidate. Raises NotFound, also for one that is not seen."""
        return selection_page(self.session, self.selection_id, self.viewer, self.now).candidate(slug).id


@dataclass(frozen=True)
class Change(Act):
    """Somebody is about to change a selection of which they saw a version."""

    seen: int

    def make_seen(self, act: Callable[[], object]) -> Response:
        """Make a change that looks at the version itself; a stale one comes with the version that stands."""
        versioned_step(self.session, act, self._present)
        return show_selection(self.request, self.session, self.selection_id, self.viewer, self.now)

    def _present(self) -> tuple[SelectionWhole, int]:
        page = selection_page(self.session, self.selection_id, self.viewer, self.now)
        return whole(page), page.version


async def signing(request: Request, selection_id: RowId, viewer: Signer, session: Db, now: Now) -> Act:
    return Act(request, session, selection_id, viewer, now)


async def selecting(
    request: Request, selection_id: RowId, seen: IfMatch, viewer: Selector, session: Db, now: Now
) -> Change:
    return Change(request, session, selection_id, viewer, now, seen.version)


Signing = Annotated[Act, Depends(signing)]
Selecting = Annotated[Change, Depends(selecting)]
