"""The page of one meeting, to be put on the wall while it is held, and the answer to every form on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.errors import Invalid, Refused, Stale
from app.queries.meetings.page import MeetingPage, meeting_page
from app.rules.people.access import Permission, Viewer
from app.web.answers import is_fragment, see_other
from app.web.forms import RowId
from app.web.frame import in_rollout, rail
from app.web.lessons.beside import learns
from app.web.meetings.beside import remarks_beside
from app.web.meetings.shown import shown
from app.web.site import Db, Desk, Guard, Now
from app.web.tasks.forms import seen_version
from app.web.templating import html
from app.web.told import NOTHING, Told

router = APIRouter()
Recorder = Annotated[Viewer, Depends(Guard(Permission.CHECK_OFF))]
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]


@router.get("/meetings/{occasion_id}")
def show(occasion_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    page = meeting_page(session, occasion_id, viewer, now)
    return html("meetings/show.html", **whole(session, page, viewer, NOTHING, now))


def whole(session: Session, page: MeetingPage, viewer: Viewer, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the page of a meeting needs, frame and all."""
    desk, base = Desk(viewer, page.rollout), f"/rollouts/{page.rollout.slug}/meetings"
    now = page.rollout.as_of(now)
    where = f"{base}?location={page.place.slug}" if page.place else base
    here = [(page.place.name, where)] if page.place else []
    return {
        **in_rollout(desk, "Rhythm"),
        "weeks": rail(page.rollout, now),
        "crumbs": [("Meetings", base), *here],
        "beside": remarks_beside(session, desk, page.place, now, ("meeting", page.id)),
        "learns": learns(desk, page.place, f"meeting-{page.id}"),
        **shown(page, told, now),
    }


@dataclass(frozen=True)
class MeetingForm:
    """A form of one meeting, sent by somebody who may record it; `seen` is the version that it showed."""

    request: Request
    session: Session
    viewer: Viewer
    occasion_id: int
    seen: int
    now: datetime

    def make(self, change: Callable[..., object], told: Told, **given: Any) -> Response:
        """Make one change of the meeting, with what the form gives for it; a refusal keeps what was typed."""
        try:
            change(self.session, self.occasion_id, **given, by=self.viewer, now=self.now)
        except (Stale, Refused, Invalid) as refusal:
            self.session.rollback()
            return self.answer(replace(told, action=self.request.url.path).refused(refusal))
        self.session.flush()
        return self.answer(NOTHING)

    def answer(self, told: Told) -> Response:
        """The changed element for a script, else the page: 409 for a refusal, 422 for a fault of what was typed."""
        if told.status == 200 and not is_fragment(self.request):
            return see_other(f"/meetings/{self.occasion_id}")
        page = meeting_page(self.session, self.occasion_id, self.viewer, self.now)
        values = whole(self.session, page, self.viewer, told, self.now)
        if not is_fragment(self.request):
            return html("meetings/show.html", told.status, **values)
        swap = {"HX-Retarget": "#meeting", "HX-Reswap": "morph:outerHTML"}
        return html("meetings/_meeting.html", told.status, swap, **values)


async def recording(
    request: Request,
    occasion_id: RowId,
    seen: Annotated[int, Depends(seen_version)],
    viewer: Recorder,
    session: Db,
    now: Now,
) -> MeetingForm:
    return MeetingForm(request, session, viewer, occasion_id, seen, now)


Recording = Annotated[MeetingForm, Depends(recording)]
