"""What was captured, what is latest and how it stands, of metrics that are read and of those that are computed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from app.plan import load
from app.rules.metrics.course import Course
from app.rules.metrics.readings import Reading
from app.rules.metrics.standing import Days, computed, series_at, standing, wanted_readings
from tests.cast import PLAYBOOK

D = Decimal
METRICS = """\
metrics:
  ar-days:
    title: Days in receivables
    unit: days
    better: lower
    owner: champion
    baseline: {due: week 2 thu, at_least: 2}
    target: {value: 35, by: cutover + 90d}
  spend: {title: Spend, unit: USD, better: lower, owner: champion, baseline: week 2 thu, roll_up: sum}
  exams: {title: Exams, unit: exams, owner: champion, baseline: week 2 thu, roll_up: sum}
  cost: {title: Cost of an exam, unit: USD, owner: champion, baseline: week 2 thu, formula: spend / exams}
  twice: {title: Twice that, unit: USD, owner: champion, formula: cost * 2}
"""
FIGURES = load((PLAYBOOK + METRICS).encode()).figures
MONDAY, LIVE, DUE = date(2027, 1, 4), date(2027, 2, 8), date(2027, 1, 17)
DAYS = Days(due=DUE, windows=((date.min, DUE), (date.min, LIVE - timedelta(days=1))), by=date(2027, 5, 9), live=LIVE)
NOWHERE = dict.fromkeys(FIGURES, DAYS)


def weeks(*values: str, start: date = MONDAY) -> list[Reading]:
    return [
        Reading(start + timedelta(weeks=number), start + timedelta(weeks=number, days=6), D(value))
        for number, value in enumerate(values)
    ]


def at(days: Days = DAYS, **readings: Sequence[Reading]) -> dict[str, str]:
    found = series_at(
        FIGURES, {id_.replace("_", "-"): one for id_, one in readings.items()}, dict.fromkeys(FIGURES, days)
    )
    return {id_: f"{one.captured.value:f}" if one.captured else "" for id_, one in found.items()}


def test_the_baseline_is_made_of_what_ends_by_its_day_else_of_what_is_before_the_go_live() -> None:
    assert at(ar_days=weeks("46", "44", "30"))["ar-days"] == "45"
    assert at(ar_days=weeks("41", "43", start=date(2027, 1, 18)))["ar-days"] == "42"
    assert at(ar_days=weeks("30", start=LIVE))["ar-days"] == ""
    assert wanted_readings(FIGURES["ar-days"]) == 2
    late = weeks("46") + weeks("44", "42", "40", start=date(2027, 1, 18))
    assert at(ar_days=late)["ar-days"] == "43"
    assert wanted_readings(FIGURES["spend"]) == 1


def test_a_computed_metric_follows_from_its_parts_also_before_the_go_live() -> None:
    found = at(spend=weeks("1000", "3000"), exams=weeks("100", "200"))
    assert (found["cost"], found["twice"]) == (f"{2000 / 150!r}", f"{2000 / 150 * 2!r}")
    series = series_at(FIGURES, {"spend": weeks("1000", "3000"), "exams": weeks("100")}, NOWHERE)
    assert [(one.first, one.value) for one in series["cost"].sorted.counted] == [(MONDAY, D(10))]
    assert [one.value for one in series["twice"].sorted.counted] == [D(20)]
    assert at(spend=weeks("1000"))["cost"] == ""


def test_nothing_is_divided_by_nothing() -> None:
    formula = FIGURES["cost"].formula
    assert formula is not None
    assert computed(formula, {"spend": D(5), "exams": D(0)}) is None
    assert computed(formula, {"spend": D(5)}) is None


def test_what_is_left_out_of_a_part_is_left_out_of_what_is_computed() -> None:
    dip = Days(windows=DAYS.windows, without=((LIVE, LIVE + timedelta(days=6)),), live=LIVE)
    readings = {"spend": weeks("900", "800", start=LIVE), "exams": weeks("10", "100", start=LIVE)}
    found = series_at(FIGURES, readings, {**NOWHERE, "exams": dip})
    assert [one.value for one in found["cost"].sorted.counted] == [D(8)]
    assert len(found["cost"].sorted.left_out) == 1


def test_the_course_begins_at_what_was_signed_and_at_what_was_captured_before_that() -> None:
    readings = weeks("46", "44") + weeks("44", start=date(2027, 3, 22))
    series = series_at(FIGURES, {"ar-days": readings}, NOWHERE)["ar-days"]
    assert standing(series, None).course is Course.BEHIND
    assert standing(series, D(60)).course is Course.ON_COURSE
    assert standing(series_at(FIGURES, {}, NOWHERE)["ar-days"], None).course is Course.UNKNOWN
    no_day = series_at(FIGURES, {}, dict.fromkeys(FIGURES, Days()))["ar-days"]
    assert standing(no_day, None).course is Course.EARLY


def test_the_season_before_is_told_where_a_year_is_there() -> None:
    year = weeks(*(str(number) for number in range(60)), start=date(2026, 1, 5))
    found = standing(series_at(FIGURES, {"ar-days": year}, NOWHERE)["ar-days"], None)
    assert found.latest is not None
    assert (found.latest.value, found.season and found.season.value) == (D(59), D(7))
