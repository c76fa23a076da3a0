"""The staff and their lists, as the API shows them. Names and addresses are left out for whoever may not read them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.api.fields import Shown
from app.rules.training.standing import Shown as Kind
from app.rules.training.standing import Standing


class StaffItem(Shown):
    """Somebody who works at a location in a role of many people."""

    id: int
    location: str
    number: str
    name: str
    role: str
    email: str
    shift: str
    person: int | None = Field(description="Their account, where they have one.")
    left_at: datetime | None
    version: int


class ResultLine(Shown):
    """Something that was noted; taken back, it stays in the history and counts no more."""

    id: int
    kind: Kind
    line: str = Field(description="Of practice: the line of the playbook's checklist.")
    passed: bool
    score: int | None
    note: str
    by: str
    at: datetime
    withdrawn_at: datetime | None


class StaffTraining(Shown):
    """How somebody stands with a training."""

    training: str
    title: str
    standing: Standing
    practised: int
    pieces: int
    attempts: int
    score: int | None
    session: int | None = Field(description="The session that they are to come to.")
    buddy: int | None
    results: list[ResultLine]


class StaffWhole(StaffItem):
    """Somebody of the staff with the trainings that you may know of."""

    trainings: list[StaffTraining]


class ListFault(Shown):
    line: int
    column: str
    message: str


class ListChanges(Shown):
    """What a staff list does, or has done."""

    faults: list[ListFault]
    rows: int
    new: int
    changed: int
    same: int
    missing: list[int] = Field(description="Staff of the locations on the list who are not on it.")
    shown: str = Field(description="Send it back to take the list over. Empty: there is nothing to take over.")
    done: bool
