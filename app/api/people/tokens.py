"""The caller: who the token acts for, and the tokens of that person."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field
from starlette.responses import Response

from app.actions.people.tokens import LONGEST_DAYS, end_token, make_token
from app.api.callers import Db, Known
from app.api.describing import changing, reading, versioned
from app.api.fields import LINE_PATTERN, Given, RowId
from app.api.guards import Owner
from app.api.intents import IntentKey
from app.api.paging import Page, Paged, page_of
from app.api.people.shapes import GrantItem, Me, NewToken, TokenItem, token_item
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, answer
from app.queries.tokens import live_tokens, token_of
from app.request import Now

router = APIRouter(tags=["you"], route_class=StrictRoute)


class TokenWish(Given):
    """A token of your own. It never may more than you, and ends no later than the token that asks for it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Weekly report", "days": 90, "reads_only": True}]}
    )

    name: Annotated[str, Field(max_length=60, pattern=LINE_PATTERN, description="What it is for.")]
    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] = 90
    reads_only: bool = False


@router.get("/me", summary="Who you are", response_model=Me, responses=reading())
def me(request: Request, viewer: Owner, known: Known) -> Response:
    grants = [
        GrantItem(
            role=one.role, access=one.access, rollout=one.rollout, location=one.location,
            instead_of=None if one.instead_of is None else list(one.instead_of),
        )
        for one in viewer.grants
    ]  # fmt: skip
    shown = Me(
        id=viewer.person, name=viewer.name, grants=grants, reads_only=known.reads_only, expires_at=known.expires_at
    )
    return answer(request, shown)


@router.get("/tokens", summary="Your tokens", response_model=Page[TokenItem], responses=reading())
def list_tokens(viewer: Owner, page: Paged, session: Db, now: Now) -> Response:
    """Those that have neither ended nor expired."""
    found = live_tokens(session, viewer.person, now)
    return page_of(page, "tokens", TokenItem, found, lambda one: one.id, token_item)


@router.post("/tokens", summary="Make a token", status_code=201, response_model=NewToken, responses=changing())
def make(
    request: Request, given: TokenWish, viewer: Owner, known: Known, session: Db, now: Now, key: IntentKey = ""
) -> Response:
    """Its text is in the answer, and nowhere else ever again."""
    row, text = make_token(
        session, name=given.name, days=given.days, reads_only=given.reads_only, until=known.expires_at, intent=key,
        by=viewer, now=now,
    )  # fmt: skip
    shown = NewToken(**vars(token_of(session, row.id or 0, viewer.person)), token=text)
    headers = {"Cache-Control": "no-store"}
    return answer(request, shown, status=201, location=f"/api/v1/tokens/{row.id}", headers=headers)


@router.get("/tokens/{token_id}", summary="One of your tokens", response_model=TokenItem, responses=reading())
def show(request: Request, token_id: RowId, viewer: Owner, session: Db) -> Response:
    return answer(request, token_item(token_of(session, token_id, viewer.person)))


@router.delete("/tokens/{token_id}", summary="End a token", response_model=TokenItem, responses=versioned())
def end(request: Request, token_id: RowId, seen: IfMatch, viewer: Owner, session: Db, now: Now) -> Response:
    """It acts no more, from the next request on. Ended already is quiet."""
    present = token_of(session, token_id, viewer.person)
    if present.ended_at is None:
        seen.demand(session, token_item(present), ("person", viewer.person))
    end_token(session, token_id, by=viewer, now=now)
    session.flush()
    return answer(request, token_item(token_of(session, token_id, viewer.person)))
