"""Tasks as the API shows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from app.api.fields import Shown
from app.api.tasks.said import AnswerLine, CheckLine, EvidenceLine, SignatureLine, StopLine, Wanted
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.counted import Counted
from app.rules.tasks.progress import State


class TaskItem(Shown):
    """One task with the facts that every figure of the pages is counted from."""

    id: int
    rollout: str = Field(description="The rollout's word in addresses.")
    location: str | None = Field(description="The id of the location; null for a task of the network or of a wave.")
    wave: str = Field(description="The wave of a task that exists once for a wave; else empty.")
    entry: str = Field(description="Its id in the playbook; `added-<n>` for one that was added by hand.")
    value: str = Field(description="Its `each` value, or the day of its occurrence.")
    title: str
    workstream: str
    phase: str
    owner_role: str = Field(description="The role that holds it.")
    assigned_to: int | None = Field(description="The person it is assigned to rather than to everybody of the role.")
    critical: bool
    added: bool = Field(description="Added by hand; in no playbook.")
    state: State = Field(description="The word that the pages show, computed now.")
    begins: date | None
    due: date | None = Field(description="The day by whose end it is due, at its place.")
    due_at: datetime | None = Field(description="The instant at which it is due, where it is due by the clock.")
    late_at: datetime | None = Field(description="The first instant at which it is late; null for never.")
    begun: bool = Field(description="Something of the work itself has been recorded.")
    completed_at: datetime | None
    completed_by: int | None = Field(description="The person who said that it is done.")
    awaits: bool = Field(description="Completed, it still waits for a check or a signature.")
    skipped_at: datetime | None = Field(description="Since when it is set aside as not applicable.")
    blocked_at: datetime | None
    judged: str | None = Field(description="The verdict on its own answer: pass, fail, unclear or none; null without.")
    retired_at: datetime | None = Field(description="Since when a newer version of the playbook no longer has it.")
    version: int


class Neighbour(Shown):
    """A task that this one waits for, or that waits for it."""

    id: int
    entry: str
    location: str | None
    title: str
    state: State


class TaskWhole(TaskItem):
    """One task with everything that has been said of it. Texts are left out (null, or empty lists) for whoever may
    see the plan but not read them: `detail` says so.
    """

    detail: bool = Field(description="You may read texts, answers and evidence.")
    may_act: bool = Field(description="You may complete, answer, tick, attach and block.")
    how: str | None
    why: str = Field(description="Why it is due that day.")
    checklist: list[CheckLine]
    answers: list[AnswerLine]
    evidence: list[EvidenceLine]
    block: StopLine | None
    skip: StopLine | None
    signatures: list[SignatureLine]
    wanted: Wanted | None
    waits_for: list[Neighbour]
    holds_up: list[Neighbour]


def item_facts(rollout: RolloutFacts, one: Counted) -> dict[str, Any]:
    """The members of a TaskItem."""
    row = one.row._asdict()
    place = rollout.location(one.row.location_id)
    known = {name: row[name] for name in TaskItem.model_fields.keys() & row.keys()}
    return {**known, "rollout": rollout.slug, "location": place.slug if place else None, "state": one.state,
            "awaits": one.row.completed_at is not None and one.row.awaits}  # fmt: skip


def task_item(rollout: RolloutFacts, one: Counted) -> TaskItem:
    return TaskItem(**item_facts(rollout, one))


def neighbour(rollout: RolloutFacts, one: Counted) -> Neighbour:
    place = rollout.location(one.row.location_id)
    slug = place.slug if place else None
    return Neighbour(id=one.row.id, entry=one.row.entry, location=slug, title=one.row.title, state=one.state)
