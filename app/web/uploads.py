"""Files that a form brings along, safely on the disk before the change that they belong to begins; and sent back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import UploadFile
from starlette.responses import FileResponse, Response

from app.errors import Invalid
from app.models.columns import Attached
from app.storage import EvidenceStore, StoredFile

MOST_FILES: Final = 20
Uploaded = list[tuple[str, StoredFile]]


def uploaded(store: EvidenceStore, files: Sequence[UploadFile], nameless: str, most: int = MOST_FILES) -> Uploaded:
    """Each with its name, or `nameless`. Raises Invalid for one that cannot be taken, and for more than `most`."""
    if len(files) > most:
        raise Invalid({"file": f"At most {most} files at once."})
    return [(one.filename or nameless, store.keep(one.file, one.filename or nameless)) for one in files]


@dataclass(frozen=True)
class Tried:
    """The same, or the fault, which is told once the page can be drawn."""

    kept: Uploaded
    fault: Invalid | None = None

    def each(self, attach: Callable[..., object]) -> Callable[..., None]:
        """The change that attaches each of them. It raises the fault, and what `attach` raises."""

        def attach_all(*where: Any, **given: Any) -> None:
            if self.fault:
                raise self.fault
            for name, stored in self.kept:
                attach(*where, stored=stored, file_name=name, **given)

        return attach_all


def tried(store: EvidenceStore, files: Sequence[UploadFile], nameless: str) -> Tried:
    try:
        return Tried(uploaded(store, files, nameless))
    except Invalid as fault:
        return Tried([], fault)


def sent(store: EvidenceStore, file_id: int, found: Attached, called: str = "evidence") -> Response:
    """The content under a name of ours, never shown inside a page of this site. Raises NotFound."""
    path, name = store.download(file_id, found.sha256, found.content_type, called)
    return FileResponse(
        path, media_type=found.content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
