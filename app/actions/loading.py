"""Rows by their key, for a change: found or NotFound, locked where two changes may meet."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, SQLModel

from app.errors import NotFound
from app.models.columns import Versioned

Row = TypeVar("Row", bound=SQLModel)
LARGEST_KEY = 2**31 - 1


def load(session: Session, model: type[Row], key: int, what: str) -> Row:
    """The row, locked until the end of the transaction (on SQLite the whole database is). Raises NotFound."""
    found = session.get(model, key, with_for_update=True, populate_existing=True) if 0 < key <= LARGEST_KEY else None
    if found is None:
        raise NotFound(what)
    return found


def key_of(row: SQLModel) -> int:
    """The primary key of a stored row, as a number and not as maybe one."""
    key: int | None = getattr(row, "id", None)
    if key is None:
        raise ValueError(f"{type(row).__name__} is not stored yet")
    return key


def count_version(session: Session, row: Versioned, column: str = "title") -> None:
    """Write the row (one `column` of it again) with the next version, though perhaps only rows that belong to it have
    changed.
    """
    flag_modified(row, column)
    session.add(row)
    session.flush()
