"""What a task waits for: its predecessors' states, looked up at the right place. Pure.

Only finish-to-start links hold a task up here ("after: x"); a link to a group means everything inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.plan import Playbook
from app.plan.format.handed import Handed
from app.rules.progress import State


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one record of an entry lives: at a location, or (none) for a wave or the whole network."""

    entry: str
    location: int | None
    wave: str


def leaves(playbook: Playbook) -> dict[str, tuple[str, ...]]:
    """Every task's id to itself, every group's id to the tasks inside, in the order of the playbook."""
    inside: dict[str, list[str]] = {}
    for task in playbook.work:
        entry = task.id
        while entry:
            inside.setdefault(entry, []).append(task.id)
            found = playbook.entries[entry]
            entry = found.parent if isinstance(found, Handed) else ""
    return {entry: tuple(tasks) for entry, tasks in inside.items()}


def predecessors(playbook: Playbook) -> dict[str, tuple[str, ...]]:
    """The tasks that must be finished before each task may start. Gates and runbooks hold nothing up here."""
    inside = leaves(playbook)
    found: dict[str, tuple[str, ...]] = {}
    for task in playbook.work:
        links = [link.entry for link in task.after if not link.start_of and not link.previous]
        before = dict.fromkeys(leaf for entry in links for leaf in inside.get(entry, ()))
        before.pop(task.id, None)
        if before:
            found[task.id] = tuple(before)
    return found


def _own(spot: Spot) -> tuple[str, object]:
    if spot.location is not None:
        return "at", spot.location
    return ("wave", spot.wave) if spot.wave else ("network", None)


class Waits:
    """The states of every entry at every place, noted first and then asked. `waves` says each location's wave."""

    def __init__(self, playbook: Playbook, waves: Mapping[int, str]) -> None:
        self._before = predecessors(playbook)
        self._wanted = frozenset(entry for before in self._before.values() for entry in before)
        self._waves = waves
        self._states: dict[tuple[str, str, object], list[State]] = {}

    def __contains__(self, entry: str) -> bool:
        """Whether an entry waits for anything."""
        return entry in self._before

    def note(self, spot: Spot, state: State) -> None:
        """Remember the state of one record: for its own place, its wave, and everybody."""
        if spot.entry not in self._wanted:
            return
        around = spot.wave if spot.location is None else self._waves.get(spot.location, "")
        for kind, place in (_own(spot), ("inside", around), ("all", None)):
            self._states.setdefault((spot.entry, kind, place), []).append(state)

    def before(self, spot: Spot) -> tuple[State, ...]:
        """The states of what must be finished before this record; what has no record here holds nothing up."""
        places = self._places(spot)
        return tuple(state for entry in self._before.get(spot.entry, ()) for state in self._first(entry, places))

    def _places(self, spot: Spot) -> tuple[tuple[str, object], ...]:
        """Where to look, nearest first: from a wave or the network an id means all of its records there."""
        if spot.location is not None:
            return ("at", spot.location), ("wave", self._waves.get(spot.location, "")), ("network", None)
        if spot.wave:
            return ("inside", spot.wave), ("network", None)
        return (("all", None),)

    def _first(self, entry: str, places: tuple[tuple[str, object], ...]) -> list[State]:
        for kind, place in places:
            if found := self._states.get((entry, kind, place)):
                return found
        return []
