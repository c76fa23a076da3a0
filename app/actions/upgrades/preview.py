"""An upgrade as it is shown before anything changes: what becomes of each row of the chosen places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from app.plan.versions import Change
from app.rules.schedule.moves import Cutover, Replan
from app.rules.upgrades.between import Between
from app.rules.upgrades.choosing import fingerprint
from app.rules.upgrades.lines import CUTOVER, Held, Line, Outcome

NETWORK = ""
"""The place of what exists once: the network with the waves."""


@dataclass(frozen=True)
class PlaceUpgrade:
    """One place (`slug` empty: the network) brought from one version to another, row by row; `today` is its day."""

    slug: str
    key: int | None
    name: str
    from_id: int
    from_version: str
    between: Between = field(repr=False)
    held: tuple[Held, ...] = field(repr=False)
    lines: tuple[Line, ...]
    today: date


@dataclass(frozen=True)
class Preview:
    """An upgrade as it would be. `already` are places that are on the version; `elsewhere` is what moves at places that
    are not brought to it; `warnings` are findings of the newer plan. `told` are (id, name) of people.
    """

    to_id: int
    to_version: str
    places: tuple[PlaceUpgrade, ...]
    already: tuple[str, ...] = ()
    elsewhere: Replan = field(default_factory=Replan)
    cutovers: tuple[Cutover, ...] = ()
    kept_cutovers: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    told: tuple[tuple[int, str], ...] = ()

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for place in self.places for line in place.lines)

    @property
    def asking(self) -> tuple[Line, ...]:
        """What somebody has to choose."""
        return tuple(line for line in self.lines if line.asks)

    @cached_property
    def beside(self) -> tuple[Change, ...]:
        """What differs between the versions and concerns no row of these places."""
        met = {change for line in self.lines for change in line.changes}
        met |= {change for place in self.places for change in _come_and_gone(place)}
        known = dict.fromkeys(change for place in self.places for change in place.between.changes)
        return tuple(change for change in known if change not in met)

    @property
    def fingerprint(self) -> str:
        """One word for all of it: what was shown is what is done, or it is shown again."""
        versions = [(place.slug, place.from_id, self.to_id) for place in self.places]
        asked = {line.key for line in self.asking}
        cutovers = [one for one in self.cutovers if f"{one[0]}/{CUTOVER}" not in asked]
        return fingerprint(self.lines, [*versions, self.elsewhere.fingerprint, *cutovers])


def _come_and_gone(place: PlaceUpgrade) -> Iterator[Change]:
    """The differences that say that an entry comes or goes, where a row of it does."""
    told = {line.entry for line in place.lines if line.outcome in (Outcome.ADDED, Outcome.REMOVED)}
    for change in place.between.changes:
        if change.entry in told and not change.key:
            yield change
