"""Files of procedures, worksheets and benchmarks, and periods: what is read, and what is refused in which row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from app.rules.productivity.benchmarks import Band, band, read_benchmark
from app.rules.productivity.figures import Performed, Sheet, figures_of, sheet_faults
from app.rules.productivity.hours import HourKind, HoursLine
from app.rules.productivity.periods import share_of_year
from app.rules.productivity.procedures import read_procedures
from app.rules.productivity.worksheets import read_worksheets

D = Decimal
HEAD = ["radiologist", "weekly hours", "kind", "times", "hours", "taken off"]
PREFACE = [["name", "Survey"], ["rvu year", "2026"], ["hours", "normal-day", "travel-between"]]
COLUMNS = ["metric", "percentile", "value"]


def test_a_line_for_each_procedure_and_totals_give_the_same() -> None:
    billed = read_procedures([["Day", "CPT", "Modifier"], ["2027-01-05", "71010", "26"], ["2027-01-05", "71010", ""]])
    totals = read_procedures([["code", "quantity"], ["71010", "2"]])
    assert billed.quantities == totals.quantities == {"71010": 2}


def test_the_technical_component_is_left_out_beside_other_modifiers() -> None:
    rows = [["code", "mod", "qty"], ["71010", "TC", "4"], ["71010", "59 TC", "1"], ["71020", "26,59", "1,200"]]
    found = read_procedures(rows)
    assert (found.quantities, found.technical, found.lines) == ({"71020": 1_200}, 2, 3)


def test_bad_lines_are_passed_over_and_told_with_their_row() -> None:
    rows = [["code", "quantity"], ["7101", "1"], [], ["71010", "-1"], ["71010", "3"], ["OTHER", "5"]]
    found = read_procedures(rows)
    assert found.quantities == {"71010": 3}
    assert [(one.row, one.said[:20]) for one in found.faults] == [
        (2, "“7101” is no procedu"), (4, "the quantity “-1” is"), (6, "OTHER needs a whole "),
    ]  # fmt: skip


def test_of_many_bad_lines_the_first_fifty_are_told_and_all_are_counted() -> None:
    found = read_procedures([["code"], *([f"x{n}"] for n in range(80)), ["71010"]])
    assert (len(found.faults), found.faulty, found.quantities) == (50, 80, {"71010": 1})


@pytest.mark.parametrize("rows", [[], [["patient", "day"]], [["code", "quantity"]]])
def test_a_file_without_head_or_lines_is_refused(rows: list[list[str]]) -> None:
    with pytest.raises(ValueError, match=r"there is no line|names a column"):
        read_procedures(rows)


def test_rows_of_one_name_are_one_worksheet() -> None:
    rows = [HEAD, ["Ann", "36", "normal-day", "44", "36", ""], ["Ann", "36", "Lectures", "20", "1", "yes"]]
    (sheet,) = read_worksheets(rows).sheets
    assert [line.kind for line in sheet.lines] == [HourKind.NORMAL_DAY, HourKind.LECTURES]
    assert [line.available for line in sheet.lines] == [1_584, -20]


def test_faults_of_worksheets_are_told_by_row() -> None:
    rows = [HEAD, ["Ann", "36", "golf", "x", "1", ""], ["Ann", "40", "lunch", "1", "1", ""], ["", "1", "", "", "", ""],
            ["Ben", "36", "lunch", "1", "1", "yes"], ["Ann", "36", "lunch", "1", "1", ""]]  # fmt: skip
    found = read_worksheets(rows)
    assert [(one.row, one.said) for one in found.faults] == [
        (2, "“x” is no figure.; “golf” is no kind of hours."),
        (4, "the name is missing"),
        (6, "Ann has other weekly hours, or another share worked, in row 3"),
        (5, "Ben: More hours are taken off than are counted."),
    ]


def test_a_sheet_says_what_is_wrong_by_field() -> None:
    line = HoursLine(HourKind.NORMAL_DAY, D(1), D(99_999), D(0), within=True)
    assert set(sheet_faults(Sheet("Ann", D(0), D(2), (line,)))) == {
        "weekly", "worked", "hours-0", "shared_by-0", "within-0",
    }  # fmt: skip


def test_a_benchmark_is_read_with_its_basis() -> None:
    rows = [*PREFACE, COLUMNS, ["productivity", "P50", "18.2"], ["productivity", "25", "14"]]
    found = read_benchmark(rows)
    assert (found.name, found.basis.rvu_year, found.basis.year) == ("Survey", 2026, 1)
    assert found.percentiles == {"productivity": ((25, D(14)), (50, D("18.2")))}
    assert found.faults == ()


def test_a_benchmark_tells_its_faults() -> None:
    rows = [*PREFACE, COLUMNS, ["golf", "50", "1"], ["intensity", "0", "1"], ["intensity", "50", "x"],
            ["intensity", "25", "2"], ["intensity", "75", "1"]]  # fmt: skip
    assert [one.row for one in read_benchmark(rows).faults] == [5, 6, 7, 0]
    with pytest.raises(ValueError, match="a row hours"):
        read_benchmark([["name", "x"], ["rvu year", "2026"], COLUMNS])
    with pytest.raises(ValueError, match="names the columns"):
        read_benchmark([["code"]])


@pytest.mark.parametrize(
    ("value", "found"),
    [("1", Band(None, 25)), ("10", Band(25, 50)), ("15", Band(25, 50)), ("20", Band(50, 75)), ("99", Band(75, None))],
)
def test_a_value_lies_in_a_band(value: str, found: Band) -> None:
    assert band(D(value), ((25, D(10)), (50, D(20)), (75, D(30)))) == found


def test_whole_months_are_twelfths_and_other_periods_their_days() -> None:
    assert share_of_year(date(2028, 1, 1), date(2028, 12, 31)) == 1
    assert share_of_year(date(2027, 4, 1), date(2028, 3, 31)) == 1
    assert share_of_year(date(2027, 1, 1), date(2027, 3, 31)) == D("0.25")
    assert share_of_year(date(2027, 1, 4), date(2027, 1, 31)) == D("0.0767")


def test_without_values_only_the_availability_is_known() -> None:
    sheets = [Sheet("Ann", D(40), D(1), (HoursLine(HourKind.NORMAL_DAY, D(52), D(40)),))]
    found = figures_of(sheets, Performed(10), full_time=D(40), year=D(1)).indices
    assert (found.productivity, found.availability, found.intensity) == (None, 1, None)
