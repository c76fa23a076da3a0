"""A benchmark that a practice brings: percentiles of the indices, the basis that they rest on, and where a value lies
among them. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from app.rules.productivity.cells import MOST_FAULTS, PREFACE, Numbered, Row, blank, cell, columns_of, figure, whole
from app.rules.productivity.hours import COUNTED, KIND_WORDS, HourKind
from app.rules.productivity.indices import Basis
from app.rules.productivity.relative_values import RowFault

METRICS: Final[Mapping[str, str]] = {
    "productivity": "Productivity index",
    "availability": "Availability index",
    "intensity": "Intensity indicator",
}
NAMES: Final[Mapping[str, tuple[str, ...]]] = {"metric": ("metric",), "percentile": ("percentile",),
                                               "value": ("value",)}  # fmt: skip
PREFACES: Final = ("name", "source", "rvu year", "share of year", "hours")
MOST: Final = 1_000_000
Percentiles = tuple[tuple[int, Decimal], ...]
"""Rising, each with its value."""


@dataclass(frozen=True)
class BenchmarkRead:
    """A benchmark as its file says it; with `faults` it is not taken."""

    name: str
    source: str
    basis: Basis
    percentiles: Mapping[str, Percentiles]
    faults: tuple[RowFault, ...] = ()
    faulty: int = 0


def read_benchmark(rows: Iterable[Row]) -> BenchmarkRead:
    """The benchmark of a file, from its rows of cells.

    Above the head stand rows of a word and its value: name, source, rvu year, share of year (1 where there is none) and
    hours (the kinds that count, one a cell). Below it: metric, percentile, value. Raises `ValueError` where the head or
    the basis is missing.
    """
    numbered = enumerate(rows, start=1)
    preface, columns = _head(numbered)
    basis = _basis(preface)
    found: dict[str, dict[int, Decimal]] = {}
    faults: list[RowFault] = []
    for number, row in numbered:
        if not blank(row):
            fault = _take({name: cell(row, place) for name, place in columns.items()}, found)
            faults += [RowFault(number, fault)] if fault else []
    rising = {metric: tuple(sorted(values.items())) for metric, values in found.items()}
    for metric, values in rising.items():
        if len(values) < 2 or any(one[1] > other[1] for one, other in pairwise(values)):
            faults.append(RowFault(0, f"{metric} needs two percentiles at least, with values that rise"))
    if not rising and not faults:
        raise ValueError("there is no row below the head")
    source = " ".join(filter(None, preface.get("source", ())))
    return BenchmarkRead(_first(preface, "name"), source, basis, rising, tuple(faults[:MOST_FAULTS]), len(faults))


def _head(numbered: Numbered) -> tuple[dict[str, Sequence[str]], Mapping[str, int]]:
    preface: dict[str, Sequence[str]] = {}
    for number, row in numbered:
        columns = columns_of(row, NAMES)
        if len(columns) == len(NAMES):
            return preface, columns
        word = cell(row, 0).lower().replace("_", " ")
        if word in PREFACES:
            preface[word] = [one.strip() for one in row[1:]]
        if number >= PREFACE:
            break
    raise ValueError(f"no row among the first {PREFACE} names the columns metric, percentile, value")


def _basis(preface: Mapping[str, Sequence[str]]) -> Basis:
    year, share = whole(_first(preface, "rvu year"), 9_999), figure(_first(preface, "share of year") or "1", 1)
    if not _first(preface, "name") or year is None or year < 1_900 or not share:
        raise ValueError("above the columns stand rows with name, rvu year and share of year")
    kinds = {kind.value: kind for kind in COUNTED}
    said = [one.lower() for one in preface.get("hours", ()) if one]
    if not said or any(one not in kinds for one in said):
        raise ValueError(f"above the columns stands a row hours with the kinds that count: {', '.join(sorted(kinds))}")
    return Basis(year, share.quantize(Decimal("0.0001")), frozenset(KIND_WORDS[HourKind(one)] for one in said))


def _first(preface: Mapping[str, Sequence[str]], word: str) -> str:
    return next(iter(preface.get(word, ())), "")


def _take(cells: Mapping[str, str], found: dict[str, dict[int, Decimal]]) -> str:
    """Keep the row, or say what is wrong with it."""
    metric, value = cells["metric"].lower(), figure(cells["value"], MOST)
    percentile = whole(cells["percentile"].lower().removeprefix("p"), 99)
    if metric not in METRICS:
        return f"“{metric[:40]}” is none of {', '.join(METRICS)}"
    if not percentile:
        return f"“{cells['percentile'][:20]}” is no percentile from 1 to 99"
    if value is None:
        return f"“{cells['value'][:20]}” is no figure"
    if found.setdefault(metric, {}).setdefault(percentile, value) != value:
        return f"the percentile {percentile} of {metric} stood before with another value"
    return ""


@dataclass(frozen=True, slots=True)
class Band:
    """Between which percentiles a value lies: None below the lowest, or from the highest on."""

    low: int | None
    high: int | None


def band(value: Decimal, percentiles: Percentiles) -> Band:
    """A value that is a percentile's own lies from it on."""
    low = [percentile for percentile, at in percentiles if at <= value]
    high = [percentile for percentile, at in percentiles if at > value]
    return Band(low[-1] if low else None, high[0] if high else None)
