"""Periods, worksheets, procedures and files of values: changed by who may, once, and told when stale."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from sqlmodel import Session, col, select

from app.actions.productivity.benchmarks import read_benchmark_file, remove_benchmark
from app.actions.productivity.periods import begin_period, change_period, remove_period
from app.actions.productivity.procedures import count_procedures, leave_out_procedures, read_procedure_file
from app.actions.productivity.values import read_value_file, remove_values
from app.actions.productivity.worksheets import put_worksheet, remove_worksheet
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.models import Event, ProcedureCount, ProductivityPeriod, Rollout, Worksheet
from app.rules.productivity.figures import Sheet
from app.rules.productivity.hours import HourKind, HoursLine
from app.stored.productivity import standing_sheets
from tests.actions.productivity.practice import FIRST, LAST, example, made, practice, procedures, values
from tests.cast import NOW, Cast

D = Decimal
ANN = Sheet("Ann", D(36), D(1), (HoursLine(HourKind.NORMAL_DAY, D(44), D(36)),))


def verbs(session: Session) -> list[str]:
    rows = select(Event.verb).where(col(Event.subject_kind).in_(("productivity", "relative-values", "benchmark")))
    return list(session.exec(rows.order_by(col(Event.id))))


def test_the_example_gives_its_sums(db: Database, running: Cast) -> None:
    found = made(db, running)
    with db.reading() as session:
        row = session.get_one(ProductivityPeriod, found.period)
        assert (row.procedures, row.rvu, row.unvalued) == (55_302, D("115369.00"), 0)
        assert verbs(session) == [
            "relative-values.brought", "benchmark.brought", "productivity.begun", "productivity.worksheets_put",
            "productivity.procedures_brought", "productivity.procedures_counted",
        ]  # fmt: skip


def test_everything_twice_is_quiet(db: Database, running: Cast) -> None:
    first = made(db, running)
    with db.reading() as session:
        before = verbs(session)
    assert made(db, running) == first
    with db.writing() as session:
        by = running.viewer(session, "dir")
        change_period(session, first.period, full_time=D(36), values_id=first.values, seen=None, by=by, now=NOW)
    with db.reading() as session:
        assert verbs(session) == before


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("chB", NotFound), ("ch0", NotFound), ("exe", Forbidden), ("cto", Forbidden), ("itl", Forbidden)],
)
def test_who_may_not_is_refused(db: Database, running: Cast, who: str, refusal: type[Exception]) -> None:
    found = made(db, running)
    with db.writing() as session:
        given = {"by": running.viewer(session, who), "now": NOW}
        key = session.exec(select(Worksheet.id)).first() or 0
        acts = [
            lambda: begin_period(session, running.locations["alder"], first=FIRST, last=LAST, full_time=D(1), **given),
            lambda: change_period(session, found.period, full_time=D(1), values_id=None, seen=None, **given),
            lambda: remove_period(session, found.period, seen=None, **given),
            lambda: put_worksheet(session, found.period, ANN, seen=None, **given),
            lambda: remove_worksheet(session, found.period, key, seen=None, **given),
            lambda: count_procedures(session, found.upload, seen=None, **given),
            lambda: leave_out_procedures(session, found.upload, **given),
        ]
        for act in acts:
            with pytest.raises(refusal):
                act()


def test_values_and_benchmarks_are_kept_by_who_enters_for_the_network(db: Database, running: Cast) -> None:
    found = made(db, running)
    with db.writing() as session:
        for who, refusal in (("chA", Forbidden), ("exe", Forbidden), ("ch0", NotFound)):
            by = running.viewer(session, who)
            with pytest.raises(refusal):
                remove_values(session, found.values, by=by, now=NOW)
            with pytest.raises(refusal):
                remove_benchmark(session, found.benchmark, by=by, now=NOW)
        by = running.viewer(session, "opm")
        for _ in range(2):
            remove_values(session, found.values, by=by, now=NOW)
            remove_benchmark(session, found.benchmark, by=by, now=NOW)
        # The period keeps what it rests on; another may not choose it any more.
        assert session.get_one(ProductivityPeriod, found.period).rvu == D("115369.00")
        begun = begin_period(
            session, running.locations["birch"], first=FIRST, last=LAST, full_time=D(40), by=by, now=NOW
        )
        assert begun.values_id is None
        with pytest.raises(Invalid) as fault:
            change_period(session, begun.id or 0, full_time=D(40), values_id=found.values, seen=None, by=by, now=NOW)
        assert set(fault.value.fields) == {"values"}


def test_the_champion_enters_at_their_own_place(db: Database, running: Cast) -> None:
    with db.writing() as session:
        assert practice(session, running, "alder", "chA").period


def test_a_stale_form_is_told_who_was_quicker(db: Database, running: Cast) -> None:
    found = made(db, running)
    with db.writing() as session:
        by, chiara = running.viewer(session, "dir"), running.viewer(session, "chA")
        seen = session.get_one(ProductivityPeriod, found.period).version
        put_worksheet(session, found.period, ANN, seen=seen, by=chiara, now=NOW)
        with pytest.raises(Stale) as told:
            change_period(session, found.period, full_time=D(40), values_id=None, seen=seen, by=by, now=NOW)
        assert (told.value.who, told.value.what) == ("Chiara Amato", "worksheet_put")


def test_a_replaced_worksheet_is_kept(db: Database, running: Cast) -> None:
    found = made(db, running)
    with db.writing() as session:
        by = running.viewer(session, "chA")
        row = put_worksheet(session, found.period, ANN, seen=None, by=by, now=NOW)
        later = put_worksheet(
            session, found.period, replace(ANN, weekly=D(18)), worksheet_id=row.id, seen=None, by=by, now=NOW
        )
        assert (later.position, row.replaced_at) == (row.position, NOW)
        standing = standing_sheets(session, [found.period])[found.period]
        assert [sheet.name for _, sheet in standing][-1] == "Ann"
        assert len(standing) == 5
        remove_worksheet(session, found.period, later.id or 0, seen=None, by=by, now=NOW)
        remove_worksheet(session, found.period, later.id or 0, seen=1, by=by, now=NOW)
        with pytest.raises(Refused):
            put_worksheet(session, found.period, ANN, worksheet_id=later.id, seen=None, by=by, now=NOW)
        with pytest.raises(Invalid) as fault:
            put_worksheet(session, found.period, replace(ANN, name="Associate"), seen=None, by=by, now=NOW)
        assert set(fault.value.fields) == {"name"}


def test_new_procedures_count_only_once_said_so(db: Database, running: Cast) -> None:
    found = made(db, running)
    with db.writing() as session:
        by = running.viewer(session, "chA")
        shown = procedures(session, running, found.period, b"code,quantity\n71010,100\n99999,7\n", "chA")
        row = session.get_one(ProductivityPeriod, found.period)
        assert row.procedures == 55_302
        count_procedures(session, shown, seen=row.version, by=by, now=NOW)
        assert (row.procedures, row.rvu, row.unvalued, row.unvalued_procedures) == (107, D("19.00"), 1, 7)
        with pytest.raises(Refused):
            count_procedures(session, found.upload, seen=None, by=by, now=NOW)
        for _ in range(2):
            leave_out_procedures(session, shown, by=by, now=NOW)
        assert (row.procedures, row.rvu) == (0, 0)


def test_other_values_give_other_figures(db: Database, running: Cast) -> None:
    found = made(db, running)
    with db.writing() as session:
        by = running.viewer(session, "dir")
        other = values(session, running, example("values").replace(b"0.19", b"1.19").replace(b"1992", b"1993"))
        row = session.get_one(ProductivityPeriod, found.period)
        change_period(session, found.period, full_time=D(36), values_id=other, seen=row.version, by=by, now=NOW)
        assert row.rvu == D("115825.00")
        change_period(session, found.period, full_time=D(36), values_id=None, seen=row.version, by=by, now=NOW)
        assert (row.rvu, row.procedures) == (None, 55_302)


def test_days_and_hours_are_checked(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by, at = running.viewer(session, "dir"), running.locations["alder"]
        for last, full_time, field in (
            (date(2025, 12, 31), D(36), "last"), (date(2027, 12, 31), D(36), "last"), (LAST, D(0), "full_time"),
            (LAST, D(169), "full_time"),
        ):  # fmt: skip
            with pytest.raises(Invalid) as fault:
                begin_period(session, at, first=FIRST, last=last, full_time=full_time, by=by, now=NOW)
            assert set(fault.value.fields) == {field}


def test_nothing_is_changed_in_a_closed_rollout(db: Database, running: Cast) -> None:
    found = made(db, running)
    with db.writing() as session:
        session.get_one(Rollout, running.rollout).closed_at = NOW
        by = running.viewer(session, "dir")
        with pytest.raises(Refused):
            put_worksheet(session, found.period, ANN, seen=None, by=by, now=NOW)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02",
        b"PK\x03\x04 no archive",
        b"patient,day\n1,2\n",
        b"code\nx\n",
        "code\n71010".encode("utf-16-be"),
    ],
)
def test_files_that_cannot_be_taken_are_refused_whole(content: bytes) -> None:
    for read in (read_procedure_file, read_value_file, read_benchmark_file):
        with pytest.raises(Invalid) as fault:
            read(BytesIO(content))
        assert set(fault.value.fields) == {"file"}


def test_a_benchmark_with_a_bad_row_is_refused_with_its_number() -> None:
    with pytest.raises(Invalid) as fault:
        read_benchmark_file(BytesIO(example("benchmark").replace(b"14.5", b"fast")))
    assert fault.value.fields["file"].startswith("Nothing was taken. Row 7: “fast” is no figure.")


def test_counts_of_files_are_never_mixed(db: Database, running: Cast) -> None:
    found = made(db, running)
    with db.writing() as session:
        shown = procedures(session, running, found.period, b"code\n71010\n")
        rows = session.exec(select(ProcedureCount).where(ProcedureCount.upload_id == shown)).all()
        assert [(row.code, row.quantity) for row in rows] == [("71010", 1)]
