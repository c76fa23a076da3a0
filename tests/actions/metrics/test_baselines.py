"""A baseline is completed, signed as it was shown, and frozen; another one takes its place only with a reason."""

from __future__ import annotations

import json

import pytest
from sqlmodel import col, select

from app.actions.metrics.baselines import sign_baseline
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, ProofWanted, Refused, Stale
from app.models import Baseline, Event
from app.rules.signoffs import fingerprint
from tests.cast import NOW, Cast
from tests.measuring import LATER, LIVE_WEEK, WEEK, of_week, read, read_all, shown_hash, sign, standing, two_weeks


def test_what_is_not_captured_is_named(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        read_all(session, measuring, [one for one in two_weeks() if one.metric != "spend"][:-1])
        with pytest.raises(Refused) as told:
            sign(session, measuring)
        assert told.value.missing == ("Spend on billing", "Cost of an exam")


def test_a_complete_baseline_is_signed_and_frozen(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        read_all(session, measuring, two_weeks())
        row = sign(session, measuring)
        assert (row.number, row.name, row.at, row.reason) == (1, "Chiara Amato", NOW, "")
        assert row.sha256 == fingerprint(row.content)
        figures = json.loads(row.content)["metrics"]
        assert {id_: one["value"] for id_, one in figures.items()} == {
            "ar-days": "45.0", "denials": "8.0", "spend": "1200.0", "cost": "12.0", "exams": "100.0",
        }  # fmt: skip
        assert (figures["ar-days"]["readings"], figures["ar-days"]["first"]) == (2, "2026-12-21")
        assert standing(session, measuring, "ar-days").baseline == 45
        assert sign(session, measuring, who="opm").id == row.id
        assert len(session.exec(select(Event).where(Event.verb == "baseline.signed")).all()) == 1


def test_a_reading_after_the_signature_changes_nothing_of_it(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        read_all(session, measuring, two_weeks())
        sign(session, measuring)
        read_all(session, measuring, two_weeks(ar_days=50), reason="Counted anew.")
        found = standing(session, measuring, "ar-days")
        assert (found.baseline, found.captured) == (45, 50)


def test_only_what_was_shown_is_signed(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        read_all(session, measuring, two_weeks())
        shown = shown_hash(session, measuring)
        read(session, measuring, of_week("ar-days", 46, reason="A late batch."))
        with pytest.raises(Stale, match="entered other figures"):
            sign(session, measuring, shown=shown)
        assert session.exec(select(Baseline)).all() == []


def test_a_frozen_baseline_is_replaced_by_a_director_with_a_reason(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        read_all(session, measuring, two_weeks())
        sign(session, measuring)
        read_all(session, measuring, two_weeks(ar_days=50), reason="Counted anew.")
        with pytest.raises(Forbidden, match="Only a director"):
            sign(session, measuring, who="opm", reason="Counted anew.")
        with pytest.raises(Invalid):
            sign(session, measuring, who="dir")
        second = sign(session, measuring, who="dir", reason="Counted anew.")
        rows = session.exec(select(Baseline).order_by(col(Baseline.number))).all()
        assert [(row.number, row.replaced_at, row.reason) for row in rows] == [(1, NOW, ""), (2, None, "Counted anew.")]
        assert standing(session, measuring, "ar-days").baseline == 50
        told = session.exec(select(Event).where(Event.verb == "baseline.replaced")).one()
        assert told.data["after"] == {"number": 2, "sha256": second.sha256}


def test_it_is_signed_by_those_who_enter_figures_there_and_have_proven_who_they_are(
    db: Database, measuring: Cast
) -> None:
    with db.writing() as session:
        read_all(session, measuring, two_weeks())
        shown, alder = shown_hash(session, measuring), measuring.locations["alder"]
        for who in ("exe", "itl"):
            with pytest.raises(Forbidden):
                sign(session, measuring, who=who)
        with pytest.raises(NotFound):
            sign(session, measuring, who="chB")
        with pytest.raises(ProofWanted):
            sign_baseline(session, measuring.rollout, alder, shown=shown, by=measuring.viewer(session, "chA"), now=NOW)


def test_the_network_has_a_baseline_of_its_own(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        with pytest.raises(Refused) as told:
            sign(session, measuring, "", "dir")
        assert told.value.missing == ("Time to launch",)
        read(session, measuring, of_week("launch-time", 30, location=""), "dir")
        assert json.loads(sign(session, measuring, "", "dir").content)["metrics"].keys() == {"launch-time"}


def test_readings_since_the_go_live_are_not_captured(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        read_all(session, measuring, [of_week("ar-days", 40, LIVE_WEEK), of_week("ar-days", 39, LIVE_WEEK + WEEK)],
                 now=LATER)  # fmt: skip
        found = standing(session, measuring, "ar-days")
        assert (found.captured, found.captured_readings, found.latest) == (None, 0, 39)
