"""Where somebody stands with a training, what a place comes to, and what speaks against a session."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.plan.calendars import PlaceCalendar
from app.plan.format.rhythm import Coverage
from app.plan.format.who import Who
from app.plan.language.hours import parse_span
from app.rules.training.clashes import Clash, Sitting, clashes
from app.rules.training.cover import Worker, cells, helpers, percent
from app.rules.training.demand import Demand, Piece
from app.rules.training.pairs import Pair, proposed, troubles
from app.rules.training.standing import Result, Seat, Standing, progress
from app.rules.training.tally import tally

AT = datetime(2027, 2, 3, 16, 0, tzinfo=UTC)
PLAIN = Demand("t", "T", ("desk",))
RECORDED = Demand("t", "T", ("desk",), recorded=True)
WHOLE = Demand("t", "T", ("desk",), recorded=True, pass_mark=80, practice={"a": Piece("A", 2), "b": Piece("B", 1)})
THERE, MISSED, COMES = Seat(1, AT, True), Seat(1, AT, False), Seat(2, AT + timedelta(days=1))


def practice(line: str, passed: bool = True) -> Result:
    return Result("practice", passed, line)


def check(score: int) -> Result:
    return Result("check", score >= 80, "", score)


@pytest.mark.parametrize(
    ("demand", "seats", "results", "standing"),
    [
        (PLAIN, [], [], Standing.UNASKED),
        (PLAIN, [COMES], [], Standing.ENROLLED),
        (PLAIN, [MISSED], [], Standing.MISSED),
        (PLAIN, [MISSED, COMES], [], Standing.ENROLLED),
        (PLAIN, [THERE], [], Standing.PASSED),
        (RECORDED, [MISSED], [], Standing.RECORDING),
        (RECORDED, [MISSED], [Result("recording", True)], Standing.PASSED),
        (WHOLE, [THERE], [], Standing.PRACTISING),
        (WHOLE, [THERE], [practice("a")] * 2 + [practice("b")], Standing.ATTENDED),
        (WHOLE, [THERE], [practice("a")] * 9, Standing.PRACTISING),
        (WHOLE, [THERE], [practice("a", False)] * 9 + [practice("b")], Standing.PRACTISING),
        (WHOLE, [THERE], [check(79)], Standing.FAILED),
        (WHOLE, [THERE], [check(85)], Standing.PRACTISING),
        (WHOLE, [THERE], [practice("a")] * 2 + [practice("b"), check(79), check(80)], Standing.PASSED),
        (WHOLE, [THERE], [practice("a")] * 2 + [practice("b"), check(80), check(10)], Standing.PASSED),
        (WHOLE, [MISSED], [practice("a")] * 2 + [practice("b"), check(99)], Standing.RECORDING),
    ],
)
def test_passed_is_there_practised_and_checked(
    demand: Demand, seats: list[Seat], results: list[Result], standing: Standing
) -> None:
    assert progress(demand, seats, results).standing is standing


def test_nobody_on_the_list_is_never_enough_and_a_share_is_rounded_up() -> None:
    people = {n: progress(PLAIN, [THERE] if n < 5 else []) for n in range(7)}
    found = tally(Demand("t", "T", (), share=70), people, AT, AT)
    assert (found.wanted, found.passed, found.needed, found.met, found.late) == (7, 5, 5, True, False)
    assert tally(PLAIN, {}, None, AT).met is False
    assert tally(PLAIN, people, AT, AT).late is True
    assert tally(PLAIN, people, AT, AT - timedelta(seconds=1)).late is False
    assert tally(Demand("t", "T", (), share=7), dict.fromkeys(range(100), people[0]), None, AT).needed == 7


def test_helpers_count_only_trained_and_on_the_roster() -> None:
    entry = Coverage(id="h", title="H", owner=Who(roles=("helper",)), when=None, ratio=(1, 2), audience=("desk",),
                     trained=True)  # fmt: skip
    workers = [Worker(n, frozenset({"desk"})) for n in range(3)] + [Worker(9, frozenset({"helper"}))]
    asked, roster = {"desk": ["t"], "helper": ["t"]}, {"early": [0, 1, 2, 9], "late": [0]}
    early, late = helpers([entry], workers, roster, asked, {9: ["t"]})
    assert (early.people, early.needed, early.there, early.short) == (3, 2, (9,), 1)
    assert (late.people, late.needed, late.short) == (1, 1, 1)
    (untrained, _) = helpers([entry], workers, roster, asked, {})
    assert (untrained.untrained, untrained.short) == ((9,), 2)
    found = cells(workers, {"early": [0, 1, 9]}, asked, {0: ["t"], 9: ["t"]})
    assert [(cell.role, cell.covered, cell.untrained) for cell in found] == [("desk", 1, (1,)), ("helper", 1, ())]
    assert percent(found, ()) == pytest.approx(200 / 3)
    assert percent((), ()) is None


def test_buddies_are_shared_out_evenly_and_what_is_wrong_is_found() -> None:
    days = date(2027, 2, 8), date(2027, 2, 14)
    assert list(proposed([1, 2, 3], [7, 8], [Pair(0, 7, *days)])) == [(1, 8), (2, 7), (3, 8)]
    assert list(proposed([1], [])) == []
    pairs = [Pair(1, 7, *days), Pair(2, 7, date(2027, 2, 14), date(2027, 2, 20)), Pair(3, 8, *days)]
    found = troubles(pairs, {8: [(date(2027, 2, 1), date(2027, 2, 9))]})
    assert {key: (one.away, one.shared) for key, one in found.items()} == {1: (0, (2,)), 2: (0, (1,)), 3: (2, ())}


def calendar() -> PlaceCalendar:
    span = parse_span("07:00-18:00")
    return PlaceCalendar(ZoneInfo("America/Chicago"), frozenset(range(5)), (span,) * 7)


@pytest.mark.parametrize(
    ("sitting", "found"),
    [
        (Sitting(1, AT, 60), set()),
        (Sitting(1, AT.replace(hour=12), 60), {Clash.OUTSIDE_HOURS}),
        (Sitting(1, AT.replace(hour=23), 90), {Clash.OUTSIDE_HOURS}),
        (Sitting(1, AT.replace(day=6), 60), {Clash.CLOSED_DAY, Clash.AFTER_DUE}),
        (Sitting(1, AT, 60, trainer=5), {Clash.TRAINER_BUSY, Clash.TRAINER_AWAY}),
        (Sitting(2, AT, 60, trainer=5), {Clash.TRAINER_AWAY}),
        (Sitting(1, AT, 60, seats=2, enrolled=3), {Clash.OVERBOOKED}),
    ],
)
def test_what_speaks_against_a_session_is_found(sitting: Sitting, found: set[Clash]) -> None:
    others = [Sitting(2, AT + timedelta(minutes=59), 60, trainer=5), Sitting(3, AT + timedelta(minutes=60), 60, 5)]
    away = [(AT, AT + timedelta(days=1))] if sitting.trainer else []
    assert set(clashes(sitting, calendar(), AT + timedelta(days=2), others, away)) == found
