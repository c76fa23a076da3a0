"""Opening hours: `07:00-18:00`, one span for all days or one for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from app.plan.language.dates import parse_time
from app.plan.problems import Wrong, shown

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Span:
    """Seconds from midnight, wall time. `closes` passes 86,400 where the span ends on the next day."""

    opens: int
    closes: int

    @property
    def seconds(self) -> int:
        return self.closes - self.opens


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60


def parse_span(text: str) -> Span:
    """`08:00-17:00`; `22:00-06:00` ends the next morning, `00:00-24:00` is all day. Raises `Wrong` D1."""
    first, dash, last = text.partition("-")
    try:
        opens = _seconds(parse_time(first))
        closes = DAY_SECONDS if last == "24:00" else _seconds(parse_time(last))
    except Wrong:
        dash = ""
    if not dash or opens == closes:
        raise Wrong("D1", f'not hours: `{shown(text)}`; write "08:00-17:00"')
    return Span(opens, closes if closes > opens else closes + DAY_SECONDS)
