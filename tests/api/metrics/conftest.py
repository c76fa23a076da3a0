"""The four locations whose figures are read, in May."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.conftest import Programs
from tests.returning import THEN, returning
from tests.web.conftest import Site


@pytest.fixture
def returned(database_url: str, tmp_path: Path) -> Iterator[Programs]:
    site = Site(database_url, tmp_path / "data")
    site.cast = returning(site.database)
    site.now = THEN
    yield Programs(site)
    site.close()
