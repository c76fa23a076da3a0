"""The column beside a task's text: due and why, who holds it, what it waits for and holds up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from app.plan.format.who import Who
from app.queries.tasks.counted import Counted
from app.queries.tasks.page import TaskPage
from app.rules.clock import instant, short_day, t_days
from app.rules.tasks.progress import WORDS, State
from app.web.held import for_words, standing_in_words
from app.web.rollouts.centres import plan_address
from app.web.tasks.rows import titled


def facts(page: TaskPage, now: datetime) -> dict[str, Any]:
    """The column beside the text."""
    row, playbook = page.task.row, page.rollout.book_of(page.task.row)
    stream, phase = playbook.workstreams.get(row.workstream), playbook.phases.get(row.phase)
    labels = [one.title for one in (stream, phase) if one]
    return {
        "due": due(page, now),
        "move": f"/tasks/{page.task.row.id}/move" if page.may_move and page.task.row.completed_at is None else "",
        "owner": owners(page, now),
        "verify": people(page, page.entry.verify),
        "sign_off": people(page, page.entry.sign_off),
        "waits_for": [neighbour(page, one) for one in page.waits_for if not _passed(page, one)],
        "waited_for": sum(_passed(page, one) for one in page.waits_for),
        "holds_up": [neighbour(page, one) for one in page.holds_up[:6]],
        "holds_up_more": max(len(page.holds_up) - 6, 0),
        "labels": " · ".join(labels),
        "place": page.place.name if page.place else "For all centres",
        "playbook": "Added by hand" if row.added else f"{playbook.title}, {playbook.version}",
        "playbook_href": "" if row.added else f"/playbooks/{playbook.id}/{playbook.version}",
    }


def _passed(page: TaskPage, one: Counted) -> bool:
    """Done, and not what a block still names: that is told until somebody lifts it."""
    return one.state is State.DONE and (page.awaited is None or one.row.id != page.awaited.row.id)


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
    if page.first_due is not None and page.first_due != row.due:
        note = f"{note + '; ' if note else ''}first planned for {short_day(page.first_due, today)}"
    return {"date": words, "why": page.why, "instant": moment_, "late": late, "note": note}


def owners(page: TaskPage, now: datetime) -> list[dict[str, Any]]:
    """Whose task it is now: of the person it is assigned to, else of everybody who answers for a role of its owner."""
    row, roles = page.task.row, page.entry.owner.roles if page.entry.owner else ()
    if row.assigned_to is None or not page.holders.staff.assignee(row.assigned_to, row.location_id):
        return people(page, page.entry.owner, page.today(now))
    today = page.today(now)
    return [
        {"name": one.name, "id": one.person, "role": standing_in_words(one, today) or "it is theirs"}
        for one in page.holders.owners(roles, row.location_id, row.assigned_to)
    ]


def people(page: TaskPage, who: Who | None, today: date | None = None) -> list[dict[str, Any]]:
    """Holders of the roles asked, by name; a role that nobody holds says so."""
    found = []
    for role in who.roles if who else ():
        title = page.rollout.playbook.people[role].title if role in page.rollout.playbook.people else role
        held = page.holders.of(role, page.task.row.location_id)
        for one in held[:4]:
            instead = standing_in_words(one, today) if today else for_words(one).strip()
            found.append({"name": one.name, "id": one.person, "role": ", ".join(filter(None, (title, instead)))})
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
        "held": held_words(page, one),
    }


def held_words(page: TaskPage, one: Counted) -> str:
    """Who holds a neighbour, by name; nothing for what is done."""
    if one.state is State.DONE:
        return ""
    names = page.holders.names([one.row.owner_role], one.row.location_id, one.row.assigned_to)
    return f"held by {' and '.join(names[:2])}" if names else "nobody holds it"


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
