"""How a location stands: exclusions, criteria, the score, and what puts it out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.plan.facts import Facts
from app.plan.format.frame import Selection, Wave
from app.rules.playbooks import parsed
from app.rules.selection.choosing import Scoring, scoring_of, set_key
from app.rules.selection.contents import changed_since, content_of
from app.rules.selection.faults import Weight, bars, faults_of, unsettled
from app.rules.selection.judging import Answers, Candidate, Part, Stand, answer_of
from app.rules.selection.words import lowered, out_words, score_words, unknown_words, wanted_words
from app.rules.signoffs import canonical
from tests.selecting import CHOOSING

BOOK = parsed(CHOOSING)
SELECTION: Selection = BOOK.selection["pilots"]
WAVE: Wave = BOOK.waves["pilot"]
TITLES = {id_: one.title for id_, one in BOOK.attributes.items()}
GOOD = {"setting": "urban", "renovation": False, "legacy": False, "clean": True}
YES: Answers = {(Part.CRITERIA, "backing"): True, (Part.CRITERIA, "typical"): True}


def place(id_: int = 1, *, answers: Answers = YES, waived: tuple[str, ...] = (), **facts: Any) -> Candidate:
    stated = {name: value for name, value in {**GOOD, **facts}.items() if value is not None}
    return Candidate(id_, f"place-{id_}", f"Place {id_}", Facts("pilot", stated), answers, frozenset(waived))


def of(*places: Candidate, wave: Wave = WAVE, **facts: Any) -> Scoring:
    return scoring_of(SELECTION, wave, {"id": "x", "version": "1.0"}, places, titles=TITLES, **facts)


def only(candidate: Candidate) -> Any:
    return of(candidate).candidates[0]


def test_the_score_is_the_weights_of_what_is_met() -> None:
    assert score_words(only(place())) == "8 of 8"
    assert score_words(only(place(answers={(Part.CRITERIA, "backing"): True}))) == "6 of 8"
    assert score_words(only(place(answers={}, clean=False))) == "0 of 8"


def test_an_exclusion_that_applies_puts_a_location_out_and_says_why() -> None:
    found = only(place(renovation=True))
    assert (found.stand, score_words(found)) == (Stand.OUT, "8 of 8")
    assert out_words(found) == "Place 1 is out: under renovation."


def test_no_score_lifts_an_exclusion_and_a_waiver_does() -> None:
    assert only(place(renovation=True)).out
    assert only(place(renovation=True, waived=("renovating",))).stand is Stand.FITS
    assert only(place(renovation=True, waived=("dead-end",))).out


def test_a_critical_criterion_that_is_not_met_puts_out_and_no_waiver_lifts_it() -> None:
    found = only(place(answers={**YES, (Part.CRITERIA, "backing"): False}, waived=("renovating", "backing")))
    assert out_words(found) == "Place 1 is out: “The leadership backs it” is not met."


def test_what_is_not_known_counts_as_not_met_and_is_said() -> None:
    found = only(place(renovation=None, answers={}))
    assert found.stand is Stand.UNCLEAR
    assert score_words(found) == "3 of 8"
    assert unknown_words(found) == (
        "under renovation (not stated: Facility is being renovated)",
        "the leadership backs it (not answered yet)",
    )


def test_half_known_facts_settle_what_they_can() -> None:
    assert only(place(legacy=False)).stand is Stand.FITS  # no legacy system: its upgrade path is not asked
    assert only(place(legacy=True)).stand is Stand.UNCLEAR
    assert only(place(legacy=True, **{"upgrade-path": False})).out


def test_a_rule_of_a_title_alone_is_answered_yes_or_no() -> None:
    rule = SELECTION.criteria["typical"]
    assert answer_of(replace(rule, answer=None)).type == "yes-no"  # type: ignore[union-attr]
    assert answer_of(SELECTION.criteria["billing"]) is None


def test_those_that_are_not_out_rank_first_then_the_score_then_the_name() -> None:
    found = of(place(1, renovation=True), place(2, answers={(Part.CRITERIA, "backing"): True}), place(4), place(3))
    assert [one.id for one in found.candidates] == [3, 4, 2, 1]


def test_the_best_set_fills_the_mix_by_different_locations() -> None:
    low = {(Part.CRITERIA, "backing"): True}
    found = of(place(1), place(2), place(3, setting="suburban", answers=low))
    assert [one.id for one in found.best] == [1, 3]
    assert [(line.mix.title, line.by and line.by.id) for line in found.mixed(found.best)] == [
        ("One in town", 1), ("One outside", 3),
    ]  # fmt: skip
    assert of(place(1), place(2)).best == ()


def chosen(*, near: bool | None = True, **more: Any) -> Scoring:
    answers = {} if near is None else {set_key([1, 2]): {"near": near, "diverse": True}}
    return of(place(1), place(2, setting="suburban"), place(3, renovation=True), answers=answers, **more)


def test_a_whole_set_has_no_fault() -> None:
    assert faults_of(chosen(), [2, 1]) == ()


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ([1], ("Pilot takes 2 centres, 1 chosen", "the mix asks for 2 different centres",
               "no centre of the set is left for “One outside”")),
        ([1, 2, 3], ("Pilot takes 2 centres, 3 chosen", "Place 3 is out: under renovation")),
        ([1, 3], ("Place 3 is out: under renovation", "no centre of the set is left for “One outside”")),
        ([1, 2, 99], ("1 of those chosen is in this rollout no more",)),
    ],
)  # fmt: skip
def test_what_bars_a_set_is_said(ids: list[int], said: tuple[str, ...]) -> None:
    assert bars(faults_of(chosen(), ids)) == said


def test_what_is_asked_of_the_set_is_answered_for_this_very_set() -> None:
    assert unsettled(faults_of(chosen(near=None), [1, 2])) == (
        "of the set it is not known: they are near each other (not answered yet)",
        "of the set it is not known: they stand for the whole (not answered yet)",
    )
    other = of(place(1), place(2, setting="suburban"), place(4), answers={set_key([1, 2]): {"near": True}})
    assert [one.holds for one in other.together(other.chosen([1, 4]))] == [None, None]


def test_what_is_not_critical_weighs_against_a_set_and_bars_nothing() -> None:
    faults = faults_of(chosen(near=False), [1, 2])
    assert [(one.weight, one.said) for one in faults] == [(Weight.OPEN, "not so of the set: they are near each other")]
    soft = of(place(1), place(2, setting="suburban"), answers={set_key([1, 2]): {"near": True, "diverse": False}})
    assert [one.weight for one in faults_of(soft, [1, 2])] == [Weight.AGAINST]
    assert unsettled(faults_of(soft, [1, 2])) == ()


def test_a_wave_at_once_has_one_day() -> None:
    days = {1: date(2027, 2, 8), 2: date(2027, 2, 10)}
    assert faults_of(chosen(days=days), [1, 2]) == ()
    faults = faults_of(chosen(days=days, wave=replace(WAVE, at_once=True)), [1, 2])
    assert unsettled(faults) == (
        "Pilot goes live at once, but these go live on Monday 8 February and Wednesday 10 February",
    )


def test_a_signature_answers_for_the_set_and_not_for_others() -> None:
    before = chosen()
    frozen = canonical(content_of(before, [1, 2]))
    other = of(place(1), place(2, setting="suburban"), place(3), answers=dict(before.answers))
    assert [one.what for one in changed_since(frozen, other, [1, 2], signed=False)] == [
        "candidates › place-3", "exclusions › place-3 renovating",
    ]  # fmt: skip
    assert changed_since(frozen, other, [1, 2], signed=True) == ()
    own = of(place(1, renovation=True), place(2, setting="suburban"), answers=dict(before.answers))
    assert [one.what for one in changed_since(frozen, own, [1, 2], signed=True)] == [
        "candidates › place-1", "exclusions › place-1 renovating",
    ]  # fmt: skip


def test_titles_stand_inside_a_sentence() -> None:
    found = [lowered(one) for one in ("Under renovation", "PACS compatible", "A new owner")]
    assert found == ["under renovation", "PACS compatible", "a new owner"]
    assert wanted_words(WAVE.locations) == "2 centres"
