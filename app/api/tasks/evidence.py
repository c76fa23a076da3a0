"""Evidence: attached, fetched, taken away and put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import FileResponse, Response

from app.actions.intents import once
from app.actions.tasks.evidence import attach_file, attach_link, demand_attachable, remove_evidence, restore_evidence
from app.api.callers import Caller, Db, OpeningGuard
from app.api.describing import Responses, changing, reading, versioned
from app.api.fields import LINE_PATTERN, PATH_PATTERN, ChecklistPath, Given, RowId
from app.api.guards import Detailed
from app.api.intents import IntentKey
from app.api.kinds import STALE, VERSION_WANTED
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, is_known, named_tag, tagged
from app.api.tasks.change import Change, Changing
from app.api.tasks.shapes import TaskWhole
from app.api.tasks.whole import show_task
from app.errors import NotFound
from app.models import Evidence
from app.queries.evidence import evidence_for, task_of_evidence
from app.request import Store
from app.rules.people.access import Permission
from app.storage import CONTENT_TYPES

router = APIRouter(tags=["evidence"], route_class=StrictRoute)
Attaching = Annotated[Caller, Depends(OpeningGuard(Permission.CHECK_OFF))]
CONTENT: Responses = {
    200: {
        "description": "The content, as a download.",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in CONTENT_TYPES},
    }
}


class Link(Given):
    """The address of a page that proves the work."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"url": "https://example.org/report"}]})

    url: str = Field(max_length=2_000, pattern=LINE_PATTERN, description="It begins with https://")
    path: ChecklistPath = ""


@router.post(
    "/tasks/{task_id}/evidence", summary="Attach a file or a photo", status_code=201, response_model=TaskWhole,
    responses=changing(STALE, VERSION_WANTED),
)  # fmt: skip
def attach(
    task_id: RowId,
    seen: IfMatch,
    caller: Attaching,
    store: Store,
    file: UploadFile,
    kind: Annotated[Literal["file", "photo"], Form()] = "file",
    path: Annotated[str, Form(pattern=rf"^$|{PATH_PATTERN}", max_length=400)] = "",
) -> Response:
    """Up to 25 MB unless this installation says otherwise. The same content at the same place again is quiet."""
    with caller.reading() as (session, viewer):
        demand_attachable(session, task_id, path=path, by=viewer)
    name = file.filename or kind
    stored = store.keep(file.file, name)
    with caller.writing() as (session, viewer):
        change = Change(caller.request, session, task_id, seen.version, viewer, caller.now)
        change.run(
            lambda: attach_file(
                session, task_id, stored=stored, file_name=name, kind=kind, path=path, seen=seen.version, by=viewer,
                now=caller.now,
            )
        )  # fmt: skip
        return show_task(caller.request, session, task_id, viewer, caller.now, status=201)


@router.post(
    "/tasks/{task_id}/links", summary="Attach a link", status_code=201, response_model=TaskWhole,
    responses=changing(STALE, VERSION_WANTED),
)  # fmt: skip
def attach_address(change: Changing, given: Link, key: IntentKey = "") -> Response:
    """The same address at the same place again is quiet."""

    def attach() -> Evidence:
        return attach_link(
            change.session, change.task_id, url=given.url, path=given.path, seen=change.seen, by=change.viewer,
            now=change.now,
        )  # fmt: skip

    asked = {"task": change.task_id, "url": given.url, "path": given.path}
    change.run(lambda: once(change.session, key, Evidence, attach, asked=asked, by=change.viewer, now=change.now))
    return show_task(change.request, change.session, change.task_id, change.viewer, change.now, status=201)


@router.delete(
    "/tasks/{task_id}/evidence/{evidence_id}", summary="Take evidence away", response_model=TaskWhole,
    responses=versioned(),
)  # fmt: skip
def remove(change: Changing, evidence_id: RowId) -> Response:
    """It stays in the history, and can be put back. Taken away already is quiet."""
    return _of_task(change, evidence_id, remove_evidence)


@router.put(
    "/tasks/{task_id}/evidence/{evidence_id}", summary="Put evidence back", response_model=TaskWhole,
    responses=versioned(),
)  # fmt: skip
def restore(change: Changing, evidence_id: RowId) -> Response:
    """What was taken away stands again. There already is quiet."""
    return _of_task(change, evidence_id, restore_evidence)


def _of_task(change: Change, evidence_id: int, act: Callable[..., object]) -> Response:
    def of_this_task(session: Session, task_id: int, **who: Any) -> object:
        if task_of_evidence(session, evidence_id) != task_id:
            raise NotFound("file")
        return act(session, evidence_id, **who)

    return change.make(of_this_task)


@router.get("/evidence/{evidence_id}/content", summary="Fetch evidence", responses={**reading(), **CONTENT})
def download(request: Request, evidence_id: RowId, viewer: Detailed, session: Db, store: Store) -> Response:
    """The content under a name of ours, as a download."""
    found = evidence_for(session, evidence_id, viewer)
    path, name = store.download(found.id, found.sha256, found.content_type)
    tag = f'"0-{found.sha256[:16]}"'
    if is_known(request, tag):
        return tagged(request, b"", tag)
    headers = {**named_tag(tag), "Content-Disposition": f'attachment; filename="{name}"'}
    return FileResponse(path, media_type=found.content_type, headers=headers)
