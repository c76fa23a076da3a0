"""The colour of a run, its sentence and its reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.plan.format.who import Who
from app.rules.clock import NBSP
from app.rules.runbooks.actuals import Actual, Actuals
from app.rules.runbooks.back_out import back_out
from app.rules.runbooks.forecast import forecast
from app.rules.runbooks.graph import Graph
from app.rules.runbooks.plans import RunPlan
from app.rules.runbooks.position import GOES_ON, NEAR, NO_WAY_BACK, RULE, Colour, Position, backing_out, position
from tests.rules.runbooks.night import at, finished, run, skipped, started, step
from tests.rules.runbooks.test_back_out import clock

STEPS = (step("lock", 10, at=-180), step("load", 60, "lock"), step("open", 15, "load", at=0, no_return=True))
"""Lock from -180, load from -170 to -110, open from 0 to 15."""
WINDOW = (at(-240), at(67))
LOCKED = {"lock": finished(-180, -170)}
LOADED = {**LOCKED, "load": finished(-170, -110)}


def stands(plan: RunPlan, now: float, actuals: Actuals | None = None) -> Position:
    done = actuals or {}
    found = forecast(plan.graph, done, at(now))
    return position(plan, found, done, back_out(plan, found, done, at(now)))


PLAIN = run(*STEPS, window=WINDOW)
WAY_BACK = run(*STEPS, window=WINDOW, back=[step("unlock", 30)])
"""The last safe decision is at -15 - 30 - 15 = -60."""

# -- the window --------------------------------------------------------------------------------------------------------


def test_a_run_that_ends_well_inside_its_window_is_on_time() -> None:
    assert stands(PLAIN, -170, LOCKED) == Position(Colour.GREEN, ("On time", ", 52 minutes in hand."))
    roomy = replace(PLAIN, window=(at(-240), at(145)))
    assert stands(roomy, -170, LOCKED).says == ("On time", f", 2{NBSP}h 10 in hand.")


ROOMY = replace(PLAIN, window=(at(-240), at(60)))
"""Planned with 45 minutes in hand."""


def test_with_just_thirty_minutes_in_hand_a_run_is_green_and_with_less_amber() -> None:
    assert stands(ROOMY, 15, {**LOADED, "open": started(15)}).colour is Colour.GREEN
    near = stands(ROOMY, 16, {**LOADED, "open": started(16)})
    assert near == Position(
        Colour.AMBER,
        ("29 minutes in hand", " to the end of the window."),
        ("29 minutes in hand to the end of the window.",),
    )


def test_a_plan_with_less_in_hand_is_not_amber_for_it() -> None:
    tight = replace(PLAIN, window=(at(-240), at(25)))
    assert stands(tight, 0, {**LOADED, "open": started(0)}).colour is Colour.GREEN
    assert stands(tight, 1, {**LOADED, "open": started(1)}).colour is Colour.AMBER


@pytest.mark.parametrize(
    ("began", "says"),
    [
        (45, "Less than a minute in hand"),
        (44, "1 minute in hand"),
        (45.5, "Less than a minute over"),
        (54, "9 minutes over"),
        (145, f"1{NBSP}h 40 over"),
    ],
)
def test_the_end_of_the_window_is_told_in_words(began: float, says: str) -> None:
    found = stands(ROOMY, began, {**LOADED, "open": started(began)})
    assert found.says[0] == says
    assert found.colour is (Colour.AMBER if began <= 45 else Colour.RED)


def test_a_run_over_its_window_is_red() -> None:
    found = stands(PLAIN, 61, {**LOADED, "open": started(60, blocked_since=at(60))})
    assert found == Position(
        Colour.RED,
        ("9 minutes over", " the window."),
        ("9 minutes over the window.", "Blocked: “Open”, and the end waits for it."),
    )


# -- blocked, late -----------------------------------------------------------------------------------------------------


def test_a_block_on_the_longest_chain_is_amber_and_one_beside_it_is_not() -> None:
    plan = run(step("long", 60), step("short", 10), window=(at(0), at(200)))
    block = {"long": started(0), "short": started(0)}
    hold = started(0, blocked_since=at(1))
    assert stands(plan, 5, {**block, "short": hold}).colour is Colour.GREEN
    assert stands(plan, 5, {**block, "long": hold}) == Position(
        Colour.AMBER,
        ("Blocked", ": “Long”, and the end waits for it."),
        ("Blocked: “Long”, and the end waits for it.",),
    )


def test_a_point_of_no_return_forecast_after_t_is_amber_where_hours_are_kept() -> None:
    late = {**LOCKED, "load": started(-48)}
    found = stands(PLAIN, -48, late)
    assert found.colour is Colour.AMBER
    assert found.says == ("12 minutes after T", ": the forecast of “Open”.")
    assert stands(replace(PLAIN, straight=True), -48, late).colour is Colour.GREEN


def test_once_the_point_of_no_return_has_begun_or_was_skipped_it_is_not_late() -> None:
    assert stands(PLAIN, 12, {**LOADED, "open": started(12)}).colour is Colour.GREEN
    assert stands(PLAIN, 12, {**LOADED, "open": skipped(12)}).colour is Colour.GREEN


def test_with_neither_window_nor_way_back_a_run_is_amber_when_later_than_planned() -> None:
    plan = run(*STEPS)
    assert stands(plan, -170, LOCKED) == Position(Colour.GREEN, ("On time", "."))
    assert stands(plan, 3, {**LOADED, "open": started(3)}) == Position(
        Colour.AMBER, ("3 minutes later", " than planned."), ("3 minutes later than planned.",)
    )
    early = {**LOADED, "open": finished(-10, 10)}
    assert stands(plan, 20, early).says == ("On time", ", 5 minutes before the plan.")


# -- the way back ------------------------------------------------------------------------------------------------------


def test_the_last_safe_decision_turns_amber_at_less_than_thirty_minutes_and_red_when_past() -> None:
    assert stands(WAY_BACK, -90, LOADED).colour is Colour.GREEN
    assert stands(WAY_BACK, -89, LOADED).says == ("Last safe decision in 29 minutes", ".")
    near = stands(WAY_BACK, -72, LOADED)
    assert near == Position(
        Colour.AMBER, ("Last safe decision in 12 minutes", "."), ("Last safe decision in 12 minutes.",)
    )
    assert stands(WAY_BACK, -60, LOADED).says == ("Last safe decision in less than a minute", ".")
    past = stands(WAY_BACK, -59.5, LOADED)
    assert (past.colour, past.says) == (Colour.RED, ("Past the last safe decision", "."))


def test_once_the_point_of_no_return_is_passed_the_way_back_does_not_matter() -> None:
    assert stands(WAY_BACK, 5, {**LOADED, "open": started(0)}) == Position(
        Colour.GREEN, ("On time", ", 52 minutes in hand."), (), NO_WAY_BACK
    )


def test_once_all_is_over_the_way_back_does_not_matter() -> None:
    over = {**LOADED, "open": skipped(0)}
    assert stands(WAY_BACK, 500, over).colour is Colour.GREEN


def test_without_a_window_the_last_safe_decision_is_told() -> None:
    plan = replace(WAY_BACK, window=None)
    assert stands(plan, -190).says == ("On time", f", last safe decision in 2{NBSP}h 10.")
    assert stands(replace(plan, done_by=None), -190).says == ("On time", ".")
    assert stands(plan, 3, {**LOADED, "open": started(3)}).says == ("3 minutes later", " than planned.")


def test_every_reason_is_told_the_gravest_first() -> None:
    slow = {**LOCKED, "load": started(-50, blocked_since=at(-50), expected=at(-8))}
    plan = replace(WAY_BACK, window=(at(-240), at(60)))
    assert stands(plan, -40, slow) == Position(
        Colour.RED,
        ("Past the last safe decision", "."),
        (
            "Past the last safe decision.",
            "7 minutes over the window.",
            "Blocked: “Load”, and the end waits for it.",
            "52 minutes after T: the forecast of “Open”.",
        ),
    )


# -- backing out -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decided", "colour", "says"),
    [
        (-65, Colour.GREEN, ("Back out ends 20 minutes", " before 12:45.")),
        (-60, Colour.GREEN, ("Back out ends 15 minutes", " before 12:45.")),
        (-59, Colour.AMBER, ("Back out ends 14 minutes", " before 12:45.")),
        (-45, Colour.AMBER, ("Back out ends less than a minute", " before 12:45.")),
        (-25, Colour.RED, ("Back out ends 20 minutes", " after 12:45.")),
    ],
)
def test_a_run_that_backs_out_is_judged_by_when_that_ends(
    decided: float, colour: Colour, says: tuple[str, str]
) -> None:
    """30 minutes to unlock, back by T - 15 (12:45), margin 15."""
    found = forecast(Graph(WAY_BACK.way_back), {"unlock": Actual(started=at(decided))}, at(decided))
    assert backing_out(WAY_BACK, found, clock) == Position(colour, says, ("".join(says),) * (colour != Colour.GREEN))


def test_backing_out_without_a_time_to_be_back_by_says_when_it_ends() -> None:
    plan = replace(WAY_BACK, done_by=None)
    found = forecast(Graph(plan.way_back), {}, at(-65))
    assert backing_out(plan, found, clock) == Position(Colour.GREEN, ("Backing out", " until 12:25."))


def test_the_rule_is_written_down() -> None:
    assert RULE.startswith("Red: ")
    assert f"less than {NEAR // timedelta(minutes=1)} minutes" in RULE


def test_it_is_decided_to_go_on_when_the_critical_steps_of_who_decides_are_done() -> None:
    asked = replace(step("decide", 10, "load").asked, owner=Who(roles=("director",)))
    steps = (*STEPS[:2], replace(step("decide", 10, "load", critical=True), asked=asked), STEPS[2])
    plan = run(*steps, window=(at(-240), at(145)), back=[step("unlock", 30)], decide="director")
    assert stands(plan, -50, LOADED).says[0] == "Past the last safe decision"
    decided = stands(plan, -50, {**LOADED, "decide": finished(-100, -90)})
    assert (decided.colour, decided.note) == (Colour.GREEN, GOES_ON)
