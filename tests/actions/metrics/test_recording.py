"""A figure is entered, or takes the place of another one with a reason; nothing that was entered is ever gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from app.actions.metrics.planned import Given, planned_readings
from app.actions.metrics.recording import record_readings
from app.db import Database
from app.errors import Invalid, NotFound, Refused
from app.models import Event, Issue, MetricReading
from tests.cast import NOW, Cast
from tests.measuring import MONDAY, WEEK, of_week, read, read_all, readings, two_weeks

INSTEAD = "Enter what it is computed from."


def faults(session: Session, cast: Cast, given: Given, who: str = "chA") -> dict[str, str]:
    with pytest.raises(Invalid) as told:
        read(session, cast, given, who)
    return told.value.fields


def test_a_figure_is_entered_with_who_and_when(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        row = read(session, measuring, of_week("ar-days", "45.5", size=Decimal(120), note="From the ledger."))
        assert (row.value, row.size, row.unit, row.definition) == (Decimal("45.5"), Decimal(120), "days", 1)
        assert (row.by_id, row.at, row.note, row.reason) == (measuring.people["chA"], NOW, "From the ledger.", "")
        told = session.exec(select(Event).where(Event.verb == "metric_reading.recorded")).one()
        assert told.data["after"] == {
            "metric": "ar-days", "first": "2026-12-21", "last": "2026-12-27", "value": "45.5", "source": "form",
        }  # fmt: skip


def test_a_correction_keeps_the_old_figure_and_says_why(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        old = read(session, measuring, of_week("ar-days", 45))
        assert faults(session, measuring, of_week("ar-days", 44)) == {
            "reason": "45 stands there. Say why this figure takes its place."
        }
        new = read(session, measuring, of_week("ar-days", 44, reason="A late batch."), "opm")
        assert [(row.value, row.replaced_at, row.reason) for row in readings(session, "ar-days")] == [
            (Decimal(45), NOW, ""), (Decimal(44), None, "A late batch."),
        ]  # fmt: skip
        assert (old.by_id, new.by_id) == (measuring.people["chA"], measuring.people["opm"])
        told = session.exec(select(Event).where(Event.verb == "metric_reading.corrected")).one()
        assert told.data["before"] == {"value": "45"}


def test_the_same_figure_twice_is_one_reading_and_one_event(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        first = read(session, measuring, of_week("ar-days", 45))
        assert read(session, measuring, of_week("ar-days", "45.0"), "opm").id == first.id
        assert len(session.exec(select(Event).where(Event.verb.startswith("metric_reading"))).all()) == 1  # type: ignore[attr-defined]


def test_days_that_are_read_already_are_not_read_once_more(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        read(session, measuring, of_week("ar-days", 45))
        longer = replace(of_week("ar-days", 45), last=date(2026, 12, 31))
        assert faults(session, measuring, longer) == {
            "first": "Some of these days are read already, as 2026-12-21 to 2026-12-27. Correct that figure instead."
        }
        twice = [of_week("denials", 8), of_week("denials", 9)]
        plan = planned_readings(session, measuring.rollout, twice, by=measuring.viewer(session, "chA"), now=NOW)
        assert [dict(row.faults) for row in plan.rows] == [{}, {"first": "These days are given twice."}]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (of_week("cost", 12), {"metric": f"Cost of an exam is computed: spend / exams. {INSTEAD}"}),
        (of_week("ar-days", 45, date(2027, 1, 4)), {"first": "These days are not over: 10 January is still to come."}),
        (of_week("nothing", 45), {"metric": "The playbook has no such metric."}),
        (of_week("launch-time", 45), {"metric": "Time to launch is read once for the network."}),
        (of_week("ar-days", 45, location=""), {"metric": "Days in receivables is read for each location."}),
        (of_week("ar-days", 45, location="cedar"), {"location": "There is no such place in this rollout."}),
        (of_week("denials", 101), {"value": "101 cannot be: the playbook accepts 0 .. 100."}),
        (of_week("denials", 8, size=Decimal(0)), {"size": "It is the figure of more than nothing."}),
    ],
)  # fmt: skip
def test_what_cannot_be_a_reading_says_why(db: Database, measuring: Cast, given: Given, wrong: dict[str, str]) -> None:
    with db.writing() as session:
        assert faults(session, measuring, given, "dir") == wrong
        assert session.exec(select(MetricReading)).all() == []


def test_a_place_that_is_not_seen_is_as_one_that_is_not_there(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        foreign = faults(session, measuring, of_week("ar-days", 45), "chB")
        assert foreign == faults(session, measuring, of_week("ar-days", 45, location="cedar"), "chB")
        with pytest.raises(NotFound):
            read(session, measuring, of_week("ar-days", 45), "ch0")


def test_figures_are_entered_by_whom_the_place_or_the_metric_names(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        for who, monday in (("chA", MONDAY), ("opm", MONDAY - WEEK), ("dir", MONDAY - 2 * WEEK)):
            read(session, measuring, of_week("ar-days", 45, monday), who)
        read(session, measuring, of_week("exams", 100), "itl")
        for who in ("itl", "exe", "cto"):
            assert faults(session, measuring, of_week("ar-days", 45), who) == {
                "metric": "You may see Days in receivables, but its figures are not yours to enter."
            }


def test_a_bad_figure_is_taken_and_opens_an_issue_where_the_playbook_says_so(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        read(session, measuring, of_week("downtime", 3))
        assert session.exec(select(Issue)).all() == []
        read(session, measuring, of_week("downtime", 9, MONDAY + WEEK))
        issue = session.exec(select(Issue)).one()
        assert (issue.title, issue.severity, issue.location_id) == (
            "Hours of downtime: 9 hours", "normal", measuring.locations["alder"],
        )  # fmt: skip


def test_all_of_many_figures_are_entered_or_none(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        with pytest.raises(Refused) as told:
            read_all(session, measuring, [*two_weeks(), of_week("nothing", 1)])
        assert told.value.missing == ("Figure 9: The playbook has no such metric.",)
        assert session.exec(select(MetricReading)).all() == []
        read_all(session, measuring, two_weeks())
        assert set(session.exec(select(MetricReading.source))) == {"file"}
        assert len(session.exec(select(Event).where(Event.verb == "metric_reading.uploaded")).all()) == 1
        again = read_all(session, measuring, two_weeks())
        assert {row.outcome for row in again.rows} == {"same"}
        assert len(session.exec(select(Event).where(Event.verb == "metric_reading.uploaded")).all()) == 1


def test_many_figures_are_entered_only_as_they_were_shown(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        by = measuring.viewer(session, "dir")
        shown = planned_readings(session, measuring.rollout, two_weeks(), by=by, now=NOW).fingerprint
        read(session, measuring, of_week("ar-days", 45))
        with pytest.raises(Refused, match="have changed since"):
            record_readings(session, measuring.rollout, two_weeks(), shown=shown, by=by, now=NOW)


def test_one_reason_does_for_every_correction(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        read_all(session, measuring, two_weeks())
        plan = read_all(session, measuring, two_weeks(ar_days=44), reason="Counted anew.")
        assert len(plan.of("corrected")) == 2
        assert {row.reason for row in readings(session, "ar-days") if row.replaced_at is None} == {"Counted anew."}


def test_the_number_of_queries_does_not_grow_with_the_figures(db: Database, measuring: Cast) -> None:
    asked: list[str] = []
    with db.writing() as session:
        by = measuring.viewer(session, "opm")
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        numbers = []
        for given in (two_weeks()[:1], two_weeks()):
            asked.clear()
            planned_readings(session, measuring.rollout, given, by=by, now=NOW)
            numbers.append(len(asked))
    assert numbers[0] == numbers[1]
