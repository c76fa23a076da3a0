"""What every test may use; the databases are in tests/engines.py."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

pytest_plugins = ["tests.engines"]


@pytest.fixture(autouse=True, scope="module")
def _what_stays_is_looked_at_once() -> Iterator[None]:
    """The framework's routers remember every application: looking through them all again and again took half a minute
    at a time towards the end of a run.
    """
    yield
    gc.collect()
    gc.freeze()
