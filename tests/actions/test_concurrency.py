"""Many at once: one winner, everybody else is told or finds it done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlmodel import Session, col, select

from app.actions.jobs import claim_job
from app.actions.people.accounts import invite
from app.actions.playbooks import upload_playbook
from app.actions.schedule.starting import start_rollout
from app.actions.tasks.answers import answer_task
from app.actions.tasks.blocks import block_task
from app.actions.tasks.checklists import check_item
from app.actions.tasks.comments import comment_on_task
from app.actions.tasks.completion import complete_task, reopen_task
from app.actions.tasks.evidence import attach_link
from app.db import Database
from app.errors import Refused, Stale
from app.models import CheckItem, Completion, Event, Invitation, Person, PlaybookVersion, Rollout, Task
from tests.cast import NOW, PLAYBOOK, Cast

THREADS = 8


def race(db: Database, act: Callable[[Session, int], object]) -> list[str]:
    """Every thread acts in a transaction of its own, all let go at once; what each came to."""
    gate = threading.Barrier(THREADS)

    def one(number: int) -> str:
        gate.wait(timeout=30)
        try:
            with db.writing() as session:
                act(session, number)
        except (Stale, Refused) as refusal:
            return type(refusal).__name__
        return "ok"

    with ThreadPoolExecutor(THREADS) as pool:
        return sorted(pool.map(one, range(THREADS)))


def verbs(db: Database, task_id: int) -> list[str]:
    with db.reading() as session:
        rows = select(Event.verb).where(Event.subject_kind == "task", Event.subject_id == task_id)
        return list(session.exec(rows.order_by(col(Event.id))))


def test_eight_threads_completing_one_task_make_one_completion(db: Database, running: Cast) -> None:
    with db.reading() as session:
        task_id = running.task(session, "scanners").id or 0
        people = [running.viewer(session, who) for who in ("chA", "chAB")]
    came_to = race(db, lambda s, n: complete_task(s, task_id, seen=1, by=people[n % 2], now=NOW))
    assert came_to == ["ok"] * THREADS
    with db.reading() as session:
        assert len(session.exec(select(Completion)).all()) == 1
        assert session.get_one(Task, task_id).version == 2
    assert verbs(db, task_id) == ["task.completed"]


def test_eight_different_wishes_on_one_form_have_one_winner(db: Database, running: Cast) -> None:
    with db.reading() as session:
        task_id = running.task(session, "scanners").id or 0
        by = running.viewer(session, "chA")
    came_to = race(db, lambda s, n: block_task(s, task_id, reason=f"Reason {n}", seen=1, by=by, now=NOW))
    assert came_to == ["Stale"] * (THREADS - 1) + ["ok"]
    assert verbs(db, task_id) == ["task.blocked"]


def test_ticks_of_different_lines_all_survive(db: Database, running: Cast) -> None:
    paths = ["front-desk", "reading-room.screens", "old-system", "garden"]
    with db.reading() as session:
        task_id = running.task(session, "walk-through").id or 0
        by = running.viewer(session, "chA")
    came_to = race(db, lambda s, n: check_item(s, task_id, paths[n % len(paths)], seen=1, by=by, now=NOW))
    assert came_to == ["ok"] * THREADS
    with db.reading() as session:
        ticked = session.exec(select(CheckItem.path).where(col(CheckItem.checked_at).is_not(None)))
        assert sorted(ticked) == sorted(paths)
        assert session.get_one(Task, task_id).version == 1 + len(paths)
    assert verbs(db, task_id) == ["task.item_checked"] * len(paths)


def test_one_form_sent_eight_times_at_once_makes_one_comment(db: Database, running: Cast) -> None:
    with db.reading() as session:
        task_id = running.task(session, "scanners").id or 0
        by = running.viewer(session, "chA")
    came_to = race(db, lambda s, n: comment_on_task(s, task_id, text="Once", token="form", by=by, now=NOW))
    assert came_to == ["ok"] * THREADS
    assert verbs(db, task_id) == ["task.commented"]


def test_blocks_answers_and_comments_at_once_all_survive(db: Database, running: Cast) -> None:
    with db.reading() as session:
        task_id = running.task(session, "line-speed").id or 0
        by = running.viewer(session, "chA")
    acts: list[Callable[[Session], object]] = [
        lambda s: block_task(s, task_id, reason="No line", seen=1, by=by, now=NOW),
        lambda s: answer_task(s, task_id, "120", seen=1, by=by, now=NOW),
        lambda s: comment_on_task(s, task_id, text="Look", token="form", by=by, now=NOW),
        lambda s: attach_link(s, task_id, url="https://example.org/line", seen=1, by=by, now=NOW),
    ]
    assert race(db, lambda s, n: acts[n % len(acts)](s)) == ["ok"] * THREADS
    assert sorted(verbs(db, task_id)) == [
        "task.answered", "task.blocked", "task.commented", "task.evidence_attached"
    ]  # fmt: skip


def test_two_sessions_with_one_form_cannot_overwrite_each_other(db: Database, running: Cast) -> None:
    with db.reading() as session:
        task_id = running.task(session, "scanners").id or 0
        first, second = (running.viewer(session, who) for who in ("chA", "chAB"))
    with db.writing() as session:
        complete_task(session, task_id, seen=1, by=first, now=NOW)
    with db.writing() as session:
        reopen_task(session, task_id, seen=2, by=second, now=NOW)
    came_to = race(db, lambda s, n: complete_task(s, task_id, seen=2, by=first, now=NOW))
    assert came_to == ["Stale"] * THREADS
    assert verbs(db, task_id) == ["task.completed", "task.reopened"]


def test_a_rollout_started_by_eight_at_once_starts_once(db: Database, drafted: Cast) -> None:
    with db.reading() as session:
        seen = session.get_one(Rollout, drafted.rollout).version
        by = drafted.viewer(session, "dir")
    assert race(db, lambda s, n: start_rollout(s, drafted.rollout, seen=seen, by=by, now=NOW)) == ["ok"] * THREADS
    with db.reading() as session:
        assert len(session.exec(select(Event).where(Event.verb == "rollout.started")).all()) == 1


def test_a_job_is_claimed_by_one_worker(db: Database, drafted: Cast) -> None:
    with db.writing() as session:
        seen = session.get_one(Rollout, drafted.rollout).version
        start_rollout(session, drafted.rollout, seen=seen, by=drafted.viewer(session, "dir"), now=NOW)
    claims: list[object] = []
    race(db, lambda s, n: claims.append(claim_job(s, now=NOW)))
    assert sum(claim is not None for claim in claims) == 1


def test_a_playbook_uploaded_by_eight_at_once_is_kept_once(db: Database, people: Cast) -> None:
    with db.reading() as session:
        by = people.viewer(session, "dir")
    assert race(db, lambda s, n: upload_playbook(s, PLAYBOOK.encode(), by=by, now=NOW)) == ["ok"] * THREADS
    with db.reading() as session:
        assert len(session.exec(select(PlaybookVersion)).all()) == 1
        assert len(session.exec(select(Event).where(Event.verb == "playbook.uploaded")).all()) == 1


def test_somebody_invited_by_eight_at_once_has_one_account_and_one_open_link(db: Database, people: Cast) -> None:
    with db.reading() as session:
        by = people.viewer(session, "dir")
    came_to = race(db, lambda s, n: invite(s, name="New", email="new@example.org", by=by, now=NOW))
    assert came_to == ["ok"] * THREADS
    with db.reading() as session:
        person = session.exec(select(Person).where(Person.email == "new@example.org")).one()
        links = session.exec(select(Invitation).where(Invitation.person_id == person.id)).all()
        assert len(links) == THREADS
        assert len([link for link in links if link.expires_at > NOW]) == 1
