"""Files and links that prove a step: attached, fetched, taken away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, UploadFile
from starlette.responses import Response

from app.actions.intents import once
from app.actions.runs.files import attach_step_file, attach_step_link, demand_step_attachable, remove_step_file
from app.api.callers import Caller, Db, OpeningGuard
from app.api.contents import CONTENT, kept, sent
from app.api.describing import changing, reading
from app.api.fields import RowId
from app.api.gates.answers import Link
from app.api.guards import Detailed
from app.api.intents import IntentKey
from app.api.reading import StrictRoute
from app.api.runs.change import Acting, StepId
from app.api.runs.step_shapes import StepWhole
from app.api.runs.step_whole import show_step
from app.models import RunFile, RunStep
from app.queries.runs.files import run_file_of
from app.request import Now, Store
from app.rules.people.access import Permission

router = APIRouter(tags=["runs"], route_class=StrictRoute)
Attaching = Annotated[Caller, Depends(OpeningGuard(Permission.CHECK_OFF))]


@router.post(
    "/runs/{run_id}/steps/{step}/evidence", summary="Prove a step by a file", status_code=201,
    response_model=StepWhole, responses=changing(),
)  # fmt: skip
def attach(run_id: RowId, step: StepId, caller: Attaching, store: Store, file: UploadFile) -> Response:
    """In whatever version it is; also when the run is over. Up to 25 MB unless this installation says otherwise; the
    same content again is quiet.
    """
    name, stored = kept(caller, store, file, demand_step_attachable, run_id, step)
    with caller.writing() as (session, viewer):
        attach_step_file(session, run_id, step, stored=stored, file_name=name, by=viewer, now=caller.now)
        return show_step(caller.request, session, run_id, step, viewer, caller.now, status=201)


@router.post(
    "/runs/{run_id}/steps/{step}/evidence/links", summary="Prove a step by a link", status_code=201,
    response_model=StepWhole, responses=changing(),
)  # fmt: skip
def attach_address(act: Acting, step: StepId, given: Link, key: IntentKey = "") -> Response:
    """In whatever version it is. The same address again is quiet."""

    def make() -> RunFile:
        return attach_step_link(act.session, act.id, step, url=given.url, by=act.viewer, now=act.now)

    asked = {"run": act.id, "step": step, "url": given.url}
    once(act.session, key, RunFile, make, asked=asked, by=act.viewer, now=act.now)
    return act.shown_step(step, 201)


@router.delete(
    "/runs/{run_id}/files/{file_id}", summary="Take a file or a link off a step", response_model=StepWhole,
    responses=changing(),
)  # fmt: skip
def remove(act: Acting, file_id: RowId) -> Response:
    """In whatever version it is. Its content is kept. Taken away already is quiet."""
    remove_step_file(act.session, act.id, file_id, by=act.viewer, now=act.now)
    step = act.session.get_one(RunStep, act.session.get_one(RunFile, file_id).step_id)
    return act.shown_step(step.step)


@router.get(
    "/runs/{run_id}/files/{file_id}/content", summary="Fetch a file of a step", responses={**reading(), **CONTENT}
)
def download(
    request: Request, run_id: RowId, file_id: RowId, viewer: Detailed, session: Db, store: Store, now: Now
) -> Response:
    """The content under a name of ours, as a download."""
    found = run_file_of(session, run_id, file_id, viewer, now)
    return sent(request, store, file_id, found, "run-proof")
