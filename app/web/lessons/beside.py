"""The line "What did we learn?" on the page of the thing itself: whether it stands there, and what it is about."""

from __future__ import annotations

from app.queries.rollouts.facts import PlaceFacts
from app.rules.lessons.standing import may_capture
from app.web.site import Desk


def learns(desk: Desk, place: PlaceFacts | None, about: str) -> str:
    """What `learn` sends, such as `task-12`; empty for those who may not say anything there. No query."""
    rollout = desk.rollout
    open_ = rollout.state == "running" and (place is None or (place.planned and place.left_at is None))
    return about if open_ and may_capture(desk.viewer, rollout.id, place.id if place else None) else ""
