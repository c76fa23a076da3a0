"""The public file of relative values: which row of a code counts, and what is said of a row that is wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.productivity.relative_values import RelativeValues, RowFault, read_relative_values

PREFACE = """\
2026 National Physician Fee Schedule Relative Value File January Release
Codes and descriptions are not of ours

,,,,,WORK,NON-FAC PE
,,,STATUS,PAID,RVU,
HCPCS,MOD,DESCRIPTION,CODE,,,RVU
"""
HEAD = PREFACE.replace("STATUS,PAID,RVU,\n", "STATUS,PAID,,\n").replace("CODE,,,RVU", "CODE,,RVU,RVU")


def read(rows: str, head: str = HEAD) -> RelativeValues:
    return read_relative_values(line.split(",") for line in (head + rows).splitlines())


def test_the_professional_component_counts_where_a_code_is_divided_and_its_only_row_where_it_is_not() -> None:
    found = read(
        "71046,,X-ray exam,A,,0.18,0.7\n71046,TC,X-ray exam,A,,0.00,0.6\n71046,26,X-ray exam,A,,0.17,0.1\n"
        "77263,,Radiation plan,A,,3.14,1.2\n\n"
    )
    assert (found.year, found.work, found.faults) == (2026, {"71046": Decimal("0.17"), "77263": Decimal("3.14")}, ())
    assert found.value("99999") is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("7104,26,X,A,,0.17,1", "“7104” is no procedure code of five letters and digits"),
        ("71046,262,X,A,,0.17,1", "“262” is no modifier of two letters and digits"),
        ("71046,26,X,A,,about one,1", "the work RVU “about one” is no figure from 0 to 10,000"),
        ("71046,26,X,A,,-1,1", "the work RVU “-1” is no figure from 0 to 10,000"),
        ("71046,26,X,A,,NaN,1", "the work RVU “NaN” is no figure from 0 to 10,000"),
        ("71046,26", "the work RVU “” is no figure from 0 to 10,000"),
        ("71250,26,X,A,,1.5,1", "71250 with modifier 26 stood before with 1.22"),
    ],
)
def test_a_wrong_row_is_told_with_its_number_and_passed_over(row: str, said: str) -> None:
    found = read(f"71250,26,Ct thorax,A,,1.22,1\n{row}\n")
    assert found.work == {"71250": Decimal("1.22")}
    assert found.faults == (RowFault(len(HEAD.splitlines()) + 2, said),)


def test_a_row_that_stands_twice_alike_is_no_fault() -> None:
    assert read("71250,26,Ct,A,,1.22,1\n71250,26,Ct,A,,1.22,1\n").faults == ()


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (HEAD.replace("2026 National", "National"), "do not name the year"),
        (HEAD.replace("HCPCS", "CODES"), "begins with HCPCS"),
        (HEAD.replace("WORK", "TOTAL"), "no column WORK RVU"),
        (HEAD.replace("MOD", "M"), "no column MOD"),
    ],
)
def test_a_file_of_another_kind_is_refused_whole(head: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read("71250,26,Ct,A,,1.22,1\n", head)


@given(st.lists(st.lists(st.text(max_size=8), max_size=8), max_size=20))
def test_whatever_the_rows_hold_is_told_and_nothing_breaks(rows: list[list[str]]) -> None:
    found = read_relative_values([*(line.split(",") for line in HEAD.splitlines()), *rows])
    assert all(value >= 0 for value in found.work.values())
    assert all(len(HEAD.splitlines()) < fault.row <= len(HEAD.splitlines()) + len(rows) for fault in found.faults)
