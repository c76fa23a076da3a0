"""The top ten: severity × age, recomputed by pairs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random

from app.rules.issues.top_ten import TOP, Weighed, top, weight

SEVERITIES = ("critical", "high", "normal", "low")
NOON = datetime(2027, 1, 5, 12, 0, tzinfo=UTC)


def weighed(id_: int, severity: str, used: float, allowed: float = 100.0, opened: datetime = NOON) -> Weighed:
    return Weighed(id_, severity, opened, used, allowed)


def test_the_gravest_weighs_as_much_as_there_are_severities() -> None:
    assert [weight(one, SEVERITIES) for one in (*SEVERITIES, "forgotten")] == [4, 3, 2, 1, 1]


def test_a_grave_issue_of_an_hour_stands_before_a_small_matter_of_a_week() -> None:
    grave, small = weighed(1, "critical", 3600, 4 * 3600), weighed(2, "low", 7 * 86400, 20 * 86400)
    assert [one.id for one in top([small, grave], SEVERITIES)] == [1, 2]


def test_nothing_mild_in_time_stands_before_the_gravest_of_this_morning() -> None:
    fresh, mild, late = weighed(1, "critical", 0), weighed(2, "normal", 95), weighed(3, "normal", 110)
    assert [one.id for one in top([mild, fresh, late], SEVERITIES)] == [3, 1, 2]


def test_age_goes_on_past_the_promise() -> None:
    over, just = weighed(1, "normal", 300), weighed(2, "high", 100)
    assert [one.id for one in top([just, over], SEVERITIES)] == [1, 2]


def test_of_equal_ones_the_graver_then_the_older_then_the_first() -> None:
    earlier = NOON - timedelta(hours=1)
    issues = [
        weighed(5, "low", 0),
        weighed(4, "normal", 0),
        weighed(3, "normal", 0, opened=earlier),
        weighed(2, "normal", 100),
        weighed(1, "low", 300),
        weighed(6, "normal", 0, opened=earlier),
    ]
    assert [one.id for one in top(issues, SEVERITIES)] == [2, 1, 3, 6, 4, 5]


def test_without_time_to_resolve_there_is_no_age() -> None:
    assert weighed(1, "critical", 500, 0).score(SEVERITIES) == weighed(1, "critical", 0).score(SEVERITIES) == 4.0


def test_against_a_count_of_who_stands_before_whom() -> None:
    """Another way: the place of an issue is the number of those that beat it in a comparison of two."""
    random = Random(7)
    issues = [
        weighed(id_, random.choice(SEVERITIES), random.randint(0, 12) * 10, random.choice((40, 80, 160)))
        for id_ in range(60)
    ]
    beaten = dict.fromkeys(range(60), 0)
    for one, other in combinations(issues, 2):
        beaten[other.id if _before(one, other) else one.id] += 1
    places = sorted(beaten, key=lambda id_: beaten[id_])
    assert [one.id for one in top(issues, SEVERITIES)] == places[:TOP]
    assert [one.id for one in top(issues, SEVERITIES, most=60)] == places


def _before(one: Weighed, other: Weighed) -> bool:
    grave, mild = (4 - SEVERITIES.index(each.severity) for each in (one, other))
    left = grave * (one.allowed + one.used) * other.allowed
    right = mild * (other.allowed + other.used) * one.allowed
    if left != right:
        return left > right
    return grave > mild if grave != mild else one.id < other.id
