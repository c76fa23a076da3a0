"""What is attached to something: the same once, taken away and never overwritten."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from app.actions import texts
from app.models.columns import Attached
from app.storage import StoredFile

Row = TypeVar("Row", bound=Attached)


def content_of(stored: StoredFile, file_name: str) -> dict[str, Any]:
    """The members of a row for its content; `stored` is what `EvidenceStore.keep` gave."""
    return {
        "file_name": texts.file_name(file_name),
        "content_type": stored.content_type,
        "size": stored.size,
        "sha256": stored.sha256,
    }


def standing(session: Session, row: Row, *same: str) -> Row | None:
    """What is attached already and not taken away, alike in the columns `same`."""
    model = type(row)
    alike = [getattr(model, name) == getattr(row, name) for name in same]
    return session.exec(select(model).where(*alike, col(model.removed_at).is_(None))).first()


def take_away(session: Session, row: Attached, *, now: datetime) -> bool:
    """Its content stays in the store. False where it was taken away already."""
    if row.removed_at is not None:
        return False
    row.removed_at = now
    session.add(row)
    session.flush()
    return True
