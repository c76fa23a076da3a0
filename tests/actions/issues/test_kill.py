"""A server and its worker that are killed outright, again and again: in the end the notices are those of the plan."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest
from sqlmodel import col, func, select

from app.models import Issue, IssueStep, Notice
from tests.actions.issues.clockwork import PLAN, Clockwork

CHILD = """
import sys
from datetime import datetime, timedelta
from sqlmodel import Session
from app.actions.issues.reporting import report_issue
from app.actions.issues.sweep import sweep
from app.actions.people.viewers import viewer_of
from app.db import Database

url, rollout, place, person, count, begun = sys.argv[1], *map(int, sys.argv[2:6]), datetime.fromisoformat(sys.argv[6])
database = Database(url)
for number in range(count):  # as a browser that sends its form again when no answer came
    with database.writing() as session:
        report_issue(session, rollout, location_id=place, title=f"Issue {number}", token=f"form-{number}",
                     by=viewer_of(session, person, now=begun), now=begun)
for hour in (4, 8, 12, 16, 18, 20, 24, 30):
    found = 1
    while found:
        with database.writing() as session:
            found = sweep(session, now=begun + timedelta(hours=hour), most=3)
"""
STEPS_EACH = 11
"""Settled of an issue that nobody takes: four rungs, six reminders and the breach."""


@pytest.mark.parametrize(
    ("issues", "kills"), [(10, 2), pytest.param(200, 40, marks=pytest.mark.prove)], ids=["short", "long"]
)
def test_killed_at_random_points_everybody_is_told_what_the_plan_says(
    works: Clockwork, issues: int, kills: int
) -> None:
    chance, partly = random.Random(718), 0
    whole = issues * STEPS_EACH
    for kill in range(kills):
        partly += _killed(works, issues, until=whole * kill // kills, delay=chance.random() / 50)
    assert partly >= kills // 2, "too few kills came in the middle"
    assert _child(works, issues).wait(timeout=600) == 0
    with works.db.reading() as session:
        numbers = session.exec(select(Issue.number).order_by(col(Issue.number))).all()
        assert list(numbers) == list(range(1, issues + 1))
        assert session.exec(select(func.count()).select_from(Notice)).one() == len(PLAN) * issues
        keys = session.exec(select(Issue.id)).all()
    for key in keys if issues <= 10 else [keys[0], keys[-1]]:
        assert works.told(key or 0) == PLAN


def _child(works: Clockwork, issues: int) -> subprocess.Popen[bytes]:
    cast = works.cast
    told = (cast.rollout, cast.locations["alder"], cast.people["chA"], issues, works.begun.isoformat())
    return subprocess.Popen([sys.executable, "-c", CHILD, works.db.url, *map(str, told)])


def _killed(works: Clockwork, issues: int, *, until: int, delay: float) -> bool:
    """Run the process and kill it a moment after so many steps were settled; True when that was in the middle."""
    child = _child(works, issues)
    for _ in range(20_000):
        if child.poll() is not None or _settled(works) > until:
            break
        time.sleep(0.005)
    time.sleep(delay)
    middle = child.poll() is None
    child.kill()
    child.wait(timeout=10)
    return middle


def _settled(works: Clockwork) -> int:
    with works.db.reading() as session:
        done = select(func.count()).select_from(IssueStep).where(col(IssueStep.settled_at).is_not(None))
        return session.exec(done).one()
