"""A meeting's page as values for its template."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, Final

from app.queries.meetings.around import ActionLine
from app.queries.meetings.page import MeetingPage
from app.rules.clock import near_day
from app.rules.meetings.people import leading_roles
from app.rules.meetings.states import STATUS, MeetingState
from app.web.held import listed
from app.web.meetings.agenda import agenda_part, budget_words
from app.web.meetings.recorded import conflict, history_line, present_words, redactable, standing_words
from app.web.meetings.words import place_words, takes_words, today_there, when_words
from app.web.told import Told

FEW: Final = 24
"""As many people stand in the open; more are folded away."""


def shown(page: MeetingPage, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the meeting's template needs."""
    record, occasion = page.record, page.occasion
    status, label = STATUS[page.state]
    begun, held = page.slot.begun(now), page.kept
    return {
        "meeting": {
            "id": page.id,
            "version": page.version,
            "title": occasion.title,
            "status": (status, label),
            "place": place_words(page.rollout, page.place, occasion.wave),
            "place_href": f"/rollouts/{page.rollout.slug}/locations/{page.place.slug}" if page.place else "",
            "when": when_words(page.slot, now),
            "takes": takes_words(page.slot.takes),
            "room": page.room,
            "led": led_words(page),
            "slug": page.rollout.slug,
        },
        "standing": standing_words(page, now),
        "kept": held,
        "budget": budget_words(page),
        "sections": [agenda_part(page, one) for one in page.sections],
        "people": [{"value": id_, "label": name} for id_, name in page.people.items()],
        "folded": len(page.people) > FEW,
        "over": page.slot.over(now),
        "present": present_words(page),
        "attended": record.attended if record else [],
        "notes": record.notes if record and page.detail else "",
        "detail": page.detail,
        "actions": [_action(page, one, now) for one in page.actions],
        "may_record": page.may_record,
        "may_hold": page.may_record and begun,
        "may_call_off": page.may_record and not held,
        "may_agree": page.may_record and begun and page.state is not MeetingState.OFF,
        "held": held,
        "roles": page.owners[0],
        "owners": page.owners[1],
        "redactable": redactable(page) if page.may_record and page.detail else [],
        "earlier": f"/meetings/{page.earlier}" if page.earlier else "",
        "later": f"/meetings/{page.later}" if page.later else "",
        "history": [history_line(page, one, now) for one in page.history],
        "token": secrets.token_urlsafe(12),
        "told": told,
        "conflict": conflict(page, told, now),
    }


def led_words(page: MeetingPage) -> str:
    """The titles of the roles that lead it."""
    roles = page.rollout.playbook.people
    return listed([roles[role].title for role in leading_roles(page.meeting) if role in roles])


def _action(page: MeetingPage, one: ActionLine, now: datetime) -> dict[str, Any]:
    late = one.late_at is not None and one.late_at <= now and not one.done
    due = near_day(one.due, today_there(page.slot, now)) if one.due else "no day"
    return {
        "text": one.title,
        "href": f"/tasks/{one.task}",
        "end": "done" if one.done else f"due {due}" if one.due else due,
        "status": "done" if one.done else "late" if late else None,
    }
