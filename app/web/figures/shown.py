"""Metrics of a place as values for its templates: where each stands, and the row of the form that takes its figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from app.models import MetricReading
from app.queries.figures.lines import FigureLine
from app.queries.figures.place import PlaceFigures
from app.rules.clock import count
from app.rules.metrics.periods import period_words
from app.rules.metrics.readings import Stretch
from app.rules.rollouts.sentences import Part
from app.web.figures.at import Spot
from app.web.figures.words import (
    captured_words,
    every_words,
    figure_words,
    latest_words,
    owner_words,
    plain_figure,
    window_words,
)
from app.web.prose import prose
from app.web.told import Told

FIELDS = ("value", "size", "why")


def said_of(page: PlaceFigures) -> list[Part]:
    """`3 metrics wait for the figure of a period that is over.`"""
    if not page.lines:
        return [Part("Nothing is measured here.")]
    if not page.due:
        return [Part("Every figure whose days are over "), Part("is entered", "done"), Part(".")]
    one = len(page.due) == 1
    return [
        Part(count(len(page.due), "metric"), "open"),
        Part(f" {'waits' if one else 'wait'} for the figure of a period that is over."),
    ]


def shown_groups(spot: Spot, page: PlaceFigures, now: datetime) -> list[dict[str, Any]]:
    """Every metric by its group, in the order of the playbook."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for line in page.lines:
        groups.setdefault(line.group, []).append(_metric(spot, page, line))
    return [{"id": f"group-{at}", "title": title or "Metrics", "lines": lines}
            for at, (title, lines) in enumerate(groups.items())]  # fmt: skip


def _metric(spot: Spot, page: PlaceFigures, line: FigureLine) -> dict[str, Any]:
    metric, latest = line.metric, latest_words(line)
    return {
        "id": metric.id,
        "title": metric.title,
        "href": spot.address(f"figures/{metric.id}"),
        "unit": metric.unit or "",
        "owner": owner_words(page.rollout, page.place, metric),
        "every": "computed" if metric.formula else every_words(metric.every),
        "latest": latest["value"],
        "days": latest["days"],
        "due": period_words(line.due) if line.due else "",
        "captured": captured_words(line) if metric.baseline else "",
        "complete": line.captured,
        "baseline": _baseline(line),
        "until": window_words(line, page.today) if metric.baseline else "",
    }


def _baseline(line: FigureLine) -> str:
    """What was signed, else what the readings give so far."""
    if line.signed:
        return f"{figure_words(float(line.signed['value']), line.signed['unit'])}, signed"
    row = line.standing
    return figure_words(row.captured, line.metric.unit) if row and row.captured is not None else ""


def shown_readings(page: PlaceFigures, lines: Iterable[FigureLine], days: Stretch, told: Told) -> list[dict[str, Any]]:
    """A row of the form for each metric: what stands there, or what was typed."""
    stands = {row.metric: row for row in page.readings if (row.first, row.last) == days}
    return [shown_reading(line, stands.get(line.metric.id), beside(page.readings, line, days), told) for line in lines]


def beside(readings: Sequence[MetricReading], line: FigureLine, days: Stretch) -> str:
    """Other days that share some with these and are read already."""
    other = next((row for row in readings if row.metric == line.metric.id and (row.first, row.last) != days), None)
    return period_words((other.first, other.last)) if other and other.definition == line.metric.definition else ""


def shown_reading(line: FigureLine, row: MetricReading | None, other: str, told: Told) -> dict[str, Any]:
    metric = line.metric
    stands = {"value": plain_figure(row.value), "size": plain_figure(row.size), "why": ""} if row else {}
    return {
        "id": metric.id,
        "title": metric.title,
        "unit": metric.unit or "",
        "how": prose(metric.how),
        "accepts": metric.accept.text if metric.accept else "",
        "stands": figure_words(row.value, metric.unit) if row else "",
        "other": other if row is None else "",
        "values": {name: told.typed.get(f"{name}-{metric.id}", stands.get(name, "")) for name in FIELDS},
        "errors": {name: told.errors.get(f"{name}-{metric.id}") for name in FIELDS},
    }
