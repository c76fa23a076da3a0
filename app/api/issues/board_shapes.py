"""The boards of issues as the API shows them: open ones by location, the ten of the day, promises kept, causes."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.api.fields import Shown
from app.api.issues.shapes import ClockLine
from app.rules.issues.attainment import Promise


class OpenIssue(Shown):
    """An open issue with the time that it has left."""

    id: int
    number: int = Field(description="How people call it in its rollout.")
    title: str
    location: str | None = Field(description="The id of the location; null for the whole network.")
    severity: str = Field(description="The title of its severity.")
    rank: int = Field(description="The severity as a number; 1 is the gravest.")
    kind: str = Field(description="The title of its type; empty for none.")
    clock: ClockLine
    holder: str | None = Field(description="The name of whoever has it now; null where nobody answers for it.")
    waits: bool
    opened_at: datetime


class OpenThere(Shown):
    """What is open at one location, soonest out of time first, those whose clock stands still last."""

    location: str | None = Field(description="Null for the whole network.")
    open: int
    issues: list[OpenIssue]


class OpenBoard(Shown):
    """What is open, by location in the order of the locations list."""

    open: int
    breached: int = Field(description="Open and out of time.")
    soon: int = Field(description="Out of time within the next four hours.")
    next_at: datetime | None = Field(description="When the next one runs out of time.")
    unconfirmed: int = Field(description="Solved, and not yet confirmed.")
    locations: list[OpenThere]


class TopTen(Shown):
    """The open issues to talk about today, the first one first."""

    issues: list[OpenIssue]


class PromisedIssue(Shown):
    """An issue and what became of the time promised. Lengths are seconds of running time."""

    id: int
    number: int
    location: str | None
    opened: date = Field(description="The day at its place.")
    used: float = Field(description="Until it was solved, or until now.")
    allowed: float
    promise: Promise = Field(description="kept, broken, or running: open and in time, so that it counts nowhere yet.")


class Kept(Shown):
    """How many promises were kept, with the ids of the issues behind the figure."""

    counted: int = Field(description="Kept and broken.")
    percent: int | None = Field(description="Kept of counted, rounded down; null where nothing counts.")
    kept: list[int]
    broken: list[int]
    running: list[int]


class KeptThere(Kept):
    location: str | None = Field(description="Null for the whole network.")
    left: bool = Field(description="The location is in the rollout no more.")


class KeptInWave(Kept):
    wave: str


class KeptInWeek(Kept):
    monday: date = Field(description="Of the week in which the issues were opened.")


class Promises(Shown):
    """How many of the issues that are decided were solved within the time promised."""

    whole: Kept
    locations: list[KeptThere]
    waves: list[KeptInWave]
    weeks: list[KeptInWeek] = Field(description="The newest first.")
    issues: list[PromisedIssue] = Field(description="All of them, in the order of their numbers.")


class NamedIssue(Shown):
    id: int
    number: int
    title: str
    location: str | None = Field(description="Null for the whole network.")


class HeatCell(Shown):
    """How many issues of one kind there were at one place."""

    kind: str = Field(description="The id of a type of the playbook; empty where none was said.")
    location: str | None = Field(description="Null for the whole network.")
    issues: int
    open: int


class SharedWord(Shown):
    """A word that stands in several causes; of those that you may read."""

    word: str
    issues: list[NamedIssue]


class Elsewhere(Shown):
    """An open issue, and where else somebody has found it."""

    issue: NamedIssue
    locations: list[str]


class Causes(Shown):
    """What goes wrong where, why, and where else."""

    heat: list[HeatCell]
    words: list[SharedWord]
    same: list[list[NamedIssue]] = Field(description="Open issues of several locations whose titles are alike.")
    elsewhere: list[Elsewhere]
