"""Who brings a file, and the file itself, before the transaction of the change: reading it may take seconds."""

from __future__ import annotations

from typing import Annotated, BinaryIO

from fastapi import Depends, UploadFile

from app.errors import Invalid
from app.rules.people.access import Permission, Viewer
from app.web.site import ProvingGuard

Bringer = Annotated[Viewer, Depends(ProvingGuard(Permission.ENTER_FIGURES))]


def opened_file(file: UploadFile | None) -> tuple[str, BinaryIO]:
    """What it is called, and its content. Raises Invalid for `file` where none was chosen."""
    if file is None or not file.filename:
        raise Invalid({"file": "Choose a file."})
    return file.filename, file.file
