"""The page of one issue, and the answer to every form on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.errors import Invalid, Refused, Stale
from app.queries.issues.page import IssuePage, issue_page
from app.rules.people.access import Permission, Viewer
from app.web.answers import is_fragment, see_other
from app.web.forms import RowId
from app.web.frame import in_rollout, rail
from app.web.issues.shown import shown
from app.web.lessons.beside import learns
from app.web.meetings.beside import remarks_beside
from app.web.site import Db, Desk, Guard, Now
from app.web.tasks.forms import seen_version
from app.web.templating import html
from app.web.told import NOTHING, Told

router = APIRouter()
Solver = Annotated[Viewer, Depends(Guard(Permission.RAISE_ISSUE))]
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]


@router.get("/issues/{issue_id}")
def show(issue_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    page = issue_page(session, issue_id, viewer, now)
    return html("issues/show.html", **whole(session, page, viewer, NOTHING, now))


def whole(session: Session, page: IssuePage, viewer: Viewer, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the page of an issue needs, frame and all."""
    desk, base = Desk(viewer, page.rollout), f"/rollouts/{page.rollout.slug}/issues"
    where = f"{base}?location={page.place.slug}" if page.place else base
    return {
        **in_rollout(desk, "Issues"),
        "weeks": rail(page.rollout, now),
        "crumbs": [("Issues", base), (page.place.name if page.place else "The whole network", where)],
        "beside": remarks_beside(session, desk, page.place, now, ("issue", page.issue.id or 0)),
        "learns": learns(desk, page.place, f"issue-{page.issue.id}"),
        **shown(page, told, page.rollout.as_of(now)),
    }


@dataclass(frozen=True)
class IssueForm:
    """A form of one issue, sent by somebody who may solve it; `seen` is the version that it showed."""

    request: Request
    session: Session
    viewer: Viewer
    issue_id: int
    seen: int
    now: datetime

    def make(self, change: Callable[..., object], told: Told = NOTHING, **given: Any) -> Response:
        """Make one change of the issue, with what the form gives for it; a refusal keeps what was typed."""
        try:
            change(self.session, self.issue_id, **given, by=self.viewer, now=self.now)
        except (Stale, Refused, Invalid) as refusal:
            self.session.rollback()
            return self.answer(replace(told, action=self.request.url.path).refused(refusal))
        self.session.flush()
        return self.answer(NOTHING)

    def make_seen(self, change: Callable[..., object], told: Told, **given: Any) -> Response:
        """The same for a change that somebody else's change outdates."""
        return self.make(change, told, **given, seen=self.seen)

    def answer(self, told: Told) -> Response:
        """The changed element for a script, else the page: 409 for a refusal, 422 for a fault of what was typed."""
        if told.status == 200 and not is_fragment(self.request):
            return see_other(f"/issues/{self.issue_id}")
        page = issue_page(self.session, self.issue_id, self.viewer, self.now)
        values = whole(self.session, page, self.viewer, told, self.now)
        if not is_fragment(self.request):
            return html("issues/show.html", told.status, **values)
        return html(
            "issues/_issue.html", told.status, {"HX-Retarget": "#issue", "HX-Reswap": "morph:outerHTML"}, **values
        )


async def solving(
    request: Request,
    issue_id: RowId,
    seen: Annotated[int, Depends(seen_version)],
    viewer: Solver,
    session: Db,
    now: Now,
) -> IssueForm:
    return IssueForm(request, session, viewer, issue_id, seen, now)


Solving = Annotated[IssueForm, Depends(solving)]
