"""The review of a run as the API shows it: planned against real, and what all runs measured. Lengths are minutes."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.api.fields import Shown
from app.rules.runbooks.ledger import StepState


class WentLine(Shown):
    """How a step went."""

    step: str
    number: int
    title: str
    back: bool = Field(description="It belongs to the way back.")
    state: StepState
    baseline_begins: datetime
    baseline_ends: datetime
    planned_begins: datetime
    planned_ends: datetime
    started_at: datetime | None
    over_at: datetime | None = Field(description="When it was done, its check included.")
    planned: float
    took: float | None = Field(description="What held it up left out; null where it was not measured.")
    longer: float | None = Field(description="Than planned; less than 0: shorter.")
    was_blocked: bool
    blocked: float
    waited: float = Field(description="How long it could have begun before it did.")
    early: list[str] = Field(description="What it did not wait for, in words.")
    corrected: bool = Field(description="An hour of it was set right.")
    paper: bool = Field(description="An entry of it was made later than it happened.")


class DriftLine(Shown):
    """A step whose measured minutes are not those of the playbook."""

    step: str
    title: str
    planned: float
    measured: int = Field(description="How often.")
    median: float
    shortest: float
    longest: float
    minutes: int = Field(description="What may be proposed for it.")
    proposal: int | None = Field(description="The id of the proposal where just these wait, or were rejected.")


class MinutesProposal(Shown):
    """A proposal that sets minutes of this runbook."""

    id: int
    number: int
    title: str | None = Field(description="Null for whoever may not read what people write here.")
    outcome: str = Field(description="accepted, rejected, or empty: not decided.")
    version: str = Field(description="The version of the playbook that it has become; empty until then.")
    at: datetime


class MeasuringLine(Shown):
    """What all runs of the runbook measured."""

    runs: int
    steps: int = Field(description="How many steps were measured.")
    rule: str = Field(description="When new minutes are proposed, in words.")
    may_propose: bool
    drifts: list[DriftLine]
    proposals: list[MinutesProposal] = Field(description="The last one first.")


class ReviewWhole(Shown):
    """A run as it was; of one that is not over so far."""

    run: int
    outcome: str
    says: str = Field(description="How it ended, and what was blocked.")
    planned_end: datetime | None
    ended: datetime | None = Field(description="When the last step was over, or skipped.")
    limit: datetime | None = Field(description="The end of its window, or when it had to be back.")
    left: float | None = Field(description="In hand at the end; less than 0: too late.")
    blocked: float = Field(description="All blocks together.")
    steps: list[WentLine] = Field(description="Of the way forward, then of the way back where it went back.")
    measuring: MeasuringLine | None = Field(
        description="Null for whoever does not see the whole network, and before the run is over."
    )
