"""What people are told of a run, in the inbox and by mail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import Session, select

from app.actions.runs.blocking import block_step
from app.actions.runs.ending import end_run
from app.actions.runs.finishing import verify_step
from app.actions.runs.stepping import hand_over
from app.db import Database
from app.models import Delivery, Notice, Run
from app.queries.dropped import NotToSend
from app.queries.inbox import inbox
from app.queries.letters import letter
from tests import cast as casting
from tests.cast import Cast
from tests.running import RUN, finish, later, rehearse, start


@pytest.fixture
def night(database_url: str) -> Iterator[tuple[Database, Cast]]:
    database = Database(database_url)
    yield database, casting.running(database, RUN)
    database.dispose()


def told(session: Session, cast: Cast) -> dict[str, set[str]]:
    """Who heard of what, by kind."""
    names = {key: name for name, key in cast.people.items()}
    found: dict[str, set[str]] = {}
    for kind, person in session.exec(select(Notice.kind, Notice.person_id)):
        found.setdefault(kind, set()).add(names[person])
    return found


def to_the_check(session: Session, cast: Cast) -> Run:
    run = rehearse(session, cast)
    start(session, cast, run, "freeze")
    finish(session, cast, run, "freeze", minute=20)
    return run


def test_whoever_checks_and_whoever_is_next_hears_of_it(night: tuple[Database, Cast]) -> None:
    database, cast = night
    with database.writing() as session:
        run = to_the_check(session, cast)
        assert told(session, cast) == {"run_check": {"chA", "chAB"}}
        verify_step(session, run.id or 0, "freeze", seen=None, by=cast.viewer(session, "chA"), now=later(22))
        assert told(session, cast)["run_step"] == {"itl"}


def test_a_step_that_is_handed_over_or_blocked_is_told(night: tuple[Database, Cast]) -> None:
    database, cast = night
    with database.writing() as session:
        run = rehearse(session, cast)
        by = cast.viewer(session, "itl", later(1))
        hand_over(session, run.id or 0, "freeze", person=cast.people["opm"], seen=None, by=by, now=later(1))
        block_step(
            session, run.id or 0, "freeze", reason="It hangs", severity="normal", until=later(30), seen=None, by=by,
            now=later(2),
        )  # fmt: skip
        found = told(session, cast)
        lines = inbox(session, cast.viewer(session, "opm"))
    assert found["run_handed"] == {"opm"}
    assert {"opm", "dir", "chA"} <= found["run_blocked"]
    assert {(line.title, line.path) for line in lines if line.kind.startswith("run_")} == {
        ("Cutover", f"/runs/{run.id}")
    }


def test_a_letter_names_the_run_and_asks_nothing_once_it_is_over(night: tuple[Database, Cast]) -> None:
    database, cast = night
    with database.writing() as session:
        run = to_the_check(session, cast)
        row = session.exec(select(Delivery).where(Delivery.kind == "run_check")).first()
        assert row is not None
        viewer = cast.viewer(session, "chA")
        made = letter(session, row, viewer, later(21))
        assert (made.path, made.facts["title"]) == (f"/runs/{run.id}", "Cutover, rehearsal 1, Alder")
        assert made.facts["text"] == "Freeze settings"
        end_run(session, run.id or 0, reason="Enough", by=cast.viewer(session, "opm"), now=later(30))
        with pytest.raises(NotToSend):
            letter(session, row, viewer, later(31))
        over = session.exec(select(Delivery).where(Delivery.kind == "run_ended")).first()
        assert over is not None
        who = next(name for name, key in cast.people.items() if key == over.person_id)
        assert letter(session, over, cast.viewer(session, who), later(31)).path == f"/runs/{run.id}"
