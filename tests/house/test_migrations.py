"""One history of migrations, on both engines: up, check, down, up; and rows that no migration may touch."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app import db
from app.db import Database, alembic_config
from app.models import Event, Person

NOW = datetime(2027, 1, 5, 15, tzinfo=UTC)


def test_up_check_down_up(bare_database_url: str) -> None:
    db.upgrade(bare_database_url)
    command.check(alembic_config(bare_database_url))
    command.downgrade(alembic_config(bare_database_url), "base")
    database = Database(bare_database_url)
    assert db.tables(database.engine) == {"alembic_version"}
    db.upgrade(bare_database_url)
    command.check(alembic_config(bare_database_url))
    assert db.revision(database.engine) in db.known_revisions()
    database.dispose()


def test_each_step_up_and_down_again_keeps_what_is_below(bare_database_url: str) -> None:
    config = alembic_config(bare_database_url)
    command.upgrade(config, "0001")
    database = Database(bare_database_url)
    with database.writing() as session:
        session.add(Person(name="Ada", email="ada@example.org", created_at=NOW))
    for revision in ("0002", "0001", "0002"):
        (command.upgrade if revision == "0002" else command.downgrade)(config, revision)
    with database.reading() as session:
        rows = session.connection().execute(text("SELECT name, email FROM person")).all()
    assert rows == [("Ada", "ada@example.org")]
    database.dispose()


@pytest.mark.parametrize("change", ["UPDATE event SET verb = 'other'", "DELETE FROM event"])
def test_the_database_itself_refuses_to_change_an_event(database_url: str, change: str) -> None:
    database = Database(database_url)
    with database.writing() as session:
        session.add(Event(at=NOW, verb="task.completed", subject_kind="task", subject_id=1))
    with pytest.raises(DatabaseError, match="events are never changed"), database.writing() as session:
        session.connection().execute(text(change))
    with database.reading() as session:
        assert session.connection().execute(text("SELECT verb FROM event")).all() == [("task.completed",)]
    database.dispose()


def test_upgrading_twice_at_once_ends_well(bare_database_url: str) -> None:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for finished in [pool.submit(db.upgrade, bare_database_url) for _ in range(2)]:
            finished.result(timeout=60)
    database = Database(bare_database_url)
    assert db.revision(database.engine) in db.known_revisions()
    database.dispose()
