"""Figures in words: with their unit, over which days, by whom, and how often they are read."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from app.models import MetricReading
from app.plan.format.metrics import Baseline, Metric
from app.plan.language.recurrence import Recurrence
from app.queries.figures.lines import FigureLine
from app.queries.people import Naming
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.clock import MINUS, count, moment, short_day, written
from app.rules.metrics.periods import period_words

_SOURCES: Final = {"file": "from a file", "api": "by a program", "worksheet": "from a worksheet"}
_EVERY: Final = {
    "hour": "every hour",
    "day": "every day",
    "working day": "every working day",
    "week": "every week",
    "month": "every month",
}
_DIGITS: Final = Decimal("0.01")


def figure_words(value: Decimal | float, unit: str | None = "") -> str:
    """`1,204.5 days`, `8 %`; a mean is rounded to a hundredth."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value)).quantize(_DIGITS)
    text = f"{exact:,f}".replace("-", MINUS)
    plain = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{plain} {unit}".rstrip() if unit else plain


def plain_figure(value: Decimal | None) -> str:
    """As somebody would type it."""
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def every_words(every: Recurrence | None) -> str:
    """`every week`, `every 3 months`; nothing where the playbook names no rhythm."""
    if every is None:
        return ""
    if every.duration is not None:
        return f"every {written(every.duration)}"
    return _EVERY.get(every.kind) or f"every {every.text}"


def owner_words(rollout: RolloutFacts, place: PlaceFacts | None, metric: Metric) -> str:
    """The title of the role that reports it."""
    people = rollout.book_at(place.id if place else None).people
    roles = metric.owner.roles if metric.owner else ()
    return ", ".join((people[role].title or role) if role in people else role for role in roles)


def window_words(line: FigureLine, today: date) -> str:
    """`by Thu 14 Jan, over 4 weeks`: by when, and from which readings."""
    asked = line.metric.baseline
    over = f", over the {written(asked.over)} before" if isinstance(asked, Baseline) and asked.over else ""
    return f"by {short_day(line.days.due, today)}{over}" if line.days.due else "no day set"


def captured_words(line: FigureLine) -> str:
    """`2 of 2 readings`, `1 of 4 readings`."""
    found = line.standing.captured_readings if line.standing else 0
    return f"{found} of {count(max(line.wanted, found), 'reading')}"


def reading_words(page: Naming, row: MetricReading, zone: str, now: datetime) -> str:
    """Who entered it and when, and from where."""
    source = _SOURCES.get(row.source, "")
    return f"{page.name(row.by_id)}, {moment(row.at, zone, now)}{f', {source}' if source else ''}"


def withdrawn_words(page: Naming, row: MetricReading, zone: str, now: datetime) -> str:
    """Who took it out and when; empty where another figure took its place."""
    if row.withdrawn_by is None or row.replaced_at is None:
        return ""
    return f"Taken out by {page.name(row.withdrawn_by)}, {moment(row.replaced_at, zone, now)}"


def days_words(first: date | None, last: date | None) -> str:
    return period_words((first, last)) if first and last else ""


def latest_words(line: FigureLine) -> dict[str, Any]:
    """The latest figure that counts, and over which days."""
    row = line.standing
    if row is None or row.latest is None:
        return {"value": "", "days": ""}
    return {
        "value": figure_words(row.latest, line.metric.unit),
        "days": days_words(row.latest_first, row.latest_last),
    }


def zone_of(rollout: RolloutFacts, place: PlaceFacts | None) -> str:
    return place.zone if place else rollout.zone
