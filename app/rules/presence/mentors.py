"""Which location may learn from which, and who says so. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from app.rules.people.access import Permission, Viewer

MENTOR: Final = "mentor"
VISIT: Final = "visit"
KINDS: Final = (MENTOR, VISIT)


class Opening(Protocol):
    """A location and when it goes live."""

    @property
    def id(self) -> int | None: ...
    @property
    def name(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def cutover_at(self) -> datetime | None: ...


def may_pair(by: Viewer, rollout: int, learns: int, live: int) -> bool:
    """Whether somebody says that one location learns from another: whoever assigns work at both."""
    return all(by.can(Permission.ASSIGN, rollout=rollout, location=one) for one in (learns, live))


def hindrance(learns: Opening, live: Opening, day: date | None, now: datetime) -> str:
    """Why a location cannot learn from another one, in one sentence; empty where it can.

    It must be live: for a visit by the end of its day, for a mentor now, or before the location that learns is.
    """
    if learns.id == live.id:
        return "A centre does not learn from itself."
    if live.cutover_at is None:
        return f"{live.name} has no day yet on which it goes live."
    if day is not None:
        ends = datetime.combine(day + timedelta(days=1), time(0), ZoneInfo(live.zone))
        return "" if live.cutover_at < ends else f"{live.name} is not live on that day."
    if live.cutover_at <= now or (learns.cutover_at is not None and live.cutover_at < learns.cutover_at):
        return ""
    return f"{live.name} is not live before {learns.name} is."
