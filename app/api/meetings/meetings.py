"""Meetings: listed, read whole with their agenda, and their coming times for a calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.callers import Db
from app.api.describing import reading
from app.api.fields import LARGEST_ID, Day, RowId, Word
from app.api.guards import Reader, Seeing
from app.api.kinds import REFUSED
from app.api.meetings.shapes import MeetingItem, MeetingWhole
from app.api.meetings.whole import item, whole
from app.api.paging import Page, Paged, cut_page
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.documents.meeting_times import MEDIA_TYPE, meeting_calendar
from app.queries.meetings.coming import coming_times
from app.queries.meetings.lines import Wanted
from app.queries.meetings.list import meetings_after
from app.queries.meetings.page import meeting_page
from app.queries.meetings.seen import rollout_of_meeting, seen_meeting
from app.request import Config, Now
from app.rules.people.access import Viewer

router = APIRouter(tags=["meetings"], route_class=StrictRoute)
FAR: Final = timedelta(days=3_660)


def some(
    entry: Annotated[Word, Query(description="The id of a meeting in the playbook.")] = "",
    location: Annotated[Word, Query(description="A location's id, or `network`.")] = "",
) -> Wanted:
    return Wanted(entry, location)


@router.get(
    "/rollouts/{slug}/meetings", summary="Meetings", response_model=Page[MeetingItem], responses=reading(REFUSED)
)
def list_meetings(
    desk: Seeing,
    wanted: Annotated[Wanted, Depends(some)],
    page: Paged,
    session: Db,
    now: Now,
    first: Annotated[Day | None, Query(description="From this day on.")] = None,
    last: Annotated[Day | None, Query(description="Until this day.")] = None,
) -> Response:
    """Every time of every meeting that you may see, in the order of their ids."""
    at, after = desk.counted_at(now), page.after("meetings")
    today = desk.rollout.today(at)
    days = (first or today - FAR, last or today + FAR)
    found = (
        meetings_after(session, desk.rollout, wanted, days, after, page.limit + 1, at) if after <= LARGEST_ID else ()
    )
    return cut_page(page, "meetings", MeetingItem, found, lambda one: one.id, lambda one: item(desk.rollout, one))


@router.get("/meetings/{occasion_id}", summary="One meeting", response_model=MeetingWhole, responses=reading())
def show(request: Request, occasion_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    """With its agenda, as things stand now or as it was kept. Its `ETag` names the version that changes ask for."""
    return shown(request, session, occasion_id, viewer, now)


def shown(
    request: Request, session: Session, occasion_id: int, viewer: Viewer, now: datetime, status: int = 200
) -> Response:
    """The meeting as it is now, with the tag of its version."""
    session.flush()
    session.expire_all()
    page = meeting_page(session, occasion_id, viewer, now)
    return answer(request, whole(page), version=page.version, status=status)


CALENDAR: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A calendar file (RFC 5545).",
        "content": {"text/calendar": {"schema": {"type": "string"}}},
    }
}


@router.get(
    "/meetings/{occasion_id}/calendar", summary="A meeting's coming times for a calendar",
    response_class=Response, responses=reading() | CALENDAR,
)  # fmt: skip
def show_calendar(
    request: Request, occasion_id: RowId, viewer: Reader, session: Db, now: Now, config: Config
) -> Response:
    """From today on, each with its hour; what is called off says so."""
    occasion = seen_meeting(session, occasion_id, viewer)
    rollout = rollout_of_meeting(session, occasion, viewer)
    place = rollout.location(occasion.location_id)
    lines = coming_times(session, rollout, occasion, now)
    host = urlsplit(config.base_url).hostname or "muster"
    made = meeting_calendar(lines, place=place.name if place else "", host=host, now=now)
    return Response(made, media_type=MEDIA_TYPE)
