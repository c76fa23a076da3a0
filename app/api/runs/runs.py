"""One run: read whole, its log, an hour set right, its end and its way back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import AwareDatetime, ConfigDict, Field
from starlette.responses import Response

from app.actions.days import demand_years
from app.actions.intents import once
from app.actions.runs.ending import correct_entry, end_run
from app.actions.runs.retiming import move_zero
from app.actions.runs.returning import go_back
from app.api.callers import Db
from app.api.describing import changing, reading
from app.api.fields import Prose, RowId
from app.api.guards import Guard, Reader
from app.api.intents import IntentKey
from app.api.issues.change import Written
from app.api.kinds import PROOF_WANTED
from app.api.paging import Page, Paged, page_of
from app.api.reading import StrictRoute
from app.api.runs.change import Acting, RunAct, StepId
from app.api.runs.shapes import RunWhole
from app.api.runs.step_shapes import EntryLine, StepWhole
from app.api.runs.step_whole import entry_line, show_step
from app.api.runs.stepping import Reason
from app.api.runs.whole import show_run
from app.models import RunEntry, RunStep
from app.queries.runs.room import room
from app.request import Now
from app.rules.people.access import Permission, Viewer

router = APIRouter(tags=["runs"], route_class=StrictRoute)
Decider = Annotated[Viewer, Depends(Guard(Permission.VOTE))]


class Ending(Written):
    reason: Prose = Field("", description="Wanted where a step of its way is not over: then the run is abandoned.")


class Correction(Written):
    """When it was in truth, and why it was entered otherwise."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"happened": "2027-02-08T04:05:00Z", "why": "The clock was wrong"}]}
    )

    happened: AwareDatetime = Field(strict=False)
    why: Prose


class Zero(Written):
    """Another T."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"zero": "2027-02-03T22:30:00Z", "why": "The crew comes later"}]}
    )

    zero: AwareDatetime | None = Field(
        None, strict=False, description="Of a rehearsal that keeps the hours. A live run takes over that of the plan."
    )
    why: Prose = Field("", description="Wanted for a rehearsal.")


@router.get("/runs/{run_id}", summary="One run", response_model=RunWhole, responses=reading())
def show(request: Request, run_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    """Where it stands at this moment, with every step as planned, as forecast and as it was. One that is over is shown
    as it was when it ended.
    """
    return show_run(request, session, run_id, viewer, now)


@router.get(
    "/runs/{run_id}/steps/{step}", summary="One step of a run", response_model=StepWhole, responses=reading()
)  # fmt: skip
def show_one(request: Request, run_id: RowId, step: StepId, viewer: Reader, session: Db, now: Now) -> Response:
    """With what it asks for. Its `ETag` names its last entry, which changes of it ask for."""
    return show_step(request, session, run_id, step, viewer, now)


@router.get("/runs/{run_id}/entries", summary="The log of a run", response_model=Page[EntryLine], responses=reading())
def list_entries(run_id: RowId, viewer: Reader, page: Paged, session: Db, now: Now) -> Response:
    """Everything that happened in it, as it was entered: of its steps, and of the run itself."""
    found = room(session, run_id, viewer, now)
    steps = {row.id: row.step for row in found.found.rows.values()}
    return page_of(
        page, "entries", EntryLine, found.entries, lambda one: one.id or 0,
        lambda one: entry_line(found, one, steps.get(one.step_id)),
    )  # fmt: skip


@router.post(
    "/runs/{run_id}/entries/{entry_id}/corrections", summary="Set the hour of an entry right", status_code=201,
    response_model=StepWhole, responses=changing(),
)  # fmt: skip
def correct(act: Acting, entry_id: RowId, given: Correction, key: IntentKey = "") -> Response:
    """By a second entry, which says why; the first stays. For whoever made it or leads the run; also when that is
    over.
    """
    demand_years(happened=given.happened.date())
    said = given.checked()

    def make() -> RunEntry:
        return correct_entry(act.session, act.id, entry_id, **said, by=act.viewer, now=act.now)

    asked = {"run": act.id, "entry": entry_id, **said}
    fixed = once(act.session, key, RunEntry, make, asked=asked, by=act.viewer, now=act.now)
    return act.shown_step(act.session.get_one(RunStep, fixed.step_id).step, 201)


@router.put("/runs/{run_id}/zero", summary="Move T of a run", response_model=RunWhole, responses=changing())
def retime(act: Acting, given: Zero) -> Response:
    """In whatever version it is. The planned times of its steps follow, the baseline stays. There already is quiet."""
    if given.zero is not None:
        demand_years(zero=given.zero.date())
    return act.make(move_zero, **given.checked())


@router.put("/runs/{run_id}/ending", summary="End a run", response_model=RunWhole, responses=changing())
def end(act: Acting, given: Ending) -> Response:
    """In whatever version it is: finished, or backed out, where every step of its way is over, else abandoned. Ended
    already is quiet.
    """
    return act.make(end_run, **given.checked())


@router.put(
    "/runs/{run_id}/way-back", summary="Decide that a run goes back", response_model=RunWhole,
    responses=changing(PROOF_WANTED),
)  # fmt: skip
def turn_round(request: Request, run_id: RowId, given: Reason, viewer: Decider, session: Db, now: Now) -> Response:
    """Refused to every token: it asks for a fresh proof of who you are, which only the page of the run takes. Decided
    already is quiet.
    """
    return RunAct(request, session, run_id, viewer, now).make(go_back, **given.checked())
