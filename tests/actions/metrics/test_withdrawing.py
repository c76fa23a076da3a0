"""A figure over wrong days is taken out: kept, counted no more, and its days are free again."""

from __future__ import annotations

import pytest
from sqlmodel import Session, col, select

from app.actions.locations.joining import drop_location, planned_drop, planned_return, return_location
from app.actions.metrics.withdrawing import withdraw_reading
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Event, MetricPoint, MetricReading, MetricStanding, Rollout
from tests.cast import Cast
from tests.measuring import LATER, LIVE_WEEK, MONDAY, WEEK, of_week, read, read_all, readings, standing, two_weeks


def take_out(session: Session, cast: Cast, row: MetricReading, who: str = "chA", reason: str = "Days.") -> None:
    withdraw_reading(session, row.id or 0, reason=reason, by=cast.viewer(session, who, LATER), now=LATER)


def test_a_figure_over_wrong_days_is_taken_out_and_counts_no_more(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        read_all(session, measuring, two_weeks())
        wrong = next(row for row in readings(session, "exams") if row.first == MONDAY + WEEK)
        take_out(session, measuring, wrong, reason=" The month, not the week. ")
        assert (wrong.replaced_at, wrong.withdrawn_by) == (LATER, measuring.people["chA"])
        assert (wrong.withdrawn_reason, wrong.reason) == ("The month, not the week.", "")
        assert [row.first for row in readings(session, "exams") if row.replaced_at is None] == [MONDAY]
        assert (standing(session, measuring, "exams").latest_first, standing(session, measuring, "cost").latest) == (
            MONDAY, 12,
        )  # fmt: skip
        for metric in ("exams", "cost"):
            left = session.exec(select(MetricPoint).where(MetricPoint.metric == metric))
            assert [row.first for row in left] == [MONDAY]
        take_out(session, measuring, wrong, reason="")
        told = session.exec(select(Event).where(Event.verb == "metric_reading.withdrawn")).one()
        assert told.data == {
            "before": {"value": "100"}, "after": {"metric": "exams", "first": "2026-12-28", "last": "2027-01-03"},
        }  # fmt: skip
        assert read(session, measuring, of_week("exams", 25, MONDAY + WEEK)).reason == ""


def test_who_may_not_enter_it_takes_nothing_out(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        row = read(session, measuring, of_week("ar-days", 45))
        for who, refusal in (("chB", NotFound), ("ch0", NotFound), ("exe", Forbidden), ("cto", Forbidden)):
            with pytest.raises(refusal):
                take_out(session, measuring, row, who)
        with pytest.raises(Invalid):
            take_out(session, measuring, row, reason=" ")
        read(session, measuring, of_week("ar-days", 44, reason="Late."))
        with pytest.raises(Refused, match="Another figure took the place"):
            take_out(session, measuring, row)
        session.get_one(Rollout, measuring.rollout).closed_at = LATER
        session.flush()
        with pytest.raises(Refused, match="closed"):
            take_out(session, measuring, readings(session, "ar-days")[-1])
        assert readings(session, "ar-days")[-1].replaced_at is None


def test_leaving_and_coming_back_judges_anew_what_is_read_for_all(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        given = [of_week("launch-time", 9, LIVE_WEEK, ""), of_week("exams", 60, LIVE_WEEK + WEEK)]
        read_all(session, measuring, given, now=LATER)
        by, alder = measuring.viewer(session, "dir", LATER), measuring.locations["alder"]
        stale(session)
        shown = planned_drop(session, alder, by=by, now=LATER).fingerprint
        drop_location(session, alder, reason="Sold.", shown=shown, by=by, now=LATER)
        assert standing(session, measuring, "launch-time", "").live == LIVE_WEEK
        stale(session)
        shown = planned_return(session, alder, by=by, now=LATER).fingerprint
        return_location(session, alder, reason="Kept.", shown=shown, by=by, now=LATER)
        assert standing(session, measuring, "launch-time", "").live == LIVE_WEEK
        assert standing(session, measuring, "exams").live == LIVE_WEEK


def stale(session: Session) -> None:
    """As before a change that moved the go-live."""
    for row in session.exec(select(MetricStanding).where(col(MetricStanding.live).is_not(None))):
        row.live = MONDAY
        session.add(row)
    session.flush()
