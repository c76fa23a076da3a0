"""What the pages of the rota say about the form before them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlmodel import Session

from app.errors import Invalid, Refused, Stale


@dataclass(frozen=True)
class Told:
    """A refusal, faults by field, what looks like a patient's, and what was typed into the form called `form`."""

    form: str = ""
    refusal: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    warning: Sequence[Mapping[str, Any]] = ()
    typed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return 422 if self.errors or self.warning else 409 if self.refusal else 200

    def value(self, form: str, name: str) -> Any:
        """What was typed into a field; empty in every other form."""
        return self.typed.get(name, "") if self.form == form else ""

    def fault(self, form: str, name: str) -> str | None:
        """What is wrong with a field."""
        return self.errors.get(name) if self.form == form else None

    def found(self, form: str) -> Sequence[Mapping[str, Any]]:
        """What in a form looks like a patient's."""
        return self.warning if self.form == form else ()


NOTHING: Final = Told()


def attempted(session: Session, act: Callable[[], object], told: Told) -> Told:
    """Make a change: nothing is told where it succeeds, else what was refused, and nothing is kept."""
    try:
        act()
    except Invalid as fault:
        session.rollback()
        return replace(told, errors=fault.fields)
    except (Refused, Stale) as refusal:
        session.rollback()
        return replace(told, refusal=str(refusal))
    return NOTHING
