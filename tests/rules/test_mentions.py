"""Who is called: the longest name, never anybody who may not read it, and a name of two only when one is chosen."""

from __future__ import annotations

import pytest

from app.rules.people.access import Grant, Viewer
from app.rules.tasks.mentions import Mentioned, Spot, fitting, grouped, mentioned, readers

ANN, LEE, BOB, TWIN = (
    Viewer(1, "Ann Lee"), Viewer(2, "Ann Lee Smith"), Viewer(3, "Bob O’Neil"), Viewer(4, "ann lee"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@Ann Lee, look", {1}),
        ("@Ann Lee Smith, look", {2}),
        ("@ann LEE smith and @Bob O’Neil.", {2, 3}),
        ("ask @Ann Leeward", set()),
        ("mail ann@Bob O’Neil", set()),
        ("(@Bob O’Neil)", {3}),
        ("@Nobody Here and @", set()),
        ("Ann Lee", set()),
        ("@Ann Lee @Ann Lee", {1}),
    ],
)
def test_a_name_after_the_sign_calls_its_longest_bearer(text: str, called: set[int]) -> None:
    assert mentioned(text, [ANN, LEE, BOB]) == Mentioned(frozenset(called))


def test_a_name_of_two_is_unclear_until_one_is_chosen() -> None:
    people = [ANN, TWIN, BOB]
    assert mentioned("@Ann Lee?", people) == Mentioned(frozenset(), ("Ann Lee",))
    assert mentioned("@Ann Lee?", people, [4]) == Mentioned(frozenset({4}))


def test_only_readers_can_be_chosen() -> None:
    assert mentioned("look", [ANN], [1, 99]) == Mentioned(frozenset({1}))


def test_readers_are_those_who_may_read_and_whom_the_writer_may_know() -> None:
    spot = Spot(7, None, ("champion",))
    people = grouped(
        [
            (1, "Dana", Grant("director", "director")),
            (2, "Ivo", Grant("it-lead", "member", 7)),
            (3, "Chiara", Grant("champion", "member", 7, 21)),
            (4, "Bengt", Grant("champion", "member", 7, 22)),
            (5, "Edith", Grant("sponsor", "executive", 7)),
        ]
    )
    chiara = next(one for one in people if one.person == 3)
    assert [one.name for one in readers(people, spot, chiara)] == ["Chiara", "Dana"]
    bengt = next(one for one in people if one.person == 4)
    assert [one.name for one in readers(people, spot, bengt)] == ["Bengt", "Dana"]
    dana = next(one for one in people if one.person == 1)
    assert [one.name for one in readers(people, spot, dana)] == ["Bengt", "Chiara", "Dana"]


def test_what_was_typed_fits_any_word_of_a_name() -> None:
    assert [one.person for one in fitting([ANN, LEE, BOB], "le", 5)] == [1, 2]
    assert [one.person for one in fitting([ANN, LEE, BOB], "ann lee s", 5)] == [2]
    assert [one.person for one in fitting([ANN, LEE, BOB], "", 2)] == [1, 2]
    assert fitting([ANN], "x", 5) == []
