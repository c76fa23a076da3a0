from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.rules import clock

DENVER = ZoneInfo("America/Denver")
CUTOVER = datetime(2026, 11, 21, 7, 0, tzinfo=DENVER)
WEDNESDAY = datetime(2026, 11, 18, 16, 24, tzinfo=UTC)


def test_t_count_counts_days_of_the_place_with_a_true_minus() -> None:
    assert clock.t_count(CUTOVER, WEDNESDAY) == "T\u22123\u00a0d"


def test_t_count_tells_hours_on_the_day_itself() -> None:
    assert clock.t_count(CUTOVER, datetime(2026, 11, 21, 7, 47, tzinfo=UTC)) == "T\u221206:13"


def test_t_count_after_the_cutover_has_a_plus() -> None:
    assert clock.t_count(CUTOVER, CUTOVER + timedelta(days=21)) == "T+21\u00a0d"


def test_t_clock_splits_elapsed_time_into_days_and_hours() -> None:
    assert clock.t_clock(CUTOVER, WEDNESDAY) == clock.TClock("\u2212", 2, "21:36")
    assert clock.t_clock(CUTOVER, CUTOVER + timedelta(hours=30)) == clock.TClock("+", 1, "06:00")


@pytest.mark.parametrize(("days", "words"), [(-5, "T\u22125\u00a0d"), (0, "T"), (3, "T+3\u00a0d")])
def test_t_days(days: int, words: str) -> None:
    assert clock.t_days(days) == words


def test_the_year_is_said_only_when_it_is_not_this_one() -> None:
    today = date(2026, 11, 18)
    assert clock.short_day(date(2026, 11, 21), today) == "Sat 21 Nov"
    assert clock.short_day(date(2027, 1, 4), today) == "Mon 4 Jan 2027"
    assert clock.long_day(today, today) == "Wednesday 18 November"
    assert clock.long_day(date(2027, 1, 4), today) == "Monday 4 January 2027"


def test_near_days_have_names() -> None:
    today = date(2026, 11, 18)
    assert [clock.near_day(today + timedelta(days=n), today) for n in (-1, 0, 1, 2)] == [
        "yesterday",
        "today",
        "tomorrow",
        "Fri 20 Nov",
    ]
    assert [clock.in_days(today + timedelta(days=n), today) for n in (-2, -1, 0, 1, 3)] == [
        "2 days ago",
        "yesterday",
        "today",
        "tomorrow",
        "in 3 days",
    ]


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("America/Denver", "Mountain"),
        ("America/Chicago", "Central"),
        ("America/Havana", "Central"),
        ("Asia/Shanghai", "Shanghai"),
        ("Europe/Berlin", "Berlin"),
        ("UTC", "UTC"),
    ],
)
def test_zone_names(zone: str, name: str) -> None:
    assert clock.zone_name(zone, WEDNESDAY) == name


def test_an_instant_is_told_in_the_zone_of_the_place() -> None:
    assert clock.instant(CUTOVER, "America/Denver", WEDNESDAY) == "Sat 21 Nov, 07:00 Mountain"
    assert clock.moment(WEDNESDAY, "America/Chicago", WEDNESDAY) == "today 10:24"
    assert clock.moment(WEDNESDAY, "America/Chicago", WEDNESDAY + timedelta(days=2)) == "18 Nov 10:24"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(52, "52\u00a0min"), (130, "2\u00a0h 10"), (-130, "2\u00a0h 10"), (2 * 1440 + 1296, "2\u00a0d 21:36")],
)
def test_durations(minutes: int, words: str) -> None:
    assert clock.duration(timedelta(minutes=minutes)) == words


def test_counts_and_openings() -> None:
    assert [clock.count(n, "day") for n in (0, 1, 3)] == ["0 days", "1 day", "3 days"]
    assert clock.count(2, "person", "people") == "2 people"
    assert [clock.spelled(n) for n in (0, 1, 9, 10)] == ["No", "One", "Nine", "10"]
