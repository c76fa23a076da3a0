"""24 hours of an issue in milliseconds: every notice, to whom, when, exactly once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from app.actions.issues.changes import acknowledge, escalate_by_hand
from app.actions.issues.talking import say
from app.actions.people.memberships import remove_membership
from app.db import Database
from app.models import Membership
from tests.actions.issues.clockwork import DAY, HOUR, LIVE, MINUTE, PLAN, Clockwork, clockwork, each
from tests.cast import PLAYBOOK

HALF = 30 * MINUTE


def test_24_hours_of_an_issue_that_nobody_takes(works: Clockwork) -> None:
    issue = works.report()
    works.run(LIVE, LIVE + 30 * HOUR, HALF)
    assert works.told(issue) == PLAN
    assert works.issue(issue).breach_at == LIVE + DAY
    assert len(works.deliveries()) == len(PLAN)
    assert [step.kind for step in works.steps(issue) if step.due_at is not None] == []
    told = [verb for verb in works.verbs(issue) if verb != "opened"]
    assert (told.count("escalated"), told.count("reminded"), told.count("breached")) == (4, 6, 1)


def test_the_same_across_a_restart_in_the_middle(works: Clockwork) -> None:
    issue = works.report()
    works.run(LIVE, LIVE + 11 * HOUR, HALF)
    again = Clockwork(Database(works.db.url), works.cast)  # another process finds everything in the database
    again.run(LIVE + 12 * HOUR, LIVE + 30 * HOUR, HALF)
    assert again.told(issue) == PLAN
    again.db.dispose()


def test_with_the_clock_of_the_machine_an_hour_back_nothing_is_told_twice_nor_early(works: Clockwork) -> None:
    issue = works.report()
    works.run(LIVE, LIVE + 12 * HOUR, HALF)
    works.run(LIVE + 11 * HOUR, LIVE + 30 * HOUR, HALF)
    assert works.told(issue) == PLAN


def test_what_fell_due_while_no_worker_looked_is_told_at_once_and_reminders_only_once(works: Clockwork) -> None:
    issue = works.report()
    works.look(LIVE + 17 * HOUR)
    late = [one for one in works.told(issue) if one[0] == 17]
    assert late == [(17, "rung", "opm"), *each(17, "waits", "chA", "chAB")]
    assert works.told(issue) == sorted([*each(0, "rung", "chA", "chAB"), *late])
    works.run(LIVE + 17 * HOUR, LIVE + 30 * HOUR, HALF)
    assert [one for one in works.told(issue) if one[0] > 17] == [one for one in PLAN if one[0] > 17]


@pytest.mark.parametrize(
    "begun",
    [
        datetime(2027, 3, 13, 15, 0, tzinfo=UTC),  # daylight saving begins at two in the night
        datetime(2027, 11, 6, 15, 0, tzinfo=UTC),  # and ends
        datetime(2028, 2, 28, 15, 0, tzinfo=UTC),  # the day after is 29 February
        datetime(2027, 12, 24, 15, 0, tzinfo=UTC),  # a holiday
    ],
)
def test_on_days_of_23_and_25_hours_leap_days_and_holidays_24_hours_are_24_hours(db: Database, begun: datetime) -> None:
    always = PLAYBOOK.replace("{when: live week 1 .. live week 4, respond: 4h", "{respond: 4h").replace(
        "        - {respond: 1wd, resolve: 3wd, clock: business}\n", ""
    )
    works = clockwork(db, always.replace("zone: America/Chicago, open", "zone: America/Chicago, holidays: [US], open"))
    works.begun = begun
    issue = works.report()
    works.run(begun, begun + 30 * HOUR, HALF)
    assert works.told(issue) == PLAN


def test_taken_it_is_reminded_no_more_but_climbs_on_and_asks_for_news(works: Clockwork) -> None:
    issue = works.report()
    works.look(LIVE)
    works.do(acknowledge, issue, "chA", at=LIVE + HOUR)
    works.run(LIVE + HOUR, LIVE + 8 * HOUR, HALF)
    works.do(say, issue, "chA", at=LIVE + 8 * HOUR, text="The vendor looks at it")
    works.run(LIVE + 8 * HOUR, LIVE + 50 * HOUR, HALF)
    assert works.told(issue) == sorted(
        [
            *each(0, "rung", "chA", "chAB"),
            *each(12, "rung", "opm"),
            *each(18, "rung", "chA"),  # who took it holds it
            *each(20, "news", "chA"),
            *each(24, "rung", "cto"),
            *each(24, "breach", "chA"),
            *each(25, "rung", "cto"),  # taken for 24 hours and not solved: the top of the ladder once more
            *each(32, "news", "chA"),
            *each(44, "news", "chA"),
            *each(49, "rung", "cto"),
        ]
    )


def test_a_critical_issue_goes_up_in_an_hour_unless_taken_and_tells_the_voters_and_one_person_on_two_rungs_twice(
    works: Clockwork,
) -> None:
    alone, taken = works.report(severity="critical"), works.report(severity="critical")
    works.do(acknowledge, taken, "chA", at=LIVE + 10 * MINUTE)
    works.run(LIVE, LIVE + 90 * MINUTE, 5 * MINUTE)
    both = [*each(0, "rung", "chA", "chAB"), *each(1, "rung", "cto", "dir", "chA", "chAB")]
    assert works.told(taken, kinds=["rung"]) == sorted(both)
    assert works.told(alone, kinds=["rung"]) == sorted([*both, *each(0.25, "rung", "opm")])
    assert [one[0] for one in works.told(alone, kinds=["waits"]) if one[2] == "opm"] == [0.5, 0.75, 1]
    assert works.told(taken, kinds=["waits"]) == []


def test_what_was_spared_is_climbed_to_when_it_stays_unsolved(works: Clockwork) -> None:
    """Climbs go higher each time."""
    issue = works.report(severity="critical")
    works.do(acknowledge, issue, "chA", at=LIVE + 10 * MINUTE)
    works.run(LIVE, LIVE + 3 * DAY, HOUR)
    again = [step for step in works.steps(issue) if step.kind == "again" and step.settled_at]
    assert [step.number for step in again] == [4, 4]


def test_a_rung_without_anybody_is_passed_on_at_once_and_the_director_told(works: Clockwork) -> None:
    with works.db.writing() as session:
        held = session.exec(select(Membership).where(Membership.role == "ops-manager")).one()
        remove_membership(session, held.id or 0, by=works.cast.viewer(session, "dir", LIVE), now=LIVE)
    issue = works.report(severity="critical")
    works.run(LIVE, LIVE + HALF, 5 * MINUTE)
    assert works.told(issue, kinds=["rung", "vacant"]) == sorted(
        [*each(0, "rung", "chA", "chAB"), *each(0.25, "vacant", "dir"), *each(0.25, "rung", "cto")]
    )
    works.run(LIVE + HALF, LIVE + 2 * HOUR, 5 * MINUTE)
    assert [one for one in works.told(issue, kinds=["rung"]) if one[2] == "cto"] == [(0.25, "rung", "cto")]


def test_by_hand_the_next_rung_hears_at_once_with_a_reason_and_not_again_at_its_hour(works: Clockwork) -> None:
    issue = works.report()
    works.do(escalate_by_hand, issue, "chA", at=LIVE + HOUR, reason="The list fills up")
    works.run(LIVE + HOUR, LIVE + 13 * HOUR, HALF)
    assert works.told(issue, kinds=["rung"]) == sorted([*each(0, "rung", "chA", "chAB"), *each(1, "rung", "opm")])


def test_quiet_hours_delay_the_mail_of_a_quiet_severity_and_never_its_clock(works: Clockwork) -> None:
    evening = datetime(2027, 2, 10, 2, 0, tzinfo=UTC)  # eight in the evening at Alder
    quiet, loud = works.report(at=evening), works.report(at=evening, severity="critical")
    out = {row.subject_id: row.next_at for row in works.deliveries()}
    assert out[quiet] == datetime(2027, 2, 10, 12, 30, tzinfo=UTC)
    assert out[loud] == evening
    assert works.issue(quiet).breach_at == evening + DAY
    assert {row.urgent for row in works.deliveries() if row.subject_id == loud} == {True}


def test_before_the_opening_the_calmer_times_hold_in_opening_hours(works: Clockwork) -> None:
    before = datetime(2027, 1, 8, 23, 0, tzinfo=UTC)  # Friday, five in the afternoon at Alder
    issue = works.issue(works.report(at=before))
    assert issue.law["business"] is True
    assert issue.breach_at == datetime(2027, 1, 13, 23, 0, tzinfo=UTC) + timedelta(0)
    wish = works.issue(works.report(at=LIVE, kind="wish"))
    assert (wish.law["business"], wish.law["resolve"]) == (True, 20 * 11 * 3600)
