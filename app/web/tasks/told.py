"""What a page says about the form before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.errors import Stale
from app.queries.tasks.counted import Counted

Sent = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """A refusal, faults by field, who was quicker, and what was typed.

    `about` names the part of the task that the form changes (`answer:<path>`, `tick:<path>`, `block`, `done`,
    `details`), `label` and `yours` say it in words; `sent` are the fields of the form, to be sent once more.
    `found` are the tasks that a search inside the form has found. `correcting`: what is done may be corrected here.
    """

    refusal: str = ""
    wanted: tuple[str, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    stale: Stale | None = None
    typed: Mapping[str, Any] = field(default_factory=dict)
    about: str = ""
    label: str = ""
    yours: str = ""
    sent: Sent = ()
    action: str = ""
    found: tuple[Counted, ...] | None = None
    correcting: bool = False
