"""A file of relative values of 20,000 rows and a year of 1,000,000 procedure lines: read, kept, counted, computed."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from app.actions.productivity.periods import begin_period
from app.actions.productivity.procedures import bring_procedures, count_procedures, read_procedure_file
from app.actions.productivity.values import bring_values, read_value_file
from app.actions.tables import digest_of_file
from app.db import Database, upgrade
from app.queries.productivity.page import period_page
from tests import cast as casting
from tests.cast import NOW, Cast

CODES, LINES = 20_000, 1_000_000
SECONDS, MEBIBYTES = 60, 1_024
Fresh = Callable[[], Iterator[str]]


def productivity(fresh: Fresh) -> Iterator[str]:
    """In a process of its own, so that its peak memory is its own."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder))
        for url in fresh():
            done = subprocess.run(
                [sys.executable, "-m", "tests.bench.productivity", url, folder], capture_output=True, text=True
            )
            if done.returncode:
                sys.exit(done.stderr)
            found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
            parts = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in found["seconds"].items())
            total = sum(found["seconds"].values())
            yield f"{CODES:,} values, {LINES:,} lines of {found['codes']:,} codes: {parts}"
            yield f"  together {total:.1f} s (bar {SECONDS} s), peak {found['peak']} MiB (bar {MEBIBYTES} MiB)"


def _write(folder: Path) -> None:
    """A code in five has a value for each component; one in two hundred of the lines is faulty."""
    with (folder / "values.csv").open("w", encoding="utf-8") as file:
        file.write("2026 National Physician Fee Schedule Relative Value File,,,,\n,,,STATUS,WORK\n")
        file.write("HCPCS,MOD,DESCRIPTION,CODE,RVU\n")
        for number in range(CODES):
            code, modifier = f"{10_000 + number // 5 * 5}", ("", "26", "TC", "53", "XX")[number % 5]
            file.write(f"{code},{modifier},Some procedure of the schedule,A,{number % 997 / 100:.2f}\n")
    with (folder / "procedures.csv").open("w", encoding="utf-8") as file:
        file.write("day,code,modifier,quantity,note\n")
        for number in range(LINES):
            code = "none" if number % 200 == 0 else f"{10_000 + number * 7_919 % CODES}"
            file.write(f"2026-{number % 12 + 1:02}-05,{code},{('', '26', 'TC')[number % 3]},1,read at night\n")


def measure(url: str, folder: Path) -> dict[str, Any]:
    """Seconds by part, codes that were performed, and the peak of memory in MiB."""
    upgrade(url)
    database = Database(url)
    cast, seconds = casting.running(database), {}
    with (folder / "values.csv").open("rb") as file:
        seconds["values"], _ = _timed(_values, database, cast, file)
    with (folder / "procedures.csv").open("rb") as file:
        seconds["procedures"], period = _timed(_procedures, database, cast, file)
    seconds["page"], codes = _timed(_page, database, cast, period)
    database.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"seconds": seconds, "codes": codes, "peak": peak}


def _values(database: Database, cast: Cast, file: BinaryIO) -> int:
    read = read_value_file(file)
    with database.writing() as session:
        row = bring_values(
            session, cast.rollout, read, file_name="values.csv", sha256=digest_of_file(file),
            by=cast.viewer(session, "dir"), now=NOW,
        )  # fmt: skip
        return row.codes


def _procedures(database: Database, cast: Cast, file: BinaryIO) -> int:
    read, digest = read_procedure_file(file), digest_of_file(file)
    assert read.lines == LINES
    with database.writing() as session:
        by = cast.viewer(session, "dir")
        period = begin_period(
            session, cast.locations["alder"], first=date(2026, 1, 1), last=date(2026, 12, 31), full_time=Decimal(36),
            by=by, now=NOW,
        )  # fmt: skip
        key = period.id or 0
        row = bring_procedures(session, key, read, file_name="procedures.csv", sha256=digest, by=by, now=NOW)
        count_procedures(session, row.id or 0, seen=None, by=by, now=NOW)
        return key


def _page(database: Database, cast: Cast, period: int) -> int:
    with database.reading() as session:
        page = period_page(session, period, cast.viewer(session, "dir"))
        assert page.row.rvu
        return page.total_codes


def _timed(work: Callable[..., int], *given: Any) -> tuple[float, int]:
    begun = time.perf_counter()
    found = work(*given)
    return time.perf_counter() - begun, found


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
