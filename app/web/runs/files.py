"""Proofs of a step: attached from a phone or a desk, sent back as a download, taken away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, UploadFile
from starlette.responses import Response

from app.actions.runs.files import attach_step_file, attach_step_link, demand_step_attachable, remove_step_file
from app.queries.runs.files import run_file_of
from app.rules.people.access import Permission, Viewer
from app.web.forms import Line, RowId
from app.web.runs.page import On, Reader, RunForm, StepId, Stepping
from app.web.site import Base, Db, Now, ProvingGuard, Store, Token, recognised
from app.web.told import Told
from app.web.uploads import sent, tried

router = APIRouter()
Attacher = Annotated[Viewer, Depends(ProvingGuard(Permission.CHECK_OFF))]


@router.post("/runs/{run_id}/steps/{step}/evidence")
def attach(
    request: Request,
    run_id: RowId,
    step: StepId,
    viewer: Attacher,
    base: Base,
    token: Token,
    now: Now,
    store: Store,
    file: list[UploadFile],
    on: On = "step",
) -> Response:
    """One or several files, written and hashed before the transaction of the change, which they would hold up."""
    with base.reading() as session:
        demand_step_attachable(session, run_id, step, by=viewer)
    brought = tried(store, file, "file")
    with base.writing() as session:
        form = RunForm(request, session, recognised(session, token, now), run_id, now, on, step)
        return form.make(brought.each(attach_step_file), Told(form="file"), step)


@router.post("/runs/{run_id}/steps/{step}/evidence/link")
def attach_address(form: Stepping, url: Line = "") -> Response:
    return form.make(attach_step_link, Told(form="link", typed={"url": url}), form.step, url=url)


@router.post("/runs/{run_id}/steps/{step}/files/{file_id}/removal")
def remove(form: Stepping, file_id: RowId) -> Response:
    return form.make(remove_step_file, Told(form="remove"), file_id)


@router.get("/runs/{run_id}/files/{file_id}")
def download(run_id: RowId, file_id: RowId, viewer: Reader, session: Db, store: Store, now: Now) -> Response:
    """The content under a name of ours, never shown inside a page of this site."""
    found = run_file_of(session, run_id, file_id, viewer, now)
    return sent(store, file_id, found, "run-proof")
