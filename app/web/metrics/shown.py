"""A metric as a row of the return, with its trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from app.plan.format.metrics import Metric
from app.plan.terms import Scope
from app.queries.metrics.network import MetricLine, Point
from app.rules.clock import count
from app.rules.metrics.network import Network, rule_words, tally
from app.rules.metrics.periods import period_words
from app.rules.metrics.words import figure, number
from app.web.metrics.trend import SMALL, Dot, Drawn, trend
from app.web.metrics.words import change_of, course_marks, expected_against, expected_words, sizes_words, target_words

Names = Mapping[str, tuple[str, str]]
"""Address and name of a location by its id."""


def shown_line(base: str, metrics: Mapping[str, Metric], line: MetricLine, names: Names, today: date) -> dict[str, Any]:
    """Everything that the row of one metric says."""
    metric, found = line.metric, line.network
    empty = "" if found.of and (found.baseline is not None or line.points) else "No figures yet."
    return {
        "id": metric.id,
        "title": metric.title,
        "href": f"{base}/return/{metric.id}",
        "note": sentence_of(rule_words(metrics, metric)),
        "before": figure(found.baseline, metric.unit),
        "now": figure(found.latest, metric.unit),
        "change": change_of(found.baseline, found.latest, metric),
        "courses": course_marks(tally(found.counts, today)) if metric.target and found.of else [],
        "facts": facts_of(metric, found, names, today),
        "empty": empty,
        "trend": drawn_line(line, target_of(found)),
        "said": trend_sentence(line),
    }


def sentence_of(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def facts_of(metric: Metric, found: Network, names: Names, today: date) -> list[tuple[str, str]]:
    facts = []
    if metric.target and metric.target.value is not None:
        facts.append(("Target", targets_words(metric, found, today)))
    if said := expected_words(metric):
        against = expected_against(metric, found.baseline, found.latest)
        facts.append(("Expected by the playbook", f"{said}{f': {against}' if against else ''}"))
    if found.of and metric.scope is Scope.LOCATION:
        facts.append(("In this figure", inside_words(found, names)))
        facts.append(("Signed baseline", f"{found.signed} of {count(found.of, 'centre')}"))
    if found.readings or found.left_out or found.otherwise:
        facts.append(("Read", sizes_words(found.readings, found.left_out, found.otherwise)))
    return facts


def targets_words(metric: Metric, found: Network, today: date) -> str:
    """The targets of all places, as a rule one; before anything is read that of the playbook."""
    by_value: dict[Decimal, dict[date | None, int]] = {}
    for (value, day), number_ in found.targets.items():
        by_value.setdefault(value, {})[day] = number_
    if not by_value and metric.target and metric.target.value is not None:
        if metric.target.by is None or metric.target.by.undated:
            return target_words(metric.target.value, {}, metric.unit, today)
        return f"{figure(metric.target.value, metric.unit)} by {metric.target.by.text}"
    return "; ".join(target_words(value, days, metric.unit, today) for value, days in by_value.items())


def inside_words(found: Network, names: Names) -> str:
    """`3 of 4 centres, not Northgate`."""
    said = f"{found.places} of {count(found.of, 'centre')}"
    if found.latest is None:
        return f"{said}: none has a baseline and a figure that counts yet"
    missing = [names[one][1] for one in found.without if one in names]
    more = found.of - found.places - len(missing)
    listed = ", ".join(missing) + (f" and {more} more" if more > 0 and missing else "")
    return f"{said}, not {listed}" if listed else said


def target_of(found: Network) -> Decimal | None:
    """The target of most places."""
    sums: dict[Decimal, int] = {}
    for (value, _), number_ in found.targets.items():
        sums[value] = sums.get(value, 0) + number_
    return max(sums, key=lambda value: sums[value]) if sums else None


def lives_of(found: Network) -> list[date]:
    return sorted({live for _, _, live in found.counts if live is not None})


def drawn_line(line: MetricLine, target: Decimal | None, height: int = SMALL) -> dict[str, Any] | None:
    """The trend of all places; a figure of fewer places than the fullest is not one of the curve's."""
    most = max((point.places for point in line.points), default=0)
    dots = [Dot(one.first, one.last, one.value, "counts" if one.places == most else "partial") for one in line.points]
    found = line.network
    return trend(Drawn(dots, found.baseline, target, lives_of(found)), height=height)


def trend_sentence(line: MetricLine) -> str:
    """What the trend shows, for whoever does not see it."""
    unit, points = line.metric.unit, line.points
    if not points:
        return f"{line.metric.title}: no figures yet."
    first, last = points[0], points[-1]
    said = f"{line.metric.title}: {figure(first.value, unit)} in {period_words((first.first, first.last))}"
    if len(points) > 1:
        said += f", {figure(last.value, unit)} in {period_words((last.first, last.last))}"
    if line.network.baseline is not None:
        said += f"; baseline {figure(line.network.baseline, unit)}"
    return said + "."


def point_rows(points: Sequence[Point], unit: str | None) -> list[list[str]]:
    """The table behind a trend of the network, the newest first."""
    return [
        [period_words((one.first, one.last)), figure(one.value, unit), number(one.places)] for one in reversed(points)
    ]
