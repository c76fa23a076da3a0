"""A day that nobody counted is missed for ever; where nothing was asked for nothing is recorded."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlmodel import Session, select

from app.actions.locations.joining import drop_location, planned_drop
from app.actions.locations.pauses import pause_location, resume_location
from app.actions.reconciliations.counting import enter_counts
from app.actions.reconciliations.handing import hand_in
from app.actions.reconciliations.missing import miss_day
from app.actions.reconciliations.reviewing import review_day, send_back
from app.actions.rollouts.closing import close_rollout
from app.db import Database
from app.models import Event, Issue, IssueNote, Occasion, Rollout
from app.rules.reconciliations.judging import Given
from tests.cast import NOW, Cast
from tests.reconciling import LATE, count_day, given, occasion, record

AFTER = LATE + timedelta(minutes=1)


def miss(session: Session, occasion_id: int, now: datetime = AFTER) -> None:
    miss_day(session, session.get_one(Occasion, occasion_id), now=now)


def test_nobody_counted_so_the_day_is_missed_and_an_issue_climbs(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day = occasion(session, counting)
        miss(session, day)
        miss(session, day)
        row = record(session, day)
        assert row is not None
        assert (row.missed_at, row.counted_at) == (LATE, None)
        (issue,) = session.exec(select(Issue)).all()
        assert (issue.id, issue.severity, issue.source, issue.by_id) == (row.issue_id, "normal", "work", None)
        assert issue.title == "Daily count: nobody counted Tuesday 5 January 2027"
        assert issue.details.startswith(
            "Nothing was handed in for Tuesday 5 January 2027. It was due Tue 5 Jan, 17:30 Central."
        )
        event = session.exec(select(Event).where(Event.verb == "reconciliation.missed")).one()
        assert (event.actor_id, event.subject_id, event.location_id) == (None, day, counting.locations["alder"])


def test_what_was_begun_and_not_handed_in_is_missed(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day, by = occasion(session, counting), counting.viewer(session, "chA")
        enter_counts(session, day, [Given("cash", Decimal(1), Decimal(1))], seen=0, by=by, now=NOW)
        miss(session, day)
        row = record(session, day)
        assert row is not None
        assert row.missed_at == LATE


def test_what_was_handed_in_waits_for_its_review_and_is_not_missed(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day, other = occasion(session, counting), occasion(session, counting, "birch")
        count_day(session, counting, day)
        count_day(session, counting, other, who="chB")
        by = counting.viewer(session, "opm")
        send_back(session, other, reason="Count the till again.", seen=None, by=by, now=NOW)
        for one in (day, other):
            miss(session, one)
            row = record(session, one)
            assert row is not None
            assert row.missed_at is None


def test_counts_entered_later_leave_it_missed(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day = occasion(session, counting)
        miss(session, day)
        count_day(session, counting, day, now=AFTER)
        row = review_day(session, day, seen=None, by=counting.viewer(session, "opm"), now=AFTER)
        assert (row.missed_at, row.clean) == (LATE, True)
        assert session.exec(select(IssueNote.said)).all() == ["The counts of that day were handed in now."]


def test_a_day_handed_in_late_is_missed_though_no_worker_looked(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day = occasion(session, counting)
        count_day(session, counting, day, now=LATE)
        row = record(session, day)
        assert row is not None
        assert (row.missed_at, row.counted_at) == (LATE, LATE)
        assert session.get_one(Occasion, day).next_at is None


def test_nothing_is_asked_for_while_a_place_stands_still(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day, by = occasion(session, counting), counting.viewer(session, "dir")
        pause_location(session, counting.locations["alder"], reason="Flooded", by=by, now=NOW)
        resume_location(session, counting.locations["alder"], by=by, now=AFTER)
        miss(session, day, AFTER + timedelta(hours=1))
        assert record(session, day) is None
        other = occasion(session, counting, "birch")
        pause_location(session, counting.locations["birch"], reason="Flooded", by=by, now=AFTER)
        miss(session, other, AFTER + timedelta(hours=1))
        assert record(session, other) is not None


def test_nothing_is_asked_for_at_a_place_that_has_left_or_in_a_closed_rollout(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        by, alder = counting.viewer(session, "dir"), counting.locations["alder"]
        plan = planned_drop(session, alder, by=by, now=NOW)
        drop_location(session, alder, reason="Sold", shown=plan.fingerprint, by=by, now=NOW)
        miss(session, occasion(session, counting))
        assert record(session, occasion(session, counting)) is None
        seen = session.get_one(Rollout, counting.rollout).version
        close_rollout(session, counting.rollout, note="Over", seen=seen, by=by, now=NOW)
        miss(session, occasion(session, counting, "birch"))
        assert record(session, occasion(session, counting, "birch")) is None


def test_nothing_is_asked_for_before_the_plan_was_written(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day = occasion(session, counting, day=date(2027, 1, 4))
        miss(session, day, NOW)
        assert record(session, day) is None
        by = counting.viewer(session, "chA")
        enter_counts(session, day, given(), seen=0, by=by, now=NOW)
        assert hand_in(session, day, seen=None, by=by, now=NOW).missed_at is None
