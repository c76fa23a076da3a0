"""Sessions of trainings and what is one's own of them, as the API shows them. Names only for whoever may read them."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from app.api.fields import Shown
from app.rules.training.clashes import Clash


class SessionItem(Shown):
    """One session of a training."""

    id: int
    location: str
    training: str
    starts_at: datetime
    minutes: int
    place: str
    seats: int | None = Field(description="Null: as many as come.")
    trainer: int | None
    recording: str
    enrolled: int
    present: int
    held_at: datetime | None
    called_off_at: datetime | None
    clashes: list[Clash] = Field(description="What speaks against it.")
    version: int


class SeatLine(Shown):
    """Somebody who is asked to a session."""

    staff: int
    name: str
    invited: bool
    attended: bool | None = Field(description="Null: not noted yet.")


class SessionWhole(SessionItem):
    """One session with its people; `people` is null where you may not know them."""

    people: list[SeatLine] | None
    waiting: list[int] = Field(description="Of a request that asked people: those for whom there was no seat.")
    may_hold: bool


class OwnSession(Shown):
    id: int
    part: str = Field(description="hold, close (over, and attendance not noted) or attend.")
    title: str
    place: str
    starts_at: datetime
    minutes: int


class OwnRecording(Shown):
    title: str
    place: str
    until: date | None


class OwnTraining(Shown):
    """Sessions of the next days that are yours, and recordings that you owe."""

    sessions: list[OwnSession]
    recordings: list[OwnRecording]
