"""What else a centre's page leads to: the acts of whoever directs, and what the centre lets the others see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.queries.rollouts.facts import PlaceFacts
from app.queries.shared import Offer, offers
from app.rules.clock import moment
from app.rules.people.access import Permission
from app.web.site import Desk


def ways_of(desk: Desk, place: PlaceFacts) -> list[tuple[str, str]]:
    """The acts on one centre as labels and addresses; none where nothing is changed, or for those who neither direct
    nor manage.
    """
    base = f"/rollouts/{desk.rollout.slug}/locations/{place.slug}"
    if desk.rollout.state != "running" or not place.planned:
        return []
    answers = desk.rollout.playbook.issues is not None and desk.can(Permission.STOP_ESCALATION)
    desks = [("Help desk and its poster", f"{base}/help-desk")] if answers else []
    if not desk.can(Permission.DIRECT):
        return desks
    return [
        *desks,
        *([("Move its cutover", f"{base}/cutover")] if desk.rollout.goes_live or place.cutover_at else []),
        ("Go on" if place.paused else "Pause it", f"{base}/pause"),
        ("What is known of it", f"{base}/facts"),
        ("Let it leave", f"{base}/leave"),
    ]


def beside(session: Session, desk: Desk, place: PlaceFacts, now: datetime) -> dict[str, Any]:
    """Values for the page of a centre: `ways`, and `shares` with the page on which it is decided."""
    own = [one for one in offers(session, desk.rollout) if one.place.id == place.id]
    return {
        "ways": ways_of(desk, place),
        "shares": [{"text": one.title, "end": _said(one, now)} for one in own],
        "shared_href": f"/rollouts/{desk.rollout.slug}/shared#own-{place.slug}",
    }


def _said(one: Offer, now: datetime) -> str:
    if one.by is None or one.at is None:
        return "not shared"
    return f"every other centre; {one.by} agreed {moment(one.at, one.place.zone, now)}"
