"""A worker that is killed outright, again and again, while it writes a plan: nothing lost, nothing twice."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta

import pytest
from sqlmodel import func, select

from app.actions.jobs import LEASE
from app.actions.schedule.planning import plan_of
from app.actions.schedule.starting import start_rollout
from app.db import Database
from app.models import CheckItem, Job, Rollout, ScheduledEntry, Task
from app.worker import tick
from tests import cast as casting
from tests.cast import NOW, PLAYBOOK

pytestmark = pytest.mark.prove

KILLS = 12
GROUPS, TASKS = 12, 25
CHILD = """
import sys
from datetime import datetime
from app.actions.schedule import starting
from app.db import Database
from app.worker import tick
starting.BATCH = 20
with Database(sys.argv[1]).writing() as session:
    tick(session, datetime.fromisoformat(sys.argv[2]))
"""


def large() -> str:
    lines = [PLAYBOOK.split("gates:")[0].rstrip()]
    for group in range(GROUPS):
        lines.append(f"  more-{group}:\n    title: More {group}\n    owner: champion\n    due: week 3 fri\n    tasks:")
        lines += [f"      more-{group}-{number}: {{title: One, checklist: {{a: A, b: B}}}}" for number in range(TASKS)]
    return "\n".join(lines) + "\n"


def test_killed_outright_at_any_moment_the_rows_are_whole_in_the_end(database_url: str) -> None:
    database = Database(database_url)
    cast = casting.drafted(database, large())
    with database.writing() as session:
        seen = session.get_one(Rollout, cast.rollout).version
        start_rollout(session, cast.rollout, seen=seen, by=cast.viewer(session, "dir"), now=NOW)
    now, partly = NOW, 0
    for kill in range(KILLS):
        partly += _killed_after(database, database_url, now.isoformat(), written=kill * 40)
        now += LEASE + timedelta(hours=1)
    assert partly, "no kill came in the middle of the writing"
    with database.writing() as session:
        tick(session, now)
    with database.reading() as session:
        rollout = session.get_one(Rollout, cast.rollout)
        assert rollout.state == "running"
        written = sum(session.exec(select(func.count()).select_from(model)).one() for model in (Task, ScheduledEntry))
        assert written == len(plan_of(session, rollout).items)
        lines = session.exec(select(func.count()).select_from(CheckItem)).one()
        assert lines == 9 + 2 * 2 * GROUPS * TASKS
    database.dispose()


def _killed_after(database: Database, url: str, now: str, *, written: int) -> bool:
    """Run a worker and kill it once it has written so much; True when that was in the middle."""
    worker = subprocess.Popen([sys.executable, "-c", CHILD, url, now])
    for _ in range(2_000):
        with database.reading() as session:
            job = session.exec(select(Job)).one()
        if worker.poll() is not None or (job.claimed_until is not None and job.done >= written):
            break
        time.sleep(0.005)
    worker.kill()
    worker.wait(timeout=10)
    with database.reading() as session:
        job = session.exec(select(Job)).one()
    return 0 < job.done < job.total
