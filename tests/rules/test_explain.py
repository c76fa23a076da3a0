"""Every date says why it is that date."""

from __future__ import annotations

from datetime import date

import pytest

from app.plan import load
from app.plan.format.locations import read_places
from app.rules.schedule.explain import day_words, why
from app.rules.schedule.schedule import plan_rollout
from tests.house.tree import ROOT
from tests.rules.planning import MONDAY, PLACES, WAVES, book, dated, items, planned

US = "holidays: [US]"


@pytest.mark.parametrize(
    ("due", "sentence"),
    [
        ("start", "The start of the rollout: Monday 4 January."),
        ("week 2 fri", "Friday of week 2: Friday 15 January."),
        ("week 7", "The last open day of week 7: Friday 19 February."),
        ("2027-02-10", "The day written in the playbook: Wednesday 10 February."),
        ("cutover - 3d", "3 days before cutover at Alder, Monday 8 February: Friday 5 February."),
        (
            "cutover - 1wd 15:00",
            "1 working day before cutover at Alder, Monday 8 February at 15:00: Friday 5 February.",
        ),
        (
            "cutover - 1d",
            "1 day before cutover at Alder, Monday 8 February; Friday 5 February,"
            " because Sunday 7 February and Saturday 6 February are closed.",
        ),
        (
            "cutover + 1w",
            "1 week after cutover at Alder, Monday 8 February; Tuesday 16 February,"
            " because Monday 15 February (Washington's Birthday) is closed.",
        ),
        ("cutover - 2h", "2h before cutover at Alder, Monday 8 February: Monday 8 February."),
        ("live week 1 wed", "Wednesday of live week 1 at Alder: Wednesday 10 February."),
        (
            "wave end",
            "The end of the window of Pilot; Friday 12 February,"
            " because Sunday 14 February and Saturday 13 February are closed.",
        ),
        ("first cutover", "The first cutover: Monday 8 February."),
        ("cutover of wave second", "Cutover of wave Second: Monday 1 March."),
        (
            "start + 12mo - 3d",
            "12 months after and 3 days before the start of the rollout, Monday 4 January;"
            " Thursday 30 December,"
            " because Saturday 1 January 2028 and Friday 31 December (New Year's Day (observed)) are closed.",
        ),
        (
            "week 1 fri anywhere on earth",
            "Friday of week 1 (until it has ended everywhere on earth): Friday 8 January.",
        ),
    ],
)
def test_a_date_is_explained_from_its_anchor(due: str, sentence: str) -> None:
    assert dated(due, calendar=US, waves=True).why == sentence


def test_a_long_closure_is_said_in_short() -> None:
    said = dated("week 3 fri", calendar="closed: [{title: Works, when: week 2 .. week 3}]").why
    assert said.startswith("Friday of week 3; Friday 8 January, because Friday 22 January (Works), ")


def test_another_entrys_date_is_named_by_its_title() -> None:
    body = (
        "tasks:\n  build: {title: Build it, owner: lead, due: week 2 mon .. week 2 fri}\n"
        "  after-it: {title: A, owner: lead, due: build + 1wd}\n"
        "  with-it: {title: W, owner: lead, due: start of build}\n"
    )
    plan = planned(book(body))
    assert items(plan, "after-it")[0].why == "1 working day after “Build it”, Friday 15 January: Monday 18 January."
    assert items(plan, "with-it")[0].why == "The start of “Build it”: Monday 11 January."


def test_an_occurrence_says_its_rhythm_and_what_moved_it() -> None:
    body = "tasks: {count: {title: C, owner: lead, due: week 6 .. week 7, every: mon, roll: later}}"
    assert [item.why for item in items(planned(book(body, US)), "count")] == [
        "Every mon: Monday 8 February.",
        "Every mon: Tuesday 16 February, because Monday 15 February (Washington's Birthday) is closed.",
    ]


def test_undated_work_has_nothing_to_explain() -> None:
    assert dated("undated").why == ""
    assert (
        why(None, planned(book(WAVES + "tasks: {fees: {title: F, owner: lead, due: start}}"), MONDAY, PLACES).timeline)
        == ""
    )


def test_the_year_is_said_where_it_is_another() -> None:
    assert day_words(date(2028, 1, 3), 2027) == "Monday 3 January 2028"
    assert day_words(date(2027, 1, 4), 2027) == "Monday 4 January"


def test_every_date_of_the_shipped_playbook_is_explained_and_names_its_day() -> None:
    playbook = load((ROOT / "playbooks/ray-medical.yaml").read_bytes())
    places = read_places((ROOT / "playbooks/locations-example.yaml").read_bytes(), playbook).places
    plan = plan_rollout(playbook, MONDAY, places)
    for item in (*plan.items, *plan.rhythm):
        assert item.why == "" if item.due is None else day_words(item.due, 2027) in item.why, (item.entry, item.why)
