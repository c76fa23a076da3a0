"""Runbooks: listed, read as planned, and run."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, ConfigDict, Field
from starlette.responses import Response

from app.actions.days import demand_years
from app.actions.intents import once
from app.actions.runs.making import make_run
from app.api.callers import Db
from app.api.describing import changing, reading
from app.api.fields import Given, RowId, Word
from app.api.guards import Doer, Reader, Seeing
from app.api.intents import IntentKey
from app.api.kinds import REFUSED
from app.api.paging import Page, Paged, page_of
from app.api.reading import StrictRoute
from app.api.runs.planned import runbook_item, runbook_whole
from app.api.runs.planned_shapes import RunbookItem, RunbookWhole
from app.api.runs.shapes import RunWhole
from app.api.runs.whole import show_run
from app.api.tags import answer
from app.errors import Invalid
from app.models import Run
from app.queries.runs.list import runbook_lines
from app.queries.runs.runbook import runbook_page, waits_for_live_run
from app.request import Now

router = APIRouter(tags=["runs"], route_class=StrictRoute)
NETWORK = "network"


class NewRun(Given):
    """A rehearsal, unless you say `live`. A live run has the T of the plan."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{}, {"how": "hours", "zero": "2027-01-20T07:00:00Z"}, {"live": True, "broadcasts": "on"}]
        }
    )

    live: bool = False
    how: Literal["straight", "hours"] = Field(
        "straight",
        description="Of a rehearsal: `straight` begins now and waits for no hour, `hours` has a T of its own.",
    )
    zero: AwareDatetime | None = Field(None, strict=False, description="T of a rehearsal with its hours.")
    broadcasts: Literal["off", "test", "on"] | None = Field(
        None, description="What is sent: of a rehearsal off (unless you say test), of a live run say it."
    )

    @property
    def straight(self) -> bool:
        return not self.live and self.how == "straight"

    def demand_whole(self) -> None:
        """Raises Invalid for a T that is missing, or that such a run has not."""
        if self.zero is None and not (self.live or self.straight):
            raise Invalid({"zero": "Say when T is."})
        if self.zero is not None:
            if self.live or self.straight:
                raise Invalid({"zero": "Only a rehearsal at the hours of the plan has a T of its own."})
            demand_years(zero=self.zero.date())


@router.get(
    "/rollouts/{slug}/runbooks", summary="Its runbooks", response_model=Page[RunbookItem], responses=reading(REFUSED)
)
def list_runbooks(
    desk: Seeing,
    page: Paged,
    session: Db,
    now: Now,
    location: Annotated[Word, Query(description="A location's id, or `network` for what is run at none.")] = "",
) -> Response:
    """Every runbook with its T at the places that you may see, its rehearsals, and how the run stands that is on, in
    the order of their ids.
    """
    rollout = desk.rollout
    place = None if location == NETWORK else rollout.named(location)
    found = [one for one in runbook_lines(session, rollout, desk.counted_at(now)) if not location or one.place == place]
    return page_of(page, "runbooks", RunbookItem, found, lambda one: one.id, lambda one: runbook_item(rollout, one))


@router.get("/runbooks/{runbook_id}", summary="One runbook", response_model=RunbookWhole, responses=reading())
def show(request: Request, runbook_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    """Its steps as a live run would be planned at this moment, what that waits for, the way back, and its runs."""
    return answer(request, runbook_whole(runbook_page(session, runbook_id, viewer, now)))


@router.post(
    "/runbooks/{runbook_id}/runs", summary="Make a run", status_code=201, response_model=RunWhole, responses=changing()
)
def make(
    request: Request, runbook_id: RowId, given: NewRun, viewer: Doer, session: Db, now: Now, key: IntentKey = ""
) -> Response:
    """For whoever leads it. 409 while another one is open; with `missing` where a live run still waits. The same again
    within two minutes is quiet.
    """
    given.demand_whole()
    waits = waits_for_live_run(session, runbook_id, viewer, now) if given.live else ()

    def act() -> Run:
        return make_run(
            session, runbook_id, live=given.live, straight=given.straight, zero=given.zero,
            broadcasts=given.broadcasts or ("" if given.live else "off"), waits=waits, by=viewer, now=now,
        )  # fmt: skip

    asked = {"runbook": runbook_id, **given.model_dump()}
    run = once(session, key, Run, act, asked=asked, by=viewer, now=now).id or 0
    return show_run(request, session, run, viewer, now, status=201, location=f"/api/v1/runs/{run}")
