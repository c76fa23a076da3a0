"""Evidence: attached, fetched, taken away and put back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.intents import once
from app.actions.tasks.evidence import attach_file, attach_link, demand_attachable, remove_evidence, restore_evidence
from app.api.callers import Caller, Db, OpeningGuard
from app.api.contents import CONTENT, kept, sent
from app.api.describing import changing, reading, versioned
from app.api.fields import LINE_PATTERN, PATH_PATTERN, ChecklistPath, Given, RowId
from app.api.guards import Detailed
from app.api.intents import IntentKey
from app.api.kinds import STALE, VERSION_WANTED
from app.api.reading import StrictRoute
from app.api.tags import IfMatch
from app.api.tasks.change import Changing, TaskChange
from app.api.tasks.shapes import TaskWhole
from app.errors import NotFound
from app.models import Evidence
from app.queries.evidence import evidence_for, task_of_evidence
from app.request import Store
from app.rules.people.access import Permission

router = APIRouter(tags=["evidence"], route_class=StrictRoute)
Attaching = Annotated[Caller, Depends(OpeningGuard(Permission.CHECK_OFF))]


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
    name, stored = kept(caller, store, file, demand_attachable, task_id, nameless=kind, path=path)
    with caller.writing() as (session, viewer):
        change = TaskChange(caller.request, session, task_id, viewer, caller.now, seen.version)
        change.run(
            lambda: attach_file(
                session, task_id, stored=stored, file_name=name, kind=kind, path=path, seen=seen.version, by=viewer,
                now=caller.now,
            )
        )  # fmt: skip
        return change.shown(201)


@router.post(
    "/tasks/{task_id}/links", summary="Attach a link", status_code=201, response_model=TaskWhole,
    responses=changing(STALE, VERSION_WANTED),
)  # fmt: skip
def attach_address(change: Changing, given: Link, key: IntentKey = "") -> Response:
    """The same address at the same place again is quiet."""

    def attach() -> Evidence:
        return attach_link(
            change.session, change.id, url=given.url, path=given.path, seen=change.seen, by=change.viewer,
            now=change.now,
        )  # fmt: skip

    asked = {"task": change.id, "url": given.url, "path": given.path}
    change.run(lambda: once(change.session, key, Evidence, attach, asked=asked, by=change.viewer, now=change.now))
    return change.shown(201)


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


def _of_task(change: TaskChange, evidence_id: int, act: Callable[..., object]) -> Response:
    def of_this_task(session: Session, task_id: int, **who: Any) -> object:
        if task_of_evidence(session, evidence_id) != task_id:
            raise NotFound("file")
        return act(session, evidence_id, **who)

    return change.make_seen(of_this_task)


@router.get("/evidence/{evidence_id}/content", summary="Fetch evidence", responses={**reading(), **CONTENT})
def download(request: Request, evidence_id: RowId, viewer: Detailed, session: Db, store: Store) -> Response:
    """The content under a name of ours, as a download."""
    return sent(request, store, evidence_id, evidence_for(session, evidence_id, viewer))
