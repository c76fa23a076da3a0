"""One session, made for a phone: who is asked, who is there, and the forms around it; and calendar files."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.responses import Response

from app.documents.calendar import at_site, calendar_file
from app.queries.training.calendar import own_entries, session_entry
from app.queries.training.session import session_page
from app.rules.people.access import Permission, Viewer
from app.web.forms import RowId
from app.web.frame import in_rollout, rail
from app.web.site import Config, Db, Desk, Guard, Now, Own
from app.web.templating import html
from app.web.told import NOTHING, Told
from app.web.training.session_shown import shown

router = APIRouter()
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
CALENDAR: Final = "text/calendar; charset=utf-8"


def _file(made: bytes, name: str) -> Response:
    return Response(made, media_type=CALENDAR, headers={"Content-Disposition": f'attachment; filename="{name}.ics"'})


@router.get("/training/mine/calendar")
def take_own(viewer: Own, session: Db, config: Config, now: Now) -> Response:
    """Every session to come that the reader holds or is asked to."""
    found = own_entries(session, viewer, now)
    return _file(calendar_file([at_site(one, config.address) for one in found]), "my-training")


@router.get("/training/{session_id}/calendar")
def take(session_id: RowId, viewer: Reader, session: Db, config: Config) -> Response:
    entry = session_entry(session, session_id, viewer)
    return _file(calendar_file([at_site(entry, config.address)]), f"training-{session_id}")


@router.get("/training/{session_id}")
def show(session_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    return one_session(session, session_id, viewer, now)


def one_session(
    session: Session, session_id: int, viewer: Viewer, now: datetime, told: Told = NOTHING, waiting: str = ""
) -> Response:
    """The page, with what is said of a form that was sent from it; `waiting` are those for whom there was no seat."""
    page = session_page(session, session_id, viewer)
    desk, at = Desk(viewer, page.rollout), page.rollout.as_of(now)
    base = f"/rollouts/{page.rollout.slug}"
    return html(
        "training/session.html",
        told.status,
        **in_rollout(desk, "Rhythm"),
        weeks=rail(page.rollout, now),
        crumbs=[
            ("Training", f"{base}/training"),
            (page.place.name, f"{base}/locations/{page.place.slug}/training"),
            (page.demand.title, None),
        ],
        **shown(page, at),
        told=told,
        without=waiting,
        trainers=[(str(key), name) for key, name in page.trainers],
    )
