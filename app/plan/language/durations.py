"""`3d`, `5wd`, `2w`, `6mo`, `1h30m`: calendar steps, working days and elapsed time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from app.plan.problems import Wrong, shown

Unit = Literal["d", "wd", "w", "mo", "s"]

PATTERN = r"[1-9][0-9]{0,3}(d|wd|w|mo)|(?=[0-9])([0-9]{1,4}h)?([0-9]{1,5}m)?([0-9]{1,6}s)?"
_CALENDAR = re.compile(r"([0-9]{1,4})(d|wd|w|mo)\Z")
_CLOCK = re.compile(r"(?:([0-9]{1,4})h)?(?:([0-9]{1,5})m)?(?:([0-9]{1,6})s)?\Z")


@dataclass(frozen=True, slots=True)
class Duration:
    """`amount` of `unit`; elapsed time is kept in seconds (unit `s`)."""

    amount: int
    unit: Unit

    @property
    def elapsed(self) -> bool:
        return self.unit == "s"

    def __str__(self) -> str:
        if not self.elapsed:
            return f"{self.amount}{self.unit}"
        hours, rest = divmod(self.amount, 3600)
        minutes, seconds = divmod(rest, 60)
        return "".join(f"{n}{u}" for n, u in ((hours, "h"), (minutes, "m"), (seconds, "s")) if n)


def parse_duration(text: str) -> Duration:
    """A duration longer than zero. Raises `Wrong` D2."""
    if found := _CALENDAR.match(text):
        amount = int(found[1])
        if amount:
            return Duration(amount, found[2])  # type: ignore[arg-type]  # the pattern admits these four units only
    elif text and (found := _CLOCK.match(text)):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        if total := hours * 3600 + minutes * 60 + seconds:
            return Duration(total, "s")
    raise Wrong("D2", f"not a duration: `{shown(text)}`; write 3d, 5wd, 2w, 1mo or 1h30m, more than zero")
