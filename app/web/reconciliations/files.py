"""Files beside the counts of a day: attached from a phone or a desk, sent back as a download, taken away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, UploadFile
from starlette.responses import Response

from app.actions.reconciliations.files import attach_day_file, demand_day_attachable, remove_day_file
from app.queries.reconciliations.page import file_of
from app.rules.people.access import Permission, Viewer
from app.web.forms import Line, RowId
from app.web.reconciliations.page import DayForm, Handing, Reader
from app.web.site import Base, Db, Now, ProvingGuard, Store, Token, recognised
from app.web.told import Told
from app.web.uploads import sent, tried

router = APIRouter()
Attacher = Annotated[Viewer, Depends(ProvingGuard(Permission.RECONCILE))]


@router.post("/reconciliations/{occasion_id}/evidence")
def attach(
    request: Request,
    occasion_id: RowId,
    viewer: Attacher,
    base: Base,
    token: Token,
    now: Now,
    store: Store,
    file: list[UploadFile],
    line: Line = "",
) -> Response:
    """One or several files, written and hashed before the transaction of the change, which they would hold up."""
    with base.reading() as session:
        demand_day_attachable(session, occasion_id, by=viewer, now=now)
    brought = tried(store, file, "file")
    with base.writing() as session:
        form = DayForm(request, session, recognised(session, token, now), occasion_id, 0, now)
        return form.make(brought.each(attach_day_file), Told(form="file"), line=line)


@router.post("/reconciliations/{occasion_id}/files/{file_id}/removal")
def remove(form: Handing, file_id: RowId) -> Response:
    return form.make(remove_day_file, file_id=file_id)


@router.get("/reconciliations/{occasion_id}/files/{file_id}")
def download(occasion_id: RowId, file_id: RowId, viewer: Reader, session: Db, store: Store, now: Now) -> Response:
    """The content under a name of ours, never shown inside a page of this site."""
    found = file_of(session, occasion_id, file_id, viewer, now)
    return sent(store, file_id, found, "count-file")
