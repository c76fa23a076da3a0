"""What a task waits for: its predecessors' states, looked up at the right place. Pure.

Only finish-to-start links hold a task up here ("after: x"); a link to a group means everything inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.plan import Playbook
from app.rules.tasks.progress import State


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one record of an entry lives: at a location, or (none) for a wave or the whole network."""

    entry: str
    location: int | None
    wave: str


Place = tuple[str, object]


class Waits:
    """The states of every entry at every place, noted first and then asked. `waves` says each location's wave.

    There may be a hundred thousand records: what stands alike at a place is one number with a bit for each entry.
    `own` are the playbooks of locations that are on another version of it than the network.
    """

    def __init__(self, playbook: Playbook, waves: Mapping[int, str], own: Mapping[int, Playbook] | None = None) -> None:
        own = own or {}
        books = {id(book): book for book in (playbook, *own.values())}
        known = (earlier for book in books.values() for earlier in book.predecessors.values())
        self._wanted = frozenset(entry for earlier in known for entry in earlier)
        self._bits = {entry: 1 << number for number, entry in enumerate(sorted(self._wanted))}
        masks = {key: self._masks(book) for key, book in books.items()}
        self._before = masks[id(playbook)]
        self._own = {location: masks[id(book)] for location, book in own.items()}
        self._waves = waves
        self._states: dict[Place, dict[State, int]] = {}
        self._asked: dict[tuple[int | None, str, int], tuple[State, ...]] = {}

    @property
    def wanted(self) -> frozenset[str]:
        """The entries that something waits for."""
        return self._wanted

    def held_anywhere(self) -> dict[str, frozenset[State]]:
        """In which states work that is open and in no trouble of its own may be, by entry: at risk or waiting where
        what it waits for is late, blocked or not done at some place.
        """
        known: dict[State, int] = {}
        for here in self._states.values():
            for state, mask in here.items():
                known[state] = known.get(state, 0) | mask
        grave = known.get(State.LATE, 0) | known.get(State.BLOCKED, 0)
        still = 0
        for state, mask in known.items():
            still |= mask if state is not State.DONE else 0
        found: dict[str, frozenset[State]] = {}
        for before in (self._before, *{id(one): one for one in self._own.values()}.values()):
            for entry, needed in before.items():
                held = ((State.RISK, grave), (State.WAITING, still))
                states = frozenset(state for state, mask in held if mask & needed)
                found[entry] = found.get(entry, frozenset()) | states
        return found

    def __contains__(self, entry: str) -> bool:
        """Whether an entry waits for anything, at some place."""
        return entry in self._before or any(entry in before for before in self._own.values())

    def _masks(self, playbook: Playbook) -> dict[str, int]:
        return {entry: self._mask(earlier) for entry, earlier in playbook.predecessors.items()}

    def _needed(self, entry: str, location: int | None) -> int:
        before = self._before if location is None else self._own.get(location, self._before)
        return before.get(entry, 0)

    def _mask(self, entries: Iterable[str]) -> int:
        found = 0
        for entry in self._wanted.intersection(entries):
            found |= self._bits[entry]
        return found

    def note(self, spot: Spot, state: State) -> None:
        """Remember the state of one record: for its own place, its wave, and everybody."""
        self.note_all((spot.entry,), spot.location, spot.wave, state)

    def note_all(self, entries: Iterable[str], location: int | None, wave: str, state: State) -> None:
        """Remember the state that the records of several entries share at one place."""
        mask = self._mask(entries)
        around = wave if location is None else self._waves.get(location, "")
        for place in (_own(location, wave), ("inside", around), ("all", None)) if mask else ():
            here = self._states.setdefault(place, {})
            here[state] = here.get(state, 0) | mask
        self._asked.clear()

    def before(self, spot: Spot) -> tuple[State, ...]:
        """The states, each once, of what must be finished before this record; what has no record here holds nothing
        up.
        """
        needed = self._needed(spot.entry, spot.location)
        asked = (spot.location, spot.wave, needed)
        if asked not in self._asked:
            self._asked[asked] = self._found(needed, self._places(spot))
        return self._asked[asked]

    def apart(
        self, entries: Iterable[str], location: int | None, wave: str
    ) -> Iterator[tuple[tuple[State, ...], list[str]]]:
        """The records of several entries at one place, apart by the states of what must be finished before them."""
        alike: dict[int, list[str]] = {}
        for entry in entries:
            alike.setdefault(self._needed(entry, location), []).append(entry)
        for same in alike.values():
            yield self.before(Spot(same[0], location, wave)), same

    def _places(self, spot: Spot) -> tuple[Place, ...]:
        """Where to look, nearest first: from a wave or the network an id means all of its records there."""
        if spot.location is not None:
            return ("at", spot.location), ("wave", self._waves.get(spot.location, "")), ("network", None)
        if spot.wave:
            return ("inside", spot.wave), ("network", None)
        return (("all", None),)

    def _found(self, needed: int, places: tuple[Place, ...]) -> tuple[State, ...]:
        """The states of the needed entries, each looked up at the nearest place that has a record of it."""
        found: set[State] = set()
        for place in places:
            here = self._states.get(place, {})
            found.update(state for state, mask in here.items() if mask & needed)
            for mask in here.values():
                needed &= ~mask
        return tuple(state for state in State if state in found)


def _own(location: int | None, wave: str) -> Place:
    if location is not None:
        return "at", location
    return ("wave", wave) if wave else ("network", None)
