"""The cutover of the shipped playbook, planned whole, rehearsed, and backed out of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.plan import load
from app.plan.facts import Facts
from app.rules.runbooks.actuals import Actual
from app.rules.runbooks.back_out import back_out
from app.rules.runbooks.forecast import Forecast, forecast
from app.rules.runbooks.graph import Graph
from app.rules.runbooks.pairs import open_pairs
from app.rules.runbooks.plans import RunPlan, plan_run
from app.rules.runbooks.position import GOES_ON, Colour, position
from app.rules.runbooks.way_back import way_back
from tests.house.tree import ROOT
from tests.rules.planning import planned

CHICAGO = ZoneInfo("America/Chicago")
T = datetime(2027, 2, 8, 7, tzinfo=CHICAGO)
"""A Monday; wave pilot of a rollout that starts on 4 January."""
MINUTE = timedelta(minutes=1)
PLACE = {"id": "alder", "name": "Alder", "wave": "pilot", "attributes": {"modalities": ["CT", "MRI"]}}


def cutover(zero: datetime = T, *, live: bool = True, straight: bool = False) -> RunPlan:
    book = load((ROOT / "playbooks/ray-medical.yaml").read_bytes())
    timeline = planned(book, places=[PLACE]).timeline
    spot = timeline.sites["alder"].spot
    facts: Facts = timeline.facts(spot)
    runbook = book.runbooks["cutover-run"]
    return plan_run(runbook, facts, zero=zero, live=live, straight=straight, spot=spot, timeline=timeline)


@pytest.fixture(scope="module")
def night() -> RunPlan:
    return cutover()


def wall(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHICAGO):%a %H:%M}" if moment else ""


def spans(found: Forecast, *names: str) -> list[str]:
    return [f"{wall(found.spans[name].begin)} {wall(found.spans[name].end)[4:]}" for name in names]


def done_until(plan: RunPlan, name: str) -> dict[str, Actual]:
    """Everything up to a step, as planned."""
    found: dict[str, Actual] = {}
    for step in plan.steps:
        span = plan.planned.spans[step.id]
        found[step.id] = Actual(started=span.begin, finished=span.end)
        if step.id == name:
            break
    return found


# 49 steps are written; X-ray and ultrasound are not for this place, and none is only for rehearsals.
def test_the_steps_of_the_place_are_counted(night: RunPlan) -> None:
    assert len(night.steps) == 47
    assert [step.number for step in night.steps] == list(range(1, 48))
    assert not {"try-x-ray", "try-ultrasound"} & {step.id for step in night.steps}
    assert len(night.way_back) == 6


def test_every_stretch_of_the_cutover_has_its_hours(night: RunPlan) -> None:
    """Each stretch begins at the hour it is written with and runs on by the minutes of its steps."""
    assert spans(night.planned, "freeze-settings", "roll-call", "full-backup", "reference-lists") == [
        "Sat 07:00 08:00",  # T - 48h, 60
        "Sat 08:00 08:20",  # 20
        "Sat 08:20 09:50",  # 90
        "Sat 09:50 10:20",  # 30
    ]
    assert spans(night.planned, "still-go", "health-check", "print-packs", "place-packs", "tell-referrers") == [
        "Sun 07:00 07:30",  # T - 24h, 30
        "Sun 07:35 08:05",  # after 5 for the message, 30
        "Sun 11:00 11:45",  # T - 20h, 45
        "Sun 12:15 12:30",  # after 30 for the lists, 15
        "Sun 14:15 14:30",  # T - 17h and 15 for the notice, 15
    ]
    assert spans(night.planned, "last-count", "pause-interfaces", "load-priors", "load-claims", "compare-counts") == [
        "Sun 15:00 15:20",  # T - 16h, 20
        "Sun 15:35 15:50",  # after 15 read-only, 15
        "Sun 15:50 16:50",  # side by side: 60 ...
        "Sun 15:50 16:20",  # ... and 30
        "Sun 16:50 17:35",  # after the longest of them, 45
    ]
    assert spans(night.planned, "repoint-worklists", "try-ct", "try-mri", "open-priors", "night-report") == [
        "Sun 18:25 18:45",  # after 30 and 20 of checks, 20
        "Sun 19:00 19:40",  # after 15 for the interfaces, 40
        "Sun 19:00 19:40",
        "Sun 19:40 19:55",  # 15
        "Sun 20:50 21:00",  # after 15, 10, 20 and 10, 10
    ]
    assert spans(night.planned, "morning-check", "open-or-back", "helper-there", "first-patient", "first-charge") == [
        "Mon 04:45 05:00",  # T - 2h15m, 15
        "Mon 05:00 05:10",  # T - 2h, 10
        "Mon 06:45 06:55",  # T - 30m and 15 for the briefing, 10
        "Mon 07:00 07:15",  # T, 15
        "Mon 08:00 08:20",  # after 45 for the first exam, 20
    ]
    assert spans(night.planned, "pulse", "close-of-day", "day-huddle") == [
        "Mon 09:00 09:15",  # T + 2h, one round of 15
        "Mon 17:00 17:30",  # T + 10h, 30
        "Mon 18:20 18:35",  # after 20, 10, 10 and 10, 15
    ]


def test_the_end_waits_for_the_close_of_the_day_and_all_before_it_has_slack(night: RunPlan) -> None:
    last = ("close-of-day", "back-entry", "old-look-up", "notice-off", "settings-open", "day-huddle")
    assert night.planned.chain == last
    assert wall(night.planned.end) == "Mon 18:35"
    spare = {name: time for name, time in night.planned.slack.items() if time}
    assert set(night.planned.slack) - set(spare) == set(last)
    assert spare["pulse"] == 465 * MINUTE  # 09:15 to 17:00
    assert spare["first-patient"] == 505 * MINUTE  # 07:15 to 17:00, less 45 and 20, and 15 of the pulse
    assert spare["load-orders"] - spare["load-patients"] == 20 * MINUTE  # 40 beside 60


def test_the_window_leaves_25_minutes_and_a_run_on_plan_is_green(night: RunPlan) -> None:
    assert night.window is not None
    assert [wall(edge) for edge in night.window] == ["Sat 07:00", "Mon 19:00"]
    found = position(night, night.planned, {}, back_out(night, night.planned, {}, night.window[0]))
    assert (found.colour, found.says) == (Colour.GREEN, ("On time", ", 25 minutes in hand."))


def test_once_it_is_decided_to_open_the_last_safe_decision_no_longer_counts(night: RunPlan) -> None:
    now = T - timedelta(hours=1)
    done = done_until(night, "open-or-back")
    found = forecast(night.graph, done, now)
    assert position(night, found, done, back_out(night, found, done, now)).note == GOES_ON
    undecided = {name: one for name, one in done.items() if name != "open-or-back"}
    found = forecast(night.graph, undecided, now)
    stands = position(night, found, undecided, back_out(night, found, undecided, now))
    assert stands.says[0] == "Past the last safe decision"


def test_backing_out_takes_50_minutes_and_20_more_once_the_devices_were_turned(night: RunPlan) -> None:
    """5 + 10 + 15 + 5 + 5 + 10; back by 06:45, margin 15."""
    found = back_out(night, night.planned, {}, T - timedelta(hours=20))
    assert found is not None
    assert (found.minutes, found.worst_minutes, wall(found.last_safe)) == (50 * MINUTE, 70 * MINUTE, "Mon 05:40")
    assert wall(found.worst) == "Mon 08:10"  # decided at 07:00
    now = T - timedelta(hours=2)
    done = done_until(night, "morning-check")
    turned = back_out(night, forecast(night.graph, done, now), done, now)
    assert turned is not None
    assert (turned.minutes, wall(turned.last_safe), wall(turned.if_now)) == (70 * MINUTE, "Mon 05:20", "Mon 06:10")
    assert turned.safe_for == 20 * MINUTE


def test_going_back_at_five_ends_at_ten_past_six(night: RunPlan) -> None:
    done = done_until(night, "morning-check")
    steps = way_back(night, done)
    names = ["back-repoint-worklists", "say-back", "reopen-old", "point-back", "notice-back", "unfreeze", "prove-old"]
    assert [step.id for step in steps] == names
    found = forecast(Graph(steps), {}, T - timedelta(hours=2))
    assert (wall(found.end), found.chain) == ("Mon 06:10", tuple(names))
    assert steps[0].how == "Put the saved destinations back on every device."


def test_a_step_that_runs_late_moves_what_waits_for_it_until_an_hour_holds_it(night: RunPlan) -> None:
    """The counts begin at 16:50 and are blocked at 17:00 until 20:00: 35 of 45 minutes are left, to 20:35, which is
    three hours later than planned. The evening report then ends at midnight; the morning begins at its hour.
    """
    done = done_until(night, "load-claims")
    begun = T - timedelta(hours=14, minutes=10)
    block = begun + 10 * MINUTE
    done["compare-counts"] = Actual(started=begun, blocked_since=block, expected=block + timedelta(hours=3))
    found = forecast(night.graph, done, block + 30 * MINUTE)
    assert spans(found, "compare-counts", "night-report", "morning-check") == [
        "Sun 16:50 20:35",
        "Sun 23:50 00:00",
        "Mon 04:45 05:00",
    ]
    assert found.end == night.planned.end


def test_locks_are_open_until_the_day_is_closed(night: RunPlan) -> None:
    """Settings are frozen at 08:00 on Saturday for 72 hours, the old system from 15:35 on Sunday and the notice from
    14:15 for 36, the interfaces from 15:50 for 12.
    """
    both = (*night.steps, *night.way_back)
    done = done_until(night, "load-claims")
    found = [(pair.step.id, wall(pair.deadline), pair.past) for pair in open_pairs(both, done, T)]
    assert found == [
        ("pause-interfaces", "Mon 03:50", True),
        ("patient-notice", "Tue 02:15", False),
        ("old-read-only", "Tue 03:35", False),
        ("freeze-settings", "Tue 08:00", False),
    ]
    assert open_pairs(both, done_until(night, "day-huddle"), T) == ()


def test_a_rehearsal_six_days_before_has_the_same_hours_and_tells_no_referrers() -> None:
    early = T - timedelta(days=6)
    rehearsal = cutover(early, live=False)
    assert len(rehearsal.steps) == 46
    assert wall(rehearsal.planned.end) == "Tue 18:35"
    assert rehearsal.done_by == early - 15 * MINUTE
    freeze = rehearsal.steps[0]
    assert (wall(freeze.not_before), freeze.how[:20]) == ("Sun 07:00", "Show who would lose ")
    told = {step.id: step for step in rehearsal.steps}["last-count"]
    assert "tell-referrers" not in {link.step for link in told.after}
    assert "patient-notice" in {link.step for link in told.after}


def test_a_rehearsal_straight_through_takes_sixteen_hours_and_ten_minutes() -> None:
    """What goes on side by side counts with the longest: 60 of the load, 40 of the devices."""
    begun = datetime(2027, 2, 2, 7, tzinfo=CHICAGO)
    straight = cutover(begun, live=False, straight=True)
    two_days = 60 + 20 + 90 + 30
    one_day = 30 + 5 + 30 + 45 + 30 + 15 + 15
    hand_over = 20 + 15 + 15 + 60 + 45 + 30 + 20
    connect = 20 + 15 + 40 + 15 + 15 + 10 + 20 + 10 + 10
    opening = 15 + 10 + 15 + 10 + 15 + 45 + 20
    first_day = 15 + 30 + 20 + 10 + 10 + 10 + 15
    minutes = two_days + one_day + hand_over + connect + opening + first_day
    assert minutes == 16 * 60 + 10
    assert straight.planned.end == begun + minutes * MINUTE
    assert wall(straight.planned.end) == "Tue 23:10"
    # The same 25 minutes in hand as with hours, and the same 15 before the first patient.
    assert straight.window == (begun.astimezone(UTC), straight.planned.end + 25 * MINUTE)
    assert straight.done_by == straight.planned.spans["first-patient"].begin - 15 * MINUTE
    assert not any(step.not_before for step in straight.steps)
    assert len(straight.planned.chain) == 46 - 5  # all but four loads and the second device
