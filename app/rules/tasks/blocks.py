"""What a blocked task waits for, and until when, in words. Pure."""

from __future__ import annotations

from datetime import date

from app.rules.clock import count, short_day


def waits_words(what: str, expected: date | None, today: date) -> str:
    """`waits for the firewall rule, expected Tue 24 Nov; 2 days over`; empty where nothing was said."""
    over = over_words(expected, today)
    return awaited_words(what, expected, today) + (f"; {over}" if over else "")


def awaited_words(what: str, expected: date | None, today: date) -> str:
    """The same without what is over."""
    parts = [f"waits for {what.rstrip('.')}"] if what else []
    if expected is not None:
        parts.append(f"expected {short_day(expected, today)}")
    return ", ".join(parts)


def over_words(expected: date | None, today: date) -> str:
    """`2 days over` once the expected day has passed, else nothing."""
    if expected is None or expected >= today:
        return ""
    return f"{count((today - expected).days, 'day')} over"
