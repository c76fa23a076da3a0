"""Where figures are read and entered, as addresses say it: a location, the whole network, or one of its waves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Depends, Query

from app.errors import NotFound
from app.queries.figures.lines import shared_waves
from app.queries.rollouts.facts import PlaceFacts
from app.rules.metrics.access import may_enter
from app.rules.people.access import Permission
from app.web.forms import Slug
from app.web.site import AllowingGuard, Desk, Seeing

NETWORK: Final = "network"
Wave = Annotated[str, Query(pattern=r"^[a-z0-9-]{0,80}$")]


def enters_somewhere(desk: Desk) -> bool:
    """Whether the reader enters any figure anywhere, by what they may do or by being named. What they hold speaks of no
    other places than it names.
    """
    places = {None, *(grant.location for grant in desk.viewer.grants if grant.rollout in (None, desk.rollout.id))}
    at = [{"rollout": desk.rollout.id, "location": place} for place in places]
    return any(may_enter(desk.viewer, one, place) for one in desk.rollout.playbook.figures.values() for place in at)


GUARD = AllowingGuard(
    Permission.ENTER_FIGURES, "You may see this rollout, but entering figures is not yours to do.", enters_somewhere
)
Entering = Annotated[Desk, Depends(GUARD)]


@dataclass(frozen=True)
class Spot:
    """Somebody before the figures of one place."""

    desk: Desk
    place: PlaceFacts | None
    wave: str

    @property
    def slug(self) -> str:
        return self.place.slug if self.place else NETWORK

    @property
    def name(self) -> str:
        if self.place:
            return self.place.name
        return self.desk.rollout.playbook.waves[self.wave].title if self.wave else "The whole network"

    def address(self, rest: str = "figures", **query: str) -> str:
        """Of this place; `rest` is what stands behind its word."""
        base = f"/rollouts/{self.desk.rollout.slug}/locations/{self.slug}/{rest}"
        said = {name: text for name, text in (("wave", self.wave), *query.items()) if text}
        return f"{base}?{urlencode(said)}" if said else base

    @property
    def open(self) -> bool:
        """Whether figures are taken there at all."""
        return self.desk.rollout.state == "running" and not (self.place and self.place.left_at)


def spot_of(desk: Desk, location: str, wave: str) -> Spot:
    """Raises NotFound for a place that there is not, or that the reader does not see."""
    if location != NETWORK:
        return Spot(desk, desk.rollout.place(location, gone=True), "")
    if wave and wave not in shared_waves(desk.rollout.playbook):
        raise NotFound("wave")
    return Spot(desk, None, wave)


async def seeing_there(desk: Seeing, location: Slug, wave: Wave = "") -> Spot:
    return spot_of(desk, location, wave)


async def entering_there(desk: Entering, location: Slug, wave: Wave = "") -> Spot:
    return spot_of(desk, location, wave)


SeeingThere = Annotated[Spot, Depends(seeing_there)]
EnteringThere = Annotated[Spot, Depends(entering_there)]
