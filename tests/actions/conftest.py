"""The database of a test, and the cast in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.db import Database
from tests import cast as casting
from tests.cast import Cast


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def people(db: Database) -> Cast:
    """Accounts only."""
    return casting.people(db)


@pytest.fixture
def drafted(db: Database) -> Cast:
    return casting.drafted(db)


@pytest.fixture
def running(db: Database) -> Cast:
    return casting.running(db)
