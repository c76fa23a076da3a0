"""Files beside the counts of a day: attached, fetched, taken away."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from sqlmodel import Session
from starlette.responses import FileResponse, Response

from app.actions.reconciliations.files import attach_day_file, demand_day_attachable, remove_day_file
from app.api.callers import Caller, Db, OpeningGuard
from app.api.describing import Responses, changing, reading
from app.api.fields import RowId
from app.api.guards import Detailed
from app.api.reading import StrictRoute
from app.api.reconciliations.change import Acting
from app.api.reconciliations.shapes import DayWhole
from app.api.reconciliations.whole import show_day
from app.api.tags import is_known, named_tag, tagged
from app.queries.reconciliations.page import file_of
from app.request import Now, Store
from app.rules.people.access import Permission
from app.storage import CONTENT_TYPES

router = APIRouter(tags=["reconciliations"], route_class=StrictRoute)
Attaching = Annotated[Caller, Depends(OpeningGuard(Permission.RECONCILE))]
CONTENT: Responses = {
    200: {
        "description": "The content, as a download.",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in CONTENT_TYPES},
    }
}


@router.post(
    "/reconciliations/{occasion_id}/files", summary="Attach a file to a day", status_code=201,
    response_model=DayWhole, responses=changing(),
)  # fmt: skip
def attach(
    occasion_id: RowId,
    caller: Attaching,
    store: Store,
    file: UploadFile,
    line: Annotated[str, Form(max_length=80, description="A line of the day; empty for all of it.")] = "",
) -> Response:
    """In whatever version it is. Up to 25 MB unless this installation says otherwise; the same content again is
    quiet.
    """
    with caller.reading() as (session, viewer):
        demand_day_attachable(session, occasion_id, by=viewer, now=caller.now)
    name = file.filename or "file"
    stored = store.keep(file.file, name)
    with caller.writing() as (session, viewer):
        attach_day_file(session, occasion_id, stored=stored, file_name=name, line=line, by=viewer, now=caller.now)
        return show_day(caller.request, session, occasion_id, viewer, caller.now, status=201)


@router.delete(
    "/reconciliations/{occasion_id}/files/{file_id}", summary="Take a file off a day", response_model=DayWhole,
    responses=changing(),
)  # fmt: skip
def remove(act: Acting, file_id: RowId) -> Response:
    """In whatever version it is. Taken away already is quiet."""

    def act_on(session: Session, occasion_id: int, **who: Any) -> None:
        remove_day_file(session, occasion_id, file_id, **who)

    return act.make(act_on)


@router.get(
    "/reconciliations/{occasion_id}/files/{file_id}/content", summary="Fetch a file of a day",
    responses={**reading(), **CONTENT},
)  # fmt: skip
def download(
    request: Request, occasion_id: RowId, file_id: RowId, viewer: Detailed, session: Db, store: Store, now: Now
) -> Response:
    """The content under a name of ours, as a download."""
    found = file_of(session, occasion_id, file_id, viewer, now)
    path, name = store.download(file_id, found.sha256, found.content_type)
    tag = f'"0-{found.sha256[:16]}"'
    if is_known(request, tag):
        return tagged(request, b"", tag)
    name = name.replace("evidence", "count-file", 1)
    headers = {**named_tag(tag), "Content-Disposition": f'attachment; filename="{name}"'}
    return FileResponse(path, media_type=found.content_type, headers=headers)
