"""Meetings, and wins and concerns, as the API shows them."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.api.fields import Shown
from app.rules.meetings.agenda import Part
from app.rules.meetings.remarks import Kind
from app.rules.meetings.states import MeetingState


class MeetingItem(Shown):
    """One time of a meeting."""

    id: int
    rollout: str = Field(description="The rollout's word in addresses.")
    entry: str = Field(description="The id of the meeting in the playbook.")
    title: str
    location: str | None = Field(description="The id of the location; null for the whole network, and for a wave.")
    wave: str = Field(description="The id of the wave whose meeting it is; empty otherwise.")
    day: date = Field(description="At its place.")
    at: datetime | None = Field(description="Null where no hour is written.")
    takes: int | None = Field(description="Seconds; null where the playbook does not say it.")
    room: str = Field(description="Where they meet; empty where it is not said.")
    state: MeetingState = Field(description="Missed stays missed, also where it was entered later.")
    entered: bool = Field(description="It was missed, and entered later.")


class AgendaLine(Shown):
    """A thing to talk about, and how it stands; of a meeting that was held, how it stood then."""

    kind: str = Field(description="point, win, found (in the figures), concern, issue, action or task.")
    id: int | None = Field(description="The key of the remark, issue or task; null for a point of the playbook.")
    location: str | None = Field(description="Where it is; null for the whole network.")
    text: str | None = Field(description="As it is now; null for what you may not read, and for what is gone.")
    said: str = Field(description="In words.")
    by: str | None = Field(description="Who said it.")


class AgendaPart(Shown):
    part: Part
    title: str
    lines: list[AgendaLine]
    more: bool = Field(description="There are more than are shown.")


class PersonAsked(Shown):
    id: int
    name: str


class Agreed(Shown):
    """Something that was agreed there, which is a task."""

    task: int
    title: str
    due: date | None
    done: bool


class MeetingWhole(MeetingItem):
    """One time of a meeting with its agenda, whom it asks to come, and what was recorded."""

    version: int = Field(description="Of what was recorded; 0 for nothing.")
    detail: bool = Field(description="You may read what was noted.")
    may_record: bool = Field(description="You may hold it, call it off, and agree on something.")
    kept: bool = Field(description="The agenda is the one of when it was held.")
    agenda: list[AgendaPart]
    people: list[PersonAsked] = Field(description="Those asked to come whom you may know.")
    attended: list[PersonAsked] = Field(description="Those noted as there whom you may know.")
    attended_others: int = Field(description="How many others were there.")
    notes: str | None
    held_at: datetime | None
    held_by: int | None
    called_off_at: datetime | None
    called_off_by: int | None
    called_off_reason: str | None
    missed_at: datetime | None
    actions: list[Agreed]


class RemarkItem(Shown):
    """A win or a concern."""

    id: int
    rollout: str = Field(description="The rollout's word in addresses.")
    kind: Kind
    location: str | None = Field(description="Null for the whole network.")
    about: str | None = Field(description="task, issue, reconciliation or meeting; null for the place itself.")
    about_id: int | None = Field(description="Of a day to reconcile and of a meeting that of its occasion.")
    said: str | None = Field(description="Null for those who may not read it.")
    by: int
    by_name: str
    at: datetime
    settled_at: datetime | None
    settled_by: str | None
    outcome: str | None = Field(description="What became of a concern.")
    redacted_at: datetime | None = Field(description="When a text of it was taken away for good.")
    may_settle: bool
    may_redact: bool
