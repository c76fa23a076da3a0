"""The published JSON Schema (draft 7) of the format, from the same declarations that read a file."""

from __future__ import annotations

from typing import Any

from app.plan.playbook import PLAYBOOK
from app.plan.reading import Book

TITLE = "Muster playbook, format version 1"


def json_schema() -> dict[str, Any]:
    """The schema with the short forms, so that an editor offers both. It is looser than `muster check`."""
    book = Book()
    body = PLAYBOOK.body(book)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": TITLE,
        **body,
        "definitions": dict(sorted(book.definitions.items())),
    }
