"""The database: one engine for SQLite and PostgreSQL, its migrations, and the one place that commits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

BUSY_TIMEOUT_MS = 15_000
# As many connections as the web server has threads, and some more for sign-ins and the worker.
POOL_SIZE = 40
POOL_OVERFLOW = 10
POOL_TIMEOUT_SECONDS = 10


def make_engine(url: str, **options: Any) -> Engine:
    """An engine whose SQLite connections are durable (WAL, FULL), keep foreign keys, and begin as we say."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, **options)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, **options)
    event.listen(engine, "connect", _on_connect)
    turn = Turn()
    event.listen(engine, "begin", turn.begin)
    event.listen(engine, "checkin", turn.end)
    return engine


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin on its own, and too late
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


class Turn:
    """Whose turn it is to write, among the threads of this process. SQLite lets one write at a time and has the others
    ask again after longer and longer pauses; so most would be idle while nobody writes, and some would wait for ever.
    """

    def __init__(self) -> None:
        self._lock = Lock()

    def begin(self, connection: Connection) -> None:
        # A deferred transaction that reads and then writes cannot be upgraded when somebody wrote in between.
        how = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        if how == "IMMEDIATE":
            if not self._lock.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
                raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
            connection.info["turn"] = True
        try:
            connection.exec_driver_sql(f"BEGIN {how}")
        except BaseException:
            self._give_back(connection.info)
            raise

    def end(self, _connection: Any, record: Any) -> None:
        """The connection goes back to the pool: its transaction is over."""
        self._give_back(record.info)

    def _give_back(self, info: dict[str, Any]) -> None:
        if info.pop("turn", False):
            self._lock.release()


class Database:
    """One database: reading sessions that never change it, writing sessions that commit at their end."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = make_engine(
            url, pool_size=POOL_SIZE, max_overflow=POOL_OVERFLOW, pool_timeout=POOL_TIMEOUT_SECONDS
        )
        self._writer = self.engine.execution_options(sqlite_begin="IMMEDIATE")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session whose changes, if any, are thrown away."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction: committed when the block ends, rolled back when it raises."""
        with Session(self._writer, expire_on_commit=False) as session:
            yield session
            session.commit()

    def dispose(self) -> None:
        self.engine.dispose()


def migrations_folder() -> Path:
    """The migrations: beside the package in a checkout, inside it in an installed wheel."""
    package = Path(__file__).resolve().parent
    beside = package.parent / "migrations"
    return beside if beside.is_dir() else package / "_migrations"


def alembic_config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Bring the tables to what this code expects. Two processes may do so at once."""
    command.upgrade(alembic_config(url), "head")


def known_revisions() -> frozenset[str]:
    """Revisions that this code knows how to read or to upgrade."""
    script = ScriptDirectory.from_config(alembic_config(""))
    return frozenset(revision.revision for revision in script.walk_revisions())


def tables(engine: Engine) -> frozenset[str]:
    return frozenset(inspect(engine).get_table_names())


def revision(engine: Engine) -> str | None:
    """The revision of the tables; None when no migration ever ran."""
    if "alembic_version" not in tables(engine):
        return None
    with engine.connect() as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
