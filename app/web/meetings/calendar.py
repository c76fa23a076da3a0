"""The coming times of a meeting, for the reader's own calendar."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.responses import Response

from app.documents.meeting_times import MEDIA_TYPE, meeting_calendar
from app.queries.meetings.coming import coming_times
from app.queries.meetings.seen import rollout_of_meeting, seen_meeting
from app.web.forms import RowId
from app.web.meetings.page import Reader
from app.web.meetings.words import place_words
from app.web.site import Config, Db, Now

router = APIRouter()


@router.get("/meetings/{occasion_id}/calendar")
def calendar(occasion_id: RowId, viewer: Reader, session: Db, now: Now, config: Config) -> Response:
    occasion = seen_meeting(session, occasion_id, viewer)
    rollout = rollout_of_meeting(session, occasion, viewer)
    lines = coming_times(session, rollout, occasion, now)
    place = place_words(rollout, rollout.location(occasion.location_id), occasion.wave)
    made = meeting_calendar(lines, place=place, host=urlsplit(config.base_url).hostname or "muster", now=now)
    name = f"{occasion.entry}-{occasion_id}.ics"
    return Response(made, media_type=MEDIA_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'})
