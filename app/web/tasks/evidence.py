"""Evidence: attached from a phone or a desk, sent back as a download, taken away."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from starlette.responses import FileResponse, Response

from app.actions.evidence import attach_file, attach_link, remove_evidence
from app.errors import NotFound
from app.queries.evidence import evidence_for, task_of_evidence
from app.rules.access import Permission, Viewer
from app.storage import CONTENT_TYPES
from app.web.forms import Line, RowId
from app.web.site import Db, Guard, Now, Store
from app.web.tasks.changes import Doer, LineField, Seen, changed
from app.web.tasks.shown import Told

router = APIRouter()


@router.post("/tasks/{task_id}/evidence")
def attach(
    request: Request,
    task_id: RowId,
    seen: Seen,
    viewer: Doer,
    session: Db,
    now: Now,
    store: Store,
    file: UploadFile,
    kind: Annotated[Literal["file", "photo"], Form()] = "file",
    path: LineField = "",
) -> Response:
    name = file.filename or kind
    told = Told(label=f"A {kind}", yours=name)

    def act() -> object:
        return attach_file(
            session, store, task_id, file=file.file, file_name=name, kind=kind, path=path, seen=seen, by=viewer, now=now
        )

    return changed(request, session, viewer, task_id, now, told, act)


@router.post("/tasks/{task_id}/evidence/link")
def attach_address(
    request: Request,
    task_id: RowId,
    seen: Seen,
    viewer: Doer,
    session: Db,
    now: Now,
    url: Line = "",
    path: LineField = "",
) -> Response:
    told = Told(typed={"url": url}, label="A link", yours=url)

    def act() -> object:
        return attach_link(session, task_id, url=url, path=path, seen=seen, by=viewer, now=now)

    return changed(request, session, viewer, task_id, now, told, act)


@router.post("/evidence/{evidence_id}/removal")
def remove(request: Request, evidence_id: RowId, seen: Seen, viewer: Doer, session: Db, now: Now) -> Response:
    told = Told(label="A piece of evidence", yours="Take it away")

    def act() -> object:
        return remove_evidence(session, evidence_id, seen=seen, by=viewer, now=now)

    return changed(request, session, viewer, task_of_evidence(session, evidence_id), now, told, act)


@router.get("/evidence/{evidence_id}")
def download(
    evidence_id: RowId, viewer: Annotated[Viewer, Depends(Guard(Permission.SEE_DETAIL))], session: Db, store: Store
) -> Response:
    """The content under a name of ours, never shown inside a page of this site."""
    found = evidence_for(session, evidence_id, viewer)
    path = store.path(found.sha256)
    if not path.is_file():
        raise NotFound("file")
    name = f"evidence-{found.id}{CONTENT_TYPES[found.content_type]}"
    return FileResponse(
        path, media_type=found.content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
