"""Rollouts: the list, one of them, its locations, and a new draft."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict
from starlette.responses import Response

from app.actions.intents import once
from app.actions.rollouts.drafting import draft_rollout
from app.api.callers import Db
from app.api.describing import changing, reading
from app.api.fields import Given, Line, PlaceSlug, RowKey
from app.api.guards import AccountGuard, Owner, Seeing
from app.api.intents import IntentKey
from app.api.paging import Page, Paged, page_of
from app.api.reading import StrictRoute
from app.api.rollouts.draft import new_rollout
from app.api.rollouts.shapes import (
    LocationItem,
    RolloutLine,
    RolloutWhole,
    location_item,
    rollout_whole,
    seen_rollout,
)
from app.api.tags import answer
from app.models import Rollout
from app.queries.rollouts.facts import rollout_lines
from app.request import Now
from app.rules.people.access import Permission, Viewer

router = APIRouter(tags=["rollouts"], route_class=StrictRoute)
Drafter = Annotated[Viewer, Depends(AccountGuard(Permission.DIRECT))]


class NewRollout(Given):
    """A draft, on a version of a playbook by its `id`."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "The move", "playbook": 1}]})

    title: Line
    playbook: RowKey


@router.get("/rollouts", summary="The rollouts", response_model=Page[RolloutLine], responses=reading())
def list_rollouts(viewer: Owner, page: Paged, session: Db) -> Response:
    """Those whose plan you may see."""
    extent = viewer.rollouts()
    found = rollout_lines(session, None if extent.everywhere else sorted(extent.ids))
    return page_of(
        page, "rollouts", RolloutLine, found, lambda one: one.id,
        lambda one: RolloutLine(**{**vars(one), "follows": seen_rollout(one.follows, viewer)}),
    )  # fmt: skip


@router.post("/rollouts", summary="Draft a rollout", status_code=201, response_model=RolloutWhole, responses=changing())
def draft(request: Request, given: NewRollout, viewer: Drafter, session: Db, now: Now, key: IntentKey = "") -> Response:
    """Nothing depends on a draft yet: set its start day, locations and people, then start it."""

    def make() -> Rollout:
        return draft_rollout(session, title=given.title, playbook_version_id=given.playbook, by=viewer, now=now)

    row = once(session, key, Rollout, make, asked=given.model_dump(), by=viewer, now=now)
    return new_rollout(request, session, row, viewer, now)


@router.get("/rollouts/{slug}", summary="One rollout", response_model=RolloutWhole, responses=reading())
def show(request: Request, desk: Seeing) -> Response:
    """Its `ETag` names the version that changes of a draft ask for."""
    return answer(request, rollout_whole(desk.rollout, desk.viewer), version=desk.rollout.version)


@router.get(
    "/rollouts/{slug}/locations", summary="Its locations", response_model=Page[LocationItem], responses=reading()
)
def list_locations(desk: Seeing, page: Paged) -> Response:
    """Those that you may see; what has left is told of the rollout."""
    return page_of(page, "locations", LocationItem, desk.rollout.locations, lambda place: place.id, location_item)


@router.get(
    "/rollouts/{slug}/locations/{location}", summary="One location", response_model=LocationItem,
    responses=reading(),
)  # fmt: skip
def show_location(request: Request, desk: Seeing, location: PlaceSlug) -> Response:
    """Though it has left."""
    return answer(request, location_item(desk.rollout.place(location, gone=True)))
