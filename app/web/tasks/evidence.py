"""Evidence: attached from a phone or a desk, sent back as a download, taken away and put back."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from starlette.responses import Response

from app.actions.tasks.evidence import attach_file, attach_link, demand_attachable, remove_evidence, restore_evidence
from app.queries.evidence import evidence_for, task_of_evidence
from app.rules.people.access import Permission, Viewer
from app.web.forms import Line, RowId
from app.web.site import Base, Db, Now, ProvingGuard, Store, Token, recognised
from app.web.tasks.forms import Doer, Doing, LineField, Reader, Seen, TaskForm, changed
from app.web.tasks.told import TaskTold
from app.web.uploads import sent, tried

router = APIRouter()
Attacher = Annotated[Viewer, Depends(ProvingGuard(Permission.CHECK_OFF))]


@router.post("/tasks/{task_id}/evidence")
def attach(
    request: Request,
    task_id: RowId,
    seen: Seen,
    viewer: Attacher,
    base: Base,
    token: Token,
    now: Now,
    store: Store,
    file: list[UploadFile],
    kind: Annotated[Literal["file", "photo"], Form()] = "file",
    path: LineField = "",
) -> Response:
    """One or several files, written and hashed before the transaction of the change, which they would hold up."""
    with base.reading() as session:
        demand_attachable(session, task_id, path=path, by=viewer)
    brought = tried(store, file, kind)
    told = TaskTold(label=f"A {kind}", yours=", ".join(one.filename or kind for one in file))
    with base.writing() as session:
        form = TaskForm(request, session, recognised(session, token, now), task_id, seen, now)
        return form.make(brought.each(attach_file), told, kind=kind, path=path)


@router.post("/tasks/{task_id}/evidence/link")
def attach_address(form: Doing, url: Line = "", path: LineField = "") -> Response:
    told = TaskTold(typed={"url": url}, label="A link", yours=url, sent=(("url", url), ("path", path)))
    return form.make(attach_link, told, url=url, path=path)


@router.post("/evidence/{evidence_id}/removal")
def remove(request: Request, evidence_id: RowId, seen: Seen, viewer: Doer, session: Db, now: Now) -> Response:
    told = TaskTold(label="A piece of evidence", yours="Take it away")

    def act() -> object:
        return remove_evidence(session, evidence_id, seen=seen, by=viewer, now=now)

    return changed(request, session, viewer, task_of_evidence(session, evidence_id), now, told, act)


@router.post("/evidence/{evidence_id}/restoring")
def restore(request: Request, evidence_id: RowId, seen: Seen, viewer: Doer, session: Db, now: Now) -> Response:
    told = TaskTold(label="A piece of evidence", yours="Put it back")

    def act() -> object:
        return restore_evidence(session, evidence_id, seen=seen, by=viewer, now=now)

    return changed(request, session, viewer, task_of_evidence(session, evidence_id), now, told, act)


@router.get("/evidence/{evidence_id}")
def download(evidence_id: RowId, viewer: Reader, session: Db, store: Store) -> Response:
    """The content under a name of ours, never shown inside a page of this site."""
    return sent(store, evidence_id, evidence_for(session, evidence_id, viewer))
