"""Photos and files of an issue: attached from a phone or a desk, sent back as a download, taken away."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, UploadFile
from pydantic import AfterValidator
from starlette.responses import Response

from app.actions.issues.files import attach_issue_file, demand_issue_attachable, remove_issue_file
from app.queries.issues.page import file_of, readers_of, seen_issue
from app.rules.people.access import Permission, Viewer
from app.rules.tasks.mentions import fitting
from app.web.forms import RowId, one_line
from app.web.issues.page import IssueForm, Reader, Solver, Solving
from app.web.site import Base, Db, Now, ProvingGuard, Store, Token, recognised
from app.web.templating import html
from app.web.told import Told
from app.web.uploads import sent, tried

router = APIRouter()
OFFERED = 6
Attacher = Annotated[Viewer, Depends(ProvingGuard(Permission.RAISE_ISSUE))]


@router.post("/issues/{issue_id}/evidence")
def attach(
    request: Request,
    issue_id: RowId,
    viewer: Attacher,
    base: Base,
    token: Token,
    now: Now,
    store: Store,
    file: list[UploadFile],
) -> Response:
    """One or several files, written and hashed before the transaction of the change, which they would hold up."""
    with base.reading() as session:
        demand_issue_attachable(session, issue_id, by=viewer)
    brought = tried(store, file, "photo")
    with base.writing() as session:
        form = IssueForm(request, session, recognised(session, token, now), issue_id, 0, now)
        return form.make(brought.each(attach_issue_file), Told(form="file"))


@router.post("/issues/{issue_id}/files/{file_id}/removal")
def remove(form: Solving, file_id: RowId) -> Response:
    return form.make(remove_issue_file, file_id=file_id)


@router.get("/issues/{issue_id}/files/{file_id}")
def download(issue_id: RowId, file_id: RowId, viewer: Reader, session: Db, store: Store) -> Response:
    """The content under a name of ours, never shown inside a page of this site."""
    found = file_of(session, issue_id, file_id, viewer)
    return sent(store, file_id, found, "issue-file")


@router.get("/issues/{issue_id}/readers")
def offer(
    issue_id: RowId,
    viewer: Solver,
    session: Db,
    q: Annotated[str, Query(max_length=100), AfterValidator(one_line)] = "",
) -> Response:
    """The people who may be called in a note and whose name begins with `q`, for a list beside the box."""
    found = fitting(readers_of(session, seen_issue(session, issue_id, viewer), viewer), q, OFFERED)
    return html("tasks/_readers.html", people=[{"id": one.person, "name": one.name} for one in found])
