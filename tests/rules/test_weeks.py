from bisect import bisect_right
from collections import Counter
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.plan import load
from app.rules.rollouts.burn import BurnUp, Point, Work, burn_up, in_words, week_ends
from app.rules.rollouts.weeks import week_of, weeks
from tests.cast import PLAYBOOK

START = date(2027, 1, 4)
BOOK = load(PLAYBOOK.encode())


CHICAGO = ZoneInfo("America/Chicago")


def on(days: int) -> date:
    return START + timedelta(days=days)


def at(days: int, hour: int = 12) -> datetime:
    return datetime.combine(on(days), time(hour), CHICAGO)


def test_weeks_are_seven_days_from_the_start() -> None:
    assert [week_of(on(days), START) for days in (-1, 0, 6, 7, 55)] == [0, 1, 1, 2, 8]


def test_the_rail_knows_where_it_is_and_who_opens() -> None:
    rail = weeks(BOOK, START, [("Alder", on(35)), ("Birch", on(35)), ("Cedar", on(50))], on(9))
    assert [week.when for week in rail] == ["past", "now", *["next"] * 6]
    assert (rail[1].day, rail[0].day) == (3, 0)
    assert {week.no: week.flag for week in rail if week.flag} == {6: "2 open", 8: "Cedar"}
    assert {week.no: week.phase for week in rail if week.phase} == {3: "Pilot"}
    assert weeks(BOOK, START, [("Alder", on(35)), ("Birch", on(35))], on(40))[5].flag == "2 live"


def test_before_the_start_every_week_is_to_come() -> None:
    assert {week.when for week in weeks(BOOK, START, [], on(-3))} == {"next"}


def burn_of(tasks: list[tuple[date | None, datetime | None]], start: date, length: int, now: datetime) -> BurnUp:
    """The curve of tasks given one by one: the day each is due, and the instant it was done."""
    ends = week_ends(start, length, now)
    done = Counter(bisect_right(ends, done) for _, done in tasks if done is not None)
    return burn_up(Work(Counter(due for due, _ in tasks), done), start, length, now)


def test_the_burn_up_counts_what_was_due_and_what_was_done() -> None:
    work = [
        (on(4), at(3)),
        (on(4), None),
        (on(11), at(8)),
        (on(20), None),
        (None, at(9, 8)),
        (None, None),
    ]
    burn = burn_of(work, START, 4, at(9))
    assert [point.planned for point in burn.points] == [0, 2, 3, 4, 4]
    assert [point.done for point in burn.points] == [0, 1, 3, None, None]
    assert (burn.done, burn.total, burn.behind) == (3, 6, -1)
    assert round(burn.now, 2) == 1.29
    assert burn.points[-1].forecast == 6
    assert burn.said == "3 of 6, 1 ahead of plan"
    assert "At this pace 6 are done by week 4." in in_words(burn)


def test_behind_plan_is_counted_from_yesterday() -> None:
    assert burn_of([(on(4), None), (on(9), None)], START, 4, at(9)).said == "0 of 2, 1 behind plan"


def test_a_burn_up_of_nothing_says_so() -> None:
    burn = burn_of([], START, 4, at(2))
    assert burn.said == "nothing yet"
    assert in_words(burn) == "No work is planned yet."
    assert burn.points[0] == Point(0, 0, 0)


def test_a_rollout_that_runs_on_is_drawn_to_today() -> None:
    burn = burn_of([(on(4), None)], START, 2, at(30))
    assert burn.points[-1].week == 5
    assert burn.now <= 5


def test_a_week_ends_at_midnight_of_the_zone() -> None:
    late = burn_of([(None, at(6, 23)), (None, at(7, 0))], START, 4, at(14, 0))
    assert [point.done for point in late.points] == [0, 1, 2, None, None]


def test_work_due_before_the_start_is_planned_from_the_first_week() -> None:
    assert burn_of([(on(-9), None)], START, 2, at(0)).points[1].planned == 1
