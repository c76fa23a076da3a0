"""Leave: who is away, from which day to which, and who stands in."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.people.leaves import end_leave, hold_leave, record_leave, set_cover
from app.actions.people.viewers import holds_everywhere
from app.api.callers import Db
from app.api.describing import changing, reading, versioned
from app.api.fields import Day, Given, RowId, RowKey, Shown
from app.api.guards import Owner
from app.api.paging import Page, Paged, page_of
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, Seen, answer
from app.errors import NotFound
from app.queries.people import coming_leaves, members
from app.request import Now
from app.rules.people.access import Permission, Viewer
from app.rules.people.responsibility import Away

router = APIRouter(tags=["people"], route_class=StrictRoute)


class NewLeave(Given):
    """Both days count. Without a person it is one's own; a cover is named by whoever may give those roles."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"first": "2027-01-11", "last": "2027-01-15"}]})

    first: Day
    last: Day
    person: RowKey | None = None
    cover: RowKey | None = None


class Cover(Given):
    person: RowKey | None = Field(description="Null: the backup of each role.")


class LeaveItem(Shown):
    id: int
    person: int
    name: str
    first: date
    last: date
    cover: int | None


def _item(one: Away) -> LeaveItem:
    return LeaveItem(id=one.leave, person=one.person, name=one.name, first=one.first, last=one.last, cover=one.cover)


def _visible(session: Session, viewer: Viewer, now: Now) -> list[Away]:
    """One's own, and those of the people whom one keeps."""
    leaves = coming_leaves(session, now)
    if holds_everywhere(viewer, Permission.MANAGE_PEOPLE):
        return leaves
    kept = {
        one.rollout
        for one in viewer.grants
        if one.rollout and viewer.can(Permission.MANAGE_PEOPLE, rollout=one.rollout)
    }
    people = {viewer.person, *(person.id for rollout in kept for person in members(session, rollout))}
    return [one for one in leaves if one.person in people]


def _one(session: Session, viewer: Viewer, leave_id: int, now: Now) -> LeaveItem:
    found = next((one for one in _visible(session, viewer, now) if one.leave == leave_id), None)
    if found is None:
        raise NotFound("leave")
    return _item(found)


@router.get("/leaves", summary="Who is away", response_model=Page[LeaveItem], responses=reading())
def list_leaves(viewer: Owner, page: Paged, session: Db, now: Now) -> Response:
    """Now or soon: your own, and those of the people whose roles you keep."""
    return page_of(page, "leaves", LeaveItem, _visible(session, viewer, now), lambda one: one.leave, _item)


@router.post("/leaves", summary="Record a leave", status_code=201, response_model=LeaveItem, responses=changing())
def record(request: Request, given: NewLeave, viewer: Owner, session: Db, now: Now) -> Response:
    """The same again is quiet."""
    row = record_leave(
        session, given.person or viewer.person, first=given.first, last=given.last, cover_id=given.cover, by=viewer,
        now=now,
    )  # fmt: skip
    session.flush()
    shown = _one(session, viewer, row.id or 0, now)
    return answer(request, shown, status=201, location=f"/api/v1/leaves/{row.id}")


@router.get("/leaves/{leave_id}", summary="One leave", response_model=LeaveItem, responses=reading())
def show(request: Request, leave_id: RowId, viewer: Owner, session: Db, now: Now) -> Response:
    return answer(request, _one(session, viewer, leave_id, now))


@router.put("/leaves/{leave_id}/cover", summary="Say who stands in", response_model=LeaveItem, responses=versioned())
def cover(
    request: Request, leave_id: RowId, given: Cover, seen: IfMatch, viewer: Owner, session: Db, now: Now
) -> Response:
    _demand_seen(session, viewer, leave_id, seen, now)
    set_cover(session, leave_id, cover_id=given.person, by=viewer, now=now)
    session.flush()
    return answer(request, _one(session, viewer, leave_id, now))


@router.delete("/leaves/{leave_id}", summary="End a leave", status_code=204, responses=versioned())
def end(leave_id: RowId, seen: IfMatch, viewer: Owner, session: Db, now: Now) -> Response:
    """Back earlier, or not gone at all."""
    _demand_seen(session, viewer, leave_id, seen, now)
    end_leave(session, leave_id, by=viewer, now=now)
    return Response(status_code=204)


def _demand_seen(session: Session, viewer: Viewer, leave_id: int, seen: Seen, now: Now) -> None:
    """Nobody changes the leave from here on. Raises NotFound, and StaleThing where somebody has."""
    _one(session, viewer, leave_id, now)
    hold_leave(session, leave_id)
    present = _one(session, viewer, leave_id, now)
    seen.demand(session, present, ("person", present.person))
