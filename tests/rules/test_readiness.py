from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from app.plan.language.compare import parse_comparison
from app.rules.rollouts.criteria import Behind, of_tasks, unknown
from app.rules.rollouts.readiness import BarState, GateDay, Measure, Roll, Stand, call, judge, next_gate, stand
from app.rules.tasks.progress import State

TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 16, 24, tzinfo=UTC)
LATER = TODAY + timedelta(days=3)


def measure(*states: State, critical: bool = False, failed: int = 0, share: int = 100, unmeasured: str = "") -> Measure:
    found = of_tasks(Behind(Counter(states), failed), parse_comparison(f"at least {share} %"))
    return Measure("c", "Criterion", critical, unknown(unmeasured) if unmeasured else found)


DONE, TRACK, LATE, BLOCKED, RISK, TODO = (
    State.DONE,
    State.TRACK,
    State.LATE,
    State.BLOCKED,
    State.RISK,
    State.TODO,
)


@pytest.mark.parametrize(
    ("given", "come", "expected", "said"),
    [
        (measure(DONE, DONE), False, BarState.MET, "2 of 2"),
        (measure(DONE, DONE, critical=True), True, BarState.MET, "2 of 2"),
        (measure(DONE, TRACK), False, BarState.OPEN, "1 of 2"),
        (measure(DONE, TRACK), True, BarState.OPEN, "1 of 2"),
        (measure(DONE, TRACK, critical=True), False, BarState.OPEN, "1 of 2"),
        (measure(DONE, TRACK, critical=True), True, BarState.VETO, "1 of 2"),
        (measure(DONE, RISK), False, BarState.RISK, "1 of 2"),
        (measure(DONE, LATE), False, BarState.RISK, "1 of 2"),
        (measure(DONE, RISK, critical=True), False, BarState.RISK, "1 of 2"),
        (measure(DONE, LATE, critical=True), False, BarState.VETO, "1 of 2"),
        (measure(DONE, BLOCKED, critical=True), False, BarState.VETO, "1 of 2"),
        (measure(), False, BarState.OPEN, "nothing yet"),
        (measure(critical=True), True, BarState.VETO, "nothing yet"),
        (measure(unmeasured="training is not recorded here yet"), False, BarState.UNKNOWN, ""),
        (measure(critical=True, unmeasured="x"), False, BarState.UNKNOWN, "unknown: x"),
        (measure(critical=True, unmeasured="x"), True, BarState.VETO, "unknown: x"),
        (measure(DONE, DONE, DONE, TRACK, share=75), False, BarState.MET, "3 of 4, 75% needed"),
        (measure(DONE, DONE, TRACK, TRACK, share=75), False, BarState.OPEN, "2 of 4, 75% needed"),
    ],
)
def test_a_bar_is_judged(given: Measure, come: bool, expected: BarState, said: str) -> None:
    bar = judge(given, gate_day_has_come=come)
    assert bar.state is expected
    assert bar.said == (said or "unknown: training is not recorded here yet")


def test_a_failed_answer_behind_a_critical_criterion_vetoes() -> None:
    failed = measure(RISK, critical=True, failed=1)
    assert judge(failed, gate_day_has_come=False).state is BarState.VETO


def roll(*measures: Measure, today: date = TODAY) -> Roll:
    return call("go", "Go or no-go", LATER, measures, today=today)


def test_the_roll_is_counted_not_averaged() -> None:
    called = roll(measure(DONE), measure(DONE, TRACK), measure(LATE, critical=True), measure(unmeasured="x"))
    assert (called.met, called.vetoes, called.unknown) == (1, 1, 1)
    assert called.said == "1 of 4 met, 1 veto, 1 unknown"
    assert called.said_shortly == "1 of 4 met, 1 veto"
    assert not called.ready


def test_a_roll_without_criteria_is_nothing_yet_and_never_ready() -> None:
    assert roll().said == "nothing yet"
    assert not roll().ready


def test_on_the_day_of_the_gate_every_open_critical_criterion_vetoes() -> None:
    given = (measure(TRACK, critical=True), measure(unmeasured="x", critical=True), measure(TRACK))
    assert roll(*given).vetoes == 0
    assert roll(*given, today=LATER).vetoes == 2


def test_what_is_waived_is_not_called_met_and_stands_in_nobodys_way() -> None:
    found = roll(measure(DONE), replace(measure(TRACK, critical=True), waived=True), today=LATER)
    assert (found.said, found.ready) == ("1 of 2 met, 1 waived", True)


def test_the_next_gate_is_the_first_ahead_that_is_not_decided() -> None:
    gates = [GateDay("c", LATER), GateDay("a", TODAY - timedelta(days=9)), GateDay("b", TODAY), GateDay("d", None)]
    assert next_gate(gates, TODAY) == GateDay("b", TODAY)
    assert next_gate(gates, TODAY, decided={"b"}) == GateDay("c", LATER)
    assert next_gate(gates, LATER + timedelta(days=1)) == GateDay("d", None)
    assert next_gate(gates[:3], LATER + timedelta(days=1)) == GateDay("c", LATER)
    assert next_gate([], TODAY) is None


def test_until_a_location_opens_the_last_gate_before_it_stays_the_one_in_question() -> None:
    gates = [GateDay("go", TODAY - timedelta(days=1)), GateDay("after", TODAY + timedelta(days=14))]
    opening = TODAY + timedelta(days=2)
    assert next_gate(gates, TODAY, opening) == GateDay("go", TODAY - timedelta(days=1))
    assert next_gate(gates, TODAY, opening, decided={"go"}) == GateDay("after", TODAY + timedelta(days=14))
    assert next_gate(gates, opening + timedelta(days=1), opening) == GateDay("after", TODAY + timedelta(days=14))


@pytest.mark.parametrize(
    ("called", "states", "cutover", "expected"),
    [
        (roll(measure(LATE, critical=True)), [LATE], NOW - timedelta(days=1), Stand.LIVE),
        (roll(measure(LATE, critical=True)), [LATE], NOW + timedelta(days=1), Stand.NOT_READY),
        (roll(measure(LATE)), [LATE], NOW + timedelta(days=1), Stand.RISK),
        (roll(measure(DONE)), [DONE], NOW + timedelta(days=1), Stand.READY),
        (roll(measure(TRACK)), [TRACK, TODO], None, Stand.TRACK),
        (roll(measure(TODO)), [TODO], None, Stand.TODO),
        (None, [], None, Stand.TODO),
        (roll(), [DONE], None, Stand.TRACK),
    ],
)
def test_where_a_location_stands(
    called: Roll | None, states: list[State], cutover: datetime | None, expected: Stand
) -> None:
    assert stand(called, states, cutover, NOW) is expected
