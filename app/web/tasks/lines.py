"""The lines of lists of tasks as HTML, kept: a line follows from what it shows and from nothing else.

A kept line is found by all that it shows, so that it can never be an old one; a test renders both ways.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from markupsafe import Markup

from app.web.templating import component

MOST: Final = 8_192
Pairs = tuple[tuple[str, Any], ...]


def task_line(*, tick: dict[str, Any] | None = None, pick: dict[str, Any] | None = None, **shown: Any) -> Markup:
    """The `task_row` component, called by name with what `shown_row` says of a task."""
    return _line(tuple(shown.items()), _pairs(tick), _pairs(pick))


def _pairs(given: dict[str, Any] | None) -> Pairs | None:
    return None if given is None else tuple(given.items())


@lru_cache(maxsize=MOST)
def _line(shown: Pairs, tick: Pairs | None, pick: Pairs | None) -> Markup:
    row = component("task_row")
    return Markup(row(**dict(shown), tick=tick and dict(tick), pick=pick and dict(pick)))  # noqa: S704 (it is one)
