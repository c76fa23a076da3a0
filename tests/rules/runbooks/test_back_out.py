"""How long backing out takes, until when it can be decided, what it consists of, and what must be taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.rules.clock import NBSP
from app.rules.runbooks.actuals import Actual, Actuals
from app.rules.runbooks.back_out import BackOut, back_out, no_way_back
from app.rules.runbooks.forecast import forecast
from app.rules.runbooks.graph import Graph
from app.rules.runbooks.pairs import OpenPair, open_pairs
from app.rules.runbooks.plans import RunPlan
from app.rules.runbooks.steps import Before
from app.rules.runbooks.way_back import way_back
from tests.rules.runbooks.night import T, at, finished, minute, run, skipped, started, step

BACK = (step("say", 5), step("unlock", 10, "say", undoes="lock"), step("prove", 30, "say"))
"""35 minutes: say and prove; unlocking goes on beside it."""
NIGHT = run(
    step("lock", 10, at=-180, undo_within=720),
    step("point", 20, "lock", back_out_takes=20),
    step("load", 40, "point", back_out_takes=5),
    step("open", 15, "load", at=0, no_return=True),
    step("shelve", 10, "open", undoes="lock", back_out_takes=60),
    back=BACK,
)
"""Lock at -180, point at -170, load from -150 to -110."""


def figures(actuals: Actuals, now: float, plan: RunPlan = NIGHT) -> BackOut:
    found = back_out(plan, forecast(plan.graph, actuals, at(now)), actuals, at(now))
    assert found is not None
    return found


def minutes(length: timedelta | None) -> float | None:
    return None if length is None else length / timedelta(minutes=1)


def test_before_anything_has_happened_backing_out_takes_the_longest_chain_of_the_way_back() -> None:
    found = figures({}, -200)
    assert minutes(found.minutes) == 35
    # Back by T - 15, less 35, less 15.
    assert found.last_safe == at(-65)
    assert found.if_now == at(-165)
    assert minutes(found.safe_for) == 135


def test_what_has_finished_takes_its_minutes_to_undo() -> None:
    done = {"lock": finished(-180, -170), "point": finished(-170, -150), "load": started(-150)}
    found = figures(done, -140)
    assert minutes(found.minutes) == 55
    assert found.last_safe == at(-85)
    assert minutes(found.safe_for) == 55
    assert found.if_now == at(-85)


def test_past_the_last_safe_decision_the_time_until_it_is_negative() -> None:
    done = {name: finished(-180, -110) for name in ("lock", "point", "load")}
    found = figures(done, -60)
    assert minutes(found.minutes) == 60
    assert minutes(found.safe_for) == -30


def test_the_worst_is_decided_when_the_point_of_no_return_begins() -> None:
    """At T lock, point and load have finished: 35 + 20 + 5; of all steps, shelving too, it is 120."""
    found = figures({}, -200)
    assert found.worst == at(60)
    assert minutes(found.worst_minutes) == 120


def test_without_a_point_of_no_return_the_worst_is_decided_at_the_end() -> None:
    plan = replace(NIGHT, steps=tuple(replace(one, no_return=False) for one in NIGHT.steps))
    assert figures({}, -200, plan).worst == at(25 + 120)


def test_what_was_skipped_need_not_be_undone() -> None:
    found = figures({"point": skipped(-160)}, -155)
    assert minutes(found.worst_minutes) == 100
    assert found.worst == at(40)


def test_a_way_back_without_a_time_has_no_last_safe_decision() -> None:
    found = figures({}, -200, replace(NIGHT, done_by=None))
    assert (found.last_safe, found.safe_for) == (None, None)


def test_a_runbook_without_a_way_back_has_no_figures() -> None:
    plan = run(step("lock"))
    assert back_out(plan, plan.planned, {}, T) is None


def test_the_last_safe_decision_is_spelled_out() -> None:
    found = figures({}, -200)
    assert found.spelled(clock) == "back by 12:45, less 35 min to back out, less 15 min margin".replace(
        " min", f"{NBSP}min"
    )
    bare = replace(found, margin=timedelta(0), done_by=None, minutes=timedelta(minutes=130))
    assert bare.spelled(clock) == f"less 2{NBSP}h 10 to back out"


def clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def test_the_point_of_no_return_is_passed_once_its_step_has_begun() -> None:
    assert not no_way_back(NIGHT, {"load": started(-10)})
    assert no_way_back(NIGHT, {"open": started(0)})
    assert no_way_back(NIGHT, {"open": finished(0, 5)})
    assert not no_way_back(NIGHT, {"open": skipped(0)})


# -- the steps ---------------------------------------------------------------------------------------------------------


def test_backing_out_undoes_what_has_finished_the_last_one_first_and_then_goes_the_way_back() -> None:
    done = {"lock": finished(-180, -170), "point": finished(-170, -150), "load": finished(-150, -110)}
    steps = way_back(NIGHT, done)
    assert [(one.id, one.number, one.title) for one in steps] == [
        ("back-load", 1, "Undo: Load"),
        ("back-point", 2, "Undo: Point"),
        ("back-lock", 3, "Undo: Lock"),
        ("say", 4, "Say"),
        ("unlock", 5, "Unlock"),
        ("prove", 6, "Prove"),
    ]
    assert [one.after for one in steps] == [
        (),
        (Before("back-load"),),
        (Before("back-point"),),
        (Before("back-lock"),),
        (Before("say"),),
        (Before("say"),),
    ]
    first = steps[0]
    assert (first.how, first.asked.how, first.asked.title) == ("Take load back.", "Take load back.", "Undo: Load")
    assert (first.undoes, first.takes, first.asked.id) == ("load", timedelta(minutes=5), "back-load")


def test_going_the_way_back_takes_just_the_minutes_to_back_out() -> None:
    done = {"lock": finished(-180, -170), "point": finished(-170, -150), "load": finished(-150, -110)}
    found = forecast(Graph(way_back(NIGHT, done)), {}, at(-100))
    assert minute(found.end) == -100 + 60
    assert found.end == figures(done, -100).if_now
    assert found.chain == ("back-load", "back-point", "back-lock", "say", "prove")


def test_before_anything_has_begun_only_the_way_back_is_gone() -> None:
    assert way_back(NIGHT, {"point": skipped(-170)}) == NIGHT.way_back


def test_what_is_half_done_is_undone_first_and_what_waits_for_its_check_as_if_it_were_over() -> None:
    steps = way_back(NIGHT, {"lock": Actual(started=at(-180), worked=at(-150)), "load": started(-140)})
    assert [step.id for step in steps][:2] == ["back-load", "back-lock"]
    over, unchecked = {"point": finished(-170, -150)}, {"point": Actual(started=at(-170), worked=at(-150))}
    assert figures(unchecked, -100).minutes == figures(over, -100).minutes == timedelta(minutes=55)


def test_undoing_a_step_never_takes_the_name_of_another() -> None:
    plan = run(step("load"), step("back-load"), back=[step("say")])
    assert [one.id for one in way_back(plan, {"load": finished(0, 5)})] == ["back-back-load", "say"]


# -- pairs -------------------------------------------------------------------------------------------------------------

BOTH = (*NIGHT.steps, *NIGHT.way_back)
LOCKED: Actuals = {"lock": finished(-180, -170)}


def test_a_lock_that_has_finished_is_open_until_a_step_takes_it_back() -> None:
    pair = OpenPair(NIGHT.steps[0], ("shelve", "unlock"), at(550), past=False)
    assert open_pairs(BOTH, {}, at(-180)) == ()
    assert open_pairs(BOTH, {"lock": started(-180)}, at(-175)) == ()
    assert open_pairs(BOTH, LOCKED, at(0)) == (pair,)
    assert open_pairs(BOTH, {**LOCKED, "shelve": skipped(20), "unlock": started(10)}, at(550)) == (pair,)
    assert open_pairs(BOTH, LOCKED, at(551)) == (replace(pair, past=True),)
    assert open_pairs(BOTH, {**LOCKED, "unlock": finished(-100, -90)}, at(551)) == ()
    assert open_pairs(BOTH, {**LOCKED, "shelve": Actual(finished=at(25))}, at(551)) == ()


def test_a_lock_that_nothing_takes_back_is_open_too_and_the_most_urgent_comes_first() -> None:
    steps = run(step("slow", undo_within=60), step("quick", undo_within=20), step("plain")).steps
    done = {one.id: finished(0, 10) for one in steps}
    found = open_pairs(steps, done, at(15))
    assert [(pair.step.id, pair.undone_by, minute(pair.deadline)) for pair in found] == [
        ("quick", (), 30),
        ("slow", (), 70),
    ]
