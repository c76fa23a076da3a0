"""What becomes of each task of the demo by now: pure, and the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from zoneinfo import ZoneInfo

from app.models import Location, Task
from app.plan.format.tasks import Task as AskedTask

RECENT = timedelta(days=10)
LATE_SHARE, EARLY_SHARE, BEGUN_SHARE = 16, 25, 60
OPENS, WORKING_MINUTES = time(8, 30), 480

BLOCKED = {
    ("kestrel-ridge", "migration-test"): "The extract of the old scheduling system lacks insurance details. "
    "The vendor sends a new one.",
    ("lark-hollow", "network-speed"): "The carrier has moved the new line to next month. The old one gives 62 Mbps.",
}
FAILED = {
    ("lark-hollow", "network-speed", ""): "62",
    ("kestrel-ridge", "modality-test", "X-ray"): "fail",
}
UNFINISHED = frozenset({("kestrel-ridge", "downtime-drill"), ("kestrel-ridge", "sample-bookings")})
NOT_NEEDED = {
    "pacs-upgrade": "PACS was found compatible; there is no upgrade to carry out.",
    "federation-test": "One PACS instance was chosen; nothing is federated.",
    "tier-1-link": "This location cuts over to the one billing platform.",
    "benchmark-file": "",
}


class Fate(Enum):
    """How far a task has come."""

    NOTHING = auto()
    BEGUN = auto()
    DONE = auto()
    FAILED = auto()
    BLOCKED = auto()
    SET_ASIDE = auto()


@dataclass(frozen=True)
class Doing:
    """One task: what is asked, where, and a number from 0 to 99 that makes it differ from others. `well`: nothing of
    what goes wrong in the demo happens to it.
    """

    task: Task
    asked: AskedTask
    place: Location | None
    zone: ZoneInfo
    chance: int
    well: bool = False

    @property
    def place_id(self) -> str:
        return self.place.slug if self.place else ""

    def fails_with(self) -> str | None:
        """The answer that will not do, in the few cases where it does not."""
        return None if self.well else FAILED.get((self.place_id, self.task.entry, self.task.value))

    def fate(self, now: datetime) -> Fate:
        """What has become of it by now."""
        today = now.astimezone(self.zone).date()
        if self.task.due is None or self.day() > today:
            return self._ahead(today)
        if (self.place_id, self.task.entry) in BLOCKED:
            return Fate.BLOCKED
        if self.fails_with() is not None:
            return Fate.FAILED
        if self.task.entry in NOT_NEEDED and not self.task.critical:
            return Fate.SET_ASIDE
        if (self.place_id, self.task.entry) in UNFINISHED or self._slipped(today):
            return Fate.BEGUN
        return Fate.DONE

    def _ahead(self, today: date) -> Fate:
        if self.task.begins is None or self.task.begins > today:
            return Fate.NOTHING
        return Fate.BEGUN if self.chance < BEGUN_SHARE else Fate.NOTHING

    def _slipped(self, today: date) -> bool:
        """Late work is of late: what is long past was done in the end."""
        due = self.task.due or today
        return due < today <= due + RECENT and self.chance < LATE_SHARE

    def day(self) -> date:
        """The day on which the work was planned to be done: some early, most on time, old work sometimes late."""
        due = self.task.due or date.max
        early = due - timedelta(days=self.chance % 4)
        day = early if self.task.begins is None else max(early, min(self.task.begins, due))
        return day - timedelta(days=max(0, day.weekday() - 4))

    def at(self, day: date, minutes: int) -> datetime:
        """A working moment of a day at the place, in UTC."""
        there = datetime.combine(day, OPENS, self.zone) + timedelta(minutes=minutes % WORKING_MINUTES)
        return there.astimezone(UTC)
