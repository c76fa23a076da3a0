"""Periods side by side: each index, in which band of a benchmark it lies, and what does not compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import Benchmark
from app.queries.productivity.facts import PeriodFacts
from app.queries.rollouts.facts import RolloutFacts
from app.rules.productivity.benchmarks import METRICS, Band, Percentiles, band
from app.rules.productivity.indices import Basis, differences


@dataclass(frozen=True)
class BenchmarkFacts:
    """A benchmark as the rules take it."""

    row: Benchmark
    basis: Basis
    percentiles: Mapping[str, Percentiles]


@dataclass(frozen=True)
class Compared:
    """One period in a comparison: its indices by metric, their bands, and why it does not compare with what stands
    first: the benchmark if there is one, else the first period.
    """

    facts: PeriodFacts
    values: Mapping[str, Decimal | None]
    bands: Mapping[str, Band | None]
    differs: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    periods: tuple[Compared, ...]
    benchmark: BenchmarkFacts | None

    @property
    def same_basis(self) -> bool:
        return not any(one.differs for one in self.periods)


def benchmarks(session: Session, rollout: RolloutFacts) -> tuple[Benchmark, ...]:
    """Those that are offered, newest first."""
    return tuple(
        session.exec(
            select(Benchmark)
            .where(Benchmark.rollout_id == rollout.id, col(Benchmark.removed_at).is_(None))
            .order_by(col(Benchmark.id).desc())
        )
    )


def benchmark_of(rows: Sequence[Benchmark], benchmark_id: int | None) -> BenchmarkFacts | None:
    """The one that was chosen; None for none. Raises NotFound for one that is not offered."""
    if benchmark_id is None:
        return None
    row = next((one for one in rows if one.id == benchmark_id), None)
    if row is None:
        raise NotFound("benchmark")
    return benchmark_facts(row)


def benchmark_facts(row: Benchmark) -> BenchmarkFacts:
    percentiles = {
        metric: tuple((int(at), Decimal(value)) for at, value in found) for metric, found in row.percentiles.items()
    }
    return BenchmarkFacts(row, Basis(row.rvu_year, row.year_share, frozenset(row.kinds)), percentiles)


def compared(periods: Sequence[PeriodFacts], benchmark: BenchmarkFacts | None) -> Comparison:
    """The periods in their order."""
    first = benchmark.basis if benchmark else periods[0].basis if periods else None
    return Comparison(tuple(_compared(one, benchmark, first) for one in periods), benchmark)


def _compared(facts: PeriodFacts, benchmark: BenchmarkFacts | None, first: Basis | None) -> Compared:
    values = {metric: getattr(facts.figures.indices, metric) for metric in METRICS}
    bands: dict[str, Band | None] = dict.fromkeys(METRICS)
    for metric, percentiles in (benchmark.percentiles if benchmark else {}).items():
        value = values[metric]
        bands[metric] = None if value is None else band(value, percentiles)
    if facts.basis is None or first is None:
        differs: tuple[str, ...] = ("no relative values are chosen",)
    else:
        differs = differences(first, facts.basis)
    return Compared(facts, values, bands, differs)
