"""What needs the reader of the board now: issues and questions first, then empty posts and tasks."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from app.queries.comments import Call, calls_of
from app.queries.issues.list import IssueLine, issues_pressing
from app.queries.rollouts.board import Board
from app.queries.rollouts.gaps import Gap
from app.queries.rollouts.needs import Pressing, pressing
from app.queries.tasks.counted import Counted
from app.rules.clock import count, moment, near_day, zone_name
from app.rules.issues.standing import Ticking
from app.rules.people.access import Permission
from app.rules.tasks.filtering import SHARED, UNOWNED
from app.rules.tasks.progress import WORDS, State
from app.web.held import NOBODY, away_words, owner_words
from app.web.issues.words import clock_of
from app.web.rollouts.centres import plan_address
from app.web.site import Desk
from app.web.tasks.rows import RowContext, block_words, titled

SHOWN: Final = 5
SHOWN_EACH: Final = 2
"""At most so many issues, questions and empty posts, so that the tasks are seen too."""


def needs(session: Session, desk: Desk, seen: Board, now: datetime) -> dict[str, Any]:
    """Issues that are out of time or of the gravest severity, for whoever oversees the rollout, and what somebody
    asks the reader. Then posts that nobody holds: their work waits for whoever reads this. Then the tasks, and at
    last what a coming leave will empty.
    """
    waiting = pressing(session, seen, desk.extent, desk.viewer, now, SHOWN)
    items = [*(shown_issue(one, now) for one in _issues(session, desk, now)),
             *(asked_of_reader(one, now) for one in _calls(session, desk))]  # fmt: skip
    rest = _tasks_and_posts(desk, seen, waiting, SHOWN - len(items), now)
    more = waiting.total + len(waiting.gaps) - len(rest)
    items += rest
    if items:
        items[0]["do"] = {"label": items[0].pop("verb"), "href": items[0]["href"]}
    return {"needs": items, "needs_more": more}


def _tasks_and_posts(desk: Desk, seen: Board, waiting: Pressing, room: int, now: datetime) -> list[dict[str, Any]]:
    empty = [gap for gap in waiting.gaps if gap.since is None][: min(SHOWN_EACH, room)]
    coming = [gap for gap in waiting.gaps if gap.since is not None]
    tasks = waiting.first[: room - len(empty)]
    later = coming[: room - len(empty) - len(tasks)]
    return [
        *(shown_gap(desk, gap, now) for gap in empty),
        *(shown_need(desk, seen, task, now=now) for task in tasks),
        *(shown_gap(desk, gap, now) for gap in later),
    ]


def _issues(session: Session, desk: Desk, now: datetime) -> tuple[IssueLine, ...]:
    issues = desk.rollout.playbook.issues
    if issues is None or not issues.severities or not desk.can(Permission.STOP_ESCALATION):
        return ()
    return issues_pressing(session, desk.rollout, desk.extent, now, next(iter(issues.severities)), SHOWN_EACH)


def _calls(session: Session, desk: Desk) -> list[Call]:
    return [one for one in calls_of(session, desk.viewer) if one.rollout == desk.rollout.id][:SHOWN_EACH]


def shown_issue(one: IssueLine, now: datetime) -> dict[str, Any]:
    """`Past its time`, since when, and who has it."""
    out = one.standing.ticking is Ticking.BREACHED
    clock = clock_of(one.standing, one.law, one.zone, now)
    held = f"held by {one.holder[1]}" if one.holder else "nobody has it"
    return {
        "when": "Past its time" if out else one.law.title,
        "by": clock["at"] if out else f"{clock['left']} left",
        "what": f"Issue {one.number}: {one.title}",
        "href": f"/issues/{one.id}",
        "why": f"{one.place.name if one.place else 'The whole network'}, {held}.",
        "status": "late" if out else "risk",
        "verb": "Open the issue",
    }


def asked_of_reader(one: Call, now: datetime) -> dict[str, Any]:
    """What somebody asks the reader in a comment."""
    return {
        "when": f"{one.by} asks you",
        "by": f"{moment(one.at, one.zone, now)} {zone_name(one.zone, one.at)}",
        "what": one.title,
        "href": f"/tasks/{one.task}#comment-{one.comment}",
        "why": one.text,
        "status": None,
        "verb": "Read and answer",
    }


def shown_gap(desk: Desk, gap: Gap, now: datetime) -> dict[str, Any]:
    """`Nobody holds Billing at Fenmoor`, with the work that hangs on it, and whose leave it is."""
    rollout, place = desk.rollout, desk.rollout.location(gap.location)
    role = rollout.playbook.people.get(gap.role)
    where = f" at {place.name}" if place else ""
    what = f"Nobody holds {role.title if role else 'this work'}{where}"
    today = place.today(now) if place else rollout.today(now)
    whose = " ".join(f"{away_words(away, today)}: {away.name}." for away in gap.away[:2])
    here = plan_address(
        rollout, person="" if gap.since else UNOWNED, location=place.slug if place else SHARED, role=gap.role
    )
    return {
        "when": "Unowned" if gap.since is None else f"From {near_day(gap.since, today)}",
        "by": count(gap.tasks, "open task"),
        "what": what,
        "href": here,
        "why": whose or "Nobody has the role, and no backup steps in.",
        "status": "blocked" if gap.since is None else "risk",
        "verb": "See the tasks",
    }


def shown_need(desk: Desk, seen: Board, task: Counted, *, now: datetime) -> dict[str, Any]:
    row = task.row
    place = desk.rollout.location(row.location_id)
    today = place.today(now) if place else desk.rollout.today(now)
    owner = owner_words(seen.holders, (row.owner_role,), row.location_id, row.assigned_to)
    held = owner if owner == NOBODY else f"held by {owner or 'somebody at another centre'}"
    where = place.name if place else "For all centres"
    context = RowContext(desk.viewer, desk.rollout, now, {})
    return {
        "when": WORDS[task.state] if task.state in (State.LATE, State.BLOCKED) else "Yours",
        "by": f"due {near_day(row.due, today)}" if row.due else "no date",
        "what": titled(task),
        "href": f"/tasks/{row.id}",
        "why": f"{where}, {held}." + "".join(f" {words}." for words in block_words(context, task)),
        "status": task.state.value if task.state in (State.LATE, State.BLOCKED, State.RISK) else None,
        "verb": "Open the task",
    }
