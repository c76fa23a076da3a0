"""Where entries exist in a rollout, and which places one place means by another's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.plan.calendars import PlaceCalendar
from app.plan.facts import Facts, holds
from app.plan.format.base import Dated
from app.plan.format.conditions import ALWAYS
from app.plan.language.dates import Anchor
from app.plan.places import NETWORK, Site, Spot
from app.plan.playbook import Playbook
from app.plan.terms import Scope


class Whereabouts:
    """The places of a rollout: the network with the playbook's calendar, its waves, its locations."""

    def __init__(self, playbook: Playbook, sites: Sequence[Site], network: PlaceCalendar) -> None:
        self.playbook = playbook
        self.network = network
        self.sites = {site.id: site for site in sites}
        self.by_wave: dict[str, list[Site]] = {wave: [] for wave in playbook.waves}
        for site in sites:
            self.by_wave.setdefault(site.wave, []).append(site)

    def calendar(self, spot: Spot) -> PlaceCalendar:
        return self.sites[spot.location].calendar if spot.location else self.network

    def spots(self, scope: Scope | None) -> Iterator[Spot]:
        """Where an entry of this scope exists, waves and locations in order."""
        if scope is Scope.NETWORK:
            yield NETWORK
        elif scope is Scope.WAVE:
            yield from (Spot(Scope.WAVE, wave) for wave in self.playbook.waves)
        else:
            yield from (site.spot for site in self.sites.values())

    def facts(self, spot: Spot) -> Facts:
        attributes = self.sites[spot.location].attributes if spot.location else {}
        return Facts(spot.wave, attributes)

    def applies(self, entry: object, spot: Spot) -> bool | None:
        """Whether an entry's condition holds there; None where a fact is not yet known."""
        where = getattr(entry, "where", ALWAYS)
        return True if where is ALWAYS else holds(where, self.facts(spot))

    def meant(self, entry: Dated, asking: Spot, anchor: Anchor | None) -> list[Spot]:
        """The places of an entry that are meant from a place: its own, or all of them from above."""
        scope = getattr(entry, "scope", None)
        if scope is Scope.NETWORK:
            return [NETWORK]
        wave = self._wave_meant(asking, anchor)
        if wave is None:
            return []
        own = not anchor or not (anchor.previous or anchor.of_wave)
        if scope is Scope.WAVE:
            return [Spot(Scope.WAVE, each) for each in ([wave] if wave else self.playbook.waves)]
        if scope is None:  # a group's parts each have their own scope
            return [asking]
        if own and asking.location:
            return [asking]
        sites = self.by_wave.get(wave, []) if wave else self.sites.values()
        return [site.spot for site in sites]

    def _wave_meant(self, asking: Spot, anchor: Anchor | None) -> str | None:
        """The wave in question; empty for all; None where `of previous wave` means nothing."""
        if anchor and anchor.of_wave:
            return anchor.of_wave
        if anchor and anchor.previous:
            return self.playbook.wave_before(asking.wave) or None if asking.wave else None
        return asking.wave
