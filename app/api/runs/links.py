"""The links to the wall of a run: listed, made and ended by whoever leads it."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field
from starlette.responses import Response

from app.actions.runs.links import TITLE_LIMIT, end_link, make_link
from app.api.callers import Db
from app.api.describing import changing, reading
from app.api.fields import LINE_PATTERN, Given, RowId, Shown
from app.api.guards import Doer, Reader
from app.api.intents import IntentKey
from app.api.paging import Page, Paged, page_of
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.queries.runs.links import LinkLine, links_page
from app.request import Config, Now

router = APIRouter(tags=["runs"], route_class=StrictRoute)


class WallLink(Shown):
    """A link to the wall of a run. It shows the run to whoever has it, and nothing that somebody typed."""

    id: int
    title: str
    by: str = Field(description="The name of whoever made it.")
    at: datetime
    ended_at: datetime | None = Field(description="Since when it opens nothing.")


class NewWallLink(WallLink):
    link: str | None = Field(description="The address: in this answer, and nowhere else ever again; null sent again.")


class WallLinkWish(Given):
    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Screen in the command centre"}]})

    title: str = Field(max_length=TITLE_LIMIT, pattern=LINE_PATTERN, description="Where it hangs.")


@router.get("/runs/{run_id}/links", summary="Links to its wall", response_model=Page[WallLink], responses=reading())
def list_links(run_id: RowId, viewer: Reader, page: Paged, session: Db) -> Response:
    """For whoever leads the run; those that have ended, too."""
    found = links_page(session, run_id, viewer).links
    return page_of(page, "links", WallLink, found, lambda one: one.id, _link)


@router.post(
    "/runs/{run_id}/links", summary="Make a link to its wall", status_code=201, response_model=NewWallLink,
    responses=changing(),
)  # fmt: skip
def make(
    request: Request, run_id: RowId, given: WallLinkWish, viewer: Doer, session: Db, config: Config, now: Now,
    key: IntentKey = "",
) -> Response:  # fmt: skip
    """For a screen where nobody signs in. Its address is in the answer, and nowhere else ever again."""
    row, text = make_link(session, run_id, title=given.title, intent=key, by=viewer, now=now)
    session.flush()
    found = next(one for one in links_page(session, run_id, viewer).links if one.id == row.id)
    shown = NewWallLink(**_link(found).model_dump(), link=f"{config.address}/wall/{text}" if text else None)
    return answer(request, shown, status=201, headers={"Cache-Control": "no-store"})


@router.delete(
    "/runs/{run_id}/links/{link_id}", summary="End a link to its wall", response_model=WallLink, responses=changing()
)
def end(request: Request, run_id: RowId, link_id: RowId, viewer: Doer, session: Db, now: Now) -> Response:
    """It opens nothing from then on. Ended already is quiet."""
    end_link(session, run_id, link_id, by=viewer, now=now)
    session.flush()
    return answer(request, _link(next(one for one in links_page(session, run_id, viewer).links if one.id == link_id)))


def _link(one: LinkLine) -> WallLink:
    return WallLink(id=one.id, title=one.title, by=one.who, at=one.at, ended_at=one.ended_at)
