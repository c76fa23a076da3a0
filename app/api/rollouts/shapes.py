"""Rollouts, their locations and their figures as the API shows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from app.api.fields import Shown
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts

RolloutState = Literal["draft", "starting", "running", "closed"]


class RolloutLine(Shown):
    """A rollout in the list."""

    id: int
    slug: str = Field(description="Its word in addresses.")
    title: str
    state: RolloutState
    start: date | None = Field(description="Its first day.")


class LocationItem(Shown):
    """A site. Of locations that you may not see not even the name is shown."""

    id: int
    slug: str = Field(description="Its id in the locations list.")
    name: str
    zone: str = Field(description="Its time zone, by the IANA name.")
    wave: str
    cutover_at: datetime | None = Field(description="When it goes live, in UTC.")
    attributes: dict[str, Any] = Field(description="What it answered to the playbook's attributes.")
    planned: bool = Field(description="Its plan is written; before that nothing is counted there.")
    paused_at: datetime | None = Field(description="Since when it stands still.")


class Version(Shown):
    """A version of a playbook."""

    id: int
    playbook: str
    version: str


class RolloutWhole(RolloutLine):
    """A rollout with the locations that you may see."""

    zone: str = Field(description="The zone of days that belong to no location.")
    playbook: Version
    locations: list[LocationItem]
    version: int


class Progress(Shown):
    """How far the writing of the plan has come."""

    state: RolloutState
    job: str | None = Field(description="waiting, running, finished or failed; null before the first start.")
    done: int
    total: int = Field(description="0: not yet counted.")
    error: str = Field(description="Why the last try failed, one reason a line.")


def location_item(place: PlaceFacts) -> LocationItem:
    return LocationItem(
        id=place.id, slug=place.slug, name=place.name, zone=place.zone, wave=place.wave, cutover_at=place.cutover_at,
        attributes=dict(place.attributes), planned=place.planned, paused_at=place.paused_at,
    )  # fmt: skip


def rollout_whole(rollout: RolloutFacts) -> RolloutWhole:
    playbook = rollout.playbook
    return RolloutWhole(
        id=rollout.id, slug=rollout.slug, title=rollout.title, state=rollout.state, start=rollout.start,
        zone=rollout.zone,
        playbook=Version(id=rollout.playbook_version_id, playbook=playbook.id, version=playbook.version),
        locations=[location_item(place) for place in rollout.locations], version=rollout.version,
    )  # fmt: skip
