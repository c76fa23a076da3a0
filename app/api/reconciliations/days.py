"""Days to reconcile: listed, read whole, counted up, and what happened to one."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from app.api.callers import Db
from app.api.describing import reading
from app.api.fields import LARGEST_ID, RowId, Word
from app.api.guards import Desk, Detailed, Reader, Seeing
from app.api.kinds import REFUSED
from app.api.paging import Page, Paged, cut_page, page_of
from app.api.reading import StrictRoute
from app.api.reconciliations.shapes import DayItem, DayWhole, RunLine, RunLines
from app.api.reconciliations.whole import day_item, show_day
from app.api.tags import answer
from app.api.tasks.said import HistoryLine
from app.errors import Forbidden, Invalid
from app.plan.language.dates import parse_iso_date
from app.plan.problems import Wrong
from app.queries.reconciliations.after import DayFilter, days_after
from app.queries.reconciliations.page import day_page
from app.queries.reconciliations.runs import runs_at
from app.request import Now
from app.rules.reconciliations.days import DayState

router = APIRouter(tags=["reconciliations"], route_class=StrictRoute)
NETWORK = "network"
Day = Annotated[str, Query(max_length=10, pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", examples=["2027-02-08"])]


def day_filter(
    desk: Seeing,
    location: Annotated[Word, Query(description="A location's id, or `network`.")] = "",
    entry: Annotated[Word, Query(description="The id of an entry of the playbook.")] = "",
    first: Annotated[Day, Query(alias="from", description="The first day.")] = "",
    last: Annotated[Day, Query(alias="to", description="The last day.")] = "",
    state: Annotated[Word, Query(description="A state; empty for all.")] = "",
) -> tuple[Desk, DayFilter]:
    """Before which rollout, and which of its days. Raises Invalid for a place, a day or a state that there is not."""
    if state and state not in [one.value for one in DayState]:
        raise Invalid({"state": f"One of {', '.join(DayState)}."})
    network = location == NETWORK
    place = None if network else desk.rollout.named(location)
    found = DayState(state) if state else None
    return desk, DayFilter(place, network, entry, _day("from", first), _day("to", last), found)


def _day(name: str, text: str) -> date | None:
    try:
        return parse_iso_date(text) if text else None
    except Wrong:
        raise Invalid({name: "Give a day, as 2027-02-08."}) from None


@router.get(
    "/rollouts/{slug}/reconciliations", summary="Days to reconcile", response_model=Page[DayItem],
    responses=reading(REFUSED),
)  # fmt: skip
def list_days(
    asked: Annotated[tuple[Desk, DayFilter], Depends(day_filter)], page: Paged, session: Db, now: Now
) -> Response:
    """The days that you may see, in the order of their ids."""
    desk, wanted = asked
    rollout, after = desk.rollout, page.after("reconciliations")
    at, found = desk.counted_at(now), []
    if after <= LARGEST_ID:
        found = days_after(session, rollout, desk.extent, wanted, after, page.limit + 1, at)
    return cut_page(
        page, "reconciliations", DayItem, found, lambda one: one.occasion, lambda one: day_item(rollout, one)
    )


@router.get(
    "/rollouts/{slug}/reconciliations/runs", summary="How the days went so far", response_model=RunLines,
    responses=reading(REFUSED),
)  # fmt: skip
def list_runs(request: Request, desk: Seeing, session: Db, now: Now) -> Response:
    """Of each entry at each location that you see: how many days were clean in a row, and what became of the others."""
    rollout = desk.rollout
    keys = [None, *(place.id for place in rollout.locations)]
    found = runs_at(session, rollout, keys, desk.counted_at(now))
    names: dict[int | None, str | None] = {place.id: place.slug for place in rollout.locations}
    lines = [
        RunLine(location=names.get(place), entry=entry, due=one.due, closed=one.closed, clean=one.clean,
                variance=one.variance, missed=one.missed, waiting=one.waiting, clean_in_a_row=one.run)
        for (place, entry), one in found.items()
    ]  # fmt: skip
    return answer(request, RunLines(runs=sorted(lines, key=lambda one: (one.location or "", one.entry))))


@router.get("/reconciliations/{occasion_id}", summary="One day", response_model=DayWhole, responses=reading())
def show(request: Request, occasion_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    """With its lines and counts. Its `ETag` names the version that changes of it ask for, also of a day of which
    nothing is recorded yet.
    """
    return show_day(request, session, occasion_id, viewer, now)


@router.get(
    "/reconciliations/{occasion_id}/history", summary="What happened to a day", response_model=Page[HistoryLine],
    responses=reading(),
)  # fmt: skip
def show_history(occasion_id: RowId, viewer: Detailed, page: Paged, session: Db, now: Now) -> Response:
    """The newest hundred events of a day, oldest first."""
    found = day_page(session, occasion_id, viewer, now)
    if not found.detail:
        raise Forbidden("You may see this day, but not what was done with it.")
    return page_of(
        page, "history", HistoryLine, found.history, lambda one: one.id,
        lambda one: HistoryLine(id=one.id, at=one.at, who=one.who, verb=one.verb, data=one.data),
    )  # fmt: skip
