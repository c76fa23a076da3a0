"""A location of a running rollout stands still and goes on, and its plan is written again."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.locations.joining import write_plan_again
from app.actions.locations.pauses import pause_location, resume_location
from app.api.callers import Db
from app.api.describing import reading, versioned
from app.api.fields import Given, PlaceSlug, Prose, Shown
from app.api.guards import Desk, Directing
from app.api.reading import StrictRoute
from app.api.rollouts.shapes import LocationItem, location_item
from app.api.tags import IfMatch, answer
from app.queries.rollouts.draft import failed_plans
from app.queries.rollouts.facts import PlaceFacts, rollout_facts
from app.request import Now

router = APIRouter(tags=["rollouts"], route_class=StrictRoute)


class Why(Given):
    reason: Prose


class WrittenPlan(Shown):
    """Whether the plan of a location that joined is written; until then nothing counts there."""

    planned: bool
    error: str = Field(description="Why the last try failed, one reason a line; empty while it is under way.")


def _again(session: Session, desk: Desk, location: str) -> PlaceFacts:
    session.flush()
    session.expire_all()
    return rollout_facts(session, desk.rollout.slug).place(location)


@router.put(
    "/rollouts/{slug}/locations/{location}/pause", summary="Let a location stand still",
    response_model=LocationItem, responses=versioned(),
)  # fmt: skip
def pause(
    request: Request, location: PlaceSlug, given: Why, seen: IfMatch, desk: Directing, session: Db, now: Now
) -> Response:
    """Paused already is quiet."""
    place = desk.rollout.place(location)
    if place.paused_at is None:
        seen.demand(session, location_item(place), ("location", place.id))
    pause_location(session, place.id, reason=given.reason, by=desk.viewer, now=now)
    return answer(request, location_item(_again(session, desk, location)))


@router.delete(
    "/rollouts/{slug}/locations/{location}/pause", summary="Let a location go on", response_model=LocationItem,
    responses=versioned(),
)  # fmt: skip
def resume(request: Request, location: PlaceSlug, seen: IfMatch, desk: Directing, session: Db, now: Now) -> Response:
    """On the dates that it had. Not paused is quiet."""
    place = desk.rollout.place(location)
    if place.paused_at is not None:
        seen.demand(session, location_item(place), ("location", place.id))
    resume_location(session, place.id, by=desk.viewer, now=now)
    return answer(request, location_item(_again(session, desk, location)))


def _written(session: Session, desk: Desk, place: PlaceFacts) -> WrittenPlan:
    error = "" if place.planned else failed_plans(session, desk.rollout.id).get(place.slug, "")
    return WrittenPlan(planned=place.planned, error=error)


@router.get(
    "/rollouts/{slug}/locations/{location}/plan", summary="Whether the plan of a location is written",
    response_model=WrittenPlan, responses=reading(),
)  # fmt: skip
def plan(request: Request, location: PlaceSlug, desk: Directing, session: Db) -> Response:
    return answer(request, _written(session, desk, desk.rollout.place(location)))


@router.put(
    "/rollouts/{slug}/locations/{location}/plan", summary="Write the plan of a location again",
    response_model=WrittenPlan, responses=versioned(),
)  # fmt: skip
def write_again(
    request: Request, location: PlaceSlug, seen: IfMatch, desk: Directing, session: Db, now: Now
) -> Response:
    """After the last try has failed. Written, or under way, already is quiet."""
    place = desk.rollout.place(location)
    present = _written(session, desk, place)
    if present.error:
        seen.demand(session, present, ("location", place.id))
    write_plan_again(session, place.id, by=desk.viewer, now=now)
    return answer(request, _written(session, desk, _again(session, desk, location)))
