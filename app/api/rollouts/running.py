"""A location of a running rollout stands still and goes on, and shares."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.responses import Response

from app.actions.events import stale
from app.actions.locations.consents import give_consent, withdraw_consent
from app.actions.locations.pauses import pause_location, resume_location
from app.api.callers import Db
from app.api.describing import changing, versioned
from app.api.fields import ROLE_PATTERN, Given, PlaceSlug, Prose
from app.api.guards import Desk, Directing, RolloutGuard
from app.api.reading import StrictRoute
from app.api.rollouts.shapes import LocationItem, location_item
from app.api.tags import IfMatch, Seen, answer, tag_of, text_of
from app.errors import NotFound
from app.queries.rollouts.facts import PlaceFacts, rollout_facts
from app.request import Now
from app.rules.people.access import Permission

router = APIRouter(tags=["rollouts"], route_class=StrictRoute)
Sharing = Annotated[str, Path(pattern=ROLE_PATTERN, description="An entry of the playbook's `sharing`.")]
Sharer = Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN))]


class Why(Given):
    reason: Prose


def _place(desk: Desk, location: str) -> PlaceFacts:
    found = next((one for one in desk.rollout.locations if one.slug == location), None)
    if found is None:
        raise NotFound("location")
    return found


def _again(request: Request, session: Db, desk: Desk, location: str) -> Response:
    session.flush()
    session.expire_all()
    found = rollout_facts(session, desk.rollout.slug)
    return answer(request, location_item(next(one for one in found.locations if one.slug == location)))


def _demand(session: Db, place: PlaceFacts, seen: Seen) -> None:
    seen.demand(tag_of(text_of(location_item(place))), lambda: stale(session, ("location", place.id)))


@router.put(
    "/rollouts/{slug}/locations/{location}/pause", summary="Let a location stand still",
    response_model=LocationItem, responses=versioned(),
)  # fmt: skip
def pause(
    request: Request, location: PlaceSlug, given: Why, seen: IfMatch, desk: Directing, session: Db, now: Now
) -> Response:
    """Paused already is quiet."""
    place = _place(desk, location)
    if place.paused_at is None:
        _demand(session, place, seen)
    pause_location(session, place.id, reason=given.reason, by=desk.viewer, now=now)
    return _again(request, session, desk, location)


@router.delete(
    "/rollouts/{slug}/locations/{location}/pause", summary="Let a location go on", response_model=LocationItem,
    responses=versioned(),
)  # fmt: skip
def resume(request: Request, location: PlaceSlug, seen: IfMatch, desk: Directing, session: Db, now: Now) -> Response:
    """On the dates that it had. Not paused is quiet."""
    place = _place(desk, location)
    if place.paused_at is not None:
        _demand(session, place, seen)
    resume_location(session, place.id, by=desk.viewer, now=now)
    return _again(request, session, desk, location)


@router.put(
    "/rollouts/{slug}/locations/{location}/consents/{sharing}", summary="Let other locations see something",
    status_code=204, responses=changing(),
)  # fmt: skip
def consent(location: PlaceSlug, sharing: Sharing, desk: Sharer, session: Db, now: Now) -> Response:
    """For whoever holds the role that the playbook asks. Agreed to already is quiet."""
    give_consent(session, _place(desk, location).id, sharing, by=desk.viewer, now=now)
    return Response(status_code=204)


@router.delete(
    "/rollouts/{slug}/locations/{location}/consents/{sharing}", summary="Share no longer", status_code=204,
    responses=changing(),
)  # fmt: skip
def withdraw(location: PlaceSlug, sharing: Sharing, desk: Sharer, session: Db, now: Now) -> Response:
    """From the next look on. None given is quiet."""
    withdraw_consent(session, _place(desk, location).id, sharing, by=desk.viewer, now=now)
    return Response(status_code=204)
