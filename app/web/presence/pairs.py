"""Mentors and visits, as the rota's page shows them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.queries.presence.mentors import MentorLine, Pairable
from app.rules.clock import near_day, short_day
from app.rules.people.access import Permission
from app.rules.presence.mentors import MENTOR, VISIT
from app.web.site import Desk
from app.web.told import Told

FORM = "pair"


def pair_lines(desk: Desk, lines: Sequence[MentorLine], now: datetime) -> list[dict[str, Any]]:
    """Every mentor and visit as a row, with what the reader may do with it."""
    return [_line(desk, one, now) for one in lines]


def _line(desk: Desk, one: MentorLine, now: datetime) -> dict[str, Any]:
    today = now.astimezone(ZoneInfo(one.zone)).date()
    running = desk.rollout.state == "running"
    may = running and any(desk.can(Permission.ASSIGN, place) for place in (one.learns_id, one.live_id))
    over = one.day is not None and one.day < today
    state = ("done", "Took place") if one.held_at else ("missed", "Not said") if over else ("todo", "To come")
    if one.kind == MENTOR and not one.held_at:
        state = ("running", "Mentor")
    return {
        "id": one.id,
        "learns": one.learns,
        "live": one.live,
        "visit": one.kind == VISIT,
        "person": one.person,
        "day": near_day(one.day, today) if one.day else "",
        "note": one.note,
        "status": state[0],
        "said": state[1] if not one.held_at else f"Took place, said {short_day(one.held_at.date(), today)}",
        "may_hold": may and one.held_at is None and (one.day is None or one.day <= today),
        "may_end": may,
        "address": f"/mentorships/{one.id}",
    }


def pair_form(desk: Desk, offered: Pairable, told: Told) -> dict[str, Any] | None:
    """The form that pairs two centres; None for who may pair none."""
    if not offered.learning:
        return None
    return {
        "action": f"/rollouts/{desk.rollout.slug}/mentors",
        "token": secrets.token_urlsafe(12),
        "learning": [(one.slug, one.name) for one in offered.learning],
        "live": [(one.slug, one.name) for one in offered.live],
        "people": [(str(key), f"{name}, {place}") for key, name, place in offered.people],
        "kinds": [{"value": MENTOR, "label": "A mentor", "hint": "Somebody of the live centre answers them."},
                  {"value": VISIT, "label": "A visit", "hint": "They go there on a day and look on."}],
        "open": told.form == FORM,
    }  # fmt: skip
