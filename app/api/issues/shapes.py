"""Issues as the API shows them: as an item of a list, and whole."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from app.api.fields import Shown
from app.api.issues.said import FileLine, LawLine, NoteLine, PauseLine, SolutionLine, StepLine
from app.rules.issues.standing import Ticking


class State(StrEnum):
    """Where an issue is."""

    NEW = "new"
    TAKEN = "taken"
    WAITS = "waits"
    SOLVED = "solved"
    CLOSED = "closed"


class ClockLine(Shown):
    """The clock of an issue at the moment of the request. Lengths are seconds of running time."""

    state: Ticking = Field(description="ok, soon (three quarters used), breached, paused or solved.")
    breach_at: datetime | None = Field(description="When its time runs out; null while its clock stands still.")
    left: float = Field(
        description="Seconds until then by the wall clock, below 0 since; running time while it stands."
    )
    used: float
    whole: int = Field(description="The time that it has, from its opening until it is to be solved.")


class IssueItem(Shown):
    """One issue with its clock."""

    id: int
    rollout: str = Field(description="The rollout's word in addresses.")
    number: int = Field(description="How people call it in its rollout.")
    title: str
    location: str | None = Field(description="The id of the location; null for the whole network.")
    severity: str = Field(description="Its id in the playbook.")
    rank: int = Field(description="The severity as a number; 1 is the gravest.")
    kind: str = Field(description="The id of a type of the playbook; empty for none.")
    source: str = Field(description="person, help desk, or work (a count that differs, a day that nobody counted).")
    state: State
    clock: ClockLine
    opened_at: datetime
    by: int | None = Field(description="Who reported it; null for somebody without an account.")
    task: int | None
    assigned_to: int | None = Field(description="To whom it was given, rather than to whom it falls by its ladder.")
    holder: str | None = Field(description="The name of whoever has it now; null where nobody answers for it.")
    acknowledged_at: datetime | None
    acknowledged_by: int | None
    resolved_at: datetime | None
    closed_at: datetime | None = Field(description="When its solution was confirmed.")
    version: int


class IssueWhole(IssueItem):
    """One issue with all that was said and done. Texts are left out (null, or empty lists) for whoever may see the plan
    but not read them: `detail` says so.
    """

    detail: bool = Field(description="You may read what people wrote.")
    may_act: bool = Field(description="You may change it.")
    may_take: bool = Field(description="You may say that it is yours.")
    may_stop: bool = Field(description="You may stop its clock.")
    confirms: bool = Field(description="You may confirm the solution that stands.")
    details: str | None
    caller: str | None = Field(description="Who reported it without an account, as they said.")
    law: LawLine
    steps: list[StepLine] = Field(description="What its clock and people told whom, and what is still to come.")
    pauses: list[PauseLine] = Field(description="What it waited for; the last may go on.")
    solutions: list[SolutionLine] = Field(description="Oldest first; at most the last one stands.")
    notes: list[NoteLine]
    files: list[FileLine]
    elsewhere: list[str] = Field(description="The ids of other locations with the same problem.")
