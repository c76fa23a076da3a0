"""Several workers at once, and issues that fail: each step once, and none keeps another waiting."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select, update

from app.actions.issues.changes import acknowledge
from app.actions.issues.solving import resolve_issue
from app.actions.issues.sweep import sweep
from app.db import Database
from app.errors import Refused, Stale
from app.models import Issue, IssueStep, Notice
from app.worker.escalation import TRY_AGAIN, escalate
from tests.actions.issues.clockwork import HOUR, LIVE, PLAN, Clockwork

HOURS = (0, 4, 8, 12, 16, 18, 20, 24, 30)


@pytest.mark.parametrize("workers", [2, 4])
def test_workers_at_the_same_moment_tell_everything_once(works: Clockwork, workers: int) -> None:
    issues = [works.report() for _ in range(6)]
    gate = threading.Barrier(workers)

    def worker(_: int) -> int:
        database, settled = Database(works.db.url), 0
        for hour in HOURS:
            gate.wait(timeout=60)
            for _ in range(20):  # in small bites, so that they meet
                with database.writing() as session:
                    settled += (found := sweep(session, now=LIVE + hour * HOUR, most=3))
                if not found:
                    break
            gate.wait(timeout=60)
            with database.writing() as session:
                settled += escalate(session, LIVE + hour * HOUR)
        database.dispose()
        return settled

    with ThreadPoolExecutor(workers) as pool:
        settled = list(pool.map(worker, range(workers)))
    for issue in issues:
        assert works.told(issue) == PLAN
    done = [step for issue in issues for step in works.steps(issue) if step.settled_at is not None]
    assert sum(settled) + 6 == len(done)  # the first rung was told by the reporting itself


def test_people_and_a_worker_at_the_same_moment(works: Clockwork) -> None:
    """Whoever comes first wins: what is told afterwards fits to what people have done."""
    issues = [works.report() for _ in range(8)]
    gate = threading.Barrier(2)

    def people() -> None:
        gate.wait(timeout=60)
        for number, issue in enumerate(issues):
            with works.db.reading() as session:
                seen = session.get_one(Issue, issue).version
            try:
                if number % 2:
                    works.do(acknowledge, issue, "chA", at=LIVE + 4 * HOUR)
                else:
                    works.do(resolve_issue, issue, "chA", at=LIVE + 4 * HOUR, cause="A cable", fix="Put in", seen=seen)
            except (Refused, Stale) as refusal:
                raise AssertionError(f"nobody else has changed it: {refusal}") from refusal

    def worker() -> None:
        gate.wait(timeout=60)
        for _ in range(30):
            with works.db.writing() as session:
                sweep(session, now=LIVE + 4 * HOUR, most=2)

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(people), pool.submit(worker)]:
            done.result(timeout=60)
    works.run(LIVE + 4 * HOUR, LIVE + 11 * HOUR, HOUR)
    assert [one for one in works.told() if one[0] > 4] == []


def test_an_issue_that_fails_is_put_off_and_keeps_no_other_waiting(works: Clockwork) -> None:
    bad, good = works.report(), works.report()
    with works.db.writing() as session:
        law = session.get_one(Issue, bad).law
        session.exec(update(Issue).where(Issue.id == bad).values(law={"broken": True}))
    works.look(LIVE + 4 * HOUR)
    assert works.told(bad, kinds=["waits"]) == []
    assert len(works.told(good, kinds=["waits"])) == 2
    with works.db.writing() as session:
        again = session.exec(select(IssueStep.due_at).where(IssueStep.issue_id == bad, IssueStep.kind == "respond"))
        assert again.one() == LIVE + 4 * HOUR + TRY_AGAIN
        session.exec(update(Issue).where(Issue.id == bad).values(law=law))
    works.look(LIVE + 4 * HOUR + TRY_AGAIN)
    assert len(works.told(bad, kinds=["waits"])) == 2


def test_a_thousand_at_once_take_as_many_statements_as_three(works: Clockwork) -> None:
    from sqlalchemy import event

    def statements(issues: int) -> int:
        for _ in range(issues):
            works.report(kind="defect")
        count = [0]

        def counted(*_: object) -> None:
            count[0] += 1

        with works.db.writing() as session:
            event.listen(works.db.engine, "before_cursor_execute", counted)
            found = sweep(session, now=LIVE + 12 * HOUR)
            event.remove(works.db.engine, "before_cursor_execute", counted)
        assert found >= issues
        return count[0]

    few, many = statements(2), statements(12)
    assert few == many
    with works.db.reading() as session:
        keys = list(session.exec(select(Notice.key)))
    assert len(keys) == len(set(keys))
