"""The column beside a task's text: due and why, who holds it, what it waits for and holds up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.plan.format.who import Who
from app.queries.tasks.counted import Counted
from app.queries.tasks.page import TaskPage
from app.rules.clock import instant, short_day, t_days
from app.rules.progress import WORDS, State
from app.web.rollouts.centres import plan_address
from app.web.tasks.rows import titled


def facts(page: TaskPage, now: datetime) -> dict[str, Any]:
    """The column beside the text."""
    row, playbook = page.task.row, page.rollout.playbook
    stream, phase = playbook.workstreams.get(row.workstream), playbook.phases.get(row.phase)
    labels = [one.title for one in (stream, phase) if one]
    return {
        "due": due(page, now),
        "owner": people(page, page.entry.owner),
        "verify": people(page, page.entry.verify),
        "sign_off": people(page, page.entry.sign_off),
        "waits_for": [neighbour(page, one) for one in page.waits_for if one.state is not State.DONE],
        "waited_for": sum(one.state is State.DONE for one in page.waits_for),
        "holds_up": [neighbour(page, one) for one in page.holds_up[:6]],
        "holds_up_more": max(len(page.holds_up) - 6, 0),
        "labels": " · ".join(labels),
        "place": page.place.name if page.place else "For all centres",
        "playbook": f"{playbook.title}, {playbook.version}",
        "playbook_href": f"/playbooks/{playbook.id}/{playbook.version}",
    }


def due(page: TaskPage, now: datetime) -> dict[str, Any]:
    """The date, told from first patient and by the wall, and why it is that date."""
    row, today = page.task.row, page.today(now)
    if row.due is None:
        return {"date": "No date", "why": page.why, "instant": None, "late": False, "note": "never late"}
    words = instant(row.due_at, page.zone, now) if row.due_at else short_day(row.due, today)
    if page.place and page.place.cutover:
        words = f"{t_days((row.due - page.place.cutover.date()).days)}, {words}"
    late = page.task.state is State.LATE
    days = (today - row.due).days
    note = f"{days} {'day' if days == 1 else 'days'} late" if late and days > 0 else ""
    moment_ = row.due_at.isoformat() if row.due_at else row.due.isoformat()
    return {"date": words, "why": page.why, "instant": moment_, "late": late, "note": note}


def people(page: TaskPage, who: Who | None) -> list[dict[str, Any]]:
    """Holders of the roles asked, by name; a role that nobody holds says so."""
    found = []
    for role in who.roles if who else ():
        title = page.rollout.playbook.people[role].title if role in page.rollout.playbook.people else role
        held = page.holders.of(role, page.task.row.location_id)
        found += [{"name": one.name, "id": one.person, "role": title} for one in held[:4]]
        if not held:
            found.append({"name": "", "id": 0, "role": title})
    return found


def neighbour(page: TaskPage, one: Counted) -> dict[str, Any]:
    place = page.rollout.location(one.row.location_id)
    elsewhere = f", {place.name}" if place and place != page.place else ""
    return {
        "title": f"{titled(one)}{elsewhere}",
        "href": f"/tasks/{one.row.id}",
        "status": one.state.value,
        "label": WORDS[one.state],
    }


def crumbs(page: TaskPage) -> list[tuple[str, str | None]]:
    rollout, place, row = page.rollout, page.place, page.task.row
    where = place.slug if place else "shared"
    stream = rollout.playbook.workstreams.get(row.workstream)
    path: list[tuple[str, str | None]] = [
        ("Plan", plan_address(rollout)),
        (place.name if place else "For all centres", plan_address(rollout, location=where)),
    ]
    if stream:
        path.append((stream.title, plan_address(rollout, location=where, workstream=row.workstream)))
    return path
