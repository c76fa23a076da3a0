"""Who: a role, a list of roles, or so many of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.plan.containers import ListOf
from app.plan.kinds import Name, Whole, Words
from app.plan.reading import Book, Json, Kind, Path, Reading, Record, key
from app.plan.source import Node

ROLE = Name("role", "W1")
EVERYONE = "everyone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Roles in the order written. As an owner the first answers for it; elsewhere each is meant.

    `at_least` (default: all) of them are needed, `must` are among them.
    """

    roles: tuple[str, ...] = key(ListOf(ROLE), "the roles asked", required=True, name="of")
    at_least: int | None = key(Whole(), "how many of them are needed")
    must: tuple[str, ...] = key(ListOf(ROLE), "who is always among them", default=())

    @property
    def everyone(self) -> bool:
        return self.roles == (EVERYONE,)

    @property
    def needed(self) -> int:
        return self.at_least or len(self.roles)

    @property
    def first(self) -> str:
        return self.roles[0] if self.roles else ""


class WhoKind(Kind[Who]):
    """Text, a list or a mapping as `Who`; breaks W1 for an unknown role, W3 for counts that cannot be."""

    def __init__(self, *, everyone: bool = False) -> None:
        self.everyone = everyone
        self.deep = Record(Who)

    def read(self, node: Node, path: Path, reading: Reading) -> Who | None:
        if node.kind == "text":
            if node.text == EVERYONE and self.everyone:
                return Who(roles=(EVERYONE,))
            role = ROLE.read(node, path, reading)
            return None if role is None else Who(roles=(role,))
        if node.kind == "list":
            roles = ListOf(ROLE).read(node, path, reading)
            return Who(roles=roles) if roles else None
        who = self.deep.read(node, path, reading)
        if who is None or not who.roles:
            return None
        self._counts(who, path, reading)
        return who

    def _counts(self, who: Who, path: Path, reading: Reading) -> None:
        total = len(who.roles)
        if (who.at_least or 0) > total:
            reading.at_value("W3", (*path, "at_least"), f"{who.at_least} of {total} votes")
        for number, role in enumerate(who.must):
            if role not in who.roles:
                place = (*path, "must", str(number))
                reading.at_value("W3", place, f"`{role}` must be among them, but `of` does not name it")

    def schema(self, book: Book) -> Json:
        return {"anyOf": [{"type": "string"}, ListOf(ROLE).schema(book), self.deep.schema(book)]}

    def parts(self) -> tuple[Kind[Any], ...]:
        all_of_them = (Words({EVERYONE: EVERYONE}),) if self.everyone else ()
        return ROLE, *all_of_them, ListOf(ROLE), self.deep

    def says(self) -> str:
        return "a role, or a list of roles"


WHO = WhoKind()
AUDIENCE = WhoKind(everyone=True)
