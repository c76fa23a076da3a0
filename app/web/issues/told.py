"""What the page of an issue says about the form before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.errors import Stale


@dataclass(frozen=True)
class Told:
    """A refusal, faults by field, who was quicker, and what was typed.

    `form` names the form; `label` and `yours` say what was meant, `sent` are its fields, to be sent once more to
    `action`. `warning` are words that may name a patient.
    """

    form: str = ""
    refusal: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    stale: Stale | None = None
    typed: Mapping[str, Any] = field(default_factory=dict)
    warning: Sequence[Mapping[str, Any]] = ()
    label: str = ""
    yours: str = ""
    sent: tuple[tuple[str, str], ...] = ()
    action: str = ""


NOTHING: Final = Told()
