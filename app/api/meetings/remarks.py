"""Wins and concerns: listed, said, settled, taken back, taken away."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.meetings.remarks import say_remark
from app.actions.meetings.settling import redact_remark, settle_remark, withdraw_remark
from app.api import kinds
from app.api.callers import Db
from app.api.describing import changing, reading
from app.api.fields import LARGEST_ID, Given, PlaceId, Prose, RowId, RowKey, Word
from app.api.guards import Guard, Reader, Seeing
from app.api.intents import IntentKey
from app.api.issues.change import Written
from app.api.meetings.shapes import RemarkItem
from app.api.meetings.whole import remark_item
from app.api.paging import Page, Paged, cut_page
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.queries.meetings.remarks import RemarksWanted, one_remark, remarks_after
from app.request import Now
from app.rules.meetings.remarks import Shown
from app.rules.people.access import Permission, Viewer

router = APIRouter(tags=["meetings"], route_class=StrictRoute)
Speaker = Annotated[Viewer, Depends(Guard(Permission.RAISE_ISSUE))]


class Saying(Written):
    """A win or a concern about a thing (`about` and `about_id`), which says where it is, else about a place."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "win", "said": "First patients through", "location": "alder"}]}
    )

    kind: Literal["win", "concern"]
    said: Prose
    location: PlaceId | None = Field(None, description="Null for the whole network, and where `about` says it.")
    about: Literal["task", "issue", "reconciliation", "meeting"] | None = None
    about_id: RowKey | None = Field(None, description="Of a day to reconcile and of a meeting its occasion's.")


class Outcome(Written):
    outcome: Prose


class Redaction(Given):
    part: Literal["said", "outcome"]


def some(
    shown: Annotated[Word, Query(description="`open` concerns, `wins`, `settled` ones or `all`.")] = Shown.ALL,
    location: Annotated[Word, Query(description="A location's id, or `network`.")] = "",
) -> RemarksWanted:
    return RemarksWanted(Shown(shown) if shown in tuple(Shown) else Shown.OPEN, location)


@router.get(
    "/rollouts/{slug}/remarks", summary="Wins and concerns", response_model=Page[RemarkItem], responses=reading()
)
def list_remarks(desk: Seeing, wanted: Annotated[RemarksWanted, Depends(some)], page: Paged, session: Db) -> Response:
    """Those that you may see, in the order of their ids. What was taken back is nowhere."""
    after = page.after("remarks")
    found = (
        remarks_after(session, desk.rollout, desk.viewer, wanted, after, page.limit + 1) if after <= LARGEST_ID else ()
    )
    return cut_page(page, "remarks", RemarkItem, found, lambda one: one.id, lambda one: remark_item(desk.rollout, one))


@router.post(
    "/rollouts/{slug}/remarks", summary="Say a win or a concern", status_code=201, response_model=RemarkItem,
    responses=changing(),
)  # fmt: skip
def say(request: Request, given: Saying, desk: Seeing, session: Db, now: Now, key: IntentKey = "") -> Response:
    """It stands on the agenda of the next meeting there. The same again within ten minutes is quiet."""
    place = None if given.about else desk.rollout.named(given.location)
    said = given.checked()["said"]
    row = say_remark(
        session, desk.rollout.id, kind=given.kind, said=said, location_id=place.id if place else None,
        subject_kind=given.about or "", subject_id=given.about_id, token=key, by=desk.viewer, now=now,
    )  # fmt: skip
    return _shown(request, session, row.id or 0, desk.viewer, 201)


@router.get("/remarks/{remark_id}", summary="A win or a concern", response_model=RemarkItem, responses=reading())
def show(request: Request, remark_id: RowId, viewer: Reader, session: Db) -> Response:
    return _shown(request, session, remark_id, viewer)


@router.put(
    "/remarks/{remark_id}/settlement", summary="Say what became of a concern", response_model=RemarkItem,
    responses=changing(kinds.STALE),
)  # fmt: skip
def settle(request: Request, remark_id: RowId, viewer: Speaker, given: Outcome, session: Db, now: Now) -> Response:
    """412 where somebody else has settled it; your own words again are quiet."""
    settle_remark(session, remark_id, outcome=given.checked()["outcome"], by=viewer, now=now)
    return _shown(request, session, remark_id, viewer)


@router.delete("/remarks/{remark_id}", summary="Take back what you said", status_code=204, responses=changing())
def withdraw(remark_id: RowId, viewer: Speaker, session: Db, now: Now) -> Response:
    """Its text is kept nowhere. Taken back already is quiet."""
    withdraw_remark(session, remark_id, by=viewer, now=now)
    return Response(status_code=204)


@router.put(
    "/remarks/{remark_id}/redaction", summary="Take a text away for good", response_model=RemarkItem,
    responses=changing(),
)  # fmt: skip
def redact(request: Request, remark_id: RowId, viewer: Speaker, given: Redaction, session: Db, now: Now) -> Response:
    redact_remark(session, remark_id, part=given.part, by=viewer, now=now)
    return _shown(request, session, remark_id, viewer)


def _shown(request: Request, session: Session, remark_id: int, viewer: Viewer, status: int = 200) -> Response:
    session.flush()
    session.expire_all()
    rollout, line = one_remark(session, remark_id, viewer)
    return answer(request, remark_item(rollout, line), status=status)
