"""What has been said and done about an issue, and what holds for it, as the API shows it."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.api.fields import Shown


class ToLine(Shown):
    """Whom a rung means."""

    kind: str = Field(description="role, holder, duty or voters.")
    name: str = Field(description="The role, the duty or the gate; empty for the holder.")
    roles: list[str] = Field(description="The roles that are meant by it.")


class RungLine(Shown):
    """A rung of the ladder. All are counted from the opening of the issue, never from the rung before."""

    to: list[ToLine]
    said: str = Field(description="When, in the playbook's words.")
    after: float = Field(description="Seconds from the opening.")
    clock: str = Field(description="By which clock: own (the issue's), elapsed, or business.")
    unless: str = Field(description="Passed over when it is acknowledged, or only when it is resolved.")


class LawLine(Shown):
    """What holds for the issue, frozen when it was opened or judged anew. Lengths are seconds of its clock."""

    says: str = Field(description="The time to solve it in a sentence.")
    title: str = Field(description="Of the severity.")
    clock: str = Field(description="elapsed (all time), or business (the opening hours of the place).")
    respond: int | None = Field(description="Time to the first answer.")
    update: int | None = Field(description="Time from one piece of news to the next.")
    resolve: int
    period: str = Field(description="The stretch for which this holds, in the playbook's words; empty: always.")
    until: date | None = Field(description="The last day of that stretch.")
    quiet: bool = Field(description="Its notices wait out the quiet hours; its clock never does.")
    pausable: bool
    pause: list[str] | None = Field(description="The roles that may stop the clock; null for whoever may solve it.")
    confirm: list[str] = Field(description="The roles that confirm a solution, beside whoever reported it.")
    again_after: int | None = Field(description="Taken and not solved for so long, it climbs again.")
    ladder: list[RungLine]


class StepLine(Shown):
    """Something that the clock of the issue did or will do, once, or that somebody did by hand (`by`)."""

    id: int
    kind: str = Field(description="rung, respond (nobody took it), update (no news), again (it climbs) or breach.")
    number: int = Field(description="Of the rung, from 0.")
    to: list[ToLine]
    said: str = Field(description="When, in the playbook's words.")
    unless: str
    due_at: datetime | None = Field(description="Null where it is not due as things stand.")
    settled_at: datetime | None
    outcome: str = Field(description="told, vacant, spared or dropped; empty while it is to come.")
    told: list[int] = Field(description="Who was told.")
    names: list[str] = Field(description="Their names.")
    by: int | None = Field(description="Who told them by hand.")


class PauseLine(Shown):
    """The issue waits on somebody."""

    id: int
    waits_for: str | None
    reason: str | None
    stops_clock: bool
    stood: float = Field(description="Seconds of running time by which the end of its time moved.")
    since: datetime
    until: datetime | None
    by: int
    by_name: str
    until_by: int | None


class SolutionLine(Shown):
    """Somebody said that it is solved."""

    id: int
    cause: str | None
    fix: str | None
    at: datetime
    by: int
    by_name: str
    confirmed_at: datetime | None
    confirmed_by: int | None
    reopened_at: datetime | None
    reopened_by: int | None
    reopened_reason: str | None


class NoteLine(Shown):
    """What somebody said about it."""

    id: int
    issue: int
    text: str
    at: datetime
    by: int
    by_name: str
    redacted_at: datetime | None = Field(description="When its text was taken away for good.")


class FileLine(Shown):
    """A photo or a file."""

    id: int
    file_name: str
    content_type: str
    size: int = Field(description="In bytes.")
    content: str = Field(description="The address of the content.")
    at: datetime
    by: int | None
    by_name: str
