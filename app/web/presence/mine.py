"""One's own duties as a calendar file."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from app.documents.calendar import calendar_file
from app.queries.presence.mine import MyDuty, coming_duties
from app.rules.training.invitation import Invitation
from app.web.site import Config, Db, Now, Own

router = APIRouter()
A_MINUTE = timedelta(minutes=1)


@router.get("/duties.ics")
def show(viewer: Own, session: Db, config: Config, now: Now) -> Response:
    """Every duty of the reader that is not over: nobody else's, and no name of another."""
    found = [_entry(one, config.address) for one in coming_duties(session, viewer, now)]
    headers = {"Content-Disposition": 'attachment; filename="duties.ics"'}
    return Response(calendar_file(found), media_type="text/calendar", headers=headers)


def _entry(one: MyDuty, address: str) -> Invitation:
    return Invitation(
        id=f"duty-{one.id}-{one.from_at:%Y%m%d%H%M}@{address.partition('://')[2]}",
        sequence=0,
        stamp=one.given_at,
        starts_at=one.from_at,
        minutes=(one.until_at - one.from_at) // A_MINUTE,
        title=one.title,
        place=one.place,
        details=f"{address}{one.path}",
    )
