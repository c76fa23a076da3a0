"""Completed work that a second person must check or sign."""

from __future__ import annotations

import pytest
from sqlmodel import select

from app.actions.approvals import approve_task
from app.actions.tasks import complete_task, reopen_task
from app.db import Database
from app.errors import Forbidden, NotFound, Refused, Stale
from app.models import Approval, Completion
from tests.cast import NOW, Cast


def completed(db: Database, cast: Cast, who: str = "itl") -> int:
    with db.writing() as session:
        task = cast.task(session, "migration")
        complete_task(session, task.id or 0, seen=task.version, by=cast.viewer(session, who), now=NOW)
        return task.id or 0


def test_a_task_waits_for_its_signature_and_then_is_done(db: Database, running: Cast) -> None:
    task_id = completed(db, running)
    with db.writing() as session:
        assert session.exec(select(Completion.settled_at)).one() is None
        for _ in range(2):
            approve_task(session, task_id, kind="sign_off", seen=2, by=running.viewer(session, "dir"), now=NOW)
        assert session.exec(select(Completion.settled_at)).one() == NOW
        assert [(row.kind, row.role) for row in session.exec(select(Approval))] == [("sign_off", "director")]


def test_nobody_signs_own_work(db: Database, running: Cast) -> None:
    task_id = completed(db, running, "dir")
    with db.writing() as session, pytest.raises(Refused, match="own work"):
        approve_task(session, task_id, kind="sign_off", seen=2, by=running.viewer(session, "dir"), now=NOW)


@pytest.mark.parametrize(("who", "refusal"), [("cto", Forbidden), ("chA", Forbidden), ("chB", NotFound)])
def test_only_whoever_is_named_signs(db: Database, running: Cast, who: str, refusal: type[Exception]) -> None:
    task_id = completed(db, running)
    with db.writing() as session, pytest.raises(refusal):
        approve_task(session, task_id, kind="sign_off", seen=2, by=running.viewer(session, who), now=NOW)


def test_nothing_is_signed_that_is_not_completed_or_not_asked_for(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "dir")
        for entry, kind in (("migration", "sign_off"), ("scanners", "sign_off"), ("migration", "verify")):
            with pytest.raises(Refused, match="waited for"):
                approve_task(session, running.task(session, entry).id or 0, kind=kind, seen=1, by=by, now=NOW)


def test_reopening_takes_the_signature_back(db: Database, running: Cast) -> None:
    task_id = completed(db, running)
    with db.writing() as session:
        approve_task(session, task_id, kind="sign_off", seen=2, by=running.viewer(session, "dir"), now=NOW)
        reopen_task(session, task_id, seen=3, by=running.viewer(session, "itl"), now=NOW)
        assert session.exec(select(Approval)).all() == []
        assert session.exec(select(Completion)).all() == []


def test_a_task_reopened_meanwhile_is_not_signed(db: Database, running: Cast) -> None:
    task_id = completed(db, running)
    with db.writing() as session:
        reopen_task(session, task_id, seen=2, by=running.viewer(session, "itl"), now=NOW)
        complete_task(session, task_id, seen=3, by=running.viewer(session, "itl"), now=NOW)
        with pytest.raises(Stale):
            approve_task(session, task_id, kind="sign_off", seen=2, by=running.viewer(session, "dir"), now=NOW)
