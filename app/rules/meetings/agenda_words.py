"""How a line of an agenda stands, in words of ours: by the day, since an agenda that is kept is read later. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.rules.clock import duration, short_day


def concern_words(said: date, today: date) -> str:
    """How long a concern has been open."""
    return f"open since {short_day(said, today)}"


def win_words(said: date, today: date) -> str:
    return short_day(said, today)


def issue_words(severity: str, left: float, stands_still: bool) -> str:
    """`Operational issue, 3 h 10 left`; `left` is in seconds, below 0 since its time ran out."""
    length = duration(timedelta(seconds=abs(left)))
    if stands_still:
        return f"{severity}, its clock stands still"
    return f"{severity}, {length} {'left' if left > 0 else 'over'}"


def due_words(due: date | None, late_at: datetime | None, today: date, now: datetime) -> str:
    """When something that was agreed is due, or since when it is late."""
    if due is None:
        return "no day"
    late = late_at is not None and late_at <= now
    return f"late since {short_day(due, today)}" if late else f"due {short_day(due, today)}"
