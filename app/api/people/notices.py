"""Your inbox: what happened to you, and that you have seen it."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from app.actions.people.inbox import see_all, see_notice
from app.api.callers import Db
from app.api.describing import changing, reading
from app.api.fields import LARGEST_ID, RowId, Shown
from app.api.guards import Owner
from app.api.paging import Page, Paged, linked
from app.api.reading import StrictRoute
from app.queries.inbox import InboxLine, inbox
from app.request import Now

router = APIRouter(tags=["people"], route_class=StrictRoute)


class NoticeItem(Shown):
    """A line of the inbox."""

    id: int
    kind: str = Field(description="issue_rung, issue_given, mention, assignment and so on.")
    says: str = Field(description="What happened; empty where you may no longer see it.")
    rung: str = Field(description="Of an issue: when that rung is told, in the playbook's words.")
    title: str = Field(description="Of the thing.")
    place: str = Field(description="The name of its location.")
    page: str = Field(description="The page of the thing; `/issues/12` and `/tasks/12` have the same id here.")
    at: datetime
    seen: bool


def _item(line: InboxLine) -> NoticeItem:
    return NoticeItem(
        id=line.id, kind=line.kind, says=line.says, rung=line.rung, title=line.title, place=line.place,
        page=line.path, at=line.at, seen=line.seen,
    )  # fmt: skip


@router.get("/me/notices", summary="Your inbox", response_model=Page[NoticeItem], responses=reading())
def list_own(viewer: Owner, page: Paged, session: Db) -> Response:
    """The newest first; `next` leads to older ones."""
    after = min(page.after("notices"), LARGEST_ID)
    found = inbox(session, viewer, before=after or None, limit=page.limit + 1)
    shown = found[: page.limit]
    last = shown[-1].id if len(found) > page.limit else None
    return linked(page, "notices", NoticeItem, [_item(one) for one in shown], last)


@router.put("/me/notices/seen", summary="You have seen them all", status_code=204, responses=changing())
def see_them(viewer: Owner, session: Db, now: Now) -> Response:
    """Every line up to now. Seen already is quiet."""
    see_all(session, by=viewer, now=now)
    return Response(status_code=204)


@router.put("/me/notices/{notice_id}/seen", summary="You have seen one", status_code=204, responses=changing())
def see_one(viewer: Owner, notice_id: RowId, session: Db, now: Now) -> Response:
    """Seen already is quiet."""
    see_notice(session, notice_id, by=viewer, now=now)
    return Response(status_code=204)
