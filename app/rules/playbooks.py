"""A playbook as an object, read once per process."""

from __future__ import annotations

from functools import lru_cache

from app.plan import Playbook, Report, check, load


@lru_cache(maxsize=32)
def parsed(text: str) -> Playbook:
    """The playbook of a stored text. Raises PlaybookError when a newer rule of the linter refuses it."""
    return load(text.encode())


@lru_cache(maxsize=8)
def checked(data: bytes) -> Report:
    """What the linter finds. A change judges a text first, without a transaction, and once more where it is kept."""
    return check(data)
