"""A staff to be trained, on each engine."""

from __future__ import annotations

import pytest

from app.db import Database
from tests.actions.training.school import School, school


@pytest.fixture
def pupils(db: Database) -> School:
    return school(db)
