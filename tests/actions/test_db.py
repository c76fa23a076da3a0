"""The database itself: durable, with foreign keys, instants in UTC, one way to commit, history in order."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import col, select

from app.actions.events import record
from app.actions.schedule.starting import start_rollout
from app.db import Database
from app.models import Event, Person, Rollout, Task
from app.worker import start_inside
from tests.cast import NOW, Cast


def test_sqlite_is_durable_and_keeps_foreign_keys(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    database.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15_000}


def test_a_row_that_points_to_nothing_is_refused(db: Database) -> None:
    with pytest.raises(IntegrityError), db.writing() as session:
        session.add(Task(rollout_id=99, entry="x", title="x", scope="network", owner_role=""))


def test_a_reading_session_changes_nothing_and_a_failed_transaction_neither(db: Database) -> None:
    with db.reading() as session:
        session.add(Person(name="Ada", email="ada@example.org", created_at=NOW))
        session.flush()
    with pytest.raises(RuntimeError), db.writing() as session:
        session.add(Person(name="Bo", email="bo@example.org", created_at=NOW))
        session.flush()
        raise RuntimeError("half way")
    with db.reading() as session:
        assert session.exec(select(Person)).all() == []


def test_instants_come_back_in_utc_and_naive_ones_are_refused(db: Database) -> None:
    tokyo = datetime(2027, 1, 6, 0, 30, tzinfo=timezone(timedelta(hours=9)))
    with db.writing() as session:
        session.add(Person(name="Ada", email="ada@example.org", created_at=tokyo))
    with db.reading() as session:
        found = session.exec(select(Person)).one().created_at
        assert (found, found.tzinfo) == (datetime(2027, 1, 5, 15, 30, tzinfo=UTC), UTC)
    with pytest.raises(StatementError, match="time zone"), db.writing() as session:
        session.add(Person(name="Bo", email="bo@example.org", created_at=datetime(2027, 1, 1)))  # noqa: DTZ001


def test_an_event_with_a_later_id_is_never_seen_before_an_earlier_one(db: Database) -> None:
    first_is_in, first_may_end, order = threading.Event(), threading.Event(), []

    def first() -> None:
        with db.writing() as session:
            record(session, "test.first", ("test", 1), by=None, now=NOW)
            first_is_in.set()
            first_may_end.wait(timeout=30)
        order.append("first")

    def second() -> None:
        first_is_in.wait(timeout=30)
        with db.writing() as session:
            record(session, "test.second", ("test", 1), by=None, now=NOW)
        order.append("second")

    threads = [threading.Thread(target=act) for act in (first, second)]
    for thread in threads:
        thread.start()
    first_is_in.wait(timeout=30)
    threads[1].join(timeout=0.4)
    assert threads[1].is_alive(), "the second append must wait for the first to commit"
    first_may_end.set()
    for thread in threads:
        thread.join(timeout=30)
    with db.reading() as session:
        assert session.exec(select(Event.verb).order_by(col(Event.id))).all() == ["test.first", "test.second"]


def test_the_worker_inside_does_what_is_due_and_ends_when_told(db: Database, drafted: Cast) -> None:
    past = datetime(2026, 1, 1, tzinfo=UTC)  # due by any clock
    with db.writing() as session:
        seen = session.get_one(Rollout, drafted.rollout).version
        start_rollout(session, drafted.rollout, seen=seen, by=drafted.viewer(session, "dir"), now=past)
    stop = start_inside(db)
    for _ in range(100):
        with db.reading() as session:
            if session.get_one(Rollout, drafted.rollout).state == "running":
                break
        threading.Event().wait(0.1)
    stop()
    with db.reading() as session:
        assert session.get_one(Rollout, drafted.rollout).state == "running"
    assert not [thread for thread in threading.enumerate() if thread.name == "muster-worker"]
