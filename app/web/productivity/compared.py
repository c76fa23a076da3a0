"""A comparison as values for its template: the table, what does not compare, and a scale for each index."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from app.queries.productivity.comparison import BenchmarkFacts, Compared, Comparison
from app.rules.productivity.benchmarks import METRICS
from app.web.productivity.words import (
    UNITS,
    band_words,
    basis_words,
    index_words,
    metric_words,
    period_words,
    plain,
    rounded,
)

_MARGIN: Final = Decimal("0.15")
"""So much of the range stays free at both ends of a scale."""


def shown_comparison(found: Comparison) -> dict[str, Any]:
    """Each period with a letter, which stands beside its mark on every scale."""
    periods = [(chr(ord("A") + number), one) for number, one in enumerate(found.periods)]
    mark = found.benchmark
    return {
        "rows": [_row(letter, one, mark) for letter, one in periods],
        "columns": [metric_words(metric) for metric in METRICS],
        "benchmark": _benchmark(mark) if mark else None,
        "warnings": [{"name": f"{letter}, {_name(one)}", "said": "; ".join(one.differs)}
                     for letter, one in periods if one.differs],
        "against": f"the benchmark {mark.row.name}" if mark else "A, the first one",
        "same": found.same_basis and (mark is not None or len(periods) > 1),
        "scales": [_scale(metric, periods, mark) for metric in METRICS],
    }  # fmt: skip


def _name(one: Compared) -> str:
    return f"{one.facts.place.name}, {period_words(one.facts.row.first, one.facts.row.last)}"


def _row(letter: str, one: Compared, mark: BenchmarkFacts | None) -> dict[str, Any]:
    cells = []
    for metric in METRICS:
        words = index_words(metric, one.values[metric])
        cells.append(f"{words}: {band_words(one.bands[metric])}" if mark and one.bands[metric] else words)
    return {"letter": letter, "name": _name(one), "cells": cells, "basis": basis_words(one.facts.basis),
            "differs": "; ".join(one.differs)}  # fmt: skip


def _benchmark(mark: BenchmarkFacts) -> dict[str, Any]:
    rows = [
        [metric_words(metric), *("; ".join(f"p{at}: {plain(value)}" for at, value in mark.percentiles[metric]),)]
        for metric in METRICS if metric in mark.percentiles
    ]  # fmt: skip
    return {"name": mark.row.name, "source": mark.row.source, "basis": basis_words(mark.basis), "rows": rows}


def _scale(metric: str, periods: Iterable[tuple[str, Compared]], mark: BenchmarkFacts | None) -> dict[str, Any]:
    """One line for each period, with its value on it; the percentiles stand across all of them."""
    known = [(letter, one, value) for letter, one in periods if (value := one.values[metric]) is not None]
    ticks = list(mark.percentiles.get(metric, ())) if mark else []
    values = [value for _, _, value in known] + [value for _, value in ticks]
    low, high = (min(values), max(values)) if values else (Decimal(0), Decimal(1))
    room = (high - low or high or Decimal(1)) * _MARGIN
    low, span = low - room, high - low + 2 * room

    def at(value: Decimal) -> str:
        return rounded((value - low) / span * 100, 2)

    said = "; ".join(
        f"{letter}, {_name(one)}: {index_words(metric, value)}"
        + (f", {band_words(one.bands[metric])}" if one.bands[metric] else "")
        for letter, one, value in known
    )
    return {
        "id": f"scale-{metric}",
        "title": metric_words(metric),
        "unit": UNITS[metric],
        "said": f"{metric_words(metric)}, {UNITS[metric]}. {said or 'No value yet'}.",
        "ticks": [{"x": at(value), "label": f"p{percentile}"} for percentile, value in ticks],
        "marks": [
            {"x": at(value), "label": f"{letter} {index_words(metric, value)}", "late": Decimal(at(value)) > 75}
            for letter, _, value in known
        ],
    }
