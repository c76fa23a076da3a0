"""One person on duty twice at a time."""

from __future__ import annotations

import pytest

from app.rules.presence.attendance import attendance
from app.rules.presence.crew import Crew
from app.rules.presence.doubles import Overlap, doubles, overlap, worst
from tests.rules.presence.covers import A, B, R, away, cover, held

DAY = next(iter(cover().slots()))
NEXT = list(cover().slots())[1]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ((A, False), (B, False), Overlap.TWO_PLACES),
        ((A, False), (None, False), Overlap.TWO_DUTIES),
        ((A, False), (None, True), Overlap.ON_CALL_TOO),
        ((A, True), (B, False), Overlap.ON_CALL_TOO),
        ((A, True), (B, True), Overlap.NONE),
        ((None, True), (None, True), Overlap.NONE),
        ((None, False), (None, False), Overlap.NONE),
        ((A, False), (A, False), Overlap.NONE),
    ],
)
def test_what_two_duties_at_a_time_are(
    first: tuple[int | None, bool], second: tuple[int | None, bool], found: Overlap
) -> None:
    one = held(1, DAY, location=first[0], on_call=first[1])
    other = held(1, DAY, location=second[0], on_call=second[1], occasion=2)
    assert overlap(one, other) is overlap(other, one) is found
    assert worst(one, [other, one]) == ((found, other) if found else (found, None))
    assert [double.kind for double in doubles(attendance([one, other], Crew(R, (), ())))] == ([found] if found else [])


def test_one_after_the_other_is_no_double() -> None:
    one, other = held(1, DAY), held(1, NEXT, location=B, occasion=2)
    assert overlap(one, other) is Overlap.NONE
    assert doubles(attendance([one, other], Crew(R, (), ()))) == []


def test_a_cover_is_on_duty_for_the_absent_one() -> None:
    duties = [held(1, DAY), held(2, DAY, location=B, occasion=2)]
    assert doubles(attendance(duties, Crew(R, (), ()))) == []
    (double,) = doubles(attendance(duties, Crew(R, (), [away(1, 8, 8, cover=2)])))
    assert (double.person, double.kind) == (2, Overlap.TWO_PLACES)
