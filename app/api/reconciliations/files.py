"""Files beside the counts of a day: attached, fetched, taken away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from starlette.responses import Response

from app.actions.reconciliations.files import attach_day_file, demand_day_attachable, remove_day_file
from app.api.callers import Caller, Db, OpeningGuard
from app.api.contents import CONTENT, kept, sent
from app.api.describing import changing, reading
from app.api.fields import RowId
from app.api.guards import Detailed
from app.api.reading import StrictRoute
from app.api.reconciliations.change import Acting
from app.api.reconciliations.shapes import DayWhole
from app.api.reconciliations.whole import show_day
from app.queries.reconciliations.page import file_of
from app.request import Now, Store
from app.rules.people.access import Permission

router = APIRouter(tags=["reconciliations"], route_class=StrictRoute)
Attaching = Annotated[Caller, Depends(OpeningGuard(Permission.RECONCILE))]


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
    name, stored = kept(caller, store, file, demand_day_attachable, occasion_id, now=caller.now)
    with caller.writing() as (session, viewer):
        attach_day_file(session, occasion_id, stored=stored, file_name=name, line=line, by=viewer, now=caller.now)
        return show_day(caller.request, session, occasion_id, viewer, caller.now, status=201)


@router.delete(
    "/reconciliations/{occasion_id}/files/{file_id}", summary="Take a file off a day", response_model=DayWhole,
    responses=changing(),
)  # fmt: skip
def remove(act: Acting, file_id: RowId) -> Response:
    """In whatever version it is. Taken away already is quiet."""
    return act.make(remove_day_file, file_id=file_id)


@router.get(
    "/reconciliations/{occasion_id}/files/{file_id}/content", summary="Fetch a file of a day",
    responses={**reading(), **CONTENT},
)  # fmt: skip
def download(
    request: Request, occasion_id: RowId, file_id: RowId, viewer: Detailed, session: Db, store: Store, now: Now
) -> Response:
    """The content under a name of ours, as a download."""
    found = file_of(session, occasion_id, file_id, viewer, now)
    return sent(request, store, file_id, found, "count-file")
