"""A rehearsal from its first step to its end, with a block, a check, rounds, and a way back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from app.actions.runs.blocking import block_step, unblock_step
from app.actions.runs.ending import correct_entry, end_run
from app.actions.runs.finishing import verify_step
from app.actions.runs.making import make_run
from app.actions.runs.returning import go_back
from app.actions.runs.stepping import skip_step
from app.db import Database
from app.errors import Forbidden, Refused
from app.models import Issue, RunEntry
from app.rules.runbooks.ledger import StepState
from tests import cast as casting
from tests.cast import Cast
from tests.running import RUN, finish, found, later, rehearse, runbook_id, start


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    found = Database(database_url)
    yield found
    found.dispose()


@pytest.fixture
def night(database: Database) -> tuple[Database, Cast]:
    return database, casting.running(database, RUN)


def test_a_rehearsal_is_planned_from_its_beginning(night: tuple[Database, Cast]) -> None:
    database, cast = night
    with database.writing() as session:
        run = rehearse(session, cast)
        rows = found(session, run).rows
        minutes = {
            id_: ((row.planned_begins - later(0)) // timedelta(minutes=1), row.takes // 60)
            for id_, row in rows.items()
            if not row.back
        }
    assert minutes == {
        "freeze": (0, 30), "patients": (30, 60), "orders": (30, 40), "tell": (90, 5), "try-out": (95, 20),
        "pulse": (115, 40), "open": (155, 15), "thaw": (170, 5),
    }  # fmt: skip
    assert not run.live


@pytest.mark.parametrize("check", ["verify", "sign_off"])
def test_a_step_waits_for_those_before_it_and_for_its_check(database: Database, check: str) -> None:
    cast = casting.running(database, RUN.replace("verify: champion", f"{check}: champion"))
    with database.writing() as session:
        run = rehearse(session, cast)
        with pytest.raises(Refused) as refused:
            start(session, cast, run, "patients")
        assert refused.value.missing == ("for “Freeze settings” to be done",)
        start(session, cast, run, "freeze")
        finish(session, cast, run, "freeze", minute=25)
        assert found(session, run).told["freeze"].state is StepState.CHECK
        with pytest.raises(Refused):
            start(session, cast, run, "patients", minute=26)
        with pytest.raises(Forbidden):
            verify_step(session, run.id or 0, "freeze", seen=None, by=cast.viewer(session, "itl"), now=later(26))
        verify_step(session, run.id or 0, "freeze", seen=None, by=cast.viewer(session, "chA"), now=later(28))
        start(session, cast, run, "patients", minute=28)
        start(session, cast, run, "orders", minute=28)
        stands = found(session, run).told
    assert (stands["freeze"].state, stands["patients"].state) == (StepState.DONE, StepState.RUNNING)


def test_a_block_opens_an_issue_and_moves_the_forecast(night: tuple[Database, Cast]) -> None:
    database, cast = night
    with database.writing() as session:
        run = rehearse(session, cast)
        start(session, cast, run, "freeze")
        before = found(session, run).forecast(later(10)).end
        by = cast.viewer(session, "itl", later(10))
        block_step(
            session, run.id or 0, "freeze", reason="The console hangs", severity="normal", until=later(60),
            seen=None, by=by, now=later(10),
        )  # fmt: skip
        after = found(session, run).forecast(later(10))
        issue = session.exec(select(Issue)).one()
        unblock_step(session, run.id or 0, "freeze", seen=None, by=by, now=later(40))
        freed = found(session, run).forecast(later(40))
    assert issue.title == "Cutover (rehearsal), blocked: Freeze settings"
    assert after.end - before == timedelta(minutes=50)
    assert freed.end - before == timedelta(minutes=30)
    assert "freeze" in after.chain


def _to_the_copy(session, cast, run):  # type: ignore[no-untyped-def]
    start(session, cast, run, "freeze")
    finish(session, cast, run, "freeze", minute=20)
    verify_step(session, run.id or 0, "freeze", seen=None, by=cast.viewer(session, "chA"), now=later(22))
    finish(session, cast, run, "orders", minute=60)


def test_going_back_undoes_what_was_done_first(night: tuple[Database, Cast]) -> None:
    database, cast = night
    with database.writing() as session:
        run = rehearse(session, cast)
        _to_the_copy(session, cast, run)
        with pytest.raises(Forbidden):
            go_back(session, run.id or 0, reason="No", by=cast.proven(session, "chA", later(61)), now=later(61))
        go_back(session, run.id or 0, reason="No way", by=cast.proven(session, "dir", later(61)), now=later(61))
        session.expire_all()
        way = [(one.id, one.number) for one in found(session, run).way]
        assert way == [("back-orders", 1), ("say-back", 2), ("unfreeze", 3)]
        with pytest.raises(Refused):
            start(session, cast, run, "patients", minute=62)
        for step, who in (("back-orders", "itl"), ("say-back", "opm"), ("unfreeze", "itl")):
            finish(session, cast, run, step, who, minute=70)
        end_run(session, run.id or 0, by=cast.viewer(session, "opm"), now=later(71))
    assert run.outcome == "backed-out"


def test_a_run_is_finished_to_its_end(night: tuple[Database, Cast]) -> None:
    database, cast = night
    with database.writing() as session:
        run = rehearse(session, cast)
        _to_the_copy(session, cast, run)
        with pytest.raises(Refused) as refused:
            finish(session, cast, run, "patients", minute=80)
        assert refused.value.missing == ("the answer",)
        finish(session, cast, run, "patients", minute=80, answer="412")
        finish(session, cast, run, "tell", "chA", minute=85)
        skip_step(session, run.id or 0, "try-out", reason="", seen=None, by=cast.viewer(session, "chA"), now=later(86))
        finish(session, cast, run, "pulse", "chA", minute=90, again=True)
        finish(session, cast, run, "pulse", "chA", minute=95)
        finish(session, cast, run, "open", "chA", minute=100)
        finish(session, cast, run, "thaw", minute=105)
        end_run(session, run.id or 0, by=cast.viewer(session, "opm"), now=later(106))
    assert run.outcome == "finished"


def test_a_corrected_hour_is_a_second_entry(night: tuple[Database, Cast]) -> None:
    database, cast = night
    with database.writing() as session:
        run = rehearse(session, cast)
        entry = start(session, cast, run, "freeze", minute=10)
        assert entry is not None
        correct_entry(
            session, run.id or 0, entry.id or 0, happened=later(5), why="Clock was wrong",
            by=cast.viewer(session, "itl"), now=later(12),
        )  # fmt: skip
        stand = found(session, run).told["freeze"]
        entries = session.exec(select(RunEntry).order_by(RunEntry.id)).all()
    assert stand.started == later(5)
    assert [(one.kind, one.happened_at) for one in entries] == [("started", later(10)), ("corrected", later(5))]


def test_one_run_at_a_time_and_a_live_one_waits(night: tuple[Database, Cast]) -> None:
    database, cast = night
    with database.writing() as session:
        run = rehearse(session, cast)
        assert rehearse(session, cast, now=later(1)) is run
        for given in ({"now": later(2)}, {"now": later(1), "straight": False}, {"now": later(1), "who": "dir"}):
            with pytest.raises(Refused):
                rehearse(session, cast, **given)
        end_run(session, run.id or 0, reason="Only a look", by=cast.viewer(session, "opm"), now=later(1))
        with pytest.raises(Refused) as refused:
            make_run(
                session, runbook_id(session, cast), live=True, waits=("“Go or no-go”",),
                by=cast.viewer(session, "opm"), now=later(2),
            )  # fmt: skip
    assert run.outcome == "abandoned"
    assert refused.value.missing == ("it waits for “Go or no-go”",)
