"""The practice of the worked example at Alder, from the files that are shipped, through the product's own actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from sqlmodel import Session

from app.actions.productivity.benchmarks import bring_benchmark, read_benchmark_file
from app.actions.productivity.periods import begin_period
from app.actions.productivity.procedures import bring_procedures, count_procedures, read_procedure_file
from app.actions.productivity.reading import read_by
from app.actions.productivity.values import bring_values, read_value_file
from app.actions.productivity.worksheets import put_worksheets
from app.actions.tables import digest_of_file
from app.db import Database
from app.rules.productivity.worksheets import read_worksheets
from tests.cast import NOW, PLAYBOOK, Cast

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)

MEASURED = (
    PLAYBOOK
    + """\
metrics:
  productivity:
    title: Radiologist productivity
    owner: champion
    every: 3mo
    baseline: {due: week 2 fri}
    roll_up: sum
    basis:
      period: {title: Period, answer: text}
      rvu-year: {title: Year of the RVU table, answer: {type: number, unit: year}}
      included-hours:
        title: Hours included
        answer: {type: choices, options: [normal shifts, call read on site, travel from office to office]}
    metrics:
      tash: {title: Total available staffed hours, unit: hours a year}
      fte: {title: Radiologist FTE, unit: FTE}
      pcwrvu: {title: Total work RVU, unit: RVU}
      procedures: {title: Procedures performed, unit: procedures}
"""
)
"""The rollout of the cast with the four metrics that productivity gives."""


def example(name: str) -> bytes:
    """One of the shipped files."""
    return (EXAMPLES / f"productivity-{name}.csv").read_bytes()


@dataclass
class Practice:
    """Keys of what was made."""

    period: int = 0
    values: int = 0
    benchmark: int = 0
    upload: int = 0


def practice(session: Session, cast: Cast, place: str = "alder", who: str = "dir", year: int = 2026) -> Practice:
    """A period with the example's values, worksheets and procedures, counted; and a benchmark."""
    found, by = Practice(), cast.viewer(session, who)
    net = cast.viewer(session, "dir")
    found.values = values(session, cast, example("values"))
    file = BytesIO(example("benchmark"))
    found.benchmark = (
        bring_benchmark(
            session, cast.rollout, read_benchmark_file(file), file_name="b.csv", sha256=digest_of_file(file), by=net,
            now=NOW,
        ).id or 0
    )  # fmt: skip
    found.period = (
        begin_period(
            session, cast.locations[place], first=date(year, 1, 1), last=date(year, 12, 31), full_time=Decimal(36),
            by=by, now=NOW,
        ).id or 0
    )  # fmt: skip
    sheets = read_by(read_worksheets, BytesIO(example("worksheets"))).sheets
    put_worksheets(session, found.period, sheets, seen=None, by=by, now=NOW)
    found.upload = procedures(session, cast, found.period, example("procedures"), who)
    count_procedures(session, found.upload, seen=None, by=by, now=NOW)
    return found


def values(session: Session, cast: Cast, content: bytes) -> int:
    file, by = BytesIO(content), cast.viewer(session, "dir")
    read = read_value_file(file)
    row = bring_values(session, cast.rollout, read, file_name="v.csv", sha256=digest_of_file(file), by=by, now=NOW)
    return row.id or 0


def procedures(session: Session, cast: Cast, period: int, content: bytes, who: str = "dir") -> int:
    """Brought, not yet counted."""
    file, by = BytesIO(content), cast.viewer(session, who)
    read = read_procedure_file(file)
    row = bring_procedures(session, period, read, file_name="p.csv", sha256=digest_of_file(file), by=by, now=NOW)
    return row.id or 0


def made(database: Database, cast: Cast) -> Practice:
    with database.writing() as session:
        return practice(session, cast)
