"""What dated entries have in common, and the words several sections share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from app.plan.format.when import DATE
from app.plan.kinds import PROSE, TITLE, Name, Words
from app.plan.language.dates import DateRange
from app.plan.reading import Entry, key
from app.plan.terms import EntryKind, Roll, Scope

SCOPE = Words({scope.value: scope for scope in Scope})
ROLL = Words({roll.value: roll for roll in Roll})
SEVERITY = Name("severity", "S5")
PHASE = Name("phase", "T7")
WORKSTREAM = Name("workstream", "T7")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated(Entry):
    """An entry of the one space of ids that have a date or are waited for."""

    kind: ClassVar[EntryKind]
    date_key: ClassVar[str] = "when"

    title: str = key(TITLE, "one line", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Days on which a place is closed besides its holidays."""

    title: str = key(TITLE, "why", required=True)
    when: DateRange = key(DATE, "which days", required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled(Entry):
    """A named thing that needs no more than a title."""

    title: str = key(TITLE, "one line", required=True)
    how: str = key(PROSE, "how it is done", default="")
