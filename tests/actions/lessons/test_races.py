"""Several at once: one lesson, one proposal, one version; whoever comes second finds it done or is told."""

from __future__ import annotations

from sqlmodel import select

from app.actions.lessons.capturing import capture_lesson
from app.actions.lessons.deciding import accept_proposal, reject_proposal
from app.actions.lessons.proposing import propose_change
from app.db import Database
from app.models import Event, Lesson, PlaybookVersion, Proposal
from app.plan.draft.guided import AddTask
from tests.actions.test_concurrency import THREADS, race
from tests.cast import NOW, Cast


def test_eight_at_once_make_one_lesson_one_proposal_and_one_version(db: Database, running: Cast) -> None:
    with db.reading() as session:
        by = running.viewer(session, "dir")

    def learn(said: str) -> int:
        assert race(db, lambda s, n: capture_lesson(s, running.rollout, said=said, by=by, now=NOW)) == ["ok"] * THREADS
        with db.reading() as session:
            return session.exec(select(Lesson.id).where(Lesson.said == said)).one() or 0

    lesson = learn("Labels print twice")
    change = AddTask(title="Count the labels", group="readiness")
    came_to = race(db, lambda s, n: propose_change(s, lesson, change=change, seen=1, by=by, now=NOW))
    assert came_to.count("ok") == 1 and set(came_to) <= {"ok", "Stale", "Refused"}
    with db.reading() as session:
        proposal = session.exec(select(Proposal.id)).one() or 0
    came_to = race(db, lambda s, n: accept_proposal(s, proposal, seen=1, by=by, now=NOW))
    assert came_to == ["ok"] * THREADS
    with db.reading() as session:
        assert sorted(session.exec(select(PlaybookVersion.version))) == ["1.0", "1.1"]
        verbs = list(session.exec(select(Event.verb).where(Event.verb.startswith("proposal."))))  # type: ignore[attr-defined]
    assert verbs == ["proposal.made", "proposal.accepted"]


def test_yes_and_no_at_once_have_one_winner(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "dir")
        lesson = capture_lesson(session, running.rollout, said="x", by=by, now=NOW).id or 0
        change = AddTask(title="Count", group="readiness")
        proposal = propose_change(session, lesson, change=change, seen=None, by=by, now=NOW).id or 0
    came_to = race(
        db,
        lambda s, n: (
            accept_proposal(s, proposal, seen=1, by=by, now=NOW)
            if n % 2
            else reject_proposal(s, proposal, reason="No", seen=1, by=by, now=NOW)
        ),
    )
    assert came_to == ["Stale"] * (THREADS // 2) + ["ok"] * (THREADS // 2)
    with db.reading() as session:
        row = session.get_one(Proposal, proposal)
        kept = len(session.exec(select(PlaybookVersion.id)).all())
    assert kept == (2 if row.outcome == "accepted" else 1)
