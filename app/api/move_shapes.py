"""What is asked of a move, and what it brings with it."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import ConfigDict, Field

from app.api.fields import LINE_PATTERN, Day, Given, Prose, Shown
from app.api.rollouts.set_up import Row


class Step(Given):
    """Without `shown` nothing changes: the answer says what would. With the word that it gave, it is done."""

    shown: str = Field("", max_length=64, pattern=LINE_PATTERN, description="`shown` of the answer before.")
    reason: Prose = Field("", description="Wanted when it is done; those who are told read it.")


class TaskStep(Step):
    model_config = ConfigDict(json_schema_extra={"examples": [{"due": "2027-01-20"}]})

    due: Day | None = Field(None, description="Null: back to the day of the playbook.")
    begins: Day | None = None


class CutoverStep(Step):
    cutover: str | None = Field(
        None, max_length=60, pattern=LINE_PATTERN, description="`2027-02-08 07:00` at the place; null: the wave's."
    )


class AddStep(Step):
    location: Row = Field(description="As one row of a locations file.")


class Shift(Shown):
    """A row of the plan that gets other dates."""

    task: int | None = Field(description="Null for a gate, a milestone and the like.")
    title: str
    location: str = Field(description="Empty for the network and the waves.")
    before: date | None
    after: date | None


class Warned(Shown):
    id: str
    message: str
    settle: bool = Field(description="It cannot be done like this.")


class Cutover(Shown):
    location: str
    before: datetime | None
    after: datetime | None


class MovePlan(Shown):
    """Everything that one change of the dates brings with it."""

    done: bool
    shown: str = Field(description="Send this to do what was shown.")
    shifts: list[Shift]
    cutovers: list[Cutover]
    gone: int = Field(description="Untouched occurrences that the plan no longer has.")
    added: int
    kept: int = Field(description="Rows that stay because they are finished or touched.")
    findings: list[Warned]
    told: list[str] = Field(description="Who gets a message.")
