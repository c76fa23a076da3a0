"""One turn in words: its duties, what is missing, and whom one could ask."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.queries.presence.rota import Rota
from app.queries.presence.turn import Choice, TurnPage
from app.rules.clock import long_day, short_day
from app.rules.people.responsibility import Away
from app.rules.presence.attendance import Held
from app.rules.presence.words import hours_words, spans_words
from app.web.held import listed
from app.web.presence.words import away, when
from app.web.site import Desk


def held_lines(known: Rota, page: TurnPage, now: datetime) -> list[dict[str, Any]]:
    """Every duty of the turn in order of time: whose it is, and whether they are there."""
    today = page.post.today(now)
    return [
        {
            "id": one.id,
            "name": known.names[one.person],
            "person": one.person,
            "day": long_day(page.post.cover.calendar.local_day(one.from_at), today),
            "hours": hours_words(one.from_at, one.until_at, page.post.zone),
            "instead": f"for {known.names.get(one.instead_of, 'somebody')}" if one.instead_of else "",
            "over": one.until_at <= now,
            **_presence(known, one, today),
        }
        for one in sorted(page.held, key=lambda each: (each.from_at, each.id))
    ]


def _presence(known: Rota, one: Held, today: Any) -> dict[str, str]:
    leave = known.crew.away(one.person, one.from_at, one.until_at)
    if leave is None:
        return {"status": "track", "said": "There"}
    if leave.cover is not None and known.crew.away(leave.cover, one.from_at, one.until_at) is None:
        return {"status": "wait", "said": f"On leave, {leave.cover_name} is there"}
    return {"status": "missed", "said": f"On leave until {short_day(leave.last, today)}"}


def missing_lines(page: TurnPage, now: datetime) -> list[dict[str, str]]:
    """What is missing in the turn, and who could be there."""
    today = page.post.today(now)
    return [
        {
            "when": when(gap.spans, page.post.zone, now),
            "why": " and ".join(away(leave, name, today) for name, leave, _ in gap.absent),
            "free": listed([hand.name for hand in gap.free]),
        }
        for gap in page.gaps
    ]


def choice_options(desk: Desk, known: Rota, page: TurnPage) -> list[dict[str, Any]]:
    """Whom one can ask, each with what keeps them: those of the cover's roles first."""
    asked = sorted(page.asked, key=lambda one: one.hindered)
    return [_option(desk, known, page, one) for one in (*asked, *page.others)]


def _option(desk: Desk, known: Rota, page: TurnPage, one: Choice) -> dict[str, Any]:
    role = desk.rollout.playbook.people.get(one.hand.role)
    title = role.title if role else one.hand.role
    stands_in = f", steps in for {title}" if one.hand.backup and one in page.asked else f", {title}"
    return {"value": str(one.hand.person), "label": f"{one.hand.name}{stands_in}: {_state(desk, known, page, one)}"}


def _state(desk: Desk, known: Rota, page: TurnPage, one: Choice) -> str:
    if not known.counts(page.post)(one.hand.person):
        return "not trained for it"
    if one.first is None:
        return "free"
    part = " in part" if one.hindered < len(page.coming) else ""
    if isinstance(one.first, Away):
        return f"on leave{part}"
    if one.first.occasion == page.post.occasion:
        return f"on duty here{part}"
    place = desk.rollout.location(one.first.location)
    return f"on duty {'at ' + place.name if place else 'elsewhere'}{part}"


def day_options(page: TurnPage, now: datetime) -> list[tuple[str, str]]:
    """The whole turn, or one of its days."""
    days = list(dict.fromkeys(slot.day for slot in page.coming))
    if len(days) < 2:
        return []
    whole = spans_words([(slot.from_at, slot.until_at) for slot in page.coming], page.post.zone, now)
    return [("", f"The whole turn, {whole}"), *((day.isoformat(), long_day(day, page.post.today(now))) for day in days)]
