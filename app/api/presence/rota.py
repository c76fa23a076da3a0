"""The rota, read: covers, who is on duty now, what is missing before it happens, and one's own duties."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.api.callers import Db
from app.api.describing import reading
from app.api.fields import RowId
from app.api.guards import Owner, Reader, Seeing
from app.api.paging import Page, Paged, page_of
from app.api.presence.opened import opened_cover, show_cover
from app.api.presence.shapes import (
    CoverItem,
    CoverWhole,
    MyDutyItem,
    PresentItem,
    TroublesShown,
    cover_item,
    my_duty,
    present_item,
    troubles_shown,
)
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.queries.presence.mine import coming_duties
from app.queries.presence.now import on_duty
from app.queries.presence.rota import rota
from app.queries.presence.troubles import troubles
from app.request import Now

router = APIRouter(tags=["presence"], route_class=StrictRoute)


@router.get("/rollouts/{slug}/covers", summary="Who is wanted", response_model=Page[CoverItem], responses=reading())
def list_covers(desk: Seeing, page: Paged, session: Db) -> Response:
    """Every cover of the playbook at the places that you may see, and how much of its stretch is filled."""
    known = rota(session, desk.rollout, desk.extent)
    return page_of(page, "covers", CoverItem, known.posts, lambda one: one.occasion, lambda one: cover_item(known, one))


@router.get("/covers/{occasion_id}", summary="One cover", response_model=CoverWhole, responses=reading())
def show(request: Request, occasion_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    """With its slots, in turns, and who has which."""
    return show_cover(request, opened_cover(session, occasion_id, viewer))


@router.get(
    "/rollouts/{slug}/on-duty", summary="Who is on duty now", response_model=Page[PresentItem], responses=reading()
)
def list_present(desk: Seeing, page: Paged, session: Db, now: Now) -> Response:
    """Whoever is on leave is replaced by who covers for them."""
    found = on_duty(session, desk.rollout, now, desk.extent)
    return page_of(page, "on-duty", PresentItem, found, lambda one: one.duty, present_item)


@router.get(
    "/rollouts/{slug}/rota/troubles", summary="What is missing before it happens", response_model=TroublesShown,
    responses=reading(),
)  # fmt: skip
def show_troubles(request: Request, desk: Seeing, session: Db, now: Now) -> Response:
    """Gaps, people on duty twice, and duties on days that have moved: fourteen days ahead."""
    at = desk.rollout.as_of(now)
    return answer(request, troubles_shown(troubles(rota(session, desk.rollout, desk.extent, since=at), at)))


@router.get("/me/duties", summary="Your duties", response_model=Page[MyDutyItem], responses=reading())
def list_mine(viewer: Owner, page: Paged, session: Db, now: Now) -> Response:
    """All that are not over, those of people whom you cover included."""
    return page_of(page, "duties", MyDutyItem, coming_duties(session, viewer, now), lambda one: one.id, my_duty)
