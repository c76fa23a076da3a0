"""Photos and files of an issue: attached, fetched, taken away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, UploadFile
from starlette.responses import Response

from app.actions.issues.files import attach_issue_file, demand_issue_attachable, remove_issue_file
from app.api.callers import Caller, Db, OpeningGuard
from app.api.contents import CONTENT, kept, sent
from app.api.describing import changing, reading
from app.api.fields import RowId
from app.api.guards import Detailed
from app.api.issues.change import Acting
from app.api.issues.shapes import IssueWhole
from app.api.issues.whole import show_issue
from app.api.reading import StrictRoute
from app.queries.issues.page import file_of
from app.request import Store
from app.rules.people.access import Permission

router = APIRouter(tags=["issues"], route_class=StrictRoute)
Attaching = Annotated[Caller, Depends(OpeningGuard(Permission.RAISE_ISSUE))]


@router.post(
    "/issues/{issue_id}/files", summary="Attach a file to an issue", status_code=201, response_model=IssueWhole,
    responses=changing(),
)  # fmt: skip
def attach(issue_id: RowId, caller: Attaching, store: Store, file: UploadFile) -> Response:
    """In whatever version it is. Up to 25 MB unless this installation says otherwise; the same content again is
    quiet.
    """
    name, stored = kept(caller, store, file, demand_issue_attachable, issue_id, nameless="photo")
    with caller.writing() as (session, viewer):
        attach_issue_file(session, issue_id, stored=stored, file_name=name, by=viewer, now=caller.now)
        return show_issue(caller.request, session, issue_id, viewer, caller.now, status=201)


@router.delete(
    "/issues/{issue_id}/files/{file_id}", summary="Take a file off an issue", response_model=IssueWhole,
    responses=changing(),
)  # fmt: skip
def remove(act: Acting, file_id: RowId) -> Response:
    """In whatever version it is. Taken away already is quiet."""
    return act.make(remove_issue_file, file_id=file_id)


@router.get(
    "/issues/{issue_id}/files/{file_id}/content", summary="Fetch a file of an issue",
    responses={**reading(), **CONTENT},
)  # fmt: skip
def download(
    request: Request, issue_id: RowId, file_id: RowId, viewer: Detailed, session: Db, store: Store
) -> Response:
    """The content under a name of ours, as a download."""
    found = file_of(session, issue_id, file_id, viewer)
    return sent(request, store, file_id, found, "issue-file")
