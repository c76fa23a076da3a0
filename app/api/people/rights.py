"""Rights of an account that hold everywhere."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.actions.people.memberships import add_membership, remove_membership
from app.api.callers import Db
from app.api.describing import changing, reading, versioned
from app.api.fields import Given, RoleId, RowId
from app.api.guards import AccountKeeping
from app.api.paging import Page, Paged, page_of
from app.api.people.accounts import account
from app.api.people.shapes import MembershipItem, membership_item
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, answer
from app.queries.memberships import membership_of, memberships
from app.request import Now

router = APIRouter(tags=["people"], route_class=StrictRoute)


class Right(Given):
    role: RoleId = Field(description="director, manager, executive or administrator.")


@router.get(
    "/people/{person_id}/rights", summary="Rights that hold everywhere", response_model=Page[MembershipItem],
    responses=reading(),
)  # fmt: skip
def list_rights(person_id: RowId, viewer: AccountKeeping, page: Paged, session: Db) -> Response:
    found = memberships(session, None, account(session, person_id).id)
    return page_of(page, "rights", MembershipItem, found, lambda one: one.id, membership_item)


@router.post(
    "/people/{person_id}/rights", summary="Give a right everywhere", status_code=201, response_model=MembershipItem,
    responses=changing(),
)  # fmt: skip
def give_right(
    request: Request, person_id: RowId, given: Right, viewer: AccountKeeping, session: Db, now: Now
) -> Response:
    """Nobody gives one to themselves. There already is quiet."""
    row = add_membership(session, person_id, role=given.role, by=viewer, now=now)
    session.flush()
    shown = membership_item(membership_of(session, row.id or 0, None))
    return answer(request, shown, status=201, location=f"/api/v1/people/{person_id}/rights/{row.id}")


@router.get(
    "/people/{person_id}/rights/{right_id}", summary="One right", response_model=MembershipItem, responses=reading()
)
def show_right(request: Request, person_id: RowId, right_id: RowId, viewer: AccountKeeping, session: Db) -> Response:
    return answer(request, membership_item(membership_of(session, right_id, None, person_id)))


@router.delete(
    "/people/{person_id}/rights/{right_id}", summary="Take a right away", status_code=204, responses=versioned()
)
def take_right(
    person_id: RowId, right_id: RowId, seen: IfMatch, viewer: AccountKeeping, session: Db, now: Now
) -> Response:
    """It ends with the next request."""
    present = membership_item(membership_of(session, right_id, None, person_id))
    seen.demand(session, present, ("person", person_id))
    remove_membership(session, right_id, by=viewer, now=now)
    return Response(status_code=204)
