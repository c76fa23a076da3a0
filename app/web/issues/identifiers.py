"""Before a text about an issue is stored: what in it looks like a patient's identifier.

A form calls `warned` before its action. What comes back is shown by the macro `identifier_warning` inside the form,
with 422 and everything as it was typed, and nothing is stored; sent again with its tick (`confirmed`), it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Form

from app.rules.issues.identifiers import identifiers

Confirmed = Annotated[str, Form(alias="no_patient", max_length=10)]
"""`yes` when somebody ticked that the text names no patient."""


def warned(fields: Mapping[str, str], confirmed: str | bool) -> list[dict[str, Any]]:
    """What the warning says, one line a word: `field` (its name), `word`, `kind` (in words).

    `fields` are the texts of a form by the names of their fields. Empty: nothing was found, or it was confirmed.
    """
    if confirmed is True or confirmed == "yes":
        return []
    found = [(name, one) for name, text in fields.items() for one in identifiers(text)]
    lines = [{"field": name, "word": one.word, "kind": one.kind.value} for name, one in found]
    return [line for at, line in enumerate(lines) if line not in lines[:at]]
