"""The cast in a rollout that counts every working day."""

from __future__ import annotations

import pytest

from app.db import Database
from tests import cast as casting
from tests.cast import Cast
from tests.reconciling import RECONCILED


@pytest.fixture
def counting(db: Database) -> Cast:
    return casting.running(db, RECONCILED)
