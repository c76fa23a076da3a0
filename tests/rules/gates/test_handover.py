"""Which gate hands a location over, and to what."""

from __future__ import annotations

from datetime import date

import pytest

from app.rules.gates.handover import Phase, handed_words, last_gate, phase_after

OPENING = date(2027, 2, 8)
STABLE, EXIT = date(2027, 2, 23), date(2027, 3, 9)
FIRST_WEEKS = Phase("First four weeks live", OPENING, date(2027, 3, 7))
SPRINT = Phase("Optimisation sprint", date(2027, 4, 12), date(2027, 4, 25))
SUSTAIN = Phase("Optimisation to month six", date(2027, 4, 25), date(2027, 7, 4))
PHASES = (SUSTAIN, SPRINT, FIRST_WEEKS)


@pytest.mark.parametrize(
    ("days", "opening", "found"),
    [
        ({"go": date(2027, 2, 5), "stable": STABLE, "exit": EXIT}, OPENING, "exit"),
        ({"exit": EXIT, "stable": STABLE, "later": None}, OPENING, "exit"),
        ({"stable": EXIT, "exit": EXIT}, OPENING, "exit"),
        ({"go": date(2027, 2, 5)}, OPENING, None),
        ({"go": OPENING}, OPENING, None),
        ({"exit": EXIT}, None, None),
        ({"exit": None}, OPENING, None),
        ({}, OPENING, None),
    ],
)
def test_the_last_gate_after_the_opening_hands_over(
    days: dict[str, date | None], opening: date | None, found: str | None
) -> None:
    assert last_gate(days.items(), opening) == found


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (EXIT, SPRINT),
        (date(2027, 4, 25), SPRINT),
        (date(2027, 4, 26), SUSTAIN),
        (date(2027, 7, 5), None),
    ],
)
def test_a_phase_that_is_over_gives_way_to_the_next(today: date, found: Phase | None) -> None:
    assert phase_after(PHASES, OPENING, EXIT, today) == found


def test_a_centre_that_opens_late_comes_to_the_phase_that_has_begun() -> None:
    opening, decided = date(2027, 3, 29), date(2027, 4, 27)
    assert phase_after(PHASES, opening, decided, decided) == SUSTAIN


def test_the_first_weeks_themselves_are_never_what_comes_after_them() -> None:
    assert phase_after([Phase("Early life", OPENING, date(2027, 5, 1))], OPENING, EXIT, EXIT) is None


def test_the_words_name_the_phase_and_its_last_day() -> None:
    assert handed_words(SPRINT, EXIT) == "handed over to the optimisation sprint, which runs until Sun 25 Apr"
    assert handed_words(None, EXIT) == "handed over"
