"""Playbooks as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import ConfigDict, Field

from app.api.fields import Given, Line, Shown
from app.plan.change_kinds import ChangeKind
from app.plan.problems import Problem


class PlaybookItem(Shown):
    """A version of a playbook. It never changes."""

    id: int
    playbook: str
    version: str
    title: str
    uploaded_at: datetime
    uploaded_by: str | None = Field(description="Null for one that comes with Muster.")


class PlaybookWhole(PlaybookItem):
    sha256: str = Field(description="Of the UTF-8 text.")
    summary: str
    weeks: int = Field(description="How long a rollout by it lasts.")


class Mistake(Shown):
    """One problem of a text."""

    id: str = Field(description="The rule.")
    level: str = Field(description="error, warning or note.")
    line: int
    column: int = Field(description="In characters, from 1.")
    path: str = Field(description="The key path.")
    message: str


def mistake_facts(problem: Problem) -> dict[str, Any]:
    """The members of a Mistake."""
    return {name: getattr(problem, name) for name in Mistake.model_fields}


class ShippedPlaybook(Shown):
    """A playbook that comes with Muster."""

    name: str
    title: str
    playbook: str
    version: str


class ShippedPlaybooks(Shown):
    playbooks: list[ShippedPlaybook]


class Wanted(Given):
    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "ray-medical"}]})

    name: Line = Field(description="The `name` of one that comes with Muster.")


class Judged(Shown):
    """What the checker says of a text."""

    ok: bool = Field(description="It may be kept.")
    mistakes: list[Mistake]
    more: int = Field(description="How many more there are, shown when these are mended.")


class ChangeItem(Shown):
    """One difference between two versions."""

    id: int
    kind: ChangeKind
    section: str
    entry: str
    key: str
    old: str
    new: str
