"""What a block waits for: words, a person or a task one may see; its end is told, and never lifts the block."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from app.actions.signoffs.signing import sign_task
from app.actions.tasks.answers import answer_task
from app.actions.tasks.blocks import block_again, block_task, unblock_task
from app.actions.tasks.comments import comment_on_task
from app.actions.tasks.completion import complete_task, skip_task
from app.db import Database
from app.errors import Invalid, NotFound, Refused, Stale
from app.models import Assignment, Block, Delivery, Event, Signature, Task
from app.queries.letters import letter
from app.queries.tasks.signoffs import signed_content
from tests.cast import NOW, Cast

LATER = NOW + timedelta(minutes=5)


def blocked(session: Session, cast: Cast, entry: str = "scanners", who: str = "chA", **given: object) -> Task:
    task = cast.task(session, entry)
    by = cast.viewer(session, who)
    return block_task(session, task.id or 0, reason="It stands", seen=task.version, by=by, now=NOW, **given)  # type: ignore[arg-type]


def the_block(session: Session) -> Block:
    return session.exec(select(Block).where(col(Block.lifted_at).is_(None))).one()


def test_words_a_person_and_a_task_are_kept(db: Database, running: Cast) -> None:
    with db.writing() as session:
        blocked(session, running, waits_for="the firewall rule", expected=date(2027, 1, 8))
        assert the_block(session).waits_for == "the firewall rule"
        blocked(session, running, person=running.people["opm"])
        row = the_block(session)
        assert (row.waits_for, row.waits_for_person) == ("Omar Haddad", running.people["opm"])
        awaited = running.task(session, "cabling")
        blocked(session, running, task=awaited.id)
        row = the_block(session)
        assert (row.waits_for, row.waits_for_task) == ("“Have the cabling checked”", awaited.id)


def test_what_one_may_not_see_cannot_be_waited_for(db: Database, running: Cast) -> None:
    with db.writing() as session:
        birch = running.task(session, "scanners", "birch")
        own = running.task(session, "scanners")
        foreign = ({"task": birch.id}, {"task": own.id}, {"task": 99_999})
        people = ({"person": running.people["chB"]}, {"person": running.people["exe"]})
        for given in (*foreign, *people, {"person": running.people["opm"], "task": birch.id}):
            with pytest.raises(Invalid):
                blocked(session, running, **given)


def test_a_task_elsewhere_is_not_named_to_those_who_do_not_see_it(db: Database, running: Cast) -> None:
    with db.writing() as session:
        birch = running.task(session, "scanners", "birch")
        blocked(session, running, who="dir", task=birch.id)
        row = the_block(session)
        assert (row.waits_for, row.waits_for_task) == ("", birch.id)


def test_whoever_waits_is_told_and_the_block_stays(db: Database, running: Cast) -> None:
    with db.writing() as session:
        awaited = running.task(session, "posters")
        blocked(session, running, task=awaited.id)
        complete_task(session, awaited.id or 0, seen=1, by=running.viewer(session, "opm"), now=LATER)
        message = session.exec(select(Delivery)).one()
        waiting = running.task(session, "scanners")
        assert (message.kind, message.person_id, message.subject_id) == ("unblocked", running.people["chA"], waiting.id)
        assert the_block(session).task_id == waiting.id


@pytest.mark.parametrize("end", ["skip", "sign"])
def test_set_aside_and_signed_count_as_done_too(db: Database, running: Cast, end: str) -> None:
    with db.writing() as session:
        awaited = running.task(session, "posters" if end == "skip" else "migration")
        blocked(session, running, task=awaited.id)
        if end == "skip":
            skip_task(session, awaited.id or 0, reason="", seen=1, by=running.viewer(session, "opm"), now=LATER)
        else:
            complete_task(session, awaited.id or 0, seen=1, by=running.viewer(session, "itl"), now=LATER)
            assert session.exec(select(Delivery).where(Delivery.kind == "unblocked")).all() == []
            sign_task(session, awaited.id or 0, kind="sign_off", seen=2, by=running.proven(session, "dir"), now=NOW)
        assert len(session.exec(select(Delivery).where(Delivery.kind == "unblocked")).all()) == 1


def test_a_block_and_another_change_both_survive(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task = running.task(session, "line-speed")
        answer_task(session, task.id or 0, "120", seen=1, by=running.viewer(session, "chAB"), now=NOW)
        block_task(session, task.id or 0, reason="No line", seen=1, by=running.viewer(session, "chA"), now=NOW)
        assert task.version == 3


def test_a_block_that_changed_meanwhile_is_stale_and_a_lift_too(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task = running.task(session, "scanners")
        first, second = running.viewer(session, "chA"), running.viewer(session, "chAB")
        block_task(session, task.id or 0, reason="No labels", seen=1, by=first, now=NOW)
        for change in (
            lambda: block_task(session, task.id or 0, reason="No printer", seen=1, by=second, now=NOW),
            lambda: unblock_task(session, task.id or 0, seen=1, by=second, now=NOW),
        ):
            with pytest.raises(Stale):
                change()
        unblock_task(session, task.id or 0, seen=2, by=first, now=NOW)
        with pytest.raises(Stale):
            block_task(session, task.id or 0, reason="No printer", seen=2, by=second, now=NOW)


def test_a_lift_is_taken_back_with_everything_that_was_said(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task, by = running.task(session, "scanners"), running.viewer(session, "chA")
        with pytest.raises(Refused):
            block_again(session, task.id or 0, seen=1, by=by, now=NOW)
        blocked(session, running, waits_for="labels", expected=date(2027, 1, 8))
        unblock_task(session, task.id or 0, seen=2, by=by, now=NOW)
        for _ in range(2):
            block_again(session, task.id or 0, seen=3, by=by, now=LATER)
        row = the_block(session)
        assert (row.reason, row.waits_for, row.expected, row.at) == ("It stands", "labels", date(2027, 1, 8), LATER)
        verbs = list(session.exec(select(Event.verb).where(Event.subject_kind == "task", Event.subject_id == task.id)))
        assert verbs == ["task.blocked", "task.unblocked", "task.blocked"]


def told(session: Session) -> list[tuple[int, str]]:
    found = session.exec(select(Delivery).where(Delivery.kind == "awaited").order_by(col(Delivery.id)))
    return [(row.person_id, row.data["text"]) for row in found]


def test_whom_a_block_waits_for_is_told_once(db: Database, running: Cast) -> None:
    with db.writing() as session:
        opm = running.people["opm"]
        for _ in range(2):
            blocked(session, running, person=opm)
        assert told(session) == [(opm, "It stands")]
        task = blocked(session, running, person=opm, expected=date(2027, 1, 8))
        unblock_task(session, task.id or 0, seen=task.version, by=running.viewer(session, "chA"), now=LATER)
        block_again(session, task.id or 0, seen=task.version, by=running.viewer(session, "chA"), now=LATER)
        assert told(session) == [(opm, "It stands")]  # an undone click is no news
        blocked(session, running, person=running.people["dir"])
        assert told(session) == [(opm, "It stands"), (running.people["dir"], "It stands")]
        blocked(session, running, person=running.people["chA"])  # oneself
        assert len(told(session)) == 2


def test_the_letter_to_who_is_waited_for_says_why(db: Database, running: Cast) -> None:
    with db.writing() as session:
        blocked(session, running, person=running.people["opm"])
        row = session.exec(select(Delivery).where(Delivery.kind == "awaited")).one()
        said = letter(session, row, running.viewer(session, "opm"), NOW)
        assert (said.facts["by"], said.facts["text"]) == ("Chiara Amato", "It stands")
        assert said.path == f"/tasks/{running.task(session, 'scanners').id}"


def test_an_assignee_reads_what_was_written_in_letters_and_signatures(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task, exe, by = running.task(session, "migration"), running.people["exe"], running.viewer(session, "dir")
        key = task.id or 0
        complete_task(session, key, seen=1, by=running.viewer(session, "itl"), now=NOW)
        sign_task(session, key, kind="sign_off", seen=task.version, by=running.proven(session, "dir"), now=NOW)
        signature = session.exec(select(Signature.id)).one() or 0
        comment_on_task(session, key, text="@Omar Haddad see this", by=by, now=NOW)
        row = session.exec(select(Delivery).where(Delivery.kind == "mention")).one()
        reader = running.viewer(session, "exe")
        assert letter(session, row, reader, NOW).facts["text"] == ""
        with pytest.raises(NotFound):
            signed_content(session, signature, reader)
        session.add(Assignment(task_id=key, person_id=exe, by_id=by.person, at=NOW))
        session.flush()
        assert letter(session, row, reader, NOW).facts["text"] == "@Omar Haddad see this"
        assert signed_content(session, signature, reader).task_id == key
