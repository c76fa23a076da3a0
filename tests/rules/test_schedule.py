"""Dates of the format, section 3: weeks, stretches, steps and the open days they roll to."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from app.plan.calendars import NoOpenDay
from app.plan.check import PlaybookError
from tests.rules.planning import MONDAY, PLACES, book, dated, days, items, planned, wall

US = "holidays: [US]"
WEDNESDAY = date(2027, 1, 6)


def day(text: str) -> date:
    return date.fromisoformat(f"2027-{text}")


# -- weeks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "found"),
    [
        ("start", "01-06"),
        ("week 1 wed", "01-06"),
        ("week 1 mon", "01-11"),
        ("week 1 tue", "01-12"),
        ("week 2 wed", "01-13"),
        ("week 2 tue", "01-19"),
    ],
)
def test_weeks_run_from_the_start_day_whatever_weekday_it_is(due: str, found: str) -> None:
    assert dated(due, calendar="start_day: any", start=WEDNESDAY).due == day(found)


def test_a_bare_week_from_a_wednesday_runs_from_wednesday_to_tuesday() -> None:
    item = dated("week 2", calendar="start_day: any", start=WEDNESDAY)
    assert (item.begins, item.due) == (day("01-13"), day("01-19"))


def test_a_bare_week_begins_on_its_first_open_day_and_is_due_on_its_last() -> None:
    item = dated("week 7", calendar=US)  # 15 February is Presidents' Day
    assert (item.begins, item.due) == (day("02-16"), day("02-19"))


def test_a_range_of_weeks_runs_from_the_first_open_day_to_the_last() -> None:
    item = dated("week 7 .. week 8", calendar=US)
    assert (item.begins, item.due) == (day("02-16"), day("02-26"))


def test_the_beginning_of_a_range_moves_later_even_where_it_is_written_with_a_minus() -> None:
    item = dated("cutover - 9d .. cutover - 4d", waves=True)  # 30 January is a Saturday
    assert (item.begins, item.due) == (day("02-01"), day("02-04"))


def test_the_end_is_the_last_day_of_the_last_week() -> None:
    assert planned(book("tasks: {fees: {title: Fees, owner: lead, due: end}}")).end == day("04-25")
    assert dated("end").due == day("04-23")  # the Friday before that Sunday
    assert dated("end + 3w").due == day("05-17")  # a Sunday, written with a plus


def test_a_week_of_the_wave_counts_from_the_first_day_of_its_window() -> None:
    assert dated("wave week 2 wed", waves=True).due == day("01-27")
    assert dated("wave start", waves=True).due == day("01-18")


def test_a_live_week_counts_from_the_cutover_day() -> None:
    item = dated("live week 2", waves=True)
    assert (item.begins, item.due) == (day("02-15"), day("02-19"))
    assert dated("live week 1 tue", waves=True, cutover="week 6 wed 07:00").due == day("02-16")


def test_undated_work_has_no_date_and_is_never_late() -> None:
    item = dated("undated")
    assert (item.begins, item.due, item.late_at) == (None, None, None)


# -- rolling -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "found", "because"),
    [
        ("cutover - 2d", "02-05", "written with a minus: Saturday goes to the Friday before"),
        ("cutover + 5d", "02-15", "written with a plus: Saturday goes to the Monday after"),
        ("week 6 sat", "02-12", "a named day goes to the open day before"),
        ("2027-02-13", "02-12", "a written date goes to the open day before"),
        ("wave end", "02-12", "Sunday, bare, goes to the open day before"),
        ("cutover + 8d - 2d", "02-12", "the last step decides: minus"),
        ("cutover - 5d + 3d", "02-08", "the last step decides: plus"),
    ],
)
def test_work_on_a_closed_day_moves_away_from_its_anchors_promise(due: str, found: str, because: str) -> None:
    assert dated(due, waves=True).due == day(found), because


def test_a_holiday_is_passed_like_a_weekend() -> None:
    assert dated("week 7 mon", calendar=US).due == day("02-12")
    assert dated("cutover + 5d", calendar=US, waves=True).due == day("02-16")


def test_work_never_rolls_to_before_the_start() -> None:
    assert dated("start", calendar="closed: [{title: Works, when: start .. start + 2d}]").due == day("01-07")
    assert dated("week 1 mon", calendar="closed: [{title: Works, when: start}]").due == day("01-05")


def test_work_written_before_the_start_stays_there() -> None:
    assert dated("cutover - 8w", waves=True).due == date(2026, 12, 14)
    assert dated("start - 2d").due == date(2027, 1, 1)


@pytest.mark.parametrize(("roll", "found"), [("earlier", "02-12"), ("later", "02-15"), ("keep", "02-13")])
def test_an_entrys_own_roll_decides(roll: str, found: str) -> None:
    assert dated("cutover + 5d", waves=True, keys=f"roll: {roll}").due == day(found)
    assert dated("week 6 sat", keys=f"roll: {roll}").due == day(found)


def test_the_calendars_roll_holds_where_an_entry_says_nothing() -> None:
    assert dated("week 6 sat", calendar="roll: later").due == day("02-15")
    assert dated("week 6 sat", calendar="roll: later", keys="roll: earlier").due == day("02-12")


def test_a_kept_whole_week_keeps_its_closed_days() -> None:
    item = dated("week 7", calendar=US, keys="roll: keep")
    assert (item.begins, item.due) == (day("02-15"), day("02-21"))


def test_a_time_in_a_named_zone_never_rolls() -> None:
    item = dated("week 6 sat 12:00 Europe/Berlin")
    assert (item.due, wall(item, "UTC")) == (day("02-13"), "2027-02-13T11:00+00:00")


def test_gates_milestones_and_freezes_never_roll() -> None:
    body = (
        "milestones: {fact: {title: Fact, when: week 2 sat}}\n"
        "freezes: {halt: {title: Halt, when: week 2 sat .. week 3 sun, stops: Everything}}\n"
        "tasks: {fees: {title: Fees, owner: lead, due: week 1 fri}}\n"
        "gates: {go: {title: Go, when: week 3 sat 15:00, owner: lead, decide: lead, votes: lead,"
        " criteria: {done: {title: Done, tasks: [fees], critical: true}}}}\n"
    )
    plan = planned(book(body))
    assert [(item.begins, item.due) for item in plan.items if item.entry != "fees"] == [
        (None, day("01-16")),
        (day("01-16"), day("01-24")),
        (None, day("01-23")),
    ]


def test_a_week_without_an_open_day_is_something_to_settle() -> None:
    alder = {"id": "alder", "name": "Alder", "wave": "pilot", "closed": [{"title": "Works", "when": "week 2"}]}
    waves = "waves: {pilot: {title: P, when: week 3, cutover: week 3 mon 07:00, locations: 1}}\n"
    with_waves = book(waves + "tasks: {fees: {title: Fees, owner: lead, due: week 2}}")
    assert planned(with_waves, MONDAY, [PLACES[0]]).problems == ()
    closed = planned(with_waves, MONDAY, [alder])
    assert {(finding.id, finding.settle) for finding in closed.problems} == {("D12", True)}
    assert items(closed, "fees") == []


# -- steps ---------------------------------------------------------------------------------------------------------


def test_working_days_are_counted_without_the_day_they_start_from() -> None:
    assert dated("week 1 fri + 1wd").due == day("01-11")
    assert dated("week 1 sat + 1wd").due == day("01-11")
    assert dated("week 7 tue - 1wd", calendar=US).due == day("02-12")
    assert dated("week 6 fri + 5wd", calendar=US).due == day("02-22")


def test_a_month_after_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    assert dated("2027-01-31 + 1mo", keys="roll: keep").due == day("02-28")
    assert dated("2028-01-31 + 1mo", keys="roll: keep").due == date(2028, 2, 29)
    assert dated("2027-01-31 + 1mo + 1mo", keys="roll: keep").due == day("03-28")
    assert dated("2027-03-31 - 1mo", keys="roll: keep").due == day("02-28")
    assert dated("2026-12-31 + 14mo", keys="roll: keep").due == date(2028, 2, 29)


def test_steps_apply_from_left_to_right() -> None:
    assert dated("2027-01-31 + 1mo + 1d", keys="roll: keep").due == day("03-01")
    assert dated("2027-01-31 + 1d + 1mo", keys="roll: keep").due == day("03-01")
    assert dated("2027-01-30 + 1d + 1mo", keys="roll: keep").due == day("02-28")


def test_a_step_of_days_drops_the_time_unless_one_is_written_after_it() -> None:
    plain, timed = dated("cutover - 3d", waves=True), dated("cutover - 1wd 15:00", waves=True)
    assert (plain.due, plain.due_at) == (day("02-05"), None)
    assert (timed.due, wall(timed, "UTC")) == (day("02-05"), "2027-02-05T15:00+00:00")


def test_a_cutover_taken_as_it_is_keeps_its_minute() -> None:
    assert wall(dated("cutover", waves=True), "UTC") == "2027-02-08T07:00+00:00"


def test_an_offset_on_a_whole_week_is_refused() -> None:
    with pytest.raises(PlaybookError, match="D4"):
        dated("week 3 + 2d")


# -- time ----------------------------------------------------------------------------------------------------------


def test_a_day_is_late_when_it_has_ended_at_the_place() -> None:
    chicago = dated("week 10 fri", calendar="zone: America/Chicago")
    assert chicago.late_at == datetime(2027, 3, 13, 6, tzinfo=UTC)
    after_the_change = dated("week 11 fri", calendar="zone: America/Chicago")
    assert after_the_change.late_at == datetime(2027, 3, 20, 5, tzinfo=UTC)


def test_anywhere_on_earth_ends_at_noon_of_the_next_day_in_utc() -> None:
    item = dated("week 1 fri anywhere on earth", calendar="zone: Asia/Tokyo")
    assert item.due == day("01-08")
    assert item.late_at == datetime(2027, 1, 9, 12, tzinfo=UTC)


def test_a_written_time_is_wall_time_of_the_place_and_late_at_that_minute() -> None:
    item = dated("cutover - 3d 17:00", waves=True, zone="America/New_York")
    assert item.late_at == item.due_at == datetime(2027, 2, 5, 22, tzinfo=UTC)


def test_a_time_that_daylight_saving_skips_moves_forward_by_the_gap() -> None:
    item = dated("2027-03-14 02:30", calendar="zone: America/New_York", keys="roll: keep")
    assert wall(item, "America/New_York") == "2027-03-14T03:30-04:00"


def test_a_time_that_happens_twice_is_the_first() -> None:
    item = dated("2027-11-07 01:30", calendar="zone: America/New_York", keys="roll: keep")
    assert wall(item, "America/New_York") == "2027-11-07T01:30-04:00"


@pytest.mark.parametrize(
    ("cutover", "due", "found"),
    [
        ("2027-03-14 07:00", "cutover - 24h", "2027-03-13T06:00-05:00"),  # the spring day has 23 hours
        ("2027-03-13 23:00", "cutover + 4h", "2027-03-14T04:00-04:00"),
        ("2027-11-07 07:00", "cutover - 24h", "2027-11-06T08:00-04:00"),  # the autumn day has 25
        ("2027-11-07 00:30", "cutover + 2h", "2027-11-07T01:30-05:00"),
    ],
)
def test_elapsed_hours_stay_hours_over_a_change_of_the_clock(cutover: str, due: str, found: str) -> None:
    item = dated(due, waves=True, zone="America/New_York", cutover=cutover)
    assert wall(item, "America/New_York") == found


def test_days_over_a_change_of_the_clock_stay_days() -> None:
    item = dated(
        "cutover - 1d 07:00", waves=True, zone="America/New_York", cutover="2027-03-15 07:00", keys="roll: keep"
    )
    assert wall(item, "America/New_York") == "2027-03-14T07:00-04:00"


# -- ids as dates --------------------------------------------------------------------------------------------------


def test_an_id_is_the_due_date_of_that_entry_and_start_of_its_beginning() -> None:
    body = (
        "tasks:\n  build: {title: Build, owner: lead, due: week 2 mon .. week 3 fri}\n"
        "  after-it: {title: A, owner: lead, due: build + 1d}\n"
        "  with-it: {title: B, owner: lead, due: start of build + 1d}\n"
    )
    plan = planned(book(body))
    assert days(plan, "after-it") == [day("01-25")]  # Saturday, written with a plus
    assert days(plan, "with-it") == [day("01-12")]


def test_the_start_of_what_has_no_beginning_is_its_due_day() -> None:
    body = (
        "tasks:\n  one: {title: O, owner: lead, due: week 2 mon}\n  two: {title: T, owner: lead, due: start of one}\n"
    )
    assert days(planned(book(body)), "two") == [day("01-11")]


def test_a_group_as_a_date_is_everything_inside() -> None:
    body = (
        "tasks:\n  build:\n    title: Build\n    owner: lead\n    tasks:\n"
        "      one: {title: One, due: week 2 mon .. week 2 wed}\n      two: {title: Two, due: week 3 tue}\n"
        "  then: {title: Then, owner: lead, due: build + 1d}\n"
        "  early: {title: Early, owner: lead, due: start of build}\n"
    )
    plan = planned(book(body))
    assert (days(plan, "then"), days(plan, "early")) == ([day("01-20")], [day("01-11")])
    assert [(item.begins, item.due) for item in items(plan, "build")] == [(day("01-11"), day("01-19"))]


def test_a_written_time_goes_with_an_id_until_a_step_of_days_drops_it() -> None:
    body = (
        "tasks:\n  one: {title: O, owner: lead, due: week 2 mon 10:00}\n"
        "  two: {title: T, owner: lead, due: one}\n  three: {title: T, owner: lead, due: one + 1d}\n"
    )
    plan = planned(book(body))
    assert wall(items(plan, "two")[0], "UTC") == "2027-01-11T10:00+00:00"
    assert items(plan, "three")[0].due_at is None


def test_a_calendar_without_open_days_is_said_instead_of_searched_for_ever() -> None:
    playbook = book("tasks: {fees: {title: Fees, owner: lead, due: week 1 fri}}")
    network = planned(playbook).timeline.network
    empty = type(network)(network.zone, frozenset(), network.hours)
    with pytest.raises(NoOpenDay):
        empty.nearest_open(MONDAY, 1)
    assert empty.instant(MONDAY, time(7)) == datetime(2027, 1, 4, 7, tzinfo=UTC)
