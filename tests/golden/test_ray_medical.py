"""All dates of the playbook of four imaging locations, from Monday 4 January 2027 with US holidays.

`ray-medical-2027.csv` has the columns of `muster plan --csv`: id, location, begins, due. Its rows were computed a
second time from the format's description alone, by a program that shares no line with the product, and agreed.
When the playbook or the format changes on purpose: `.venv/bin/python -m tests.golden.renew`, then read the difference.
"""

from __future__ import annotations

import csv
from datetime import date, datetime
from difflib import unified_diff

import pytest

from tests.golden.renew import GOLDEN, dates

ROWS = list(csv.reader(GOLDEN.read_text(encoding="utf-8").splitlines()))
SITES = ("alder-quay", "fenmoor", "kestrel-ridge", "lark-hollow")


def test_the_plan_is_the_golden_one() -> None:
    golden = GOLDEN.read_text(encoding="utf-8").splitlines()
    assert list(unified_diff(golden, dates().splitlines(), "golden", "now", lineterm="", n=0)) == []


def test_the_columns_are_those_of_the_command() -> None:
    assert ROWS[0] == ["id", "location", "begins", "due"]
    assert {row[1] for row in ROWS[1:]} == {"", "wave pilot", "wave second", "wave third", *SITES}


# Worked out by hand from the calendar of 2027, not taken from the file.
BY_HAND = [
    ("cutover-run", "kestrel-ridge", "", "2027-03-01T07:00-05:00", "Monday of week 9, before the clocks change"),
    ("cutover-run", "lark-hollow", "", "2027-03-29T07:00-04:00", "Monday of week 13, after 14 March"),
    ("wave-live", "wave second", "", "2027-03-01T06:00-06:00", "the same minute on the network's clock in Chicago"),
    ("go-no-go", "alder-quay", "", "2027-02-05T17:30-06:00", "one open day before Monday 8 February"),
    ("build-up", "fenmoor", "2027-01-19", "2027-01-29", "18 January is a holiday, so work begins on the 19th"),
    ("pilot-locations", "", "", "2027-01-07", "Thursday of week 1"),
    ("denials-60", "lark-hollow", "", "2027-05-28", "29 March and 60 days, a Friday"),
    ("return-90", "kestrel-ridge", "", "2027-06-01", "30 May is a Sunday, the 31st Memorial Day"),
    ("month-six", "", "", "2027-07-04", "a milestone stays on its Sunday"),
    ("closing-report", "", "", "2027-07-06", "4 July is a Sunday, the 5th its day in lieu"),
    ("it-on-call", "", "2027-02-08T07:00-06:00", "2027-07-04", "cover on every day ends on that Sunday too"),
]


@pytest.mark.parametrize(("entry", "place", "begins", "due", "because"), BY_HAND)
def test_dates_worked_out_by_hand_stand_in_it(entry: str, place: str, begins: str, due: str, because: str) -> None:
    assert [row[2:] for row in ROWS if row[:2] == [entry, place]] == [[begins, due]], because


def test_nothing_begins_after_it_is_due() -> None:
    for entry, place, begins, due in ROWS[1:]:
        assert not (begins and due) or moment(begins) <= moment(due), (entry, place)


def moment(text: str) -> date:
    return datetime.fromisoformat(text).date()
