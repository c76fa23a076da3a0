"""What is asked of a move, and what it brings with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import ConfigDict, Field

from app.api.fields import LINE_PATTERN, Day, Given, Line, Prose, RoleId, RowKey, Shown
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


class HolderThere(Given):
    """Somebody holds a role at the location from the day on which it joins."""

    role: RoleId
    person: RowKey


class AddStep(Step):
    location: Row = Field(description="As one row of a locations file.")
    people: list[HolderThere] = Field(default=[], max_length=200, description="Who holds which role there.")


class FactsStep(Step):
    """What is known of a location; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"attributes": {"legacy": False}}]})

    name: Line | None = None
    attributes: dict[str, Any] | None = Field(
        None, description="Every answer to the playbook's attributes: one that is not named is taken back."
    )


class Shift(Shown):
    """A row of the plan that gets other dates."""

    task: int | None = Field(description="Null for a gate, a milestone and the like.")
    title: str
    location: str | None = Field(description="Empty for the network and the waves; null where you may not look.")
    before: date | None
    after: date | None


class Warned(Shown):
    id: str
    message: str
    settle: bool = Field(description="It cannot be done like this.")


class Cutover(Shown):
    """A location that you may see goes live at another time."""

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
