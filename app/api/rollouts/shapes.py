"""Rollouts, their locations and their figures as the API shows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from app.api.fields import Shown
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.people.access import Viewer

RolloutState = Literal["draft", "starting", "running", "closed"]


class RolloutLine(Shown):
    """A rollout in the list."""

    id: int
    slug: str = Field(description="Its word in addresses.")
    title: str
    state: RolloutState
    start: date | None = Field(description="Its first day.")
    follows: int | None = Field(description="The `id` of the rollout from which it was made.")
    closed_at: datetime | None


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
    paused: str = Field(description="Why it stands still; empty where it does not.")
    left_at: datetime | None = Field(description="Since when it is in the rollout no more.")
    left: str = Field(description="Why it left; empty where it has not.")
    left_by: str = Field(description="The name of whoever let it leave; empty where it has not left.")
    stated: dict[str, Any] = Field(
        description="All that was said of it, its hours, holidays, closures and own cutover too: one row of a "
        "locations file, as `PUT …/locations` takes it."
    )


class Version(Shown):
    """A version of a playbook."""

    id: int
    playbook: str
    version: str


class RolloutWhole(RolloutLine):
    """A rollout with the locations that you may see."""

    zone: str = Field(description="The zone of days that belong to no location.")
    playbook: Version
    locations: list[LocationItem] = Field(description="In the order of the locations list.")
    left: list[LocationItem] = Field(description="Those that were in it and are no more.")
    closed_note: str = Field(description="What is to be remembered of it; empty until it is closed.")
    version: int


class Progress(Shown):
    """How far the writing of the plan has come."""

    state: RolloutState
    job: str | None = Field(description="waiting, running, finished or failed; null before the first start.")
    done: int
    total: int = Field(description="0: not yet counted.")
    error: str = Field(description="Why the last try failed, one reason a line.")


def seen_rollout(rollout: int | None, viewer: Viewer) -> int | None:
    """The key of a rollout, where the reader may know of it."""
    return rollout if rollout is not None and rollout in viewer.rollouts() else None


def location_item(place: PlaceFacts) -> LocationItem:
    return LocationItem(
        id=place.id, slug=place.slug, name=place.name, zone=place.zone, wave=place.wave, cutover_at=place.cutover_at,
        attributes=dict(place.attributes), planned=place.planned, paused_at=place.paused_at, paused=place.paused,
        left_at=place.left_at, left=place.left, left_by=place.left_by, stated=dict(place.stated),
    )  # fmt: skip


def rollout_whole(rollout: RolloutFacts, viewer: Viewer) -> RolloutWhole:
    playbook = rollout.playbook
    return RolloutWhole(
        id=rollout.id, slug=rollout.slug, title=rollout.title, state=rollout.state, start=rollout.start,
        follows=seen_rollout(rollout.follows, viewer), closed_at=rollout.closed_at, zone=rollout.zone,
        playbook=Version(id=rollout.playbook_version_id, playbook=playbook.id, version=playbook.version),
        locations=[location_item(place) for place in rollout.locations],
        left=[location_item(place) for place in rollout.left], closed_note=rollout.closed_note,
        version=rollout.version,
    )  # fmt: skip
