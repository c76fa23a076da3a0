"""What of a runbook is part of one run, and when it is planned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from app.plan.facts import Facts
from app.rules.runbooks.plans import RunPlan, plan_run
from app.rules.runbooks.steps import Before, RunStep
from tests.rules.planning import WAVES, book, planned

T = datetime(2027, 2, 8, 7, tzinfo=UTC)
"""The cutover of Alder, a Monday."""
FACTS = "attributes:\n  ct: {title: Has a CT, answer: yes-no}\n"
MINUTE = timedelta(minutes=1)


def planned_run(steps: str, keys: str = "", zero: datetime = T, **how: Any) -> RunPlan:
    """The run at Alder of a runbook with these steps (its lines below `steps:`) and further keys."""
    body = f"{FACTS}{WAVES}runbooks:\n  night:\n    title: Night\n    zero: cutover\n    owner: lead\n"
    lines = "".join(f"    {line}\n" for line in keys.splitlines())
    inner = "".join(f"      {line}\n" for line in steps.splitlines())
    playbook = book(f"{body}{lines}    steps:\n{inner}", calendar=how.pop("calendar", ""))
    timeline = planned(playbook).timeline
    facts, spot = Facts("pilot", how.pop("facts", {})), timeline.sites["alder"].spot
    how = {"live": True, "straight": False} | how
    return plan_run(playbook.runbooks["night"], facts, zero=zero, spot=spot, timeline=timeline, **how)


def waits(run: RunPlan) -> dict[str, list[str]]:
    """What each step waits for: `a`, `start of a`, `a + 5`; after a `;` what its end waits for."""
    return {step.id: _links(step.after) + [f"; {one}" for one in _links(step.done_after)] for step in run.steps}


def _links(links: tuple[Before, ...]) -> list[str]:
    return [f"{'start of ' * one.start}{one.step}{f' + {one.lag // MINUTE}' if one.lag else ''}" for one in links]


def the(run: RunPlan, name: str) -> RunStep:
    return next(step for step in run.steps if step.id == name)


def begins(run: RunPlan) -> dict[str, float]:
    """The planned beginnings, in minutes from the zero of the run."""
    return {name: (span.begin - run.zero) / MINUTE for name, span in run.planned.spans.items()}


# -- steps and links ---------------------------------------------------------------------------------------------------


def test_steps_wait_for_the_one_before_them_and_are_counted() -> None:
    run = planned_run(
        "lock: {title: Lock, takes: 10m}\nload: {title: Load, takes: 45m}\nopen: {title: Open, takes: 5m}"
    )
    assert waits(run) == {"lock": [], "load": ["lock"], "open": ["load"]}
    assert [step.number for step in run.steps] == [1, 2, 3]
    assert begins(run) == {"lock": 0, "load": 10, "open": 55}


def test_a_link_to_a_group_means_every_step_inside() -> None:
    run = planned_run("""\
final:
  title: Final load
  order: parallel
  steps:
    people: {title: People, takes: 30m}
    orders: {title: Orders, takes: 20m, wait: 5m}
check: {title: Check, takes: 5m}""")
    assert waits(run) == {"people": [], "orders": [], "check": ["people", "orders"]}
    assert begins(run)["check"] == 30
    assert (the(run, "people").group, the(run, "check").group) == (("Final load",), ())


def test_start_of_a_group_means_its_first_step() -> None:
    group = """\
final:
  title: Final load
  steps:
    ct: {title: CT, takes: 30m, where: {ct: true}}
    orders: {title: Orders, takes: 20m}
watch: {title: Watch, takes: 5m, after: start of final + 2m}"""
    assert waits(planned_run(group, "order: parallel"))["watch"] == ["start of ct + 2"]
    without = planned_run(group, "order: parallel", facts={"ct": False})
    assert waits(without) == {"orders": [], "watch": ["start of orders + 2"]}


def test_a_group_may_begin_all_its_steps_with_its_first() -> None:
    inside = "{one: {title: One, after: start of both}, two: {title: Two, after: start of both + 4m}}"
    run = planned_run(f"both: {{title: Both, order: parallel, steps: {inside}}}")
    assert waits(run) == {"one": [], "two": ["start of one + 4"]}


def test_a_group_ends_only_after_what_it_may_finish_after() -> None:
    run = planned_run(
        """\
watch: {title: Watch, takes: 60m}
load: {title: Load, done_after: start of watch + 40m, steps: {people: {title: People, takes: 10m}}}
check: {title: Check, takes: 5m, after: load + 3m}""",
        "order: parallel",
    )
    assert waits(run)["check"] == ["start of watch + 43", "people + 3"]
    assert begins(run)["check"] == 43


def test_what_a_step_may_finish_after_is_kept_with_its_lag() -> None:
    run = planned_run(
        """\
load: {title: Load, takes: 60m}
watch: {title: Watch, takes: 5m, done_after: [load + 10m, start of load]}""",
        "order: parallel",
    )
    assert waits(run)["watch"] == ["; load + 10", "; start of load"]
    assert run.planned.end == T + 70 * MINUTE


def test_of_two_links_to_one_step_the_longer_lag_counts() -> None:
    run = planned_run("lock: {title: Lock}\nopen: {title: Open, after: [lock + 10m, lock + 4m]}")
    assert waits(run)["open"] == ["lock + 10"]


def test_lags_of_days_are_days_of_24_hours() -> None:
    run = planned_run("lock: {title: Lock, takes: 1d}\nopen: {title: Open, takes: 5m, after: lock + 2wd}")
    assert begins(run)["open"] == (1 + 2) * 24 * 60


def test_what_is_done_again_takes_as_many_rounds_as_there_must_be() -> None:
    run = planned_run("pulse: {title: Pulse, takes: 15m, repeat: {every: 1h, until: Calm., at_least: 3, at_most: 8}}")
    assert the(run, "pulse").takes == 135 * MINUTE


# -- left out ----------------------------------------------------------------------------------------------------------

DEVICES = """\
lock: {title: Lock, takes: 10m, wait: 5m}
ct: {title: CT, takes: 30m, where: {ct: true}}
more: {title: More of CT, takes: 30m, where: {ct: true}, after: lock + 7m}
open: {title: Open, takes: 5m}"""


def test_whoever_waited_for_a_step_that_is_not_for_this_place_waits_for_what_it_waited_for() -> None:
    run = planned_run(DEVICES, facts={"ct": False})
    assert waits(run) == {"lock": [], "open": ["lock + 7"]}
    assert [step.number for step in run.steps] == [1, 2]
    assert begins(run)["open"] == 22


def test_a_step_of_which_nobody_knows_whether_it_is_for_this_place_stays_unclear() -> None:
    run = planned_run(DEVICES)
    assert [(step.id, step.unclear) for step in run.steps] == [
        ("lock", False),
        ("ct", True),
        ("more", True),
        ("open", False),
    ]
    assert not the(planned_run(DEVICES, facts={"ct": True}), "ct").unclear


def test_a_whole_group_that_is_left_out_is_jumped_over() -> None:
    run = planned_run(
        """\
lock: {title: Lock, takes: 10m}
devices: {title: Devices, where: {ct: true}, order: parallel, steps: {one: {title: One}, two: {title: Two}}}
open: {title: Open, takes: 5m}
look: {title: Look, takes: 5m, after: start of devices}""",
        facts={"ct": False},
    )
    assert waits(run) == {"lock": [], "open": ["lock"], "look": ["lock", "open"]}


def test_a_thousand_steps_that_are_left_out_are_jumped_over() -> None:
    gone = "\n".join(f"ct-{number}: {{title: CT, where: {{ct: true}}}}" for number in range(1_000))
    run = planned_run(f"lock: {{title: Lock}}\n{gone}\nopen: {{title: Open}}", facts={"ct": False})
    assert waits(run) == {"lock": [], "open": ["lock"]}


KINDS = """\
lock: {title: Lock, takes: 10m, how: Lock the system., how_in_rehearsal: Lock the copy.}
tell: {title: Tell, takes: 15m, only: live}
pretend: {title: Pretend, takes: 20m, only: rehearsal}
open: {title: Open, takes: 5m}"""


def test_a_rehearsal_leaves_out_what_is_only_live_and_a_live_run_what_is_only_rehearsed() -> None:
    assert waits(planned_run(KINDS)) == {"lock": [], "tell": ["lock"], "open": ["tell"]}
    assert waits(planned_run(KINDS, live=False)) == {"lock": [], "pretend": ["lock"], "open": ["pretend"]}


def test_a_rehearsal_says_how_it_is_rehearsed() -> None:
    assert the(planned_run(KINDS), "lock").how == "Lock the system."
    assert the(planned_run(KINDS, live=False), "lock").how == "Lock the copy."
    assert the(planned_run(KINDS, live=False), "open").how == ""


# -- hours -------------------------------------------------------------------------------------------------------------

HOURS = """\
lock: {title: Lock, at: T - 3h, takes: 10m}
call: {title: Call, at: "cutover - 2d 09:00", takes: 10m}
day: {title: The day before, at: T - 1d, takes: 10m}
open: {title: Open, at: T, takes: 15m, no_return: true}"""
EDGES = """\
order: parallel
window: T - 4h .. T + 2h
back_out:
  title: Back
  decide: lead
  prompt: Go back?
  done_by: T - 30m
  margin: 10m
  steps: {say: {title: Say so, at: T - 2h, takes: 5m}, unlock: {title: Unlock, takes: 20m, undoes: lock}}"""


def test_hours_are_counted_from_t_and_a_day_without_one_begins_when_the_place_opens() -> None:
    """The call stays on the Saturday: dates of a runbook do not roll off closed days."""
    run = planned_run(HOURS, EDGES)
    assert begins(run) == {"lock": -180, "call": -46 * 60, "day": -22 * 60, "open": 0}


def test_the_window_and_the_way_back_have_their_instants() -> None:
    run = planned_run(HOURS, EDGES)
    assert run.window == (T - 240 * MINUTE, T + 120 * MINUTE)
    assert (run.done_by, run.margin, run.way_back_takes) == (T - 30 * MINUTE, 10 * MINUTE, 25 * MINUTE)
    assert (run.back_title, run.decide, run.prompt) == ("Back", "lead", "Go back?")
    assert [(step.id, step.number, step.undoes) for step in run.way_back] == [("say", 1, ""), ("unlock", 2, "lock")]
    assert run.no_return == the(run, "open")


def test_a_window_of_days_lasts_from_midnight_to_midnight() -> None:
    run = planned_run(HOURS, "window: week 5 sat .. T + 1d")
    assert run.window == (datetime(2027, 2, 6, tzinfo=UTC), datetime(2027, 2, 10, tzinfo=UTC))


def test_a_window_with_one_end_begins_with_the_run() -> None:
    assert planned_run(HOURS, "order: parallel\nwindow: T + 2h").window == (T - 46 * 60 * MINUTE, T + 120 * MINUTE)


def test_a_rehearsal_has_its_own_t_and_other_dates_move_by_as_much() -> None:
    early = T - timedelta(days=6)
    run, live = planned_run(HOURS, EDGES, zero=early, live=False), planned_run(HOURS, EDGES)
    assert begins(run) == begins(live)
    assert run.zero == early
    assert (run.window, run.done_by) == ((early - 240 * MINUTE, early + 120 * MINUTE), early - 30 * MINUTE)


def test_the_dates_of_a_live_run_that_are_not_written_with_t_stay_where_they_are() -> None:
    run = planned_run(HOURS, EDGES, zero=T + timedelta(hours=1))
    assert begins(run) == {"lock": -180, "call": -47 * 60, "day": -23 * 60, "open": 0}


def test_a_straight_run_waits_for_no_hour_and_has_the_same_time_in_hand() -> None:
    """Lock, call and day go on side by side in 10 minutes, as does opening in 15. Kept hours end at T + 15, 105 before
    the window; the point of no return begins at T, 30 after the way back must be done.
    """
    begun = datetime(2027, 2, 2, 14, 20, tzinfo=UTC)
    run = planned_run(HOURS, EDGES, zero=begun, live=False, straight=True)
    assert begins(run) == {"lock": 0, "call": 0, "day": 0, "open": 0}
    assert run.window == (begun, begun + (15 + 105) * MINUTE)
    assert run.done_by == begun - 30 * MINUTE
    assert {step.not_before for step in (*run.steps, *run.way_back)} == {None}


def test_a_straight_run_keeps_waits_and_order() -> None:
    steps = "lock: {title: Lock, at: T - 3h, takes: 10m, wait: 20m}\nopen: {title: Open, at: T, takes: 15m}"
    edges = "window: T - 4h .. T + 2h\n" + EDGES.split("\n", 2)[2]
    run = planned_run(steps, edges, live=False, straight=True)
    assert begins(run) == {"lock": 0, "open": 30}
    # The end moves from T + 15 to 45: by 30, and the time to be back by with it, for there is no point of no return.
    assert (run.window, run.done_by) == ((T, T + 150 * MINUTE), T)


def test_hours_of_the_playbook_are_those_of_the_place() -> None:
    steps = "lock: {title: Lock, takes: 10m}\nopen: {title: Open, at: T - 1d 20:00}"
    run = planned_run(steps, calendar="zone: Asia/Tokyo")
    assert the(run, "open").not_before == datetime(2027, 2, 7, 11, tzinfo=UTC)
