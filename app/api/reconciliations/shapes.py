"""Days to reconcile as the API shows them: as an item of a list, whole, and counted up. Counts are texts, so that not a
digit of them is lost on the way.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from app.api.fields import Shown
from app.rules.reconciliations.days import DayState


class DayItem(Shown):
    """One day of one entry at one place. Before anything is recorded its version is 0."""

    id: int
    rollout: str = Field(description="The rollout's word in addresses.")
    location: str | None = Field(description="The id of the location; null for the whole network.")
    entry: str = Field(description="Its id in the playbook.")
    title: str
    day: date
    state: DayState = Field(description="A missed day stays missed, also where its counts are entered later.")
    due_at: datetime | None
    late_at: datetime | None = Field(description="When it counts as missed.")
    missed_at: datetime | None
    counted_at: datetime | None = Field(description="When it was handed in; null where it was given back since.")
    counted_by: int | None
    reviewed_at: datetime | None = Field(description="When a second person closed it.")
    reviewed_by: int | None
    clean: bool | None = Field(description="Every line was within its tolerance; null while it is not closed.")
    waits_for_review: bool
    issue: int | None = Field(description="The issue that the missed day opened.")
    version: int


class CountLine(Shown):
    """What was counted for a line; a correction is one more, and the one before it says when it was replaced."""

    id: int
    line: str
    left: str | None
    right: str | None
    answer: Any
    variance: str | None = Field(description="The second count less the first.")
    percent: str | None = Field(description="Of the first count; null where that is 0 and the second is not.")
    within: bool = Field(description="Within its tolerance, or the answer as it should be.")
    reason: str | None
    source: str = Field(description="form, file or api.")
    issue: int | None = Field(description="The issue that this line opened that day.")
    at: datetime
    by: int
    by_name: str
    replaced_at: datetime | None


class AskedLine(Shown):
    """A line that is compared, as of the version of the playbook under which the day began."""

    id: str
    title: str
    left: str | None = Field(description="The first source; null where the line asks for an answer.")
    right: str | None
    tolerance: str | None = Field(description="As the playbook writes it; a share is of what the first source counted.")
    answer: str | None = Field(description="The type of the answer that is asked for instead.")
    options: list[str]
    unit: str
    critical: bool


class ReturnLine(Shown):
    """The day was given back."""

    id: int
    kind: str = Field(description="sent back (before it was closed), or reopened.")
    reason: str | None
    at: datetime
    by: int
    by_name: str


class DayFile(Shown):
    """A file beside the counts."""

    id: int
    line: str = Field(description="Empty for the whole day.")
    file_name: str
    content_type: str
    size: int = Field(description="In bytes.")
    content: str = Field(description="The address of the content.")
    at: datetime
    by: int
    by_name: str


class DayWhole(DayItem):
    """One day with all that was counted and done. Texts are left out (null, or empty lists) for whoever may see the
    plan but not read them: `detail` says so.
    """

    detail: bool = Field(description="You may read what people wrote.")
    may_count: bool
    may_hand_in: bool
    may_close: bool = Field(description="You may close it, or send it back.")
    may_reopen: bool
    lines: list[AskedLine]
    counts: list[CountLine] = Field(description="First those that stand, in the order of the lines.")
    returns: list[ReturnLine]
    files: list[DayFile]


class RunLine(Shown):
    """How the days of one entry at one place went so far."""

    location: str | None
    entry: str
    due: int = Field(description="Days asked for that have come.")
    closed: int
    clean: int
    variance: int
    missed: int
    waiting: int = Field(description="Counted, and not closed yet.")
    clean_in_a_row: int = Field(description="Up to the last day that is closed or missed.")


class RunLines(Shown):
    runs: list[RunLine]


class PlannedLine(Shown):
    """What a row would enter, or why it cannot."""

    row: int = Field(description="From 1.")
    day: int | None = Field(description="The id of the day.")
    outcome: str = Field(description="new, same or replaces; empty where it cannot be entered.")
    within: bool
    faults: list[str]


class EnteredLines(Shown):
    """All rows were entered, or none of them."""

    done: bool = Field(description="False where it was asked what would be entered.")
    rows: list[PlannedLine]
