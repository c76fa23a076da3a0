"""Dates where they are: network, waves and locations, each with its own calendar, facts and cutover."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.rules.schedule.schedule import PlaceError, read_place
from tests.rules.planning import MONDAY, PLACES, WAVES, book, days, items, planned, wall

ALDER, BIRCH = PLACES
CEDAR = {"id": "cedar", "name": "Cedar", "wave": "pilot"}
STEPS = """tasks:
  vendor: {title: Vendor, owner: lead, scope: network, due: week 2 fri}
  lessons: {title: Lessons, owner: lead, scope: wave, due: cutover + 9d}
  build: {title: Build, owner: lead, scope: location, due: wave start .. cutover - 10d}
"""


def day(text: str) -> date:
    return date.fromisoformat(f"2027-{text}")


def by_place(plan: Any, entry: str) -> dict[str, tuple[date | None, date | None]]:
    return {item.location or item.wave: (item.begins, item.due) for item in items(plan, entry)}


def test_a_location_whose_wave_is_empty_has_none() -> None:
    assert read_place({**CEDAR, "wave": ""}) == read_place({"id": "cedar", "name": "Cedar"})


# -- scope ---------------------------------------------------------------------------------------------------------


def test_an_entry_exists_once_once_a_wave_or_once_a_location() -> None:
    plan = planned(book(WAVES + STEPS), MONDAY, [ALDER, BIRCH, CEDAR])
    assert by_place(plan, "vendor") == {"": (None, day("01-15"))}
    assert by_place(plan, "lessons") == {"pilot": (None, day("02-17")), "second": (None, day("03-10"))}
    assert by_place(plan, "build") == {
        "alder": (day("01-18"), day("01-29")),
        "birch": (day("02-15"), day("02-19")),
        "cedar": (day("01-18"), day("01-29")),
    }


def test_without_waves_everything_is_network_wide() -> None:
    plan = planned(book("tasks: {fees: {title: Fees, owner: lead, due: week 1 fri}}"))
    assert [(item.scope.value, item.location, item.wave) for item in plan.items] == [("network", "", "")]


# -- ids as dates from elsewhere -----------------------------------------------------------------------------------

OWN = """tasks:
  build: {title: Build, owner: lead, due: wave start .. cutover - 10d}
  same-place: {title: S, owner: lead, due: build}
  of-wave: {title: W, owner: lead, scope: wave, due: build}
  of-all: {title: All, owner: lead, scope: network, due: build}
  begun: {title: B, owner: lead, scope: network, due: start of build}
  of-pilot: {title: P, owner: lead, scope: network, due: build of wave pilot}
  earlier: {title: E, owner: lead, due: build of previous wave}
"""


def moved(place: dict[str, Any], cutover: str) -> dict[str, Any]:
    return {**place, "cutover": cutover}


def ids_plan() -> Any:
    return planned(book(WAVES + OWN), MONDAY, [ALDER, moved(CEDAR, "week 6 thu 07:00"), BIRCH])


def test_inside_a_location_an_id_means_the_same_locations_entry() -> None:
    assert by_place(ids_plan(), "same-place") == {
        "alder": (None, day("01-29")),
        "cedar": (None, day("02-01")),  # Thursday 11 February less ten days
        "birch": (None, day("02-19")),
    }


def test_from_a_wave_an_id_means_the_latest_of_its_locations() -> None:
    assert by_place(ids_plan(), "of-wave") == {"pilot": (None, day("02-01")), "second": (None, day("02-19"))}


def test_from_the_network_an_id_means_the_latest_of_all_and_start_of_the_earliest() -> None:
    plan = ids_plan()
    assert (days(plan, "of-all"), days(plan, "begun")) == ([day("02-19")], [day("01-18")])
    assert days(plan, "of-pilot") == [day("02-01")]


def test_of_previous_wave_means_nothing_in_the_first_wave() -> None:
    assert by_place(ids_plan(), "earlier") == {
        "alder": (None, None),
        "cedar": (None, None),
        "birch": (None, day("02-01")),
    }


def test_an_end_of_previous_wave_counts_from_the_latest_of_it() -> None:
    body = "  hand-over: {title: H, owner: lead, scope: wave, due: build of previous wave + 1wd}\n"
    assert by_place(planned(book(WAVES + OWN + body)), "hand-over") == {
        "pilot": (None, None),
        "second": (None, day("02-01")),
    }


# -- cutovers ------------------------------------------------------------------------------------------------------

AROUND = """tasks:
  before: {title: B, owner: lead, due: cutover - 5d}
  during: {title: D, owner: lead, due: live week 1 fri}
  fixed: {title: F, owner: lead, due: week 5 wed}
  window: {title: W, owner: lead, due: wave week 2 wed}
  wave-wide: {title: V, owner: lead, scope: wave, due: cutover + 1d}
runbooks:
  night: {title: Night, zero: cutover, owner: lead, steps: {one: {title: One, at: T - 1h, takes: 10m}}}
"""


def test_a_moved_cutover_moves_what_counts_from_it_at_its_own_location_only() -> None:
    playbook = book(WAVES + AROUND)
    before = planned(playbook, MONDAY, [ALDER, CEDAR, BIRCH])
    after = planned(playbook, MONDAY, [ALDER, moved(CEDAR, "2027-02-10 07:00"), BIRCH])
    changed = {
        (new.entry, new.location): (old.due, new.due)
        for old, new in zip(before.items, after.items, strict=True)
        if (old.begins, old.due, old.due_at) != (new.begins, new.due, new.due_at)
    }
    assert changed == {  # Friday of live week 1 is the same day for both cutovers
        ("before", "cedar"): (day("02-03"), day("02-05")),
        ("night", "cedar"): (day("02-08"), day("02-10")),
    }


def test_a_moved_cutover_moves_the_live_weeks() -> None:
    playbook = book(WAVES + "tasks: {helper: {title: H, owner: lead, due: live week 2}}")
    plan = planned(playbook, MONDAY, [ALDER, moved(CEDAR, "week 7 mon 07:00")])
    assert by_place(plan, "helper") == {
        "alder": (day("02-15"), day("02-19")),
        "cedar": (day("02-22"), day("02-26")),
    }


def test_first_and_last_cutover_are_those_of_the_locations_as_they_stand() -> None:
    body = (
        "tasks:\n  desk: {title: D, owner: lead, scope: network, due: first cutover .. last cutover}\n"
        "  pilot-live: {title: P, owner: lead, scope: network, due: cutover of wave pilot}\n"
    )
    places = [moved(ALDER, "week 7 tue 08:00"), moved(CEDAR, "week 7 wed 08:00"), BIRCH]
    plan = planned(book(WAVES + body), MONDAY, places)
    assert by_place(plan, "desk") == {"": (day("02-16"), day("03-01"))}
    assert days(plan, "pilot-live") == [day("02-16")]


def test_a_cutover_without_a_time_is_when_the_place_opens() -> None:
    waves = "waves: {pilot: {title: P, when: week 3, cutover: week 3 sat, locations: 1}}\n"
    playbook = book(
        waves + "tasks: {fees: {title: F, owner: lead, due: cutover}}",
        'hours: {mon .. fri: "07:30-18:00", sat: "09:15-12:00"}, open: mon .. sat',
    )
    assert wall(items(planned(playbook, MONDAY, [ALDER]), "fees")[0], "UTC") == "2027-01-23T09:15+00:00"


def test_a_cutover_is_wall_time_of_each_location() -> None:
    places = [{**ALDER, "zone": "America/New_York"}, {**CEDAR, "zone": "America/Denver"}]
    plan = planned(book(WAVES + AROUND, "zone: America/Chicago"), MONDAY, places)
    assert {name: at.isoformat() for name, at in plan.cutovers.items()} == {
        "alder": "2027-02-08T07:00:00-05:00",
        "cedar": "2027-02-08T07:00:00-07:00",
    }


# -- calendars of their own ----------------------------------------------------------------------------------------

WORK = WAVES + "tasks: {fees: {title: Fees, owner: lead, due: week 7 mon}}"


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ({}, "02-12"),  # Presidents' Day, so the Friday before
        ({"holidays": []}, "02-15"),
        ({"holidays": ["DE"]}, "02-15"),
        ({"open": "mon .. thu"}, "02-11"),
        ({"open": "sat sun"}, "02-14"),
        ({"closed": [{"title": "Works", "when": "week 6 wed .. week 6 fri"}]}, "02-09"),
        ({"closed": [{"title": "Works", "when": "2027-02-12"}], "holidays": []}, "02-15"),
    ],
)
def test_a_location_keeps_its_own_calendar(own: dict[str, Any], found: str) -> None:
    plan = planned(book(WORK, "holidays: [US]"), MONDAY, [{**ALDER, **own}, BIRCH])
    assert by_place(plan, "fees") == {"alder": (None, day(found)), "birch": (None, day("02-12"))}


def test_a_location_has_the_playbooks_closures_besides_its_own() -> None:
    own = {**ALDER, "closed": [{"title": "Works", "when": "week 6 thu"}]}
    plan = planned(book(WORK, "holidays: [US], closed: [{title: Fair, when: week 6 fri}]"), MONDAY, [own, BIRCH])
    assert by_place(plan, "fees") == {"alder": (None, day("02-10")), "birch": (None, day("02-11"))}


def test_network_work_uses_the_playbooks_calendar_whatever_a_location_does() -> None:
    body = WAVES + "tasks: {fees: {title: Fees, owner: lead, scope: network, due: week 6 fri}}"
    plan = planned(book(body), MONDAY, [{**ALDER, "open": "mon"}, {**BIRCH, "open": "mon"}])
    assert days(plan, "fees") == [day("02-12")]


def test_a_location_rolls_by_its_own_word() -> None:
    plan = planned(book(WORK, "holidays: [US]"), MONDAY, [{**ALDER, "roll": "later"}, BIRCH])
    assert by_place(plan, "fees")["alder"] == (None, day("02-16"))


def test_a_location_that_cannot_be_read_says_which_value() -> None:
    with pytest.raises(PlaceError, match="alder: zone: no time zone `Mars/Olympus`"):
        read_place({**ALDER, "zone": "Mars/Olympus"})


# -- facts ---------------------------------------------------------------------------------------------------------

FACTS = """attributes:
  setting: {title: Setting, answer: [urban, rural]}
  users: {title: Users, answer: number people}
  devices: {title: Devices, answer: {type: choices, options: [ct, mri, x-ray]}}
  old: {title: Old system, answer: yes-no}
"""


@pytest.mark.parametrize(
    ("where", "stated", "state"),
    [
        ("{setting: urban}", {"setting": "urban"}, "there"),
        ("{setting: urban}", {"setting": "rural"}, "gone"),
        ("{setting: urban}", {}, "unclear"),
        ("{setting: [urban, rural]}", {"setting": "rural"}, "there"),
        ("{users: at least 50}", {"users": 50}, "there"),
        ("{users: at least 50}", {"users": 49.5}, "gone"),
        ("{users: 10 .. 20}", {"users": 20}, "there"),
        ("{old: true}", {"old": True}, "there"),
        ("{old: true}", {"old": False}, "gone"),
        ("{devices: [ct, mri]}", {"devices": ["x-ray", "mri"]}, "there"),
        ("{devices: [ct, mri]}", {"devices": ["x-ray"]}, "gone"),
        ("{wave: [second]}", {}, "gone"),
        ("{wave: [pilot, second]}", {}, "there"),
        ("{not: {setting: urban}}", {"setting": "rural"}, "there"),
        ("{not: {setting: urban}}", {}, "unclear"),
        ("{any: [{setting: urban}, {old: true}]}", {"old": True}, "there"),
        ("{any: [{setting: urban}, {old: true}]}", {"old": False}, "unclear"),
        ("{any: [{setting: urban}, {old: true}]}", {"old": False, "setting": "rural"}, "gone"),
        ("{setting: urban, old: true}", {"old": False}, "gone"),
        ("{setting: urban, old: true}", {"old": True}, "unclear"),
    ],
)
def test_a_condition_keeps_drops_or_leaves_an_entry_unclear(where: str, stated: dict[str, Any], state: str) -> None:
    body = FACTS + WAVES + f"tasks:\n  fees: {{title: F, owner: lead, due: week 2 fri, where: {where}}}\n"
    found = items(planned(book(body), MONDAY, [{**ALDER, "attributes": stated}]), "fees")
    assert ["unclear" if item.unclear else "there" for item in found] == ([] if state == "gone" else [state])


def test_the_condition_of_a_group_adds_to_those_inside() -> None:
    body = (
        FACTS
        + WAVES
        + (
            "tasks:\n  set:\n    title: Set\n    owner: lead\n    due: week 2 fri\n    where: {setting: urban}\n"
            "    tasks:\n      one: {title: One, where: {old: true}}\n      two: Two\n"
        )
    )
    plan = planned(book(body), MONDAY, [{**ALDER, "attributes": {"setting": "urban", "old": False}}])
    assert [item.entry for item in plan.items] == ["set", "two"]
    plan = planned(book(body), MONDAY, [{**ALDER, "attributes": {"setting": "rural", "old": True}}])
    assert [item.entry for item in plan.items] == []


def test_an_answer_not_yet_given_leaves_an_entry_unclear() -> None:
    body = WAVES + (
        "tasks:\n  style: {title: Style, owner: lead, due: week 1 fri, answer: [single, federated]}\n"
        "  links: {title: Links, owner: lead, due: week 2 fri, where: {style: federated}}\n"
    )
    assert [item.unclear for item in items(planned(book(body)), "links")] == [True, True]


def test_each_is_one_record_a_value_of_the_attribute() -> None:
    body = FACTS + WAVES + "tasks: {try: {title: Try, owner: lead, due: week 2 fri, each: devices}}"
    places = [{**ALDER, "attributes": {"devices": ["ct", "mri"]}}, {**BIRCH, "attributes": {"devices": ["x-ray"]}}]
    found = items(planned(book(body), MONDAY, places), "try")
    assert [(item.location, item.value) for item in found] == [("alder", "ct"), ("alder", "mri"), ("birch", "x-ray")]


def test_each_without_a_stated_value_is_one_record_until_it_is_stated() -> None:
    body = FACTS + WAVES + "tasks: {try: {title: Try, owner: lead, due: week 2 fri, each: devices}}"
    assert [(item.location, item.value) for item in items(planned(book(body)), "try")] == [("alder", ""), ("birch", "")]


def test_each_may_list_its_values() -> None:
    body = "tasks: {try: {title: Try, owner: lead, due: week 2 fri, each: [North, South]}}"
    assert [item.value for item in items(planned(book(body)), "try")] == ["North", "South"]


# -- what real dates bring to light --------------------------------------------------------------------------------


def findings(plan: Any) -> set[tuple[str, str, bool]]:
    return {(finding.id, finding.path, finding.settle) for finding in plan.problems}


def test_a_start_on_another_weekday_is_to_be_settled() -> None:
    playbook = book("tasks: {fees: {title: F, owner: lead, due: week 1 fri}}", "start_day: tue")
    assert findings(planned(playbook, MONDAY)) == {("P2", "calendar.start_day", True)}
    assert findings(planned(playbook, day("01-05"))) == set()


@pytest.mark.parametrize(
    ("count", "assigned", "settled"),
    [("2", 2, True), ("2", 1, False), ("2", 3, False), ("1 ..", 3, True), ("2 ..", 1, False), ("1 .. 2", 3, False)],
)
def test_a_wave_takes_as_many_locations_as_it_says(count: str, assigned: int, settled: bool) -> None:
    waves = f"waves: {{pilot: {{title: P, when: week 3, cutover: week 3 tue 07:00, locations: {count}}}}}\n"
    places = [{**ALDER, "id": f"site-{n}"} for n in range(assigned)]
    plan = planned(book(waves + "tasks: {fees: {title: F, owner: lead, due: week 2 fri}}"), MONDAY, places)
    assert findings(plan) == (set() if settled else {("P1", "waves.pilot.locations", True)})


def test_a_cutover_and_a_gate_on_a_holiday_are_warnings() -> None:
    body = (
        "waves: {pilot: {title: P, when: week 3 .. week 7, cutover: week 7 mon 07:00, locations: 1}}\n"
        "tasks: {fees: {title: F, owner: lead, due: week 2 fri}}\n"
        "gates: {go: {title: Go, when: week 3 mon 15:00, owner: lead, decide: lead, votes: lead,"
        " criteria: {done: {title: Done, tasks: [fees], critical: true}}}}\n"
    )
    playbook = book(body, "holidays: [US]")  # 18 January: Martin Luther King; 15 February: Presidents' Day
    plan = planned(playbook, MONDAY, [ALDER])
    assert findings(plan) == {("D19", "waves.pilot.cutover", False), ("D19", "gates.go.when", False)}
    assert plan.cutovers["alder"].date() == day("02-15")
    assert findings(planned(playbook, MONDAY, [{**ALDER, "holidays": []}])) == set()


def test_a_fact_nobody_has_stated_is_told_without_stopping_the_start() -> None:
    plan = planned(book(FACTS + WAVES + "tasks: {fees: {title: F, owner: lead, due: week 2 fri}}"))
    assert findings(plan) == {("C1", "locations.alder", False), ("C1", "locations.birch", False)}


def test_links_that_real_holidays_contradict_are_to_be_settled() -> None:
    body = WAVES + (
        "tasks:\n  one: {title: One, owner: lead, due: week 7 mon, roll: later}\n"
        "  two: {title: Two, owner: lead, due: week 7 mon, roll: earlier, after: one}\n"
    )
    plan = planned(book(body, "holidays: [US]"))
    assert findings(plan) == {("D15", "tasks.two.due", True)}
