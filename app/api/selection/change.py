"""Somebody changes a selection: the shapes of every such operation, with a version and without."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from app.api.acts import Act, Change
from app.api.callers import Db
from app.api.fields import RowId
from app.api.guards import Guard
from app.api.selection.shapes import SelectionWhole
from app.api.selection.whole import show_selection, whole
from app.api.tags import IfMatch
from app.queries.selection.page import selection_page
from app.request import Now
from app.rules.people.access import Permission, Viewer

Selector = Annotated[Viewer, Depends(Guard(Permission.VOTE))]
Signer = Annotated[Viewer, Depends(Guard(Permission.SIGN_OFF))]


class SelectionAct(Act):
    """Somebody is about to change a selection, in whatever version it is."""

    def shown(self, status: int = 200) -> Response:
        return show_selection(self.request, self.session, self.id, self.viewer, self.now, status=status)

    def location(self, slug: str) -> int:
        """The key of a candidate. Raises NotFound, also for one that is not seen."""
        return selection_page(self.session, self.id, self.viewer, self.now).candidate(slug).id


class SelectionChange(SelectionAct, Change):
    """Somebody is about to change a selection of which they saw a version."""

    def present(self) -> tuple[SelectionWhole, int]:
        page = selection_page(self.session, self.id, self.viewer, self.now)
        return whole(page), page.version


async def signing(request: Request, selection_id: RowId, viewer: Signer, session: Db, now: Now) -> SelectionAct:
    return SelectionAct(request, session, selection_id, viewer, now)


async def selecting(
    request: Request, selection_id: RowId, seen: IfMatch, viewer: Selector, session: Db, now: Now
) -> SelectionChange:
    return SelectionChange(request, session, selection_id, viewer, now, seen.version)


Signing = Annotated[SelectionAct, Depends(signing)]
Selecting = Annotated[SelectionChange, Depends(selecting)]
