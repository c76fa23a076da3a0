"""A clock turned by hand, on each engine."""

from __future__ import annotations

import pytest

from app.db import Database
from tests.actions.issues.clockwork import Clockwork, clockwork


@pytest.fixture
def works(db: Database) -> Clockwork:
    return clockwork(db)
