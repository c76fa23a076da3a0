"""Contents of what is attached: kept before the change that they belong to begins, and sent as a download."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fastapi import Request, UploadFile
from starlette.responses import FileResponse, Response

from app.api.callers import Caller
from app.api.describing import Responses
from app.api.tags import is_known, named_tag, tagged
from app.models.columns import Attached
from app.storage import CONTENT_TYPES, EvidenceStore, StoredFile

CONTENT: Final[Responses] = {
    200: {
        "description": "The content, as a download.",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in CONTENT_TYPES},
    }
}


def file_facts(one: Attached, content: str, by_name: str) -> dict[str, Any]:
    """What every line of a file says; `content` is the address of its content."""
    return {
        "id": one.id or 0,
        "file_name": one.file_name,
        "content_type": one.content_type,
        "size": one.size,
        "content": content if one.sha256 else None,
        "at": one.at,
        "by_name": by_name,
    }


def kept(
    caller: Caller, store: EvidenceStore, file: UploadFile, demand: Callable[..., object], *where: Any,
    nameless: str = "file", **given: Any,
) -> tuple[str, StoredFile]:  # fmt: skip
    """The name of a file (or `nameless`) and what was kept of it. Raises what `demand` raises for whoever may attach
    nothing there, and Invalid for a file that cannot be taken.
    """
    with caller.reading() as (session, viewer):
        demand(session, *where, **given, by=viewer)
    name = file.filename or nameless
    return name, store.keep(file.file, name)


def sent(request: Request, store: EvidenceStore, file_id: int, found: Attached, called: str = "evidence") -> Response:
    """The content under a name of ours, as a download; 304 for whoever has it already. Raises NotFound."""
    path, name = store.download(file_id, found.sha256, found.content_type, called)
    tag = f'"0-{found.sha256[:16]}"'
    if is_known(request, tag):
        return tagged(request, b"", tag)
    headers = {**named_tag(tag), "Content-Disposition": f'attachment; filename="{name}"'}
    return FileResponse(path, media_type=found.content_type, headers=headers)
