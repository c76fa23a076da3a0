"""A staff list is read row by row, and compared with who is there."""

from __future__ import annotations

import pytest

from app.rules.training.exported import cell, staff_file
from app.rules.training.staff_changes import Member, staff_changes
from app.rules.training.staff_list import Known, Row
from app.rules.training.staff_reading import read_list

HEAD = ["Number", "Name", "Role", "E-mail", "Shift", "Location", "Go-live"]


def known(usual: str = "") -> Known:
    return Known({"desk": "Front desk", "billing": "Billing"}, {"alder": "Alder", "birch": "Birch"},
                 lambda text: "@" in text, usual)  # fmt: skip


def faults(*rows: list[str], usual: str = "") -> list[tuple[int, str]]:
    return [(one.line, one.column) for one in read_list([HEAD, *rows], known(usual)).faults]


def test_a_row_is_read_by_the_names_of_columns_roles_and_locations() -> None:
    row = [" 7 ", "Ann  Abel", "FRONT desk", "Ann@X.org", "early", "Birch", "yes"]
    found = read_list([["", ""], HEAD, [], row], known())
    assert found.faults == ()
    assert found.rows == (Row(4, "7", "Ann Abel", "desk", "ann@x.org", "early", "birch", True),)


def test_every_fault_has_its_line_and_column() -> None:
    assert faults(["", "", "pilot", "x", "", "", "maybe"]) == [
        (2, "number"), (2, "name"), (2, "email"), (2, "go_live"), (2, "role"), (2, "location"),
    ]  # fmt: skip
    assert faults(["1", "A", "desk", "", "", "", ""], usual="alder") == []
    assert faults(["1", "A" * 121, "desk", "", "", "alder", ""]) == [(2, "name")]
    assert faults(["1", "A\x07", "desk", "", "", "alder", ""]) == [(2, "name")]


def test_a_number_is_one_persons_at_one_location() -> None:
    one, other = ["A1", "Ann", "desk", "", "", "alder", ""], ["a1", "Ben", "desk", "", "", "alder", ""]
    assert faults(one, other) == [(3, "number")]
    assert faults(one, [*other[:5], "birch", ""]) == []


@pytest.mark.parametrize(
    ("table", "line"),
    [([], 1), ([["Number", "Name"]], 1), ([[*HEAD, "role"]], 1), ([HEAD], 2), ([HEAD] + [["1"]] * 20_001, 20_002)],
)
def test_a_list_that_is_none_is_told_so(table: list[list[str]], line: int) -> None:
    found = read_list(table, known("alder"))
    assert found.rows == ()
    assert found.faults[0].line == line


def test_what_a_list_does_is_new_changed_same_and_missing() -> None:
    there = [Member(n, "alder", str(n), f"P{n}", "desk") for n in (1, 2, 3)]
    other = Member(9, "birch", "1", "Far", "desk")
    rows = [Row(2, "1", "P1", "desk", "", "", "alder"), Row(3, "2", "P2", "desk", "", "late", "alder", True),
            Row(4, "8", "P8", "desk", "", "", "alder")]  # fmt: skip
    found = staff_changes(rows, [*there, other])
    assert [row.number for row in found.new] == ["8"]
    assert [(one.was.id, one.columns) for one in found.changed] == [(2, ("shift",))]
    assert (found.same, [one.id for one in found.missing]) == (1, [3])
    assert staff_changes(rows[:1], there[:1]).nothing
    works = staff_changes([Row(2, "1", "P1", "desk", "", "", "alder", True)], there[:1])
    assert ([one.was.id for one in works.roster], works.nothing) == ([1], False)
    assert found.digest != works.digest == staff_changes([Row(2, "1", "P1", "desk", "", "", "alder", True)],
                                                         there[:1]).digest  # fmt: skip


def test_of_a_column_that_a_list_does_not_have_it_says_nothing() -> None:
    there = [Member(1, "alder", "1", "P1", "desk", "p@example.org", "late")]
    found = read_list([HEAD[:3], ["1", "P1", "desk"]], known("alder"))
    assert staff_changes(found.rows, there, found.columns).nothing
    assert [one.columns for one in staff_changes(found.rows, there).changed] == [("email", "shift")]
    (changed,) = staff_changes(read_list([HEAD[:3], ["1", "Other", "desk"]], known("alder")).rows, there,
                               found.columns).changed  # fmt: skip
    assert (changed.columns, changed.row.email) == (("name",), "p@example.org")


def test_a_file_holds_no_formula_and_is_read_in_again_as_it_was() -> None:
    assert [cell(text) for text in ("=1+1", "+1", "-x", "@a", 'a"b,c', "plain")] == [
        "'=1+1", "'+1", "'-x", "'@a", '"a""b,c"', "plain",
    ]  # fmt: skip
    row = {"number": "1", "name": "=cmd", "role": "desk", "email": "", "shift": "", "location": "alder", "go_live": ""}
    lines = [line.split(",") for line in staff_file([row]).split("\r\n")]
    assert read_list(lines, known()).rows[0].name == "=cmd"
