"""A location that was handed over: by whom, into what, and what it takes along."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from app.queries.issues.list import IssueLine
from app.queries.locations.handover import SHOWN, Handover, OpenCondition
from app.queries.locations.page import LocationPage
from app.queries.rollouts.facts import PlaceFacts
from app.queries.tasks.counted import Counted
from app.rules.clock import count, instant, short_day
from app.rules.gates.access import may_read
from app.rules.gates.handover import handed_words
from app.rules.gates.voting import OUTCOME_WORDS
from app.rules.tasks.filtering import OPEN
from app.web.held import owner_words
from app.web.issues.words import near_instant
from app.web.rollouts.centres import plan_address
from app.web.site import Desk
from app.web.tasks.rows import titled
from app.web.tasks.typed import sentence_case

UNREAD: Final = "What it says is read by those who vote, decide and work there."


def lead_words(found: Handover | None, place: PlaceFacts, now: datetime) -> str:
    """`handed over to the optimisation sprint, which runs until Fri 23 Apr`; empty before that."""
    return handed_words(found.phase, place.today(now)) if found else ""


def shown_handover(desk: Desk, page: LocationPage, found: Handover | None, now: datetime) -> dict[str, Any] | None:
    """Everything that the section needs; None before there is a handover."""
    if found is None:
        return None
    place = page.place
    return {
        "note": f"{OUTCOME_WORDS[found.outcome]}, by {found.by}, {instant(found.at, place.zone, now)}",
        "gate": found.title,
        "gate_href": f"/gates/{found.dated}",
        "ahead": _ahead(found, place, now),
        "conditions": [_condition(desk, place, one, now) for one in found.conditions],
        "issues": [_issue(one, one.id in found.loose, now) for one in found.issues],
        "more_issues": found.open_issues - len(found.issues),
        "issues_href": f"/rollouts/{desk.rollout.slug}/issues?location={place.slug}",
        "tasks": [_task(page, one, now) for one in found.tasks[:SHOWN]],
        "task_count": count(len(found.tasks), "task"),
        "more_tasks": max(len(found.tasks) - SHOWN, 0),
        "tasks_href": _later(desk, found),
    }


def _ahead(found: Handover, place: PlaceFacts, now: datetime) -> list[tuple[str, str]]:
    """The phase and the milestones that are ahead, each with its day."""
    today = place.today(now)
    phase = [(found.phase.title, f"until {short_day(found.phase.last, today)}")] if found.phase else []
    return [*phase, *((title, short_day(day, today)) for title, day in found.milestones)]


def _condition(desk: Desk, place: PlaceFacts, one: OpenCondition, now: datetime) -> dict[str, str]:
    gate = desk.rollout.book_at(place.id).gates.get(one.gate)
    criterion = gate.criteria.get(one.criterion.partition(".")[0]) if gate else None
    reads = may_read(desk.viewer, gate, {"rollout": desk.rollout.id, "location": place.id})
    return {
        "of": f"Waiver of “{criterion.title}”" if criterion else "",
        "what": one.what if reads else UNREAD,
        "href": f"/gates/{one.dated}",
        "gate": gate.title if gate else one.gate,
        "owner": one.owner,
        "until": instant(one.until, place.zone, now),
    }


def _issue(one: IssueLine, loose: bool, now: datetime) -> dict[str, str]:
    """Whom its ladder tells next does not have it: the gate asks who took it or was given it."""
    at = one.standing.breach_at
    due = "Its clock stands still" if at is None else near_instant(at, one.zone, now)
    return {
        "href": f"/issues/{one.id}",
        "title": f"{one.number}: {one.title}",
        "holder": one.holder[1] if one.holder and not loose else "Nobody took it",
        "due": f"Past its time since {due}" if at is not None and at <= now else due,
    }


def _task(page: LocationPage, one: Counted, now: datetime) -> dict[str, str]:
    row = one.row
    holder = owner_words(page.seen.holders, (row.owner_role,), row.location_id, row.assigned_to)
    due = short_day(row.due, page.place.today(now)) if row.due else ""
    return {"href": f"/tasks/{row.id}", "title": titled(one), "holder": sentence_case(holder), "due": due}


def _later(desk: Desk, found: Handover) -> str:
    """The plan from the day after the gate on."""
    return plan_address(desk.rollout, since=(found.day + timedelta(days=1)).isoformat(), state=OPEN)
