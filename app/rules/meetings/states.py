"""How one time of a meeting stands: to come, today, held, called off, missed. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo


class MeetingState(StrEnum):
    """What became of it, or when it is. The value is its name in the API."""

    AHEAD = "ahead"
    TODAY = "today"
    NOW = "now"
    HELD = "held"
    OFF = "called off"
    MISSED = "missed"
    SILENT = "nothing recorded"


STATUS: Final = {
    MeetingState.AHEAD: ("todo", "To come"),
    MeetingState.TODAY: ("wait", "Today"),
    MeetingState.NOW: ("running", "Now"),
    MeetingState.HELD: ("done", "Held"),
    MeetingState.OFF: ("waived", "Called off"),
    MeetingState.MISSED: ("missed", "Missed"),
    MeetingState.SILENT: ("unknown", "Nothing recorded"),
}
"""The key of its mark, and the word."""


@dataclass(frozen=True)
class Slot:
    """When a meeting is: its day at the place, the instant (None: no hour is written), the instant at which its day
    has ended, and how long it takes (None: not said).
    """

    day: date
    zone: str
    at: datetime | None
    ends: datetime | None
    takes: timedelta | None = None

    def begun(self, now: datetime) -> bool:
        """Whether its day has come at the place: from then on it can be recorded."""
        return now.astimezone(ZoneInfo(self.zone)).date() >= self.day

    def over(self, now: datetime) -> bool:
        """Whether its day has ended at the place."""
        return self.ends is not None and now >= self.ends

    def running(self, now: datetime) -> bool:
        return self.at is not None and self.takes is not None and self.at <= now < self.at + self.takes


@dataclass(frozen=True)
class Recorded:
    """What somebody, or the worker (`missed`), has recorded of it."""

    held: bool = False
    called_off: bool = False
    missed: bool = False


NOTHING: Final = Recorded()


def state_of(slot: Slot, recorded: Recorded, now: datetime) -> MeetingState:
    """Missed stays missed, whatever is entered later. A day that is over without a word reads "nothing recorded": at a
    place that stood still nobody waits for one, and elsewhere the worker is about to say that it was missed.
    """
    if recorded.missed:
        return MeetingState.MISSED
    if recorded.held:
        return MeetingState.HELD
    if recorded.called_off:
        return MeetingState.OFF
    if slot.over(now):
        return MeetingState.SILENT
    if slot.running(now):
        return MeetingState.NOW
    return MeetingState.TODAY if slot.begun(now) else MeetingState.AHEAD
