"""The clocks of issues: a thousand due at once against two set-based statements, and a look that finds nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import insert, text
from sqlmodel import select

from app.actions.issues.changes import acknowledge
from app.actions.issues.reporting import report_issue
from app.actions.issues.sweep import sweep
from app.db import Database, upgrade
from app.models import Issue, IssueStep, Location
from app.serving import keep_what_started
from tests import cast as casting

DUE, FEW, MANY = 1_000, 200, 20_000
LOOKS = 200
LIVE = datetime(2027, 2, 9, 15, 0, tzinfo=UTC)
HALF = LIVE + timedelta(hours=12)
"""When half of the time has run: somebody has taken it, and the operations manager is told."""
RAW = (
    "UPDATE issue_step SET settled_at = :now, outcome = 'told', due_at = NULL"
    " WHERE due_at <= :now AND settled_at IS NULL",
    "INSERT INTO event (at, verb, rollout_id, subject_kind, subject_id, data) SELECT :now, 'issue.reminded',"
    " issue.rollout_id, 'issue', issue.id, '{}' FROM issue JOIN issue_step ON issue_step.issue_id = issue.id"
    " WHERE issue_step.settled_at = :now",
)
Fresh = Callable[[], Iterator[str]]


def sweeps(fresh: Fresh) -> Iterator[str]:
    for url in fresh():
        upgrade(url)
        database = Database(url)
        cast = casting.running(database)
        _issues(database, cast, DUE)
        keep_what_started()  # as the worker does
        ours, settled = _once(database, HALF)
        raw = _raw(database, HALF + timedelta(hours=1))
        yield f"{settled:,} steps due at once: {ours * 1000:.0f} ms, two raw statements {raw * 1000:.1f} ms:" \
              f" {ours / raw:.1f} times (bar 20)"  # fmt: skip
        database.dispose()
    took = []
    for count in (FEW, MANY):
        for url in fresh():
            upgrade(url)
            database = Database(url)
            cast = casting.running(database)
            _issues(database, cast, count)
            took.append(_nothing(database))
            database.dispose()
    yield f"a look with nothing due: {took[0] * 1000:.2f} ms at {FEW} open issues, {took[1] * 1000:.2f} ms at {MANY:,}"


def _issues(database: Database, cast: casting.Cast, count: int) -> None:
    """One is reported, the others are its copies, at both sites in turn."""
    with database.writing() as session:
        by = cast.viewer(session, "chA", LIVE)
        where = list(session.exec(select(Location.id)))
        first = report_issue(session, cast.rollout, location_id=where[0], title="One", by=by, now=LIVE)
        acknowledge(session, first.id or 0, by=by, now=LIVE + timedelta(hours=1))
        steps = session.exec(select(IssueStep).where(IssueStep.issue_id == first.id)).all()
        row, lines = first.model_dump(exclude={"id", "version"}), [step.model_dump(exclude={"id"}) for step in steps]
        key = first.id or 0
        copies = [
            row | {"id": key + n, "number": first.number + n, "location_id": where[n % 2], "version": 1}
            for n in range(1, count)
        ]
        connection = session.connection()
        connection.execute(insert(Issue), copies)
        connection.execute(insert(IssueStep), [deepcopy(s) | {"issue_id": c["id"]} for c in copies for s in lines])
    with database.writing() as session:  # as the database keeps itself, sooner or later
        session.connection().execute(text("ANALYZE"))


def _once(database: Database, now: datetime) -> tuple[float, int]:
    begun = time.perf_counter()
    with database.writing() as session:
        settled = sweep(session, now=now)
    return time.perf_counter() - begun, settled


def _raw(database: Database, now: datetime) -> float:
    plain = now.replace(tzinfo=None) if database.engine.dialect.name == "sqlite" else now
    given = {"now": str(plain) + ".000000" if database.engine.dialect.name == "sqlite" else plain}
    with database.writing() as session:
        connection = session.connection()
        begun = time.perf_counter()
        for statement in RAW:
            assert connection.execute(text(statement), given).rowcount == DUE
        session.commit()
    return time.perf_counter() - begun


def _nothing(database: Database) -> float:
    seconds = []
    for _ in range(LOOKS):
        begun = time.perf_counter()
        with database.writing() as session:
            assert sweep(session, now=LIVE + timedelta(minutes=1)) == 0
        seconds.append(time.perf_counter() - begun)
    return median(seconds)
