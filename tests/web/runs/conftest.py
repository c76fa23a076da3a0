"""A night to be run, and the same with its rehearsal on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import cast as casting
from tests.running import RUN
from tests.web.conftest import Site
from tests.web.runs.nights import Night


@pytest.fixture
def night(database_url: str, tmp_path: Path) -> Iterator[Night]:
    site = Site(database_url, tmp_path / "data")
    site.cast = casting.running(site.database, RUN)
    yield Night(site)
    site.close()


@pytest.fixture
def begun(night: Night) -> Night:
    """A rehearsal that was made, in which nothing has happened."""
    assert night.rehearse().status_code == 303
    return night


@pytest.fixture
def site(night: Night) -> Site:
    return night.site
