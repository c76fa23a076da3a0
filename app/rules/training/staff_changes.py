"""What a staff list would change: who is new, who is another now, and who is not on it any more. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from app.rules.training.staff_list import COLUMNS, Row

COMPARED = ("name", "role", "email", "shift")


@dataclass(frozen=True)
class Member:
    """Somebody who works at a location, as stored; `location` is its id in the locations file."""

    id: int
    location: str
    number: str
    name: str
    role: str
    email: str = ""
    shift: str = ""
    person: int | None = None
    works: bool = False


@dataclass(frozen=True)
class Changed:
    """Somebody of whom the list says something else: `was`, what it says, and which columns differ."""

    was: Member
    row: Row
    columns: tuple[str, ...]


@dataclass(frozen=True)
class StaffChanges:
    """`missing` work at a location that the list speaks of, and are not on it; nothing happens to them by itself.
    `roster` are those of whom only the day of the go-live is another.
    """

    new: tuple[Row, ...] = ()
    changed: tuple[Changed, ...] = ()
    same: int = 0
    missing: tuple[Member, ...] = ()
    roster: tuple[Changed, ...] = field(default=())

    @property
    def nothing(self) -> bool:
        return not (self.new or self.changed or self.roster)

    @property
    def digest(self) -> str:
        """The same as long as the list and what is stored stay as they are."""
        told = [
            [(row.location, row.number, row.name, row.role, row.email, row.shift, row.works) for row in self.new],
            [(one.was.id, one.columns, one.row) for one in (*self.changed, *self.roster)],
            [one.id for one in self.missing],
        ]
        return sha256(repr(told).encode()).hexdigest()[:32]


def staff_changes(rows: Sequence[Row], members: Iterable[Member], columns: Collection[str] = COLUMNS) -> StaffChanges:
    """Compare by location and number. `members` may be those of more locations than the list speaks of; of `columns`
    that it does not have it says nothing, and everything stays as it is.
    """
    silent = [name for name in COMPARED if name not in columns]
    spoken = {row.location for row in rows}
    stored = {(one.location, one.number.casefold()): one for one in members if one.location in spoken}
    new, changed, roster, same = [], [], [], 0
    for row in rows:
        was = stored.pop((row.location, row.number.casefold()), None)
        if was is None:
            new.append(row)
            continue
        row = replace(row, **{name: getattr(was, name) for name in silent})
        differ = tuple(name for name in COMPARED if getattr(was, name) != getattr(row, name))
        if differ:
            changed.append(Changed(was, row, differ))
        elif row.works is not None and row.works != was.works:
            roster.append(Changed(was, row, ("go_live",)))
        else:
            same += 1
    return StaffChanges(tuple(new), tuple(changed), same, tuple(stored.values()), tuple(roster))
