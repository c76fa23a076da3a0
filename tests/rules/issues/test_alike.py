"""The same problem at several locations, and the words that causes share."""

from __future__ import annotations

from app.rules.issues.alike import Titled, alike, groups, shared_words, words_of


def test_words_that_say_nothing_are_left_out_and_plurals_are_one_word() -> None:
    assert words_of("The label printers in room 2 do not print: Labels!") == {"label", "printer", "room", "print"}
    assert words_of("2 x 3, it is so") == frozenset()


def test_two_shared_words_that_are_half_of_the_shorter_title_are_alike() -> None:
    said = words_of("Label printer prints nothing")
    assert alike(said, words_of("Our label printers stopped after the update of yesterday"))
    assert not alike(said, words_of("Printer on fire"))
    assert not alike(words_of("label"), words_of("label"))
    long = words_of("alpha beta gamma delta epsilon zeta")
    assert not alike(long, words_of("alpha beta theta kappa lambda omega"))


def test_a_group_spans_locations_of_one_kind_alone() -> None:
    issues = [
        Titled(1, "Label printer prints nothing", "hardware", 1),
        Titled(2, "label printers print nothing", "hardware", 2),
        Titled(3, "Label printer prints nothing", "hardware", 1),
        Titled(4, "Label printer prints nothing", "training", 3),
        Titled(5, "Scanner sends no images", "hardware", 3),
        Titled(6, "Scanner sends no images", "hardware", 3),
        Titled(7, "Printer for labels is dark", "hardware", None),
    ]
    assert [[one.id for one in group] for group in groups(issues)] == [[1, 2, 3, 7]]
    assert groups([]) == []


def test_shared_words_name_their_texts_the_most_frequent_first() -> None:
    causes = {3: "Driver of the printer too old", 5: "Old driver, driver", 8: "Nobody told the printer", 9: "Dust"}
    assert shared_words(causes) == [("driver", (3, 5)), ("old", (3, 5)), ("printer", (3, 8))]
    assert shared_words(causes, most=1) == [("driver", (3, 5))]
