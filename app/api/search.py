"""Search over everything that one may see."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from app.admission import may_everywhere
from app.api.callers import Db
from app.api.describing import reading
from app.api.fields import Shown, Whole, Word
from app.api.guards import Owner
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.queries.search import Found, Kind, search
from app.request import Now
from app.rules.people.access import Permission

router = APIRouter(tags=["search"], route_class=StrictRoute)


class FoundItem(Shown):
    """One result."""

    kind: Kind
    title: str = Field(description="Of a person the name.")
    id: int | None = Field(description="The key of a task or a person.")
    name: str = Field(description="The id of a gate or a playbook; else empty.")
    rollout: str | None = Field(description="The rollout's word in addresses.")
    location: str | None
    note: str = Field(description="Of a person the role, of a playbook its version, of what belongs to a wave its id.")
    state: str = Field(description="done, late, blocked or retired; empty where none is beyond doubt.")


class SearchResults(Shown):
    """The best results of each kind, one kind after the other."""

    found: list[FoundItem]


@router.get("/search", summary="Search", response_model=SearchResults, responses=reading())
def show(
    request: Request,
    viewer: Owner,
    session: Db,
    now: Now,
    q: Annotated[Word, Query(description="Words, or their beginnings, in any case. Nothing is found for none.")] = "",
    limit: Annotated[int, Field(ge=1, le=50), Whole, Query(description="The most of each kind.")] = 20,
) -> Response:
    """Tasks, locations, people, gates, rollouts and playbooks."""
    accounts = may_everywhere(viewer, Permission.MANAGE_PEOPLE)
    found = search(session, viewer, q, limit=limit, accounts=accounts, now=now)
    return answer(request, SearchResults(found=[_item(one) for results in found.values() for one in results]))


def _item(one: Found) -> FoundItem:
    return FoundItem(
        kind=one.kind, title=one.title, id=one.id or None, name=one.name,
        rollout=one.ground.slug if one.ground else None, location=one.place.slug if one.place else None, note=one.note,
        state=one.state,
    )  # fmt: skip
