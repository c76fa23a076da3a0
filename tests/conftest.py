"""What every test may use; the databases are in tests/engines.py."""

from __future__ import annotations

pytest_plugins = ["tests.engines"]
