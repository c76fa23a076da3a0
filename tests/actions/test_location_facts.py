"""What is stated of a location while the rollout runs decides what was unclear there."""

from __future__ import annotations

import pytest
from sqlmodel import Session, col, select

from app.actions.locations.facts import planned_facts, state_facts
from app.actions.tasks.checklists import check_item
from app.actions.tasks.completion import complete_task
from app.db import Database
from app.errors import Invalid, Stale
from app.models import CheckItem, Event, Location, Task
from tests import cast as casting
from tests.actions.places import BOOK, planned, stored
from tests.cast import NOW, Cast


@pytest.fixture
def cast(db: Database) -> Cast:
    return casting.running(db, BOOK)


@pytest.fixture
def unclear(db: Database) -> Cast:
    """Nobody has said yet whether Birch has an old system."""
    cast = casting.running(db, BOOK)
    with db.writing() as session:
        by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
        move = planned_facts(session, birch, attributes={}, by=by, now=NOW)
        state_facts(
            session, birch, name="Birch", attributes={}, reason="Not sure.", shown=move.fingerprint, by=by, now=NOW
        )
    return cast


def state(session: Session, cast: Cast, **attributes: object) -> None:
    by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
    shown = planned_facts(session, birch, attributes=attributes, by=by, now=NOW).fingerprint
    state_facts(session, birch, name="Birch", attributes=attributes, reason="Seen.", shown=shown, by=by, now=NOW)


def lines(session: Session, cast: Cast) -> list[str]:
    task = cast.task(session, "walk-through", "birch")
    return list(
        session.exec(select(CheckItem.path).where(CheckItem.task_id == task.id).order_by(col(CheckItem.position)))
    )


def test_a_fact_that_is_not_known_leaves_the_work_unclear(db: Database, unclear: Cast) -> None:
    with db.reading() as session:
        assert unclear.task(session, "archive", "birch").unclear is True
        assert "old-system" in lines(session, unclear)
        assert stored(session, unclear) == planned(session, unclear)


@pytest.mark.parametrize("legacy", [True, False])
def test_a_stated_fact_decides_what_was_unclear(db: Database, unclear: Cast, legacy: bool) -> None:
    with db.writing() as session:
        version = unclear.task(session, "scanners", "birch").version
        state(session, unclear, legacy=legacy)
    with db.reading() as session:
        assert stored(session, unclear) == planned(session, unclear)
        assert ("old-system" in lines(session, unclear)) is legacy
        found = session.exec(
            select(Task).where(Task.entry == "archive", Task.location_id == unclear.locations["birch"])
        ).first()
        assert (found is not None and not found.unclear) is legacy
        assert unclear.task(session, "scanners", "birch").version == version


def test_what_was_recorded_stays_though_it_is_not_asked_for_any_more(db: Database, unclear: Cast) -> None:
    with db.writing() as session:
        task, by = unclear.task(session, "walk-through", "birch"), unclear.viewer(session, "chB")
        check_item(session, task.id or 0, "old-system", seen=task.version, by=by, now=NOW)
        archive = unclear.task(session, "archive", "birch")
        complete_task(session, archive.id or 0, seen=archive.version, by=by, now=NOW)
        state(session, unclear, legacy=False)
        assert "old-system" in lines(session, unclear)
        assert unclear.task(session, "archive", "birch").id == archive.id


def test_a_new_name_asks_for_no_reason_and_moves_nothing(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
        attributes = {"legacy": False}
        for name in ("Birch Hill", "Birch Hill"):
            state_facts(session, birch, name=name, attributes=attributes, reason="", shown="", by=by, now=NOW)
        with pytest.raises(Invalid):
            state_facts(session, birch, name="", attributes=attributes, reason="", shown="", by=by, now=NOW)
        with pytest.raises(Invalid):
            state_facts(
                session, birch, name="Birch", attributes={"legacy": "old"}, reason="x", shown="", by=by, now=NOW
            )
        with pytest.raises(Stale):
            state_facts(session, birch, name="B", attributes={"legacy": True}, reason="x", shown="", by=by, now=NOW)
    with db.reading() as session:
        assert session.get_one(Location, birch).name == "Birch Hill"
        assert len(session.exec(select(Event).where(Event.verb == "location.restated")).all()) == 1
