"""The cast in a rollout that measures."""

from __future__ import annotations

import pytest

from app.db import Database
from tests import cast as casting
from tests.cast import Cast
from tests.measuring import MEASURED


@pytest.fixture
def measuring(db: Database) -> Cast:
    return casting.running(db, MEASURED)
