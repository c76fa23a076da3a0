"""Two people at the same moment: one period, one file that counts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

from sqlmodel import col, select

from app.actions.productivity.periods import begin_period
from app.actions.productivity.procedures import count_procedures
from app.db import Database
from app.models import ProcedureUpload, ProductivityPeriod
from tests.actions.productivity.practice import FIRST, LAST, made, procedures
from tests.cast import NOW, Cast


def at_once(act: Callable[[int], object], times: int = 6) -> None:
    with ThreadPoolExecutor(times) as pool:
        list(pool.map(act, range(times)))


def test_the_same_period_is_opened_once(db: Database, running: Cast) -> None:
    def act(number: int) -> None:
        with db.writing() as session:
            by = running.viewer(session, ("dir", "chA")[number % 2])
            begin_period(
                session, running.locations["alder"], first=FIRST, last=LAST, full_time=Decimal(36), by=by, now=NOW
            )

    at_once(act)
    with db.reading() as session:
        assert len(session.exec(select(ProductivityPeriod)).all()) == 1


def test_of_several_files_one_counts(db: Database, running: Cast) -> None:
    period = made(db, running).period

    def act(number: int) -> None:
        with db.writing() as session:
            by = running.viewer(session, ("dir", "chA")[number % 2])
            key = procedures(session, running, period, f"code,quantity\n71010,{number + 1}\n".encode())
            count_procedures(session, key, seen=None, by=by, now=NOW)

    at_once(act)
    with db.reading() as session:
        (standing,) = session.exec(select(ProcedureUpload).where(col(ProcedureUpload.replaced_at).is_(None))).all()
        assert session.get_one(ProductivityPeriod, period).procedures == standing.procedures
