"""What may be written at a place of a playbook: the keys declared there, the closed words, the ids that are known.

All of it comes from the declarations that read a file (`app.plan.format`) and from the file itself, read by its
outline; so it works in a text that is broken elsewhere. Nothing here says whether a text is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from app.plan.draft.knots import CARET
from app.plan.draft.outline import outline, with_caret
from app.plan.draft.places import Place, find_place, kinds_at, open_up
from app.plan.format.conditions import ConditionKind
from app.plan.format.nesting import Grouped
from app.plan.format.when import HoursKind
from app.plan.kinds import Language, Name, Words, YesNo
from app.plan.lint.names import known_to, spaces
from app.plan.playbook import PLAYBOOK, Playbook, settled
from app.plan.problems import TOP
from app.plan.reading import Kind, Reading, Record, Reference
from app.plan.source import Node
from app.plan.terms import WEEKDAYS

MOST: Final = 200
_DASHES = re.compile(r"[ ]*(?:-[ ]+)*")
FACT: Final = Name("fact", "C1")
WAVE: Final = Name("wave", "T6")


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to write. `kind` is "key", "word" or what an id names (role, wave, entry, …); `about` says what it
    means; `takes` what a key wants behind it.
    """

    text: str
    kind: str
    about: str = ""
    takes: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Completions:
    """Offers for the place at `line`; they replace what stands from `column` to before `until` (counted from 1).

    `path` leads to what the place is inside of.
    """

    line: int
    column: int
    until: int
    path: tuple[str, ...]
    offers: tuple[Offer, ...]


def completions(text: str, line: int, column: int) -> Completions:
    """What may be written at a place, lines and columns counted from 1. What has begun to be typed narrows it."""
    root = outline(with_caret(text, line, column))
    place = find_place(root)
    if place is None:
        return Completions(line, column, column, (), ())
    offers = list(_Asked(root, place).offers())
    # A whole value may be typed in several words; else the last word counts, as in `week 2 .. cut`.
    row = _row(text, line)[: max(column - 1, 0)]
    typed = next((each for each in (place.before, place.before.rpartition(" ")[2]) if row.endswith(each)), "")
    fitting = _begun(offers, typed)
    if not fitting and " " in typed:
        typed = typed.rpartition(" ")[2]
        fitting = _begun(offers, typed)
    until = column + (0 if " " in place.after else len(place.after))
    return Completions(line, column - len(typed), until, place.path, tuple(fitting[:MOST]))


def keys_of_line(text: str, line: int) -> Completions:
    """What may be written where a line begins; an empty line begins where the line before it does."""
    rows = text.split("\n")[: max(line, 1)]
    begun = next((row for row in reversed(rows) if row.strip()), "")
    start = _DASHES.match(begun)
    return completions(text, line, (start.end() if start else 0) + 1)


def _row(text: str, line: int) -> str:
    rows = text.split("\n")
    return rows[line - 1] if 1 <= line <= len(rows) else ""


def _begun(offers: Iterable[Offer], typed: str) -> list[Offer]:
    """Those that begin with what is typed, then those that hold it; an offer already written whole is none."""
    low = typed.lower()
    first = [offer for offer in offers if offer.text.lower().startswith(low)]
    inside = [offer for offer in offers if low and low in offer.text.lower() and offer not in first]
    found = list(dict.fromkeys([*first, *inside]))
    return [] if [offer.text for offer in found] == [typed] else found


class _Asked:
    """One question: what may stand at a place of a tree."""

    def __init__(self, root: Node, place: Place) -> None:
        self.root = root
        self.place = place

    @cached_property
    def book(self) -> Playbook:
        """What the file says as far as it can be read."""
        return settled(PLAYBOOK.read(self.root, (), Reading()) or Playbook())

    def offers(self) -> Iterator[Offer]:
        written = {key.text for key, _ in self.place.node.pairs}
        for kind in kinds_at(PLAYBOOK, self.root, self.place.path):
            if self.place.value:
                yield from self._words(kind)
            if self.place.key:
                yield from (offer for offer in self._keys(kind) if offer.text not in written)
        if self.place.value:
            yield from self._fact_values()

    def _keys(self, kind: Kind[Any]) -> Iterator[Offer]:
        """Declared keys; for conditions and hours the names that are keys there."""
        if isinstance(kind, Grouped):
            yield from _declared(kind.meant(self.place.node))
            yield from (replace(offer, required=False) for offer in _declared(kind.group) if offer.text == kind.word)
        elif isinstance(kind, Record):
            yield from _declared(kind)
        elif isinstance(kind, ConditionKind):
            yield Offer("any", "key", "one of these is enough", "a list of conditions")
            yield Offer("not", "key", "none of this holds", kind.says())
            yield from (replace(fact, takes="a value or a comparison") for fact in self._named(FACT))
        elif isinstance(kind, HoursKind):
            yield from (Offer(day, "key", "hours of that day", kind.says()) for day in WEEKDAYS)

    def _words(self, kind: Kind[Any]) -> Iterator[Offer]:
        """The closed words and the ids that a value of this kind may be, or may hold."""
        if isinstance(kind, Words):
            yield from (Offer(str(word), "word") for word in kind.words)
        elif isinstance(kind, YesNo):
            yield from (Offer(word, "word") for word in ("true", "false"))
        elif isinstance(kind, Name):
            yield from self._named(kind)
        elif isinstance(kind, Language):
            yield from (offer for part in kind.parts() for offer in self._words(part))
        elif isinstance(kind, Record) and kind.short:
            for part in open_up(kind.keys[kind.short][1].kind):
                yield from self._words(part)

    def _named(self, name: Name) -> Iterator[Offer]:
        """Ids of the file with their titles, in file order."""
        path = self.place.path if len(self.place.path) > 1 else ("", "")
        known = known_to(Reference(name.space, "", name.rule, path, TOP), spaces(self.book), self.book)
        things: Mapping[str, Any] = known if isinstance(known, Mapping) else {}
        for each in sorted(known) if isinstance(known, set) else dict.fromkeys(known):
            if CARET not in each and each not in self.place.path:
                title = getattr(things.get(each), "title", "")
                yield Offer(each, name.space, title if title != each else "")

    def _fact_values(self) -> Iterator[Offer]:
        """Behind a fact of a condition: the options of the attribute, or the waves."""
        path = self.place.path[:-1] if self.place.path[-1].isdigit() else self.place.path
        if not path or not any(isinstance(kind, ConditionKind) for kind in kinds_at(PLAYBOOK, self.root, path[:-1])):
            return
        asked = self.book.attributes.get(path[-1])
        if path[-1] == "wave":
            yield from self._named(WAVE)
        elif asked is not None and asked.answer:
            words = ("true", "false") if asked.answer.type == "yes-no" else asked.answer.options
            yield from (Offer(word, "word", asked.title) for word in words)


def _declared(record: Record[Any]) -> Iterator[Offer]:
    for name, (_, key) in record.keys.items():
        yield Offer(name, "key", key.about, key.kind.says(), key.required)
