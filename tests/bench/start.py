"""A 1,000-task playbook is checked, planned and started for so many locations, in a process of its own.

`python -m tests.bench.start LOCATIONS DATABASE_URL` prints one line of JSON: seconds of each part, rows, peak memory.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from app.actions.installation import first_run_token
from app.actions.people.first_run import first_run
from app.actions.people.viewers import viewer_of
from app.actions.playbooks import upload_playbook
from app.actions.rollouts.drafting import draft_rollout, set_locations, set_start
from app.actions.schedule.starting import start_rollout
from app.db import Database, upgrade
from app.models import Installation, Job, Rollout
from app.plan import check, load
from app.rules.schedule.schedule import plan_rollout, read_place
from app.worker import tick

TASKS = 1_000
START = date(2027, 1, 4)
NOW = datetime(2026, 12, 28, 15, tzinfo=UTC)
HEAD = """\
muster: 1
id: bench
title: A thousand tasks
version: "1.0"
length: 16w
calendar: {zone: America/Chicago, holidays: [US]}
roles: {champion: Site champion, lead: {title: Lead, scope: network, access: director}}
waves:
  pilot: {title: Pilot, when: week 3 .. week 6, cutover: "week 6 mon 07:00", locations: 1 ..}
  second: {title: Second, when: week 7 .. week 10, cutover: "week 9 mon 07:00", locations: 1 ..}
tasks:
"""


def playbook() -> bytes:
    """Twenty groups of fifty tasks; every fifth task has a checklist of two lines."""
    lines = [HEAD]
    for group in range(20):
        lines.append(f"  group-{group}:\n    title: Group {group}\n    owner: champion\n    verify: lead\n    tasks:\n")
        for number in range(TASKS // 20):
            due = f"cutover {'-' if number % 2 else '+'} {number % 25 + 1}d"
            more = ", checklist: {one: First line, two: Second line}" if number % 5 == 0 else ""
            lines.append(f'      task-{group}-{number}: {{title: Task {group}.{number}, due: "{due}"{more}}}\n')
    return "".join(lines).encode()


def places(count: int) -> list[dict[str, Any]]:
    zones = ("America/Chicago", "America/New_York", "America/Denver", "America/Los_Angeles")
    return [
        {"id": f"site-{n}", "name": f"Site {n}", "zone": zones[n % 4], "wave": ("pilot", "second")[n % 2]}
        for n in range(count)
    ]


def timed(parts: dict[str, float], name: str, work: Callable[[], Any]) -> Any:
    begun = time.perf_counter()
    result = work()
    parts[name] = round(time.perf_counter() - begun, 3)
    return result


def run(count: int, url: str) -> dict[str, Any]:
    upgrade(url)
    database, parts, data, rows = Database(url), {}, playbook(), places(count)
    timed(parts, "check", lambda: check(data))
    book, read = load(data), [read_place(row) for row in rows]
    items = len(timed(parts, "plan", lambda: plan_rollout(book, START, read).items))
    job_id, rollout_id = timed(parts, "draft", lambda: _draft(database, data, rows))
    with database.writing() as session:
        timed(parts, "start", lambda: tick(session, NOW))
    with database.reading() as session:
        job, rollout = session.get(Job, job_id), session.get(Rollout, rollout_id)
        if job is None or rollout is None or rollout.state != "running":
            sys.exit(f"the rollout did not start: {job and job.error}")
    database.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"locations": count, "rows": items, "seconds": parts, "peak_mib": round(peak)}


def _draft(database: Database, data: bytes, rows: list[dict[str, Any]]) -> tuple[int, int]:
    """Everything that a director does in the browser before the start; returns the job's and the rollout's id."""
    with database.writing() as session:
        session.add(Installation(mark="bench", created_at=NOW))
        session.flush()
        token = first_run_token(session, now=NOW) or ""
        person = first_run(session, token, name="Bench", email="bench@example.org", password="a long sentence", now=NOW)
        by = viewer_of(session, person.id or 0, now=NOW)
        version = upload_playbook(session, data, by=by, now=NOW)
        rollout = draft_rollout(session, title="Bench", playbook_version_id=version.id or 0, by=by, now=NOW)
        by = viewer_of(session, person.id or 0, now=NOW)
        identity = rollout.id or 0
        set_start(session, identity, start=START, seen=rollout.version, by=by, now=NOW)
        set_locations(session, identity, rows, seen=rollout.version, by=by, now=NOW)
        return start_rollout(session, identity, seen=rollout.version, by=by, now=NOW).id or 0, identity


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), sys.argv[2])))
