"""A file that is attached to something, for somebody who may read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from app.errors import Forbidden, NotFound
from app.models.columns import Attached

Row = TypeVar("Row", bound=Attached)


def readable_file(files: Iterable[Row], file_id: int, detail: bool, what: str) -> Row:
    """That one of the files of a `what`. Raises Forbidden without `detail`, and NotFound, also for a link."""
    if not detail:
        raise Forbidden(f"You may see this {what}, but not what is attached to it.")
    found = next((one for one in files if one.id == file_id and one.sha256), None)
    if found is None:
        raise NotFound("file")
    return found
