"""Files that prove an answer: attached, fetched, taken away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, UploadFile
from starlette.responses import Response

from app.actions.gates.files import attach_gate_file, demand_gate_attachable, remove_gate_file
from app.api.callers import Caller, Db, OpeningGuard
from app.api.contents import CONTENT, kept, sent
from app.api.describing import changing, reading
from app.api.fields import RowId
from app.api.gates.answers import Criterion
from app.api.gates.change import Acting
from app.api.gates.shapes import GateWhole
from app.api.gates.whole import show_gate
from app.api.guards import Detailed
from app.api.reading import StrictRoute
from app.queries.gates.page import gate_file_of
from app.request import Now, Store
from app.rules.people.access import Permission

router = APIRouter(tags=["gates"], route_class=StrictRoute)
Attaching = Annotated[Caller, Depends(OpeningGuard(Permission.VOTE))]


@router.post(
    "/gates/{gate_id}/answers/{criterion}/files", summary="Prove an answer by a file", status_code=201,
    response_model=GateWhole, responses=changing(),
)  # fmt: skip
def attach(gate_id: RowId, criterion: Criterion, caller: Attaching, store: Store, file: UploadFile) -> Response:
    """In whatever version the gate is. Up to 25 MB unless this installation says otherwise; the same content again is
    quiet.
    """
    name, stored = kept(caller, store, file, demand_gate_attachable, gate_id, criterion=criterion)
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
    return sent(request, store, file_id, found, "gate-proof")
