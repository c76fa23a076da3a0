"""Issues that look like the same problem at several locations, and the words that their causes share. Pure.

Two issues are alike when they are of one kind and share enough of what their titles say: at least two words that say
something, and at least half of those of the shorter title.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

Key = TypeVar("Key", bound=Hashable)

FEWEST: Final = 2
EMPTY_WORDS: Final = frozenset(
    """a about after again all also an and any are as at be because been before but by can cannot could did do does
    done for from had has have he her here his how i if in into is it its just more most my new no not of off on only
    or our out over she since so some still such than that the their them then there these they this to too two under
    until up very was we were what when where which while who why will with without would you your one
    issue problem wrong error""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Titled:
    """An open issue by what it is called; `location` None is the whole network."""

    id: int
    title: str
    kind: str
    location: int | None


def words_of(text: str) -> frozenset[str]:
    """The words of a text that say something, folded, without the s of a plural."""
    found = re.findall(r"[^\W\d_]{3,}", text.casefold())
    return frozenset(word.removesuffix("s") if len(word) > 4 else word for word in found if word not in EMPTY_WORDS)


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two titles, as words, say the same."""
    shared = len(one & other)
    return shared >= FEWEST and 2 * shared >= min(len(one), len(other))


def groups(issues: Sequence[Titled]) -> list[list[Titled]]:
    """Issues of several locations that are alike, each with one at another location that it is like; the largest
    groups first. Only those that share a word are compared.
    """
    said = {one.id: words_of(one.title) for one in issues}
    near: dict[tuple[str, str], list[Titled]] = defaultdict(list)
    root = {one.id: one.id for one in issues}

    def top(id_: int) -> int:
        while root[id_] != id_:
            id_ = root[id_]
        return id_

    for one in issues:
        others = {other.id: other for word in said[one.id] for other in near[(one.kind, word)]}
        for other in others.values():
            if other.location != one.location and alike(said[one.id], said[other.id]):
                root[top(one.id)] = top(other.id)
        for word in said[one.id]:
            near[(one.kind, word)].append(one)
    found: dict[int, list[Titled]] = defaultdict(list)
    for one in issues:
        found[top(one.id)].append(one)
    return sorted((group for group in found.values() if len(group) > 1), key=lambda group: (-len(group), group[0].id))


def shared_words(texts: Mapping[Key, str], fewest: int = FEWEST, most: int = 12) -> list[tuple[str, tuple[Key, ...]]]:
    """Words that stand in several texts, with those texts, the most frequent first; a text counts once a word."""
    behind: dict[str, list[Key]] = defaultdict(list)
    for key, text in texts.items():
        for word in words_of(text):
            behind[word].append(key)
    ranked = sorted(((word, tuple(keys)) for word, keys in behind.items()), key=lambda one: (-len(one[1]), one[0]))
    return [one for one in ranked if len(one[1]) >= fewest][:most]
