"""Accounts: invited, given rights that hold everywhere, taken out of use and back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.events import stale
from app.actions.people.accounts import deactivate, invite, reactivate
from app.api.callers import Db
from app.api.describing import changing, reading, versioned
from app.api.fields import Given, Line, RowId
from app.api.guards import AccountGuard, EverywhereGuard
from app.api.paging import Page, Paged, page_of
from app.api.people.shapes import Invited, PersonItem, person_item
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, Seen, answer, tag_of, text_of
from app.errors import Invalid, NotFound
from app.queries.people import PersonLine, accounts
from app.request import Config, Now
from app.rules.people.access import Permission, Viewer

router = APIRouter(tags=["people"], route_class=StrictRoute)
Keeper = Annotated[Viewer, Depends(AccountGuard(Permission.MANAGE_PEOPLE))]
Inviting = Annotated[Viewer, Depends(EverywhereGuard(Permission.MANAGE_PEOPLE))]


class Invitation(Given):
    """Somebody who is to join."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Nils Berg", "email": "nils@example.org"}]})

    name: Line
    email: Annotated[str, Field(max_length=254, description="The address of a mailbox; one account each.")]
    by_mail: bool = Field(False, description="Send the link, too, where this installation sends mail.")


@router.get("/people", summary="Every account", response_model=Page[PersonItem], responses=reading())
def list_people(viewer: Keeper, page: Paged, session: Db) -> Response:
    return page_of(page, "people", PersonItem, accounts(session), lambda one: one.id, person_item)


@router.get("/people/{person_id}", summary="One account", response_model=PersonItem, responses=reading())
def show(request: Request, person_id: RowId, viewer: Keeper, session: Db) -> Response:
    return answer(request, person_item(account(session, person_id)))


@router.post("/invitations", summary="Invite somebody", status_code=201, response_model=Invited, responses=changing())
def add(request: Request, given: Invitation, viewer: Inviting, session: Db, config: Config, now: Now) -> Response:
    """Inviting the same address again gives a fresh link and ends the older ones; no link for who has joined."""
    if given.by_mail and not config.sends_mail:
        raise Invalid({"by_mail": "This installation sends no mail."})
    person, token = invite(session, name=given.name, email=given.email, by=viewer, now=now, by_mail=given.by_mail)
    session.flush()
    link = f"{config.address}/invitations/{token}" if token else None
    shown = Invited(person=person_item(account(session, person.id or 0)), link=link)
    return answer(request, shown, status=201, headers={"Cache-Control": "no-store"})


@router.put(
    "/people/{person_id}/deactivation", summary="Take an account out of use", response_model=PersonItem,
    responses=versioned(),
)  # fmt: skip
def take_out(request: Request, person_id: RowId, seen: IfMatch, viewer: Keeper, session: Db, now: Now) -> Response:
    """Signed out everywhere, every token ended, from the next request on. Twice is quiet."""
    if account(session, person_id).active:
        _demand(session, person_id, seen)
    deactivate(session, person_id, by=viewer, now=now)
    session.flush()
    return answer(request, person_item(account(session, person_id)))


@router.delete(
    "/people/{person_id}/deactivation", summary="Put an account back into use", response_model=PersonItem,
    responses=versioned(),
)  # fmt: skip
def bring_back(request: Request, person_id: RowId, seen: IfMatch, viewer: Keeper, session: Db, now: Now) -> Response:
    """With the roles it had; its tokens stay ended. Twice is quiet."""
    if not account(session, person_id).active:
        _demand(session, person_id, seen)
    reactivate(session, person_id, by=viewer, now=now)
    session.flush()
    return answer(request, person_item(account(session, person_id)))


def account(session: Session, person_id: int) -> PersonLine:
    found = next((one for one in accounts(session) if one.id == person_id), None)
    if found is None:
        raise NotFound("person")
    return found


def _demand(session: Session, person_id: int, seen: Seen) -> None:
    present = tag_of(text_of(person_item(account(session, person_id))))
    seen.demand(present, lambda: stale(session, ("person", person_id)))
