"""Who is called by name in a comment, among the people who may read it. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.rules.people.access import Extent, Grant, Permission, Viewer


@dataclass(frozen=True)
class Mentioned:
    """The keys of those who are called, and the names that several readers bear, of whom none was chosen."""

    people: frozenset[int]
    unclear: tuple[str, ...] = ()


def grouped(rows: Iterable[tuple[int, str, Grant]]) -> list[Viewer]:
    """One viewer a person from one row a membership, by name."""
    found: dict[int, Viewer] = {}
    for person, name, grant in rows:
        viewer = found.get(person) or Viewer(person, name)
        found[person] = replace(viewer, grants=(*viewer.grants, grant))
    return sorted(found.values(), key=lambda viewer: (_plain(viewer.name), viewer.person))


@dataclass(frozen=True)
class Spot:
    """A task as reading it is judged: where it is, the roles that it names for some act, and whose own it is."""

    rollout: int
    location: int | None
    named: Collection[str]
    assigned: int | None = None


def readers(viewers: Iterable[Viewer], spot: Spot, writer: Viewer) -> list[Viewer]:
    """Those who may read what people write about a task, and of whom the writer may know: people of the network, and
    of locations that the writer sees.
    """
    extent = writer.locations(spot.rollout)
    return [one for one in viewers if may_read(one, spot) and known(one, spot.rollout, extent)]


def may_read(viewer: Viewer, spot: Spot) -> bool:
    place = {"rollout": spot.rollout, "location": spot.location, "assigned": spot.assigned}
    return viewer.can(Permission.SEE_DETAIL, **place, named=spot.named)


def known(viewer: Viewer, rollout: int, extent: Extent) -> bool:
    """Whether somebody works in the whole rollout, or at a location of an extent."""
    held = (grant for grant in viewer.grants if grant.rollout in (None, rollout))
    return any(grant.location is None or grant.location in extent for grant in held)


def mentioned(text: str, people: Sequence[Viewer], chosen: Collection[int] = ()) -> Mentioned:
    """Whom `@Full Name` calls in a text, and whom the writer chose from the list beside it (`chosen`).

    The longest name wins; upper and lower case are one. A name that several people bear means those of them who were
    chosen. A name of nobody among `people` stays a text, so that it tells nothing of anybody else.
    """
    by_name: dict[str, list[int]] = {}
    for one in people:
        by_name.setdefault(_plain(one.name), []).append(one.person)
    known = {one.person for one in people}
    found, unclear = known & set(chosen), []
    for name in dict.fromkeys(_called(_plain(text), sorted(by_name, key=len, reverse=True))):
        bearers = by_name[name]
        if len(bearers) == 1:
            found.add(bearers[0])
        elif not found & set(bearers):
            unclear.append(next(one.name for one in people if _plain(one.name) == name))
    return Mentioned(frozenset(found), tuple(unclear))


def _called(text: str, names: Sequence[str]) -> Iterator[str]:
    """The names after each sign, longest first in `names`. A sign inside a word is an e-mail address."""
    for at, character in enumerate(text):
        if character != "@" or (at and text[at - 1].isalnum()):
            continue
        rest = text[at + 1 :]
        for name in names:
            if rest.startswith(name) and not rest[len(name) : len(name) + 1].isalnum():
                yield name
                break


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def fitting(people: Iterable[Viewer], typed: str, limit: int) -> list[Viewer]:
    """Those whose name, or a word of it, begins with what was typed; at most `limit`."""
    wanted = _plain(typed.strip())
    found = [one for one in people if _begins(_plain(one.name), wanted)]
    return found[:limit]


def _begins(name: str, wanted: str) -> bool:
    return any(name[at:].startswith(wanted) for at in range(len(name)) if at == 0 or name[at - 1] == " ")
