"""Steps of a run as the API shows them: as planned, as they stand, with all that was entered. Lengths are minutes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from app.api.fields import Shown
from app.rules.runbooks.ledger import Act, StepState


class PlannedStep(Shown):
    """A step as its plan has it."""

    id: str = Field(description="Its id in the playbook; of a step that only undoes another one its own.")
    number: int = Field(description="From 1, on the way back anew.")
    title: str
    group: list[str] = Field(description="The titles of the groups around it, the outermost first.")
    takes: float = Field(description="Minutes; of a repeated step those of as few rounds as there must be.")
    not_before: datetime | None
    after: list[str] = Field(description="The ids of the steps that it waits for.")
    critical: bool = Field(description="It is never skipped.")
    optional: bool = Field(description="It is skipped without a reason.")
    no_return: bool = Field(description="The point of no return: once it has begun there is no way back.")
    undoes: str = Field(description="The id of the step that it takes back; empty for none.")
    owners: list[str] = Field(description="The roles that do it.")
    people: list[str] = Field(description="Who holds them there, those whom you may know.")
    checkers: list[str] = Field(description="The roles of which a second person checks it.")
    checked_by: list[str] = Field(description="Who holds those.")


class RunStepLine(PlannedStep):
    """Where a step of a run stands, with its four times: as planned when the run was made (`baseline`), as planned now,
    as forecast, and as it was.
    """

    back: bool = Field(description="It belongs to the way back.")
    state: StepState
    baseline_begins: datetime
    baseline_ends: datetime
    planned_begins: datetime
    planned_ends: datetime
    forecast_begins: datetime | None = Field(description="Null for a step of the way that is not gone now.")
    forecast_ends: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    verified_at: datetime | None
    skipped_at: datetime | None
    blocked_at: datetime | None
    expected_at: datetime | None = Field(description="When a block should be over.")
    lost: float = Field(description="Minutes that ended blocks took of it.")
    round: int = Field(description="Of a repeated step, from 1.")
    on_chain: bool = Field(description="It is one of the steps that decide when the run ends.")
    holder: int | None = Field(description="The person to whom it was handed.")
    holder_name: str
    waits_for: list[str] = Field(description="What it may not begin before, in words.")
    yours: bool = Field(description="It is yours by your role, or was handed to you.")
    may_start: bool
    may_finish: bool
    may_skip: bool
    may_block: bool
    may_unblock: bool
    may_verify: bool = Field(description="You may say that it is right, or send it back.")
    may_reopen: bool
    may_hand_over: bool
    may_attach: bool = Field(description="You may attach proofs and write notes.")
    version: int = Field(description="The id of its last entry, which changes of it ask for; 0 for none.")


class TickLine(Shown):
    """A line of the checklist of a step."""

    path: str = Field(description="Its ids, joined by dots.")
    title: str
    how: str
    optional: bool


class ProofWanted(Shown):
    """What must be attached before a step may be finished."""

    kind: str = Field(description="file, photo or link.")
    title: str
    at_least: int


class RepeatLine(Shown):
    """How a step is done again and again."""

    every: float = Field(description="Minutes.")
    until: str
    at_least: int
    at_most: int | None


class ProofLine(Shown):
    """A file or a link that proves a step."""

    id: int
    file_name: str
    url: str = Field(description="Of a link; empty for a file.")
    content_type: str
    size: int = Field(description="In bytes; 0 for a link.")
    content: str | None = Field(description="The address of the content; null for a link.")
    at: datetime
    by: int
    by_name: str


class EntryLine(Shown):
    """Something that happened in a run. Nothing of it is ever changed: a later entry sets an hour right. What somebody
    typed is null for whoever may see the run but not read it.
    """

    id: int
    step: str | None = Field(description="The id of its step; null for the whole run.")
    kind: Act
    happened_at: datetime
    at: datetime = Field(description="When it was entered.")
    by: int
    name: str
    paper: bool = Field(description="It was said to have happened before it was entered.")
    why: str | None
    note: str | None
    answer: Any = Field(description="As its type stores it.")
    judged: str | None = Field(description="Of the answer: pass, fail, unclear or none.")
    ticks: list[str] | None = Field(description="The paths of the lines that were ticked.")
    round: int | None = Field(description="Which round was done.")
    until: datetime | None = Field(description="When a block should be over.")
    to: int | None = Field(description="The person to whom the step was handed.")
    to_name: str | None
    sent: str | None = Field(description="Of a message: off, test or on.")
    told: int | None = Field(description="To how many people it went.")
    corrects: int | None = Field(description="The id of the entry whose hour it sets right.")
    was: datetime | None = Field(description="The hour that was set right, or T before it was moved.")
    zero: datetime | None = Field(description="T as it was moved.")
    issue: int | None = Field(description="The id of the issue that came of it.")


class StepWhole(RunStepLine):
    """One step of a run with what it asks for, and all that was entered and attached."""

    run: int
    detail: bool = Field(description="You may read what people wrote and attached.")
    how: str = Field(description="What to do, in this kind of run.")
    why: str
    links: list[str] = Field(description="Where to read on.")
    wait: float = Field(description="Minutes to wait after it.")
    wait_until: str
    repeat: RepeatLine | None
    type: str = Field(description="The type of the answer; tick for none.")
    options: list[str]
    unit: str
    columns: list[str] = Field(description="Of a table.")
    checklist: list[TickLine]
    proofs_wanted: list[ProofWanted]
    waits_to_end: list[str] = Field(description="What it may not end before, in words.")
    gate: str = Field(description="The gate that must stand in a live run; empty for none.")
    reconciliation: str = Field(description="What must be closed that day in a live run; empty for none.")
    message: str = Field(description="What is sent when it is finished; empty for nothing.")
    back_out: str = Field(description="How to undo this step alone.")
    back_out_takes: float = Field(description="Minutes.")
    undo_within: float | None = Field(description="Minutes after its end within which it must be taken back.")
    entries: list[EntryLine] = Field(description="As they were made.")
    files: list[ProofLine]
