"""Upgrades as the API shows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from app.api.fields import LINE_PATTERN, Given, PlaceId, RowKey, Shown
from app.api.move_shapes import Shift
from app.rules.upgrades.lines import Outcome


class DeviationItem(Shown):
    """One thing that a location has changed of its own plan."""

    kind: Literal["date", "aside", "added", "cutover"]
    title: str
    task: int | None
    by: str = Field(description="The name of who did it; empty for a cutover.")
    at: datetime | None
    against: str = Field(description="The version against which it was kept, where that was asked; else empty.")


class PlaceItem(Shown):
    """One place and its version of the playbook."""

    location: str | None = Field(description="Null: what exists once for the network or a wave.")
    version: str
    behind: bool = Field(description="A newer version is here.")
    unchanging: bool = Field(description="Its wave takes the playbook as it is: nothing deviates there.")
    deviations: list[DeviationItem]


class AgainItem(Shown):
    """Work done under an older version, of which the newer one asks something else: reopen the task to ask again."""

    task: int
    title: str
    location: str | None
    under: str
    keys: list[str] = Field(description="What has changed of it.")


class VersionsShown(Shown):
    """A rollout by the versions of its playbook."""

    newest: str
    newer: dict[str, int] = Field(description="The keys of versions to which a place may be brought, by their numbers.")
    places: list[PlaceItem]
    again: list[AgainItem]


class UpgradeStep(Given):
    """Without `shown` nothing changes: the answer says what would. With the word that it gave, it is done."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"to": 2, "network": True, "locations": ["alder"]}]})

    to: RowKey = Field(description="The key of the version.")
    locations: list[PlaceId] = Field([], max_length=2_000, description="Ids of locations.")
    network: bool = Field(False, description="Also what exists once for the network or a wave.")
    choices: dict[str, Annotated[str, Field(max_length=10, pattern=LINE_PATTERN)]] = Field(
        {}, max_length=20_000,
        description="By the key of each line that asks: `new` or `ours`; for what comes late a day such as 2027-02-08.",
    )  # fmt: skip
    shown: str = Field("", max_length=64, pattern=LINE_PATTERN, description="`shown` of the answer before.")


class DifferenceItem(Shown):
    kind: str
    section: str
    entry: str
    key: str
    old: str
    new: str


class LineItem(Shown):
    """One row of the plan, and what the newer version does to it."""

    key: str = Field(description="What a choice is called.")
    outcome: Outcome
    location: str | None
    entry: str
    kind: str
    title: str
    task: int | None = Field(description="Null for a gate and the like, and for what comes anew.")
    note: str = Field(description="given, elsewhere, back, replaced; else empty.")
    again: bool = Field(description="Done, and what is asked for has changed.")
    asks: Literal["", "choice", "day"]
    before: date | None
    after: date | None
    changes: list[DifferenceItem]


class UpgradePlan(Shown):
    """Everything that an upgrade brings with it."""

    done: bool
    shown: str = Field(description="Send this to do what was shown.")
    to: str
    already: list[str] = Field(description="Ids of locations that are on the version; `-` for the network.")
    lines: list[LineItem]
    elsewhere: list[Shift] = Field(description="What moves at places that are not brought over.")
    beside: list[DifferenceItem] = Field(description="Differences that concern no row of these places.")
    warnings: list[str]
    told: list[str]
