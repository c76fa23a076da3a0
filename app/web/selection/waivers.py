"""The waivers of a selection as values for its templates: those that hold, then those that were taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.models import SelectionWaiver
from app.queries.selection.page import SelectionPage
from app.rules.selection.judging import Part
from app.web.selection.words import by_words, rule_title


def shown_waivers(page: SelectionPage, now: datetime, location: int | None = None) -> list[dict[str, Any]]:
    """All that the reader may see, or those of one location. Why one was given is for whoever may read it."""
    found = (*page.stored.waivers, *page.withdrawn)
    return [
        _waiver(page, one, now) for one in found if page.place(one.location_id) and location in (None, one.location_id)
    ]


def _waiver(page: SelectionPage, one: SelectionWaiver, now: datetime) -> dict[str, Any]:
    place = page.place(one.location_id)
    roles = page.rollout.playbook.people
    role = roles[one.waived_as].title if one.waived_as in roles else one.waived_as
    holds = one.withdrawn_at is None
    return {
        "id": one.id,
        "place": place.name if place else "",
        "exclusion": rule_title(page, Part.EXCLUDE, one.exclusion),
        "reason": one.reason if one.location_id in page.readable else "",
        "by": f"{by_words(page, one.name, one.at, now)}, as {role}",
        "holds": holds,
        "withdrawn": by_words(page, page.name(one.withdrawn_by), one.withdrawn_at, now) if one.withdrawn_at else "",
        "may_withdraw": holds and page.rights.waive,
    }
