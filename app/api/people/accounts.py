"""Accounts: listed, taken out of use and back."""

from __future__ import annotations

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.people.accounts import deactivate, reactivate
from app.api.callers import Db
from app.api.describing import reading, versioned
from app.api.fields import RowId
from app.api.guards import AccountKeeping
from app.api.paging import Page, Paged, page_of
from app.api.people.shapes import PersonItem, person_item
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, Seen, answer
from app.errors import NotFound
from app.queries.people import PersonLine, accounts
from app.request import Now

router = APIRouter(tags=["people"], route_class=StrictRoute)


@router.get("/people", summary="Every account", response_model=Page[PersonItem], responses=reading())
def list_people(viewer: AccountKeeping, page: Paged, session: Db) -> Response:
    return page_of(page, "people", PersonItem, accounts(session), lambda one: one.id, person_item)


@router.get("/people/{person_id}", summary="One account", response_model=PersonItem, responses=reading())
def show(request: Request, person_id: RowId, viewer: AccountKeeping, session: Db) -> Response:
    return answer(request, person_item(account(session, person_id)))


@router.put(
    "/people/{person_id}/deactivation", summary="Take an account out of use", response_model=PersonItem,
    responses=versioned(),
)  # fmt: skip
def take_out(
    request: Request, person_id: RowId, seen: IfMatch, viewer: AccountKeeping, session: Db, now: Now
) -> Response:
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
def bring_back(
    request: Request, person_id: RowId, seen: IfMatch, viewer: AccountKeeping, session: Db, now: Now
) -> Response:
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
    seen.demand(session, person_item(account(session, person_id)), ("person", person_id))
