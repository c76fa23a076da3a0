"""Files that prove an answer: attached, fetched, taken away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, UploadFile
from starlette.responses import FileResponse, Response

from app.actions.gates.files import attach_gate_file, demand_gate_attachable, remove_gate_file
from app.api.callers import Caller, Db, OpeningGuard
from app.api.describing import Responses, changing, reading
from app.api.fields import RowId
from app.api.gates.answers import Criterion
from app.api.gates.change import Acting
from app.api.gates.shapes import GateWhole
from app.api.gates.whole import show_gate
from app.api.guards import Detailed
from app.api.reading import StrictRoute
from app.api.tags import is_known, named_tag, tagged
from app.queries.gates.page import gate_file_of
from app.request import Now, Store
from app.rules.people.access import Permission
from app.storage import CONTENT_TYPES

router = APIRouter(tags=["gates"], route_class=StrictRoute)
Attaching = Annotated[Caller, Depends(OpeningGuard(Permission.VOTE))]
CONTENT: Responses = {
    200: {
        "description": "The content, as a download.",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in CONTENT_TYPES},
    }
}


@router.post(
    "/gates/{gate_id}/answers/{criterion}/files", summary="Prove an answer by a file", status_code=201,
    response_model=GateWhole, responses=changing(),
)  # fmt: skip
def attach(gate_id: RowId, criterion: Criterion, caller: Attaching, store: Store, file: UploadFile) -> Response:
    """In whatever version the gate is. Up to 25 MB unless this installation says otherwise; the same content again is
    quiet.
    """
    with caller.reading() as (session, viewer):
        demand_gate_attachable(session, gate_id, criterion=criterion, by=viewer)
    name = file.filename or "file"
    stored = store.keep(file.file, name)
    with caller.writing() as (session, viewer):
        attach_gate_file(
            session, gate_id, criterion=criterion, stored=stored, file_name=name, by=viewer, now=caller.now
        )
        return show_gate(caller.request, session, gate_id, viewer, caller.now, status=201)


@router.delete(
    "/gates/{gate_id}/files/{file_id}", summary="Take a file or a link off a gate", response_model=GateWhole,
    responses=changing(),
)  # fmt: skip
def remove(act: Acting, file_id: RowId) -> Response:
    """In whatever version it is. Its content is kept. Taken away already is quiet."""
    return act.make(remove_gate_file, file_id)


@router.get(
    "/gates/{gate_id}/files/{file_id}/content", summary="Fetch a file of a gate", responses={**reading(), **CONTENT}
)
def download(
    request: Request, gate_id: RowId, file_id: RowId, viewer: Detailed, session: Db, store: Store, now: Now
) -> Response:
    """The content under a name of ours, as a download."""
    found = gate_file_of(session, gate_id, file_id, viewer, now)
    path, name = store.download(file_id, found.sha256, found.content_type)
    tag = f'"0-{found.sha256[:16]}"'
    if is_known(request, tag):
        return tagged(request, b"", tag)
    name = name.replace("evidence", "gate-proof", 1)
    headers = {**named_tag(tag), "Content-Disposition": f'attachment; filename="{name}"'}
    return FileResponse(path, media_type=found.content_type, headers=headers)
