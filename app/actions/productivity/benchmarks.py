"""Benchmarks that the practice brings, for the whole rollout; and taken away."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO, Final

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.events import record
from app.actions.loading import key_of, load
from app.actions.productivity.opening import demand_network
from app.actions.productivity.reading import faults_as_told, read_by
from app.errors import NotFound
from app.models import Benchmark
from app.rules.people.access import Viewer
from app.rules.productivity.benchmarks import BenchmarkRead, read_benchmark

SUBJECT: Final = "benchmark"
SOURCE_LIMIT: Final = 500


def read_benchmark_file(file: BinaryIO) -> BenchmarkRead:
    """The benchmark of a file; one with a fault is refused whole. Raises Invalid for `file`."""
    found = read_by(read_benchmark, file)
    if found.faults:
        raise faults_as_told(found.faults, found.faulty)
    return found


def bring_benchmark(
    session: Session, rollout_id: int, read: BenchmarkRead, *, file_name: str, sha256: str, by: Viewer, now: datetime
) -> Benchmark:
    """Keep a benchmark, to be chosen for a comparison. The same file again is quiet.

    Raises NotFound, Forbidden, Refused, and Invalid for `file` where its name or source are too long.
    """
    demand_network(session, rollout_id, by=by)
    standing = session.exec(
        select(Benchmark).where(
            Benchmark.rollout_id == rollout_id, Benchmark.sha256 == sha256, col(Benchmark.removed_at).is_(None)
        )
    ).first()
    if standing is not None:
        return standing
    row = Benchmark(
        rollout_id=rollout_id, name=texts.one_line("file", read.name),
        source=texts.prose("file", read.source, SOURCE_LIMIT, required=False), rvu_year=read.basis.rvu_year,
        year_share=read.basis.year, kinds=sorted(read.basis.kinds),
        percentiles={metric: [[at, f"{value:f}"] for at, value in found] for metric, found in read.percentiles.items()},
        file_name=texts.file_name(file_name), sha256=sha256, by_id=by.person, at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    after = {"rvu_year": row.rvu_year, "sha256": sha256}
    record(session, "benchmark.brought", (SUBJECT, key_of(row)), by=by, now=now, rollout_id=rollout_id, after=after)
    return row


def remove_benchmark(session: Session, benchmark_id: int, *, by: Viewer, now: datetime) -> Benchmark:
    """Take a benchmark away. Removed already is quiet. Raises NotFound, Forbidden and Refused."""
    row = load(session, Benchmark, benchmark_id, "benchmark")
    try:
        demand_network(session, row.rollout_id, by=by)
    except NotFound:
        raise NotFound("benchmark") from None
    if row.removed_at is None:
        row.removed_at = now
        session.add(row)
        session.flush()
        record(session, "benchmark.removed", (SUBJECT, benchmark_id), by=by, now=now, rollout_id=row.rollout_id)
    return row
