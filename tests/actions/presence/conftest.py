"""A rota on each engine."""

from __future__ import annotations

import pytest

from app.db import Database
from tests.actions.presence.manned import Manned, manned


@pytest.fixture
def works(db: Database) -> Manned:
    return manned(db)
