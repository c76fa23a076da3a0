"""What was recorded at a gate, as the API shows it: answers, files, frozen evidence, votes, conditions, decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from app.api.fields import Shown
from app.rules.gates.conditions import ConditionState
from app.rules.gates.voting import Outcome, Vote


class AnswerLine(Shown):
    """What is asked at a gate, and the answer that counts."""

    criterion: str = Field(description="The criterion, with `.1` and so on for one of its alternatives.")
    title: str
    type: str = Field(description="The type of the answer.")
    options: list[str]
    unit: str
    columns: list[str] = Field(description="Of a table.")
    may_answer: bool
    id: int = Field(description="Of the answer; 0 while there is none.")
    value: Any = Field(description="As its type stores it; null for those who may not read it.")
    note: str | None
    at: datetime | None
    by: int | None
    by_name: str | None


class FileLine(Shown):
    """A file or a link that proves an answer."""

    id: int
    criterion: str
    file_name: str
    url: str = Field(description="Of a link; empty for a file.")
    content_type: str
    size: int = Field(description="In bytes; 0 for a link.")
    content: str | None = Field(description="The address of the content; null for a link.")
    at: datetime
    by: int
    by_name: str


class PackLine(Shown):
    """The evidence as it was frozen for a vote."""

    number: int
    sha256: str = Field(description="Of the UTF-8 text that was frozen; `content` is where it is.")
    content: str
    frozen_at: datetime
    frozen_by: str | None = Field(description="Who opened the vote; null where a change froze it anew.")
    ended_at: datetime | None = Field(description="Since when it is no longer voted on.")


class VoteLine(Shown):
    """A vote. It is given on the page only: a token proves nobody."""

    id: int
    role: str
    voted_as: str = Field(description="The role, or the access of whoever directs the rollout.")
    instead_of: str = Field(description="Whom a stand-in stood in for.")
    vote: Vote
    comment: str | None
    pack: int = Field(description="The number of the evidence that was voted on.")
    by: int
    name: str
    at: datetime
    voided_at: datetime | None = Field(description="When it fell with its evidence.")


class Seat(Shown):
    """A role that votes."""

    role: str
    title: str
    must: bool = Field(description="Without its vote there is no quorum.")
    people: list[str] = Field(description="Who holds it there, those whom you may know.")
    vote: VoteLine | None


class ConditionLine(Shown):
    """What a go carries: work that is still to be done, or the waiver of a criterion."""

    id: int
    criterion: str = Field(description="The criterion that is waived; empty for a condition.")
    state: ConditionState
    what: str | None
    instead: str | None = Field(description="What is done instead.")
    risk: str | None
    owner: int
    owner_name: str
    expires_at: datetime
    asked_by: str
    asked_at: datetime
    accepted_by: str | None
    accepted_at: datetime | None
    refused_by: str | None
    refused_at: datetime | None
    refusal: str | None
    met_by: str | None
    met_at: datetime | None
    met_how: str | None
    expired_at: datetime | None


class DecisionLine(Shown):
    """What was decided. It is decided on the page only: a token proves nobody."""

    id: int
    outcome: Outcome
    reason: str | None
    decided_as: str
    by: int
    name: str
    at: datetime
    pack: int | None = Field(description="The number of the evidence that it rests on.")
    sha256: str = Field(description="Of the UTF-8 text of the record; `record` is where it is.")
    record: str
    fell_at: datetime | None = Field(description="When a condition of it expired unmet.")
    replaced_at: datetime | None
