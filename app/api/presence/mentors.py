"""Locations that learn from one that is live: mentors and visits."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.presence.mentors import end_mentorship, hold_mentorship, pair_locations
from app.api.callers import Db
from app.api.describing import changing, reading
from app.api.fields import Day, PlaceId, Prose, RowId, RowKey
from app.api.guards import Guard, Seeing
from app.api.intents import IntentKey
from app.api.issues.change import Written
from app.api.paging import Page, Paged, page_of
from app.api.presence.shapes import PairItem, pair_item
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.errors import Forbidden, Invalid, NotFound
from app.models import Mentorship, Rollout
from app.queries.presence.mentors import mentorships
from app.queries.rollouts.facts import RolloutFacts, facts_of
from app.request import Now
from app.rules.people.access import Permission, Viewer

router = APIRouter(tags=["presence"], route_class=StrictRoute)
Arranging = Annotated[Viewer, Depends(Guard(Permission.ASSIGN))]


class NewPair(Written):
    """Which location learns from which, and how."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "visit", "location": "birch", "live": "alder", "day": "2027-02-10", "note": ""}]
        }
    )

    kind: Literal["mentor", "visit"]
    location: PlaceId
    live: PlaceId
    person: RowKey | None = Field(None, description="The mentor, or who shows them round: of the live location.")
    day: Day | None = Field(None, description="Of a visit.")
    note: Prose = ""


@router.get(
    "/rollouts/{slug}/mentorships", summary="Who learns from whom", response_model=Page[PairItem], responses=reading()
)
def list_pairs(desk: Seeing, page: Paged, session: Db) -> Response:
    """Mentors and visits of the locations that you may see, not those that have ended."""
    found = mentorships(session, desk.rollout, desk.extent, desk.viewer)
    return page_of(page, "mentorships", PairItem, found, lambda one: one.id, pair_item)


@router.post(
    "/rollouts/{slug}/mentorships", summary="Pair two locations", status_code=201, response_model=PairItem,
    responses=changing(),
)  # fmt: skip
def pair(request: Request, given: NewPair, desk: Seeing, session: Db, now: Now, key: IntentKey = "") -> Response:
    """The mentor is told. The same pair again is quiet."""
    assigning = desk.viewer.locations(desk.rollout.id, Permission.ASSIGN)
    if not (assigning.everywhere or assigning.ids):
        raise Forbidden("Whoever assigns work at both locations pairs them.")
    said = given.checked()
    row = pair_locations(
        session, _place(desk.rollout, "location", given.location), kind=given.kind,
        from_location_id=_place(desk.rollout, "live", given.live), person_id=given.person, day=given.day,
        note=said["note"], token=key, by=desk.viewer, now=now,
    )  # fmt: skip
    return _shown(request, session, row, desk.viewer, status=201)


@router.put(
    "/mentorships/{mentorship_id}/holding", summary="Say that it took place", response_model=PairItem,
    responses=changing(),
)  # fmt: skip
def hold(request: Request, mentorship_id: RowId, viewer: Arranging, session: Db, now: Now) -> Response:
    """Said already is quiet; 409 before its day."""
    return _shown(request, session, hold_mentorship(session, mentorship_id, by=viewer, now=now), viewer)


@router.delete("/mentorships/{mentorship_id}", summary="End a mentor or visit", status_code=204, responses=changing())
def end(mentorship_id: RowId, viewer: Arranging, session: Db, now: Now) -> Response:
    """Ended already is quiet."""
    end_mentorship(session, mentorship_id, by=viewer, now=now)
    return Response(status_code=204)


def _place(rollout: RolloutFacts, field: str, slug: str) -> int:
    found = next((place for place in rollout.locations if place.slug == slug), None)
    if found is None:
        raise Invalid({field: "There is no such place in this rollout."})
    return found.id


def _shown(request: Request, session: Session, row: Mentorship, viewer: Viewer, *, status: int = 200) -> Response:
    session.flush()
    rollout = facts_of(session, session.get_one(Rollout, row.rollout_id))
    lines = mentorships(session, rollout, viewer.locations(rollout.id), viewer)
    found = next((line for line in lines if line.id == row.id), None)
    if found is None:
        raise NotFound("mentorship")
    return answer(request, pair_item(found), status=status)
