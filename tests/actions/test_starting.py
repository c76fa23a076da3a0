"""Starting a rollout: its rows are written once, whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select as select_columns
from sqlmodel import Session, SQLModel, func, select, update

from app.actions.jobs import LEASE, claim_job, queue_job, renew_claim, retry_job
from app.actions.playbooks import upload_playbook
from app.actions.rollouts.drafting import draft_rollout, set_locations, set_playbook, set_start
from app.actions.schedule import planning, starting
from app.actions.schedule import rows as plan_rows
from app.actions.schedule.planning import plan_of
from app.actions.schedule.starting import materialise, start_rollout
from app.actions.tasks.completion import complete_task
from app.db import Database
from app.errors import Forbidden, LostClaim, Refused
from app.models import CheckItem, Event, Job, Location, Person, Rollout, ScheduledEntry, Task
from app.rules.schedule.schedule import Plan, plan_rollout
from app.worker import tick
from tests.cast import NOW, PLAYBOOK, SITES, START, Cast


def version(session: Session, cast: Cast) -> int:
    return session.get_one(Rollout, cast.rollout).version


def start(session: Session, cast: Cast) -> Job:
    return start_rollout(session, cast.rollout, seen=version(session, cast), by=cast.viewer(session, "dir"), now=NOW)


def keys(session: Session, model: type[Task | ScheduledEntry]) -> list[tuple[object, ...]]:
    table = SQLModel.metadata.tables[str(model.__tablename__)].c
    columns = (table.entry, table.location_id, table.wave, table.value)
    return sorted((tuple(row) for row in session.connection().execute(select_columns(*columns))), key=str)


def test_a_draft_without_start_or_locations_says_both(db: Database, people: Cast) -> None:
    with db.writing() as session:
        by = people.viewer(session, "dir")
        book = upload_playbook(session, PLAYBOOK.encode(), by=by, now=NOW)
        rollout = draft_rollout(session, title="X", playbook_version_id=book.id or 0, by=by, now=NOW)
        with pytest.raises(Refused) as refusal:
            start_rollout(session, rollout.id or 0, seen=rollout.version, by=by, now=NOW)
        assert refusal.value.missing == ("Say on which day it starts.", "Name at least one location.")


def test_a_started_rollout_has_a_row_for_every_entry_of_its_plan(db: Database, running: Cast) -> None:
    with db.reading() as session:
        rollout = session.get_one(Rollout, running.rollout)
        plan = plan_of(session, rollout)
        ids = {"": None, **running.locations}
        expected = sorted(((item.entry, ids[item.location], item.wave, item.value) for item in plan.items), key=str)
        assert sorted(keys(session, Task) + keys(session, ScheduledEntry), key=str) == expected
        assert rollout.state == "running"
        job = session.exec(select(Job)).one()
        assert (job.state, job.done, job.total, job.next_at) == ("finished", len(expected), len(expected), None)
        pins = session.exec(select(Location.playbook_version_id, Location.cutover_at)).all()
        assert {pin for pin, _ in pins} == {running.playbook}
        assert None not in {cutover for _, cutover in pins}


def test_a_started_rollout_is_no_draft_any_more(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by, seen = running.viewer(session, "dir"), version(session, running)
        with pytest.raises(Refused, match="started"):
            set_start(session, running.rollout, start=date(2027, 2, 1), seen=seen, by=by, now=NOW)
        with pytest.raises(Refused, match="started"):
            set_playbook(session, running.rollout, playbook_version_id=99, seen=seen, by=by, now=NOW)


def test_nothing_can_be_done_while_the_rows_are_being_written(db: Database, drafted: Cast) -> None:
    with db.writing() as session:
        start(session, drafted)
        job = claim_job(session, now=NOW)
        assert job is not None
        steps = materialise(session, job, now=NOW)
        for _ in range(4):
            next(steps)
        assert session.get_one(Rollout, drafted.rollout).state == "starting"
        task = drafted.task(session, "scanners")
        with pytest.raises(Refused, match="still being written"):
            complete_task(session, task.id or 0, seen=1, by=drafted.viewer(session, "chA"), now=NOW)


def interrupted(times: int, real: type[plan_rows.Writer]) -> type[plan_rows.Writer]:
    """A writer that breaks in the middle of a batch, some times."""
    left = [times]

    class Breaking(real):  # type: ignore[misc,valid-type]
        calls = 0

        def _lines(self, items):  # type: ignore[no-untyped-def]
            Breaking.calls += 1
            if left[0] and Breaking.calls % 2 == 0:
                left[0] -= 1
                raise RuntimeError("the power went")
            return super()._lines(items)

    return Breaking


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(starting, "BATCH", 4)
    yield


def test_an_interrupted_start_is_finished_later_exactly_once(
    db: Database, drafted: Cast, small_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.writing() as session:
        start(session, drafted)
    with monkeypatch.context() as broken:
        broken.setattr(starting, "Writer", interrupted(2, plan_rows.Writer))
        with db.writing() as session:
            tick(session, NOW)
        with db.reading() as session:
            written = keys(session, Task) + keys(session, ScheduledEntry)
            job = session.exec(select(Job)).one()
            assert 0 < len(written) < job.total
            assert (job.state, job.done, job.error) == ("waiting", len(written), "RuntimeError: the power went")
        for minutes in (1, 2, 3):
            with db.writing() as session:
                tick(session, NOW + timedelta(minutes=minutes))
    with db.reading() as session:
        rollout = session.get_one(Rollout, drafted.rollout)
        assert rollout.state == "running"
        found = keys(session, Task) + keys(session, ScheduledEntry)
        assert len(found) == len(set(found)) == len(plan_of(session, rollout).items)
        assert session.exec(select(func.count()).select_from(CheckItem)).one() == 9
        assert len(session.exec(select(Event).where(Event.verb == "rollout.planned")).all()) == 1


def test_a_worker_that_died_is_followed_by_another_after_its_lease(
    db: Database, drafted: Cast, small_batches: None
) -> None:
    with db.writing() as session:
        start(session, drafted)
    with db.writing() as session:
        job = claim_job(session, now=NOW)
        assert job is not None
        steps = materialise(session, job, now=NOW)
        for _ in range(4):
            next(steps)
        session.commit()
    with db.writing() as session:
        assert tick(session, NOW + LEASE - timedelta(seconds=1)) == 0
        assert tick(session, NOW + LEASE) == 1
    with db.reading() as session:
        rollout = session.get_one(Rollout, drafted.rollout)
        found = keys(session, Task) + keys(session, ScheduledEntry)
        assert len(found) == len(set(found)) == len(plan_of(session, rollout).items)


def test_a_worker_that_lost_its_claim_writes_nothing_more(db: Database, drafted: Cast, small_batches: None) -> None:
    with db.writing() as session:
        start(session, drafted)
    with db.writing() as session:
        job = claim_job(session, now=NOW)
        assert job is not None
        job_id, claim = job.id or 0, job.claim
        session.commit()
        with db.writing() as other:
            other.exec(update(Job).values(claim="another worker"))
        steps = materialise(session, job, now=NOW)
        for _ in range(4):
            next(steps)
        with pytest.raises(LostClaim):
            renew_claim(session, job_id, claim, now=NOW)
        session.rollback()
    with db.reading() as session:
        assert keys(session, Task) == []
        assert session.exec(select(Job.claim)).one() == "another worker"


def test_a_job_that_always_fails_is_given_up_and_can_be_retried(
    db: Database, drafted: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.writing() as session:
        start(session, drafted)
    with monkeypatch.context() as broken:
        broken.setattr(planning, "plan_rollout", lambda *_: 1 / 0)
        for hour in range(10):
            with db.writing() as session:
                tick(session, NOW + timedelta(hours=hour))
    with db.writing() as session:
        job = session.exec(select(Job)).one()
        assert (job.state, job.attempts, job.next_at) == ("failed", 5, None)
        with pytest.raises(Forbidden):
            retry_job(session, job.id or 0, by=drafted.viewer(session, "opm"), now=NOW)
        retry_job(session, job.id or 0, by=drafted.viewer(session, "dir"), now=NOW)
        tick(session, NOW)
        assert session.get_one(Rollout, drafted.rollout).state == "running"


def test_a_plan_that_cannot_be_sends_the_rollout_back_with_the_reasons(db: Database, drafted: Cast) -> None:
    with db.writing() as session:
        by = drafted.viewer(session, "dir")
        set_locations(session, drafted.rollout, SITES[:1], seen=version(session, drafted), by=by, now=NOW)
        session.get_one(Rollout, drafted.rollout).start = date(2027, 1, 5)  # as by an older playbook
        session.flush()
        start(session, drafted)
        tick(session, NOW)
        rollout, job = session.get_one(Rollout, drafted.rollout), session.exec(select(Job)).one()
        assert (rollout.state, rollout.started_by, job.state, job.next_at) == ("draft", None, "failed", None)
        assert job.error.splitlines() == [
            "the rollout starts on a mon, Tue 5 Jan is none",
            "Pilot takes 2 locations, 1 is assigned to it",
        ]
        assert keys(session, Task) == []
        set_start(session, drafted.rollout, start=START, seen=rollout.version, by=by, now=NOW)
        set_locations(session, drafted.rollout, SITES, seen=rollout.version, by=by, now=NOW)
        start(session, drafted)
        tick(session, NOW)
        assert rollout.state == "running"


def test_nobody_waits_while_a_plan_is_being_made(db: Database, drafted: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def plan_slowly(*facts: Any) -> Plan:
        with db.writing() as other:
            other.add(Person(name="Meanwhile", email="meanwhile@example.org", created_at=NOW))
        return plan_rollout(*facts)

    monkeypatch.setattr(planning, "plan_rollout", plan_slowly)
    with db.writing() as session:
        start(session, drafted)
    with db.writing() as session:
        tick(session, NOW)
    with db.reading() as session:
        assert session.get_one(Rollout, drafted.rollout).state == "running"
        assert session.exec(select(Person).where(Person.name == "Meanwhile")).one()


def test_starting_again_is_quiet_when_the_plan_was_queued_twice(db: Database, drafted: Cast) -> None:
    with db.writing() as session:
        start(session, drafted)
        by = drafted.viewer(session, "dir")
        latest = queue_job(session, starting.MATERIALISE, rollout_id=drafted.rollout, by=by, now=NOW)
        assert start(session, drafted).id == latest.id
