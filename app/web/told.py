"""What a page says about the form before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from sqlmodel import Session

from app.errors import Invalid, Refused, Stale


@dataclass(frozen=True)
class Told:
    """A refusal and what is still wanted for it, faults by field, who was quicker, and what was typed.

    `form` names the form; `label` and `yours` say what was meant, `sent` are its fields, to be sent once more to
    `action`. `warning` are words that may name a patient.
    """

    form: str = ""
    refusal: str = ""
    wanted: tuple[str, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    stale: Stale | None = None
    typed: Mapping[str, Any] = field(default_factory=dict)
    warning: Sequence[Mapping[str, Any]] = ()
    label: str = ""
    yours: str = ""
    sent: tuple[tuple[str, str], ...] = ()
    action: str = ""

    @property
    def status(self) -> int:
        """The answer's: 422 for a fault of what was typed, 409 for a refusal."""
        return 422 if self.errors or self.warning else 409 if self.stale or self.refusal else 200

    @property
    def why(self) -> str:
        """What stands in the way, in a sentence, for a page that shows no comparison with the quicker change."""
        return self.refusal or (str(self.stale) if self.stale else "")

    def refused(self, refusal: Stale | Refused | Invalid) -> Self:
        """The same typed texts, with what was refused."""
        if isinstance(refusal, Stale):
            return replace(self, stale=refusal)
        if isinstance(refusal, Refused):
            return replace(self, refusal=refusal.reason, wanted=refusal.missing)
        return replace(self, errors=refusal.fields)

    def value(self, form: str, name: str, otherwise: Any = "") -> Any:
        """What was typed into a field of that form; in every other form what stands."""
        return self.typed.get(name, otherwise) if self.form == form else otherwise

    def fault(self, form: str, name: str) -> str | None:
        """What is wrong with a field."""
        return self.errors.get(name) if self.form == form else None

    def found(self, form: str) -> Sequence[Mapping[str, Any]]:
        """What in a form looks like a patient's."""
        return self.warning if self.form == form else ()


NOTHING: Final = Told()


def attempted(session: Session, act: Callable[[], object], told: Told) -> Told:
    """Make a change: nothing is told where it succeeds, else what was refused, and nothing of it is kept."""
    try:
        act()
        session.flush()
    except (Stale, Refused, Invalid) as refusal:
        session.rollback()
        return told.refused(refusal)
    return NOTHING
