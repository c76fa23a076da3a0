"""How old the information about a location is."""

from __future__ import annotations

from datetime import date

import pytest

from app.rules.rollouts.heard import is_out_of_date, silence_words

MON, WED, THU, FRI, SAT = (date(2027, 1, day) for day in (4, 6, 7, 8, 9))
NEXT_MON, NEXT_TUE, NEXT_WED = (date(2027, 1, day) for day in (11, 12, 13))


def on_weekdays(day: date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("heard", "today", "old"),
    [
        (WED, WED, False),
        (WED, THU, False),
        (WED, FRI, False),
        (WED, SAT, True),
        (FRI, NEXT_MON, False),
        (FRI, NEXT_TUE, False),
        (FRI, NEXT_WED, True),
        (NEXT_MON, MON, False),
    ],
)
def test_two_whole_open_days_without_a_word_are_too_many(heard: date, today: date, old: bool) -> None:
    assert is_out_of_date(heard, today, on_weekdays) is old


def test_a_place_that_is_closed_is_not_waited_for() -> None:
    assert not is_out_of_date(MON, NEXT_MON, lambda day: False)


def test_silence_is_said_in_days() -> None:
    assert silence_words(WED, SAT) == "nothing heard for 3 days"
    assert silence_words(FRI, SAT) == "nothing heard for 1 day"
    assert silence_words(None, SAT) == "nothing heard yet"
