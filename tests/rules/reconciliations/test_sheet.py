"""A table of counts is read as a spreadsheet writes it, and each fault is said by its row."""

from __future__ import annotations

from datetime import date

import pytest

from app.rules.reconciliations.sheet import MOST_ROWS, SheetError, read_sheet

HEAD = "location,entry,day,line,left,right,answer,reason\n"


def test_rows_are_read_by_their_heading_in_any_order() -> None:
    (row,) = read_sheet("Day,Location,line,entry,right,left\n2027-01-05,alder,claims,daily,409,412\n\n,,,\n")
    assert (row.number, row.day, row.faults) == (2, date(2027, 1, 5), ())
    assert (row.cell("location"), row.cell("left"), row.cell("right"), row.cell("reason")) == (
        "alder",
        "412",
        "409",
        "",
    )


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_any_usual_mark_separates(mark: str) -> None:
    text = (HEAD + 'alder,daily,2027-01-05,claims,1204.5,1204.5,,"late; and sorry"\n').replace(",", mark)
    (row,) = read_sheet(text)
    assert row.cell("reason") == "late; and sorry"


def test_a_byte_order_mark_and_quoted_lines_do_no_harm() -> None:
    first, second = read_sheet(
        "\ufeff" + HEAD + 'alder,daily,2027-01-05,cash,1,1,,"one\ntwo"\r\nbirch,daily,2027-01-05,cash,1,1,,\r\n'
    )
    assert (first.cell("reason"), first.number, second.number) == ("one\ntwo", 2, 3)


def test_every_fault_of_a_row_is_said() -> None:
    rows = read_sheet(
        HEAD
        + "alder,daily,5 Jan,claims,1,1,,\n"
        + "alder,,2027-02-30,claims,1,1,,\n"
        + "alder,daily,2027-01-05,claims,1,1,,\n"
        + "alder,daily,2027-01-05,claims,2,2,,\n"
        + "alder,daily,2027-01-06,claims,2,2,,late, sorry\n"
    )
    assert [row.faults for row in rows] == [
        ("day is written as 2027-02-08.",),
        ("entry is missing.", "day is written as 2027-02-08."),
        (),
        ("This line stands in row 4 already.",),
        ("There are more cells than the heading names; a comma inside a text needs quotes around it.",),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lacks"),
        ("location,day\nalder,2027-01-05\n", "lacks entry, line"),
        (HEAD, "nothing below"),
        (HEAD.replace("reason", "notes") + "a,b,2027-01-05,c,1,1,,\n", "not known here"),
        (HEAD.replace("reason", "left") + "a,b,2027-01-05,c,1,1,,\n", "one twice"),
        (HEAD + 'a,"b\n', "no table"),
        (HEAD + "a,b,2027-01-05,c,1,1,,\n" * (MOST_ROWS + 1), "At most 5,000 rows"),
    ],
)
def test_what_is_no_such_table_is_refused_whole(text: str, said: str) -> None:
    with pytest.raises(SheetError, match=said):
        read_sheet(text)
