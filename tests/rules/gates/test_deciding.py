"""What stands in the way of a go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.plan.calendars import PlaceCalendar
from app.plan.format.gates import Conditions
from app.plan.language.durations import parse_duration
from app.rules.gates.conditions import ConditionState, Term, counting, latest_end, limit_words
from app.rules.gates.deciding import Case, in_the_way
from app.rules.gates.voting import Ballot, Outcome, Vote, counted
from tests.rules.gates.book import SEVEN, TITLES, gate, line, pack

ACCEPTED, EXPIRED, ASKED = ConditionState.ACCEPTED, ConditionState.EXPIRED, ConditionState.ASKED
NOW = datetime(2027, 1, 5, 16, tzinfo=UTC)
TWO = Conditions(at_most=2, expire=parse_duration("5d"))
READY = pack(line("built", True, critical=True))


def way(outcome: Outcome = Outcome.GO, **given: Any) -> tuple[str, ...]:
    asked = given.pop("asked", gate(conditions=TWO))
    votes = counted(asked, [Ballot(role, Vote.GO) for role in SEVEN])
    case = {"votes": votes, "pack": READY, "conditions": (), "waits": (), "titles": TITLES} | given
    return in_the_way(Case(asked, **case), outcome)


def test_nothing_stands_in_the_way_of_a_go_with_everything_met() -> None:
    assert way() == ()


def test_a_critical_criterion_vetoes_met_or_not_known_whatever_the_score() -> None:
    rest = [line(f"other-{number}", True, weight=9) for number in range(9)]
    for met in (False, None):
        assert way(pack=pack(line("safe", met, critical=True), *rest)) == ("veto: Safe (3 of 5)",)
    assert way(pack=pack(line("safe", False, critical=True, waived=True), *rest)) == ()


def test_the_score_weighs_what_is_not_critical_and_is_never_rounded_up() -> None:
    asked = gate(conditions=TWO, score=85.0)
    two_thirds = pack(line("a", True, weight=2), line("b", False, weight=1), line("c", True, critical=True))
    assert way(asked=asked, pack=two_thirds) == ("66.6% of the weight of the other criteria is met, 85% is needed",)
    assert way(asked=asked, pack=pack(line("a", True, weight=17), line("b", None, weight=3))) == ()
    assert way(asked=asked, pack=READY) == ()


def test_no_go_and_deferred_need_nothing() -> None:
    for outcome in (Outcome.NO_GO, Outcome.DEFERRED):
        assert way(outcome, votes=None, pack=pack(line("safe", False, critical=True)), waits=("“Review”",)) == ()


def test_a_gate_waits_and_wants_an_open_vote() -> None:
    assert way(votes=None, waits=("“Two weeks live” at Alder",)) == (
        "it waits for “Two weeks live” at Alder", "no vote is open",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "states", "limits", "missing"),
    [
        (Outcome.CONDITIONS, (ACCEPTED, ACCEPTED), TWO, ()),
        (Outcome.CONDITIONS, (ACCEPTED, ACCEPTED, ACCEPTED), TWO, ("3 conditions accepted, 2 at most",)),
        (Outcome.CONDITIONS, (ASKED,), TWO, ("no condition has been accepted",)),
        (Outcome.CONDITIONS, (), "none", ("this gate knows no conditions",)),
        (Outcome.GO, (ACCEPTED,), TWO, ("1 condition accepted: it is a go with conditions",)),
        (Outcome.GO, (EXPIRED,), TWO, ("a condition has expired unmet",)),
    ],
)
def test_conditions_are_counted_against_what_the_gate_allows(
    outcome: Outcome, states: tuple[ConditionState, ...], limits: Any, missing: tuple[str, ...]
) -> None:
    assert way(outcome, conditions=states, asked=gate(conditions=limits)) == missing


def test_a_condition_expires_at_its_end_told_or_not() -> None:
    term = Term("", NOW + timedelta(hours=1), accepted_at=NOW)
    assert term.state(NOW) is ACCEPTED
    assert term.state(NOW + timedelta(hours=1)) is EXPIRED
    assert Term("", NOW, accepted_at=NOW, met_at=NOW).state(NOW + timedelta(days=9)) is ConditionState.MET


def test_what_expired_with_a_go_that_fell_counts_no_more() -> None:
    end = NOW + timedelta(hours=1)
    carried, later = Term("", end, accepted_at=NOW), Term("", end, accepted_at=end + timedelta(hours=1))
    assert counting([carried], None, end) == [EXPIRED]
    assert counting([carried], end, end) == []
    assert counting([carried], end, NOW) == [ACCEPTED]
    assert counting([Term("", end, NOW), later], end, end + timedelta(hours=2)) == [EXPIRED]


def test_a_condition_may_last_until_the_end_of_its_last_day_at_the_place() -> None:
    chicago = PlaceCalendar(ZoneInfo("America/Chicago"), frozenset(range(5)), (None,) * 7)
    assert latest_end(gate(conditions=TWO), NOW, chicago) == datetime(2027, 1, 11, 6, tzinfo=UTC)
    hours = Conditions(expire=parse_duration("36h"))
    assert latest_end(gate(conditions=hours), NOW, chicago) == NOW + timedelta(hours=36)
    working = Conditions(expire=parse_duration("5wd"))
    assert latest_end(gate(conditions=working), NOW, chicago) == datetime(2027, 1, 13, 6, tzinfo=UTC)
    assert latest_end(gate(), NOW, chicago) is None


def test_the_limits_are_said_in_words() -> None:
    assert limit_words(gate(conditions=TWO)) == "2 at most, each for 5 days at most"
    assert limit_words(gate()) == "This gate knows no conditions and no waivers."
