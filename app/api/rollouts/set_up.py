"""A draft is set up and started: its playbook, start day, locations, people."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field
from starlette.responses import Response

from app.actions.rollouts.drafting import Holding, set_locations, set_people, set_playbook, set_start
from app.actions.schedule.starting import start_again
from app.api.callers import Db
from app.api.describing import reading, versioned
from app.api.fields import Day, Given, PlaceId, RoleId, RowKey
from app.api.guards import Seeing
from app.api.reading import StrictRoute
from app.api.rollouts.draft import Drafting
from app.api.rollouts.shapes import Progress, RolloutWhole
from app.api.tags import answer
from app.queries.rollouts.draft import start_of

router = APIRouter(tags=["rollouts"], route_class=StrictRoute)


Row = dict[str, Any]


class Playbook(Given):
    playbook: RowKey = Field(description="The `id` of a version of a playbook.")


class StartDay(Given):
    model_config = ConfigDict(json_schema_extra={"examples": [{"start": "2027-01-04"}]})

    start: Day = Field(description="The first day, in the zone of the playbook.")


class Locations(Given):
    """As in a locations file: id, name, zone, wave, attributes, cutover, and what of the calendar differs."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"locations": [{"id": "alder", "name": "Alder", "zone": "America/Chicago", "wave": "pilot"}]}]
        }
    )

    locations: list[Row] = Field(max_length=2_000)


class Holder(Given):
    role: RoleId
    person: RowKey
    location: PlaceId | None = Field(None, description="Null for the whole network.")


class People(Given):
    people: list[Holder] = Field(max_length=10_000)


@router.put(
    "/rollouts/{slug}/playbook", summary="Put a draft on a playbook", response_model=RolloutWhole,
    responses=versioned(),
)  # fmt: skip
def choose_playbook(draft: Drafting, given: Playbook) -> Response:
    """Roles that the playbook does not have are given up with it."""
    return draft.make(set_playbook, playbook_version_id=given.playbook)


@router.put(
    "/rollouts/{slug}/start-day", summary="Say when a draft begins", response_model=RolloutWhole,
    responses=versioned(),
)  # fmt: skip
def choose_start(draft: Drafting, given: StartDay) -> Response:
    return draft.make(set_start, start=given.start)


@router.put(
    "/rollouts/{slug}/locations", summary="Replace the locations of a draft", response_model=RolloutWhole,
    responses=versioned(),
)  # fmt: skip
def replace_locations(draft: Drafting, given: Locations) -> Response:
    """In the order given. Locations that stay keep their roles."""
    return draft.make(set_locations, given.locations)


@router.put(
    "/rollouts/{slug}/holders", summary="Replace who holds which role in a draft", response_model=RolloutWhole,
    responses=versioned(),
)  # fmt: skip
def replace_people(draft: Drafting, given: People) -> Response:
    """Once a rollout runs, roles are given and taken one by one, as memberships."""
    return draft.make(set_people, [Holding(one.role, one.person, one.location or "") for one in given.people])


@router.put("/rollouts/{slug}/start", summary="Start a draft", response_model=RolloutWhole, responses=versioned())
def start(draft: Drafting) -> Response:
    """Its plan is written in the background: `progress` says how far it is. Started already is quiet, and a start
    that has failed is tried again.
    """
    return draft.make(start_again)


@router.get(
    "/rollouts/{slug}/progress", summary="How far the plan is written", response_model=Progress, responses=reading()
)
def progress(request: Request, desk: Seeing, session: Db) -> Response:
    found = start_of(session, desk.rollout.id)
    return answer(
        request,
        Progress(
            state=desk.rollout.state,
            job=found.state if found else None,
            done=found.done if found else 0,
            total=found.total if found else 0,
            error=found.error if found else "",
        ),
    )
