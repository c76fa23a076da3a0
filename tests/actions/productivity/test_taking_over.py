"""The figures of a period become readings of the metrics that the playbook asks for, with what they rest on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import col, select

from app.actions.productivity.periods import begin_period
from app.actions.productivity.procedures import count_procedures
from app.actions.productivity.taking_over import take_over
from app.db import Database
from app.errors import Forbidden, NotFound, Refused
from app.models import MetricReading
from tests import cast as casting
from tests.actions.productivity.practice import MEASURED, practice, procedures
from tests.cast import NOW, Cast

D = Decimal


@pytest.fixture
def measuring(db: Database) -> Cast:
    return casting.running(db, MEASURED)


def test_the_four_figures_are_recorded_once_with_their_basis(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        period = practice(session, measuring).period
        by = measuring.viewer(session, "chA")
        for _ in range(2):
            take_over(session, period, seen=None, by=by, now=NOW)
        rows = session.exec(select(MetricReading).order_by(col(MetricReading.id))).all()
        assert [(row.metric, row.value) for row in rows] == [
            ("tash", D(5_727)), ("fte", D("3.25")), ("pcwrvu", D("115369.00")), ("procedures", D(55_302)),
        ]  # fmt: skip
        assert rows[0].basis == {
            "period": "2026-01-01 to 2026-12-31", "rvu-year": 1992,
            "included-hours": ["normal shifts", "call read on site"],
        }  # fmt: skip


def test_figures_that_stand_are_corrected_with_a_reason(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        period, by = practice(session, measuring).period, measuring.viewer(session, "chA")
        take_over(session, period, seen=None, by=by, now=NOW)
        count_procedures(session, procedures(session, measuring, period, b"code\n71010\n"), seen=None, by=by, now=NOW)
        with pytest.raises(Refused):
            take_over(session, period, seen=None, by=by, now=NOW)
        take_over(session, period, reason="A better file", seen=None, by=by, now=NOW)
        standing = select(MetricReading.value).where(
            MetricReading.metric == "procedures", col(MetricReading.replaced_at).is_(None)
        )
        assert session.exec(standing).all() == [D(1)]


def test_what_is_not_whole_or_no_year_is_refused(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        by = measuring.viewer(session, "dir")
        for last, said in ((date(2026, 12, 31), "needed first"), (date(2026, 6, 30), "whole year")):
            row = begin_period(
                session, measuring.locations["alder"], first=date(2026, 1, 1), last=last, full_time=D(36), by=by,
                now=NOW,
            )  # fmt: skip
            with pytest.raises(Refused, match=said):
                take_over(session, row.id or 0, seen=None, by=by, now=NOW)


@pytest.mark.parametrize(("who", "refusal"), [("chB", NotFound), ("ch0", NotFound), ("exe", Forbidden)])
def test_who_may_not_takes_nothing_over(db: Database, measuring: Cast, who: str, refusal: type[Exception]) -> None:
    with db.writing() as session:
        period = practice(session, measuring).period
        with pytest.raises(refusal):
            take_over(session, period, seen=None, by=measuring.viewer(session, who), now=NOW)


def test_a_playbook_that_asks_for_none_of_them_is_told(db: Database, running: Cast) -> None:
    with db.writing() as session:
        period = practice(session, running).period
        with pytest.raises(Refused, match="asks for none"):
            take_over(session, period, seen=None, by=running.viewer(session, "dir"), now=NOW)
