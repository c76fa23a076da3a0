"""A started rollout of so many tasks at so many locations, and somebody signed in who directs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.actions.installation import first_run_token
from app.actions.people.first_run import first_run
from app.actions.people.sign_ins import attempt_sign_in, sign_in
from app.actions.people.viewers import viewer_of
from app.actions.playbooks import upload_playbook
from app.actions.rollouts.drafting import draft_rollout, set_locations, set_start
from app.actions.schedule.starting import start_rollout
from app.db import Database, upgrade
from app.models import Installation, Task
from app.worker import tick

PASSWORD = "a long sentence to bench with"
HEAD = """\
muster: 1
id: bench
title: Many tasks
version: "1.0"
length: 16w
calendar: {zone: America/Chicago, holidays: [US]}
roles: {champion: Site champion, lead: {title: Lead, scope: network, access: director}}
waves:
  pilot: {title: Pilot, when: week 3 .. week 6, cutover: "week 6 mon 07:00", locations: 1 ..}
  second: {title: Second, when: week 7 .. week 10, cutover: "week 9 mon 07:00", locations: 1 ..}
workstreams: {technical: Technical, people: People, billing: Billing, clinical: Clinical}
tasks:
"""


@dataclass(frozen=True)
class Seed:
    """What there is to ask for: the cookie of the director, the address of the rollout, and keys of open tasks."""

    cookie: str
    rollout: str
    tasks: tuple[int, ...]


def playbook(tasks: int) -> bytes:
    """Groups of twenty tasks in four workstreams."""
    lines = [HEAD]
    streams = ("technical", "people", "billing", "clinical")
    for group in range(tasks // 20):
        stream = streams[group % 4]
        lines.append(f"  group-{group}:\n    title: Group {group}\n    owner: champion\n    workstream: {stream}\n")
        lines.append("    tasks:\n")
        for number in range(20):
            due = f"cutover {'-' if number % 2 else '+'} {number % 25 + 1}d"
            lines.append(f'      task-{group}-{number}: {{title: Task {group}.{number}, due: "{due}"}}\n')
    return "".join(lines).encode()


def places(count: int) -> list[dict[str, Any]]:
    zones = ("America/Chicago", "America/New_York", "America/Denver", "America/Los_Angeles")
    return [
        {"id": f"site-{n}", "name": f"Site {n}", "zone": zones[n % 4], "wave": ("pilot", "second")[n % 2]}
        for n in range(count)
    ]


def seeded(url: str, *, tasks: int, locations: int) -> Seed:
    """Make it all through the product's own actions, five weeks ago."""
    now = datetime.now(UTC)
    upgrade(url)
    return begun(url, playbook(tasks), places(locations), now - timedelta(weeks=5), now)


def begun(url: str, text: bytes, rows: list[dict[str, Any]], then: datetime, now: datetime) -> Seed:
    """A rollout of a playbook, started `then` in a database that has its tables, and its director signed in `now`."""
    database = Database(url)
    with database.writing() as session:
        slug = _started(session, text, rows, _monday(then), then)
    with database.writing() as session:
        tick(session, then)
    with database.writing() as session:
        attempt = attempt_sign_in(session, email="bench@example.org", address="127.0.0.1", now=now)
        cookie = sign_in(session, attempt, own_device=True, now=now)
        keys = session.exec(select(Task.id).order_by(col(Task.id)).limit(20_000)).all()
    database.dispose()
    return Seed(f"muster={cookie}", slug, tuple(key or 0 for key in keys))


def _monday(at: datetime) -> date:
    return at.date() - timedelta(days=at.weekday())


def _started(session: Session, text: bytes, rows: list[dict[str, Any]], start: date, now: datetime) -> str:
    session.add(Installation(mark="bench", created_at=now))
    session.flush()
    token = first_run_token(session, now=now) or ""
    person = first_run(session, token, name="Bench", email="bench@example.org", password=PASSWORD, now=now)
    key = person.id or 0
    version = upload_playbook(session, text, by=viewer_of(session, key, now=now), now=now)
    title, by = "Bench", viewer_of(session, key, now=now)
    rollout = draft_rollout(session, title=title, playbook_version_id=version.id or 0, by=by, now=now)
    by, identity = viewer_of(session, key, now=now), rollout.id or 0
    set_start(session, identity, start=start, seen=rollout.version, by=by, now=now)
    set_locations(session, identity, rows, seen=rollout.version, by=by, now=now)
    start_rollout(session, identity, seen=rollout.version, by=by, now=now)
    return rollout.slug
