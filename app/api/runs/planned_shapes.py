"""Runbooks as the API shows them: as an item of a list, and as a live run would be planned. Lengths are minutes."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.api.fields import Shown
from app.api.runs.shapes import RunMark
from app.api.runs.step_shapes import PlannedStep


class RehearsalLine(Shown):
    """A rehearsal that went to its end."""

    number: int
    ended_at: datetime
    day: date
    blocked: int = Field(description="How many steps were held up.")
    over: float = Field(description="By how many minutes it was over after its window; 0 for inside it.")
    outdated: bool = Field(description="The steps of the runbook have changed since.")


class RunbookFacts(Shown):
    """A runbook at one place: a location, a wave, or (neither) the network."""

    id: int
    rollout: str = Field(description="The rollout's word in addresses.")
    entry: str = Field(description="Its id in the playbook.")
    title: str
    location: str | None = Field(description="The id of the location; null for the whole network, and for a wave.")
    wave: str = Field(description="The id of the wave whose runbook it is; empty otherwise.")
    due: date | None = Field(description="The day of T.")
    zero_at: datetime | None = Field(description="T as planned.")


class RunbookItem(RunbookFacts):
    runs: int = Field(description="How many were made so far.")
    rehearsals: list[RehearsalLine] = Field(description="Those that went to their end, the first of them first.")
    open: RunMark | None = Field(description="The run that is not over.")
    live: RunMark | None = Field(description="The last live run that is over.")


class StepAhead(PlannedStep):
    """A step as a live run would be planned now."""

    how: str
    begins: datetime | None = Field(description="Null on the way back, where nobody knows when it is decided.")
    ends: datetime | None
    unclear: bool = Field(description="Whether it is for this place is not known yet.")


class WayBack(Shown):
    """The way back of a runbook before anything is done."""

    title: str
    prompt: str = Field(description="What to ask before deciding.")
    decides: str = Field(description="The role that decides.")
    people: list[str] = Field(description="Who holds it there, those whom you may know.")
    done_by: datetime | None = Field(description="When everything must be as it was.")
    margin: float = Field(description="Minutes kept in hand.")
    takes: float | None = Field(description="Minutes to back out before anything is done.")
    takes_at_most: float | None = Field(description="Minutes to back out once everything is done.")
    steps: list[StepAhead]


class MadeRun(RunMark):
    """One of its runs."""

    blocked: int = Field(description="How many of its steps were held up, once or more often.")


class RunbookWhole(RunbookFacts):
    """One runbook as a live run would be planned at this moment, and its runs so far."""

    zone: str = Field(description="The time zone of the place.")
    leads: list[str] = Field(description="The roles that lead it.")
    people: list[str] = Field(description="Who holds them there, those whom you may know.")
    may_make: bool = Field(description="You may make a run of it now: you lead it, and none is open.")
    waits_for: list[str] = Field(description="What a live run may not begin before.")
    problem: str = Field(description="Why it cannot be planned here; empty where it can. Then there are no steps.")
    planned_begin: datetime | None
    planned_end: datetime | None
    window_begins: datetime | None
    window_ends: datetime | None
    steps: list[StepAhead]
    way_back: WayBack | None
    runs: list[MadeRun] = Field(description="The last one first.")
