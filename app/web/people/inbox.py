"""The inbox: what happened to somebody, and the way to the thing itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.actions.people.inbox import see_all, see_notice
from app.queries.inbox import InboxLine, inbox, path_of
from app.rules.clock import moment, zone_name
from app.web.answers import see_other
from app.web.forms import LARGEST_ID, RowId
from app.web.frame import framed
from app.web.site import Db, Now, Own
from app.web.templating import html

router = APIRouter()
SHOWN: Final = 50
Before = Annotated[int | None, Query(ge=1, le=LARGEST_ID)]


@router.get("/inbox")
def show(viewer: Own, session: Db, now: Now, before: Before = None) -> Response:
    found = inbox(session, viewer, before=before, limit=SHOWN + 1)
    lines = found[:SHOWN]
    return html(
        "people/inbox.html",
        **framed(viewer, ""),
        lines=[_shown(line, now) for line in lines],
        unseen=viewer.unseen,
        more=f"{viewer.unseen} not seen" if viewer.unseen else "Everything is seen.",
        older=f"/inbox?before={lines[-1].id}" if len(found) > SHOWN else "",
    )


@router.get("/inbox/bell")
def count(viewer: Own) -> Response:
    """The bell alone: every page of somebody who is signed in has one, and fetches it when a line came or was seen."""
    return html("people/_bell.html", unseen=viewer.unseen)


def _shown(line: InboxLine, now: datetime) -> dict[str, Any]:
    return {
        "id": line.id,
        "says": line.says,
        "title": line.title or line.says,
        "place": line.place,
        "rung": line.rung,
        "when": f"{moment(line.at, line.zone, now)} {zone_name(line.zone, line.at)}",
        "seen": line.seen,
    }


@router.post("/inbox/seen")
def mark_all(viewer: Own, session: Db, now: Now) -> Response:
    see_all(session, by=viewer, now=now)
    return see_other("/inbox")


@router.post("/inbox/{notice_id}/open")
def open_one(viewer: Own, notice_id: RowId, session: Db, now: Now) -> Response:
    """On to the thing; a changing request, since the line is seen by that."""
    return see_other(path_of(session, viewer, see_notice(session, notice_id, by=viewer, now=now)))
