"""The four locations whose figures are read, in May."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.returning import THEN, returning
from tests.web.conftest import Site


@pytest.fixture
def returned(database_url: str, tmp_path: Path) -> Iterator[Site]:
    found = Site(database_url, tmp_path / "data")
    found.cast = returning(found.database)
    found.now = THEN
    yield found
    found.close()
