"""The cast in a rollout whose gates can be held, served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import cast as casting
from tests.gating import GATED
from tests.web.conftest import Site
from tests.web.gates.floor import Floor


@pytest.fixture
def floor(database_url: str, tmp_path: Path) -> Iterator[Floor]:
    """The readiness review of Alder."""
    site = Site(database_url, tmp_path / "data")
    site.cast = casting.running(site.database, GATED)
    yield Floor(site)
    site.close()
