"""A rollout that runs: a location stands still and goes on, shares, and the whole is closed and followed by another."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from pydantic import Field
from starlette.responses import Response

from app.actions.closing import close_rollout, next_rollout, reopen_rollout
from app.actions.consents import give_consent, withdraw_consent
from app.actions.events import stale
from app.actions.intents import once
from app.actions.pauses import pause_location, resume_location
from app.api.describing import changing, versioned
from app.api.fields import ROLE_PATTERN, Given, Line, PlaceSlug, Prose, RowKey
from app.api.guards import Db, Desk, Directing, RolloutGuard
from app.api.intents import IntentKey
from app.api.reading import StrictRoute
from app.api.rollouts.set_up import Drafting
from app.api.rollouts.shapes import LocationItem, RolloutWhole, location_item, rollout_whole
from app.api.tags import IfMatch, Seen, answer, tag_of, text_of
from app.errors import NotFound
from app.models import Rollout
from app.queries.rollouts.facts import PlaceFacts, facts_of, rollout_facts
from app.request import Now
from app.rules.access import Permission

router = APIRouter(tags=["rollouts"], route_class=StrictRoute)
Sharing = Annotated[str, Path(pattern=ROLE_PATTERN, description="An entry of the playbook's `sharing`.")]
Sharer = Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN))]


class Why(Given):
    reason: Prose


class Closing(Given):
    note: Prose = Field(description="What is to be remembered of it.")


class Following(Given):
    """The next rollout, from the playbook and the people of this one."""

    title: Line
    playbook: RowKey = Field(description="The `id` of this version of the playbook, or of a newer one.")
    locations: bool = Field(False, description="With its locations.")
    people_there: bool = Field(False, description="And who holds a role at them.")


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


@router.put("/rollouts/{slug}/closing", summary="Close a rollout", response_model=RolloutWhole, responses=versioned())
def close(draft: Drafting, given: Closing) -> Response:
    """It is only read from then on. Closed already is quiet."""
    return draft.make(close_rollout, note=given.note)


@router.put(
    "/rollouts/{slug}/reopening", summary="Take a closed rollout up again", response_model=RolloutWhole,
    responses=versioned(),
)  # fmt: skip
def reopen(draft: Drafting, given: Why) -> Response:
    """With all its dates as they were. Open already is quiet."""
    return draft.make(reopen_rollout, reason=given.reason)


@router.post(
    "/rollouts/{slug}/next", summary="Draft the next rollout", status_code=201, response_model=RolloutWhole,
    responses=changing(),
)  # fmt: skip
def follow(request: Request, given: Following, desk: Directing, session: Db, now: Now, key: IntentKey = "") -> Response:
    """From the playbook of this one, or a newer version of it, and the people of its network."""

    def make() -> Rollout:
        return next_rollout(
            session, desk.rollout.id, title=given.title, playbook_version_id=given.playbook,
            locations=given.locations, people_there=given.people_there, by=desk.viewer, now=now,
        )  # fmt: skip

    row = once(session, key, Rollout, make, by=desk.viewer, now=now)
    session.flush()
    shown = rollout_whole(facts_of(session, row))
    return answer(request, shown, version=row.version, status=201, location=f"/api/v1/rollouts/{row.slug}")
