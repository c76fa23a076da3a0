"""One of the staff: how they stand with each training, and what they have shown."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.responses import Response

from app.queries.training.person import staff_page
from app.rules.people.access import Permission, Viewer
from app.web.forms import RowId
from app.web.frame import in_rollout, rail
from app.web.site import Db, Desk, Guard, Now
from app.web.templating import html
from app.web.told import NOTHING, Told
from app.web.training.person_shown import shown

router = APIRouter()
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]


@router.get("/training/people/{staff_id}")
def show(staff_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    return one_person(session, staff_id, viewer, now)


def one_person(session: Session, staff_id: int, viewer: Viewer, now: datetime, told: Told = NOTHING) -> Response:
    """The page, with what is said of a form that was sent from it."""
    page = staff_page(session, staff_id, viewer)
    desk, at = Desk(viewer, page.rollout), page.rollout.as_of(now)
    base = f"/rollouts/{page.rollout.slug}"
    return html(
        "training/person.html",
        told.status,
        **in_rollout(desk, "Rhythm"),
        weeks=rail(page.rollout, now),
        crumbs=[
            ("Training", f"{base}/training"),
            (page.place.name, f"{base}/locations/{page.place.slug}/training"),
            (page.member.name, None),
        ],
        **shown(session, page, viewer, at),
        told=told,
        token=secrets.token_urlsafe(12),
    )
