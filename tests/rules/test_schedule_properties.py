"""What holds for every date of the format, whatever the calendar."""

from __future__ import annotations

from datetime import date, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.plan import Playbook
from app.rules.schedule.schedule import Plan, plan_rollout, read_place
from tests.rules.planning import MONDAY, WAVES, book

MIDNIGHT = time(0)
COUNT = st.integers(1, 9)
WEEKDAY = st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
ANCHOR = st.one_of(
    st.sampled_from(["start", "end", "cutover", "wave start", "wave end"]),
    st.builds("week {} {}".format, st.integers(1, 16), WEEKDAY),
    st.builds("live week {} {}".format, COUNT, WEEKDAY),
)
STEP = st.builds(" {} {}{}".format, st.sampled_from("+-"), st.integers(1, 40), st.sampled_from(["d", "wd", "w"]))
POINT = st.builds(lambda anchor, steps: anchor + "".join(steps), ANCHOR, st.lists(STEP, max_size=3))
ROLL = st.sampled_from(["", ", roll: earlier", ", roll: later", ", roll: keep"])
ZONE = st.sampled_from(["UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"])
OPEN = st.sampled_from(["mon .. fri", "mon .. sun", "sat sun", "tue", "sun .. thu"])
START = st.integers(-400, 2_000).map(lambda weeks: MONDAY + timedelta(weeks=weeks))


def playbook(due: str, roll: str, opens: str, holidays: str = "") -> Playbook:
    body = f"tasks: {{fees: {{title: Fees, owner: lead, due: {due}{roll}}}}}\n"
    return book(WAVES + body, f"open: {opens}, holidays: [{holidays}]")


def planned_at(book: Playbook, start: date, zone: str = "UTC") -> Plan:
    places = [read_place({"id": w, "name": w, "wave": w, "zone": zone}) for w in ("pilot", "second")]
    return plan_rollout(book, start, places)


@settings(max_examples=150, deadline=None)
@given(due=POINT, roll=ROLL, opens=OPEN, start=START, zone=ZONE)
def test_work_falls_due_on_an_open_day_unless_it_says_keep(
    due: str, roll: str, opens: str, start: date, zone: str
) -> None:
    plan = planned_at(playbook(due, roll, opens, "US"), start, zone)
    timed = due in ("cutover",)
    for item in plan.items:
        calendar = plan.timeline.sites[item.location].calendar
        assert item.due is not None
        assert item.late_at is not None
        assert timed or "keep" in roll or calendar.is_open(item.due)
        assert item.late_at > calendar.instant(item.due, MIDNIGHT) or timed
        assert item.why.endswith(".")


@settings(max_examples=150, deadline=None)
@given(due=POINT, roll=ROLL, opens=OPEN, start=START)
def test_work_never_rolls_over_the_start(due: str, roll: str, opens: str, start: date) -> None:
    for item in planned_at(playbook(due, roll, opens, "US"), start).items:
        assert item.moment is not None
        assert item.due is not None
        assert item.moment.raw < start or item.due >= start


@settings(max_examples=150, deadline=None)
@given(due=POINT, roll=ROLL, opens=OPEN, start=START, weeks=st.integers(1, 300))
def test_a_start_moved_by_whole_weeks_moves_every_date_by_the_same(
    due: str, roll: str, opens: str, start: date, weeks: int
) -> None:
    sound, by = playbook(due, roll, opens), timedelta(weeks=weeks)
    now, later = planned_at(sound, start), planned_at(sound, start + by)
    for one, other in zip(now.items, later.items, strict=True):
        assert one.due is not None
        assert other.due == one.due + by


@settings(max_examples=100, deadline=None)
@given(week=st.integers(1, 16), to=st.integers(0, 15), roll=ROLL, opens=OPEN, start=START)
def test_what_is_due_in_weeks_never_ends_before_it_begins(
    week: int, to: int, roll: str, opens: str, start: date
) -> None:
    last = min(week + to, 16)
    due = f"week {week}" if last == week else f"week {week} .. week {last}"
    for item in planned_at(playbook(due, roll, opens, "US"), start).items:
        assert item.begins is not None
        assert item.due is not None
        first = start + timedelta(weeks=week - 1)
        assert first <= item.begins <= item.due <= start + timedelta(weeks=last, days=-1)


@settings(max_examples=100, deadline=None)
@given(start=START, count=st.integers(1, 60), opens=OPEN)
def test_as_many_working_days_back_lead_to_where_they_came_from(start: date, count: int, opens: str) -> None:
    calendar = planned_at(playbook("start", "", opens, "US"), start).timeline.network
    first = calendar.nearest_open(start, 1)
    there = calendar.working_days(first, count)
    assert calendar.is_open(there)
    assert calendar.working_days(there, -count) == first
    assert sum(calendar.is_open(first + timedelta(days=n + 1)) for n in range((there - first).days)) == count


@settings(max_examples=60, deadline=None)
@given(start=START, zone=ZONE, hours=st.integers(1, 200), sign=st.sampled_from("+-"))
def test_elapsed_hours_are_that_many_hours_in_every_zone(start: date, zone: str, hours: int, sign: str) -> None:
    sound = playbook(f"cutover {sign} {hours}h", "", "mon .. fri")
    plan = planned_at(sound, start, zone)
    for item in plan.items:
        assert item.due_at is not None
        apart = item.due_at - plan.cutovers[item.location]
        assert apart == timedelta(hours=hours if sign == "+" else -hours)
