"""The selections of a rollout as lines of the page of its gates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from app.queries.selection.list import SelectionLine
from app.rules.clock import near_day


def listed_selections(lines: Iterable[SelectionLine], today: date) -> list[dict[str, Any]]:
    """For `listing`: each with how far it is and by when it is due."""
    return [_line(one, today) for one in lines]


def _line(one: SelectionLine, today: date) -> dict[str, Any]:
    late = one.due is not None and one.due < today
    open_ = ("late", "Late") if late else ("wait", "Proposed") if one.proposed else ("todo", "Not chosen yet")
    status, label = ("done", "Chosen") if one.settled else open_
    return {
        "text": one.selection.title,
        "href": f"/selections/{one.id}",
        "end": f"due {near_day(one.due, today)}" if one.due and not one.settled else None,
        "status": status,
        "status_label": label,
    }
