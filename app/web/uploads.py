"""Files that a form brings along: safely on the disk before the change that they belong to begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fastapi import UploadFile

from app.errors import Invalid
from app.storage import EvidenceStore, StoredFile

MOST_FILES: Final = 20
Uploaded = list[tuple[str, StoredFile]]


def uploaded(store: EvidenceStore, files: Sequence[UploadFile], nameless: str, most: int = MOST_FILES) -> Uploaded:
    """Each with its name, or `nameless`. Raises Invalid for one that cannot be taken, and for more than `most`."""
    if len(files) > most:
        raise Invalid({"file": f"At most {most} files at once."})
    return [(one.filename or nameless, store.keep(one.file, one.filename or nameless)) for one in files]


def tried(store: EvidenceStore, files: Sequence[UploadFile], nameless: str) -> tuple[Uploaded, Invalid | None]:
    """The same, with the fault to be told once the page can be drawn."""
    try:
        return uploaded(store, files, nameless), None
    except Invalid as fault:
        return [], fault
