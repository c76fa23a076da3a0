"""What every test may use; the databases are in tests/engines.py."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

pytest_plugins = ["tests.engines"]
LONG = ("test_routes.py", "test_api_routes.py")
"""Minutes each: begun first, so that no worker stands still at the end while another one is at them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.fixture(autouse=True, scope="module")
def _what_stays_is_looked_at_once() -> Iterator[None]:
    """The framework's routers remember every application: looking through them all again and again took half a minute
    at a time towards the end of a run.
    """
    yield
    gc.collect()
    gc.freeze()
