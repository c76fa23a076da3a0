"""One history of migrations, on both engines: up, check, down, up; and rows that no migration may touch."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel

from app import db
from app.db import Database, alembic_config, make_engine
from app.models import Event
from app.rules.people.responsibility import steps_in
from app.rules.playbooks import parsed
from tests.house.tree import ROOT

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


PERSON = "INSERT INTO person (id, name, email, created_at) VALUES (1, 'Ada', 'ada@example.org', '2027-01-05 15:00:00')"
BEFORE_SIGNATURES = (
    PERSON,
    "INSERT INTO playbook_version (id, playbook_id, version, title, text, sha256, uploaded_at)"
    " VALUES (1, 'move', '1.0', 'Move', '', '', '2027-01-05 15:00:00')",
    "INSERT INTO rollout (id, version, slug, title, playbook_version_id, created_at)"
    " VALUES (1, 1, 'move', 'Move', 1, '2027-01-05 15:00:00')",
    "INSERT INTO task (id, version, rollout_id, wave, entry, value, position, title, scope, owner_role, workstream,"
    " phase, critical, optional, verified, signed, due, why, unclear) VALUES (1, 3, 1, '', 'line', '', 0, 'Line',"
    " 'network', 'it-lead', '', '', false, false, true, false, '2027-02-08', '', false)",
    "INSERT INTO approval (task_id, kind, role, by_id, at) VALUES (1, 'verify', 'it-lead', 1, '2027-01-06 15:00:00')",
)


def test_each_step_up_and_down_again_keeps_what_is_below(bare_database_url: str) -> None:
    config = alembic_config(bare_database_url)
    command.upgrade(config, "0001")
    engine = make_engine(bare_database_url)
    with engine.begin() as connection:
        connection.execute(text(PERSON))
    for _ in range(2):
        command.upgrade(config, "head")
        command.downgrade(config, "0001")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name, email FROM person")).all() == [("Ada", "ada@example.org")]
    engine.dispose()


def test_approvals_become_signatures_and_the_first_plan_is_the_one_that_stood(bare_database_url: str) -> None:
    config = alembic_config(bare_database_url)
    command.upgrade(config, "0002")
    engine = make_engine(bare_database_url)
    with engine.begin() as connection:
        for statement in BEFORE_SIGNATURES:
            connection.execute(text(statement))
    command.upgrade(config, "head")
    with engine.connect() as connection:
        signed = connection.execute(text("SELECT task_id, kind, role, meaning, by_id, name FROM signature")).all()
        assert signed == [(1, "verify", "it-lead", "reviewed", 1, "Ada")]
        assert str(connection.execute(text("SELECT first_due FROM task")).scalar_one()) == "2027-02-08"
    command.downgrade(config, "0002")
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT task_id, kind, role, by_id FROM approval")).all()
    assert kept == [(1, "verify", "it-lead", 1)]
    engine.dispose()


BEFORE_BACKUPS = (
    PERSON,
    "INSERT INTO playbook_version (id, playbook_id, version, title, text, sha256, uploaded_at)"
    " VALUES (1, 'ray', '1.0', 'Ray', :text, '', '2027-01-05 15:00:00')",
    "INSERT INTO rollout (id, version, slug, title, playbook_version_id, created_at)"
    " VALUES (1, 1, 'ray', 'Ray', 1, '2027-01-05 15:00:00')",
)
HOLD = (
    "INSERT INTO membership (person_id, rollout_id, role, access, created_at)"
    " VALUES (1, 1, :role, 'member', '2027-01-05 15:00:00')"
)


def test_memberships_of_before_learn_whom_they_stand_in_for(bare_database_url: str) -> None:
    text_of_it = (ROOT / "playbooks/ray-medical.yaml").read_text()
    playbook = parsed(text_of_it)
    config = alembic_config(bare_database_url)
    command.upgrade(config, "0002")
    engine = make_engine(bare_database_url)
    with engine.begin() as connection:
        for statement in BEFORE_BACKUPS:
            connection.execute(text(statement), {"text": text_of_it} if ":text" in statement else {})
        for role in playbook.people:
            connection.execute(text(HOLD), {"role": role})
    command.upgrade(config, "head")
    with engine.connect() as connection:
        found = dict(connection.execute(text("SELECT role, steps_in FROM membership")).all())
    engine.dispose()
    assert found == {role: steps_in(playbook, role) for role in playbook.people}
    assert any(found.values())


def test_indexes_over_some_rows_survive_every_step(bare_database_url: str) -> None:
    config = alembic_config(bare_database_url)
    command.upgrade(config, "head")
    engine = make_engine(bare_database_url)
    named = "SELECT name, sql FROM sqlite_master WHERE type = 'index'"
    if engine.dialect.name != "sqlite":
        named = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    with engine.connect() as connection:
        whole = {name for name, sql in connection.execute(text(named)) if sql and " WHERE " in sql}
    engine.dispose()
    declared = {
        index.name
        for table in SQLModel.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    assert whole == declared


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
