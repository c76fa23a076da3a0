"""A staff list of 5,000 rows: read from CSV and XLSX, every fault told in its row, and taken over whole."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from typing import Any

from openpyxl import Workbook
from sqlalchemy import func
from sqlmodel import select

from app.actions.training.importing import apply_staff, preview_staff
from app.actions.training.sheets import read_sheet
from app.db import Database, upgrade
from app.models import StaffMember
from tests import cast as casting
from tests.actions.training.school import TEXT
from tests.cast import NOW

ROWS, LIMIT = 5_000, 10
HEAD = ["number", "name", "role", "email", "shift", "location", "go_live"]
Fresh = Callable[[], Iterator[str]]


def staff(fresh: Fresh) -> Iterator[str]:
    """Half of the rows with a fault, then none; the second time the same list is quiet."""
    for url in fresh():
        upgrade(url)
        database = Database(url)
        cast = casting.running(database, TEXT)
        for name, packed in (("CSV", _csv), ("XLSX", _workbook)):
            seconds, found = _timed(_looked, database, cast, packed(_rows(faulty=True)))
            yield f"{name}, {ROWS:,} rows, {found:,} faults told: {seconds:.2f} s (bar {LIMIT} s)"
        seconds, total = _timed(_taken, database, cast, _csv(_rows(faulty=False)))
        assert total == ROWS
        yield f"{ROWS:,} rows shown and taken over: {seconds:.2f} s (bar {LIMIT} s)"
        seconds, total = _timed(_taken, database, cast, _csv(_rows(faulty=False)))
        assert total == ROWS
        yield f"the same {ROWS:,} rows again, quietly: {seconds:.2f} s"
        database.dispose()


def _rows(*, faulty: bool) -> list[list[str]]:
    """Of a faulty list every second row has an unknown role, no address or a number that stands there twice."""
    rows = [[f"N{n}", f"Person {n}", "desk", f"p{n}@example.org", ("early", "late")[n % 2], ("alder", "birch")[n % 2],
             ("yes", "no", "")[n % 3]] for n in range(ROWS)]  # fmt: skip
    if faulty:
        for n in range(1, ROWS, 2):
            rows[n][(0, 2, 3)[n % 3]] = ("N1", "pilot", "no address")[n % 3]
    return [HEAD, *rows]


def _csv(rows: list[list[str]]) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode()


def _workbook(rows: list[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _looked(database: Database, cast: casting.Cast, data: bytes) -> int:
    with database.reading() as session:
        by = cast.viewer(session, "dir")
        return len(preview_staff(session, cast.rollout, read_sheet(data), by=by, now=NOW).read.faults)


def _taken(database: Database, cast: casting.Cast, data: bytes) -> int:
    """Both steps; how many stand on the lists then."""
    given: dict[str, Any] = {"now": NOW}
    with database.reading() as session:
        given["by"] = cast.viewer(session, "dir")
        shown = preview_staff(session, cast.rollout, read_sheet(data), **given).changes.digest
    with database.writing() as session:
        apply_staff(session, cast.rollout, read_sheet(data), shown=shown, **given)
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(StaffMember)).one()


def _timed(work: Callable[..., int], *given: Any) -> tuple[float, int]:
    begun = time.perf_counter()
    found = work(*given)
    return time.perf_counter() - begun, found
