"""The sentence of a selection, and who moves between the waves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.plan.facts import Facts
from app.rules.selection.judging import Scored
from app.rules.selection.placing import placing
from app.rules.selection.sentence import Situation, selection_sentence
from tests.rules.selection.test_judging import BOOK, of, place


def said(*candidates: Scored, **more: Any) -> str:
    return "".join(part.text for part in selection_sentence(Situation(candidates, "Pilot", **more)))


def of_places(*places: Any) -> tuple[Scored, ...]:
    return of(*places).candidates


def test_it_says_who_fits_and_who_is_out_and_why() -> None:
    found = of_places(place(1), place(2), place(3, renovation=True), place(4, answers={}))
    assert said(*found) == (
        "Two of four candidates fit: Place 1 and Place 2. Of Place 4 something is still to be said. "
        "Place 3 is out: under renovation."
    )
    assert said(*of_places(place(1, answers={}))) == (
        "No candidate fits yet. Of Place 1 something is still to be said."
    )
    many = of_places(*(place(number, renovation=True) for number in range(1, 6)))
    assert said(*many) == "No candidate fits yet. Five are out: Place 1, Place 2, Place 3 and 2 more."
    assert said() == "There is no centre to choose from."


def test_it_says_what_is_proposed_and_chosen() -> None:
    found, two = of_places(place(1), place(2)), ("Place 1", "Place 2")
    assert said(*found, chosen=two, proposed=True, waits="Executive sponsor") == (
        "Place 1 and Place 2 are proposed for Pilot; the set waits for Executive sponsor."
    )
    assert said(*found, chosen=("Place 1",), proposed=True, settled=True) == "Place 1 is chosen for Pilot."
    assert said(*found, proposed=True, settled=True) == "Centres elsewhere are chosen for Pilot."


def test_who_goes_takes_the_place_of_who_comes() -> None:
    def in_wave(number: int, wave: str) -> Any:
        one = place(number)
        return replace(one, facts=Facts(wave, one.facts.attributes))

    waves = {id_: replace(BOOK.waves["pilot"], id=id_) for id_ in ("pilot", "second", "third")}
    found = of(in_wave(1, "third"), in_wave(2, "pilot"), in_wave(3, "pilot"), in_wave(4, "second"))
    needed = placing(found, [1, 2], waves)
    assert [one.id for one in needed.coming] == [1]
    assert [(one.id, wave) for one, wave in needed.going] == [(3, "third")]
    assert needed.waves({}) == {1: "pilot", 3: "third"}
    assert needed.waves({3: "second", 4: "third"}) == {1: "pilot", 3: "second"}
    assert not placing(found, [2, 3], waves).needed
    assert placing(found, [4], {"pilot": waves["pilot"]}).going == ()
    both = placing(found, [4], waves)
    assert [(one.id, wave) for one, wave in both.going] == [(2, "second"), (3, "second")]
