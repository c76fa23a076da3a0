"""What an upgrade does to one row of a plan: the words that preview, act and history share. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from app.plan.change_kinds import ChangeKind
from app.plan.versions import Change
from app.rules.schedule.dated import Item
from app.rules.schedule.moves import Dates, Stored

NEW = "new"
OURS = "ours"
CUTOVER = "cutover"
"""The kind, and the entry, of the line of a location's own cutover."""


class Outcome(StrEnum):
    """What becomes of one row."""

    APPLIED = "applied"
    KEPT = "kept"
    CONFLICT = "conflict"
    ADDED = "added"
    REMOVED = "removed"


class Note(StrEnum):
    """What else is to be said of a row."""

    NONE = ""
    GIVEN = "given"
    """It was given to somebody by hand, and stays theirs."""
    ELSEWHERE = "elsewhere"
    """It is done, and no longer asked for at this place."""
    BACK = "back"
    """An earlier version had it: what was recorded then counts again."""
    REPLACED = "replaced"
    """One time of something that recurs, which has another rhythm now."""


@dataclass(frozen=True, slots=True)
class Held:
    """A row as it stands. `stored.key` names its entry as the older version does.

    `pinned`: its date was set by hand; `given`: it was given to somebody by hand; `version`: of the row.
    """

    stored: Stored
    kind: str
    pinned: bool = False
    given: bool = False
    retired: bool = False
    version: int = 0

    @property
    def over(self) -> bool:
        """Nothing of it changes any more: it is done or set aside; of what is no task, its time is over."""
        return self.stored.finished


@dataclass(frozen=True, slots=True)
class Line:
    """One row, and what the newer version does to it.

    `entry` is its id in the newer version, or (removed) in the older. `held` is None for what comes anew, `item` for
    what goes. `changes` are the differences between the versions that concern it; `before` and `after` its dates where
    they move, of a conflict those set by hand and those that the newer version would give it. `again`: it is done, and
    what is asked for has changed. `asks_due`: it comes when its day has passed.
    """

    outcome: Outcome
    location: str
    entry: str
    kind: str
    wave: str
    value: str
    title: str
    held: Held | None = None
    changes: tuple[Change, ...] = ()
    before: Dates | None = None
    after: Dates | None = None
    note: Note = Note.NONE
    again: bool = False
    asks_due: bool = False
    item: Item | None = field(default=None, compare=False, repr=False)

    @property
    def key(self) -> str:
        """What a choice is called: place, entry and value; of the network with the wave."""
        parts = (self.location, self.entry) if self.location else ("-", self.entry, self.wave)
        return "/".join((*parts, self.value)).rstrip("/")

    @property
    def is_task(self) -> bool:
        return self.kind == "task"

    @property
    def asks(self) -> bool:
        """Whether somebody has to choose before anything is done."""
        return self.asks_due or self.outcome is Outcome.CONFLICT

    @property
    def moves(self) -> bool:
        return self.before != self.after and self.after is not None

    def has(self, *kinds: ChangeKind) -> bool:
        return any(change.kind in kinds for change in self.changes)

    @property
    def told(self) -> tuple[str, ...]:
        """What tells this line from what it would be in another state. What somebody chooses is left out, and the dates
        of groups: those are the dates of the tasks inside.
        """
        stands = "" if self.held is None else f"{self.held.stored.row}.{self.held.version}.{self.held.over}"
        if self.kind == "group":
            return (self.key, stands, *map(str, self.changes))
        dates = "" if self.asks else f"{self.before} {self.after}"
        return (self.outcome, self.key, self.kind, self.title, stands, dates, self.note, *map(str, self.changes))
