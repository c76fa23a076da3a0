"""The people of a rollout, and the roles they hold in it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field
from starlette.responses import Response

from app.actions.people.memberships import add_membership, remove_membership
from app.api.callers import Db
from app.api.describing import changing, reading, versioned
from app.api.fields import Given, PlaceId, RoleId, RowId, RowKey
from app.api.guards import Keeping
from app.api.paging import Page, Paged, page_of
from app.api.people.shapes import MembershipItem, PersonItem, membership_item, person_item
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, answer
from app.queries.memberships import membership_of, memberships
from app.queries.people import members
from app.request import Now

router = APIRouter(tags=["people"], route_class=StrictRoute)


class Role(Given):
    """A role of the playbook, for the network or for one location."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"person": 7, "role": "champion", "location": "alder"}]})

    person: RowKey
    role: RoleId
    location: PlaceId | None = Field(None, description="Null for the whole network.")


@router.get("/rollouts/{slug}/people", summary="Its people", response_model=Page[PersonItem], responses=reading())
def list_people(desk: Keeping, page: Paged, session: Db) -> Response:
    """Everybody who holds a role in it."""
    found = members(session, desk.rollout.id)
    return page_of(page, "people", PersonItem, found, lambda one: one.id, person_item)


@router.get(
    "/rollouts/{slug}/memberships", summary="Who holds which role", response_model=Page[MembershipItem],
    responses=reading(),
)  # fmt: skip
def list_roles(desk: Keeping, page: Paged, session: Db) -> Response:
    found = memberships(session, desk.rollout.id)
    return page_of(page, "memberships", MembershipItem, found, lambda one: one.id, membership_item)


@router.post(
    "/rollouts/{slug}/memberships", summary="Give a role", status_code=201, response_model=MembershipItem,
    responses=changing(),
)  # fmt: skip
def give_role(request: Request, given: Role, desk: Keeping, session: Db, now: Now) -> Response:
    """Nobody gives one to themselves. There already is quiet."""
    place = desk.rollout.named(given.location)
    row = add_membership(
        session, given.person, role=given.role, rollout_id=desk.rollout.id, location_id=place.id if place else None,
        by=desk.viewer, now=now,
    )  # fmt: skip
    session.flush()
    shown = membership_item(membership_of(session, row.id or 0, desk.rollout.id))
    return answer(request, shown, status=201, location=f"{desk.address}/memberships/{row.id}")


@router.get(
    "/rollouts/{slug}/memberships/{membership_id}", summary="One membership", response_model=MembershipItem,
    responses=reading(),
)  # fmt: skip
def show_role(request: Request, desk: Keeping, membership_id: RowId, session: Db) -> Response:
    return answer(request, membership_item(membership_of(session, membership_id, desk.rollout.id)))


@router.delete(
    "/rollouts/{slug}/memberships/{membership_id}", summary="Take a role away", status_code=204,
    responses=versioned(),
)  # fmt: skip
def take_role(desk: Keeping, membership_id: RowId, seen: IfMatch, session: Db, now: Now) -> Response:
    """It ends with the next request."""
    present = membership_of(session, membership_id, desk.rollout.id)
    seen.demand(session, membership_item(present), ("person", present.person))
    remove_membership(session, membership_id, within=desk.rollout.id, by=desk.viewer, now=now)
    return Response(status_code=204)
