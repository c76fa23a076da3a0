"""Views of a plan that somebody keeps under a name, for themselves."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.rollouts.views import NAME_LIMIT, QUERY_LIMIT, delete_filter, rename_filter, save_filter
from app.api.callers import Db
from app.api.describing import changing, reading, versioned
from app.api.fields import LINE_PATTERN, Given, RowId, Shown
from app.api.guards import Desk, Seeing
from app.api.paging import Page, Paged, page_of
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, answer
from app.errors import NotFound
from app.queries.tasks.views import View, views
from app.request import Now
from app.rules.tasks.filter_texts import filter_of, query_of

router = APIRouter(tags=["rollouts"], route_class=StrictRoute)
Name = Annotated[str, Field(max_length=NAME_LIMIT, pattern=LINE_PATTERN)]


class NewView(Given):
    """A name, and the filter of the plan as it stands in its address. What filters nothing there is dropped."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Mine, late", "query": "person=me&state=late"}]})

    name: Name
    query: str = Field("", max_length=QUERY_LIMIT, pattern=LINE_PATTERN)


class Renamed(Given):
    name: Name


class ViewItem(Shown):
    """A view of your own."""

    id: int
    name: str
    query: str = Field(description="As behind the question mark of `…/tasks` and `…/timeline`.")


def _item(view: View) -> ViewItem:
    return ViewItem(**vars(view))


def _one(session: Session, desk: Desk, view_id: int) -> ViewItem:
    found = next((one for one in views(session, desk.rollout.id, desk.viewer.person) if one.id == view_id), None)
    if found is None:
        raise NotFound("view")
    return _item(found)


@router.get("/rollouts/{slug}/views", summary="Your views", response_model=Page[ViewItem], responses=reading())
def list_views(desk: Seeing, page: Paged, session: Db) -> Response:
    found = views(session, desk.rollout.id, desk.viewer.person)
    return page_of(page, "views", ViewItem, found, lambda one: one.id, _item)


@router.post(
    "/rollouts/{slug}/views", summary="Keep a view", status_code=201, response_model=ViewItem, responses=changing()
)
def keep(request: Request, given: NewView, desk: Seeing, session: Db, now: Now) -> Response:
    """For yourself. The same again is quiet."""
    query = query_of(filter_of(given.query))
    row = save_filter(session, desk.rollout.id, name=given.name, query=query, by=desk.viewer, now=now)
    session.flush()
    location = f"{desk.address}/views/{row.id}"
    return answer(request, _one(session, desk, row.id or 0), status=201, location=location)


@router.get("/rollouts/{slug}/views/{view_id}", summary="One view", response_model=ViewItem, responses=reading())
def show(request: Request, desk: Seeing, view_id: RowId, session: Db) -> Response:
    return answer(request, _one(session, desk, view_id))


@router.put("/rollouts/{slug}/views/{view_id}", summary="Rename a view", response_model=ViewItem, responses=versioned())
def rename(
    request: Request, given: Renamed, desk: Seeing, view_id: RowId, seen: IfMatch, session: Db, now: Now
) -> Response:
    """The same again is quiet."""
    present = _one(session, desk, view_id)
    if present.name != given.name:
        seen.demand(session, present, ("person", desk.viewer.person))
    rename_filter(session, view_id, name=given.name, by=desk.viewer, now=now)
    return answer(request, _one(session, desk, view_id))


@router.delete(
    "/rollouts/{slug}/views/{view_id}", summary="Keep a view no longer", status_code=204, responses=versioned()
)
def forget(desk: Seeing, view_id: RowId, seen: IfMatch, session: Db, now: Now) -> Response:
    seen.demand(session, _one(session, desk, view_id), ("person", desk.viewer.person))
    delete_filter(session, view_id, by=desk.viewer, now=now)
    return Response(status_code=204)
