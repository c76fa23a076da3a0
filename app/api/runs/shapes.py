"""Runs as the API shows them: as lines of a list, and whole. Lengths are minutes."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.api.fields import Shown
from app.api.runs.step_shapes import RunStepLine
from app.rules.runbooks.position import Colour


class RunMark(Shown):
    """A run, and how it stands or ended."""

    id: int
    live: bool
    straight: bool = Field(description="A rehearsal that waits for no hour of the plan.")
    number: int = Field(description="Of all runs of its runbook, from 1.")
    made_at: datetime
    ended_at: datetime | None
    outcome: str = Field(description="finished, backed-out or abandoned; empty while it is not over.")
    colour: Colour | None = Field(description="How it stands; null once it is over.")
    says: str = Field(description="The same as a sentence; empty once it is over.")


class PositionLine(Shown):
    """How a run stands, by one rule."""

    colour: Colour
    says: str
    reasons: list[str] = Field(description="Whole sentences, the gravest first; none when green.")
    note: str = Field(description="What holds besides; empty for nothing.")
    rule: str = Field(description="What the colours mean in such a run.")


class BackOutLine(Shown):
    """The figures of the way back as of now."""

    decides: str = Field(description="The role that decides to go back.")
    takes: float = Field(description="Minutes to back out.")
    margin: float = Field(description="Minutes kept in hand.")
    done_by: datetime | None = Field(description="When everything must be as it was.")
    last_safe_at: datetime | None = Field(description="The last safe decision; null where no `done_by` is known.")
    safe_for: float | None = Field(description="Minutes to the last safe decision; less than 0 when it is past.")
    ends_if_now: datetime = Field(description="When backing out ends that is decided now.")
    ends_at_worst: datetime = Field(description="When it ends that is decided as late as it can be.")


class PairLine(Shown):
    """Something that was done and must be taken back."""

    step: str
    undone_by: list[str] = Field(description="The ids of the steps of which one takes it back.")
    until: datetime
    past: bool


class RunWhole(Shown):
    """One run with all its steps. What people wrote is left out (null) for whoever may see the plan but not read it:
    `detail` says so.
    """

    id: int
    rollout: str = Field(description="The rollout's word in addresses.")
    runbook: int = Field(description="The id of its runbook in the list of runbooks.")
    entry: str = Field(description="The id of that in the playbook.")
    title: str
    location: str | None = Field(description="The id of the location; null for the whole network, and for a wave.")
    wave: str = Field(description="The id of the wave whose runbook it is; empty otherwise.")
    zone: str = Field(description="The time zone of the place.")
    live: bool
    straight: bool = Field(description="A rehearsal that waits for no hour of the plan.")
    number: int = Field(description="Of all runs of its runbook, from 1.")
    broadcasts: str = Field(description="off, test (to the team) or on.")
    version: int
    detail: bool = Field(description="You may read what people wrote and attached.")
    may_lead: bool = Field(description="You may end it, hand steps over, go out of order and set hours right.")
    may_retime: bool = Field(description="You may move its T by hand.")
    may_go_back: bool = Field(description="You may decide that it goes back, on the page alone.")
    may_note: bool
    made_at: datetime
    made_by: str
    zero_at: datetime = Field(description="T; of a rehearsal that runs straight through when it begins.")
    moved_to: datetime | None = Field(
        description="Where the plan has T of a live run by now; null where the run has it there, too."
    )
    window_begins: datetime | None
    window_ends: datetime | None
    planned_end: datetime = Field(description="Of the way forward, as its steps were planned.")
    forecast_end: datetime = Field(description="Of the way that is gone now.")
    position: PositionLine | None = Field(description="Null once the run is over.")
    back_out: BackOutLine | None = Field(description="Null where there is no way back, or none any more.")
    chain: list[str] = Field(description="The ids of the steps that decide when it ends, the first of them first.")
    own: str | None = Field(description="The id of your own next step.")
    done: int = Field(description="How many steps of its way are done or skipped.")
    blocked: int
    to_take_back: list[PairLine] = Field(description="The most urgent first.")
    returning_at: datetime | None = Field(description="When it was decided to go back.")
    returning_by: str | None
    returning_reason: str | None
    ended_at: datetime | None
    ended_by: str | None
    outcome: str = Field(description="finished, backed-out or abandoned; empty while it is not over.")
    outcome_reason: str | None
    steps: list[RunStepLine] = Field(description="Of the way that is gone now, in order.")
    other_steps: list[RunStepLine] = Field(description="Of the other way.")
