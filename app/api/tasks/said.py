"""What has been said of a task, as the API shows it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from app.api.fields import Shown


class CheckLine(Shown):
    """A line of the checklist; a group of lines is named by its path."""

    path: str = Field(description="Its ids, joined by dots.")
    title: str
    optional: bool
    critical: bool
    checked_at: datetime | None
    checked_by: str | None = Field(description="The name of whoever ticked it.")


class AnswerLine(Shown):
    """A present answer; older ones are in the history."""

    path: str = Field(description="The line of the checklist that asks; empty for the task itself.")
    value: Any = Field(description="As its type stores it: text, number, list, or rows of a table.")
    judged: str = Field(description="pass, fail, unclear or none.")
    by: str
    at: datetime


class EvidenceLine(Shown):
    """Something attached. A file or photo is fetched from `content`, a link is `url`."""

    id: int
    task: int
    path: str
    kind: str = Field(description="file, photo or link.")
    file_name: str
    url: str
    size: int = Field(description="In bytes; 0 for a link.")
    content: str | None = Field(description="The address of the content; null for a link.")
    by: str
    at: datetime


class StopLine(Shown):
    """Why a task is blocked or was set aside."""

    reason: str | None = Field(description="Null for whoever may not read the texts of the task.")
    waits_for: str | None = Field(description="Whom or what it waits for, in words; null as for the reason.")
    task: int | None = Field(description="The task it waits for.")
    person: int | None = Field(description="The person it waits for.")
    expected: date | None = Field(description="Until when it is expected to last.")
    by: str
    at: datetime


class SignatureLine(Shown):
    """A signature, standing or not. Signatures are given on the pages only: a token proves nobody."""

    id: int
    kind: str = Field(description="verify (a second person's check) or sign_off.")
    role: str
    signed_as: str
    meaning: str
    by: int
    name: str
    at: datetime
    sha256: str = Field(description="Of the UTF-8 text of what was signed; `content` is where it is.")
    content: str
    stands: bool
    voided_at: datetime | None = Field(description="When what was signed changed.")
    withdrawn_at: datetime | None
    withdrawn_reason: str


class Wanted(Shown):
    """The check or signature that a completed task waits for next."""

    kind: str
    roles: list[str]


class HistoryLine(Shown):
    """One event of the task."""

    id: int
    at: datetime
    who: str | None = Field(description="Null for Muster itself.")
    verb: str
    data: dict[str, Any]
