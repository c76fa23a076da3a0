"""The worked example of the source, to its printed digits, each figure on the way included, from the files that are
shipped as an example.

The source adds 5,359 and 468 to 5,727 hours: a misprint, for three times 1,753 hours are 5,259, as it says before.
"""

from __future__ import annotations

import csv
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from app.rules.productivity.figures import Figures, Performed, figures_of
from app.rules.productivity.indices import work_of
from app.rules.productivity.periods import share_of_year
from app.rules.productivity.procedures import read_procedures
from app.rules.productivity.relative_values import read_relative_values
from app.rules.productivity.worksheets import read_worksheets

D = Decimal
CENT = D("0.01")
EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"


def rows(name: str) -> list[list[str]]:
    with (EXAMPLES / f"productivity-{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


VALUES = read_relative_values(rows("values"))
SHEETS = read_worksheets(rows("worksheets"))
PROCEDURES = read_procedures(rows("procedures"))


def rounded(value: Decimal | None, digits: Decimal = CENT, how: str = ROUND_HALF_UP) -> Decimal:
    assert value is not None
    return value.quantize(digits, how)


def figures() -> Figures:
    work = work_of(PROCEDURES.quantities, VALUES)
    performed = Performed(
        work.procedures + PROCEDURES.other, work.rvu + PROCEDURES.other_rvu, 0, 0, PROCEDURES.other,
        PROCEDURES.other_rvu,
    )  # fmt: skip
    year = share_of_year(date(1992, 1, 1), date(1992, 12, 31))
    return figures_of(SHEETS.sheets, performed, full_time=D(36), year=year)


def test_the_files_have_no_fault() -> None:
    assert (VALUES.faults, SHEETS.faults, PROCEDURES.faults, VALUES.year) == ((), (), (), 1992)


def test_the_hours_of_a_full_time_radiologist() -> None:
    first = figures().sheets[0]
    assert [line.available for line in first.sheet.lines] == [1_584, 88, 32, 69, -20]
    assert (first.hours, first.positions) == (1_753, 1)


def test_the_hours_and_full_positions_of_the_practice() -> None:
    found = figures()
    assert (found.full.people, found.full.hours, found.full.positions) == (3, 5_259, 3)
    assert (found.part.people, found.part.hours, found.part.positions) == (1, 468, D("0.25"))
    assert (found.hours, found.positions) == (5_727, D("3.25"))


def test_the_illustrated_procedures() -> None:
    extended = [VALUES.work[code] * number for code, number in PROCEDURES.quantities.items()]
    assert extended == [D("86.64"), D("539.35"), D("301.34"), D("200.79"), D("490.51")]
    performed = figures().performed
    assert (performed.coded, performed.coded_rvu) == (4_102, D("1618.63"))
    assert (performed.procedures, performed.rvu) == (55_302, 115_369)


def test_the_three_indices() -> None:
    found = figures()
    assert rounded(found.against_year, D("0.001")) == D("2.753")
    assert rounded(found.indices.productivity) == D("20.14")
    assert rounded(found.indices.availability, D("0.001")) == D("0.847")
    assert rounded(found.indices.intensity) == D("2.09")
