"""Tables: rows that are asked for, rows that people add, and cells that fail."""

from __future__ import annotations

import pytest

from app.plan.format.answers import Answer
from app.plan.language.compare import parse_comparison
from app.rules.tasks.answers import AnswerError
from app.rules.tasks.tables import MOST_ROWS, judge_table, parse_table, row_titles, rows_of_text

FTE = Answer(type="number", passes=parse_comparison("at least 1"))
FREE = Answer(type="table", columns={"who": Answer(type="person"), "fte": FTE})


def test_free_rows_are_kept_without_the_empty_ones() -> None:
    typed = [{"who": " Ada ", "fte": "1"}, {"who": "", "fte": " "}, {"who": "Bo", "fte": "0.5"}]
    assert parse_table(FREE, typed, None) == [{"who": "Ada", "fte": 1}, {"who": "Bo", "fte": 0.5}]


def test_asked_rows_carry_their_title() -> None:
    typed = [{"who": "Ada", "fte": "1"}, {"who": "Bo", "fte": "2"}]
    values = parse_table(FREE, typed, ("Director", "IT lead"))
    assert values == [{"row": "Director", "who": "Ada", "fte": 1}, {"row": "IT lead", "who": "Bo", "fte": 2}]


@pytest.mark.parametrize(
    ("typed", "titles", "said"),
    [
        ([], None, "Nothing"),
        ([{"who": "Ada", "fte": ""}], None, "Row 1, fte"),
        ([{"who": "Ada", "fte": "one"}], ("Director",), "Row Director, fte"),
        ([{"who": "Ada", "fte": "1"}], ("Director", "IT lead"), "2 rows"),
        ([{"who": "A", "fte": "1"}] * (MOST_ROWS + 1), None, "At most"),
    ],
)
def test_what_is_wrong_is_named(typed: list[dict[str, str]], titles: tuple[str, ...] | None, said: str) -> None:
    with pytest.raises(AnswerError, match=said):
        parse_table(FREE, typed, titles)


def test_one_cell_that_fails_fails_the_table() -> None:
    assert judge_table(FREE, [{"who": "Ada", "fte": 1}]) == "pass"
    assert judge_table(FREE, [{"who": "Ada", "fte": 1}, {"who": "Bo", "fte": 0.5}]) == "fail"


def test_rows_come_from_the_playbook_an_attribute_or_people() -> None:
    assert row_titles(FREE, {}) is None
    assert row_titles(Answer(type="table", rows=("A", "B")), {}) == ("A", "B")
    by_attribute = Answer(type="table", rows="modalities")
    assert row_titles(by_attribute, {"modalities": ["ct", "mri"]}) == ("ct", "mri")
    assert row_titles(by_attribute, {}) is None


@pytest.mark.parametrize("typed", ["Ada | 1\n\nBo|2", "Ada\t1\r\nBo\t2\n", "Director | Ada | 1\nIT lead | Bo | 2"])
def test_rows_are_typed_a_line_each(typed: str) -> None:
    assert rows_of_text(FREE, typed, ("Director", "IT lead")) == [
        {"who": "Ada", "fte": "1"},
        {"who": "Bo", "fte": "2"},
    ]


def test_a_line_with_other_cells_is_named() -> None:
    with pytest.raises(AnswerError, match="Line 2 has 3 cells"):
        rows_of_text(FREE, "Ada | 1\nBo | 2 | 3", None)
