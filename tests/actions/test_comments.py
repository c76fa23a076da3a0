"""Comments and whom they call: readers only, once a form, never on the way of somebody else's form."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from sqlmodel import Session, col, select

from app.actions.people.accounts import invite
from app.actions.tasks.blocks import block_task
from app.actions.tasks.comments import comment_on_task, remove_comment, restore_comment, see_mention
from app.actions.tasks.completion import complete_task
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound
from app.models import Comment, Delivery, Event, Intent, Membership, Mention
from app.queries.comments import calls_of, comments
from tests.cast import NOW, Cast


def say(
    session: Session,
    cast: Cast,
    who: str,
    text: str,
    tell: Collection[int] = (),
    token: str = "",
    entry: str = "scanners",
) -> Comment:
    task, by = cast.task(session, entry), cast.viewer(session, who)
    return comment_on_task(session, task.id or 0, text=text, tell=tell, token=token, by=by, now=NOW)


def called(session: Session, row: Comment) -> set[int]:
    return set(session.exec(select(Mention.person_id).where(Mention.comment_id == row.id)))


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("dir", None), ("opm", None), ("chA", None), ("chAB", None),
        ("cto", Forbidden), ("itl", Forbidden), ("exe", Forbidden),
        ("chB", NotFound), ("ch0", NotFound), ("adm", NotFound),
    ],
)  # fmt: skip
def test_who_may_comment(db: Database, running: Cast, who: str, refusal: type[Exception] | None) -> None:
    with db.writing() as session:
        if refusal is None:
            assert say(session, running, who, "Hello").text == "Hello"
        else:
            with pytest.raises(refusal):
                say(session, running, who, "Hello")


def test_whoever_a_task_names_may_comment_on_it(db: Database, running: Cast) -> None:
    with db.writing() as session:
        assert say(session, running, "itl", "Booked.", entry="cabling").id


def test_who_is_called_has_a_message_and_finds_it_on_the_day(db: Database, running: Cast) -> None:
    with db.writing() as session:
        row = say(session, running, "chA", "@Omar Haddad, is the printer paid? @Bengt Holm @Edith Okafor @Chiara Amato")
        assert called(session, row) == {running.people["opm"]}
        message = session.exec(select(Delivery)).one()
        assert (message.kind, message.person_id, message.subject_kind, message.subject_id) == (
            "mention", running.people["opm"], "comment", row.id
        )  # fmt: skip
        event = session.exec(select(Event).order_by(col(Event.id).desc())).first()
        assert event is not None
        assert (event.verb, event.data["after"]) == (
            "task.commented", {"comment": row.id, "called": [running.people["opm"]]}
        )  # fmt: skip
        assert [one.comment for one in calls_of(session, running.viewer(session, "opm"))] == [row.id]
        assert calls_of(session, running.viewer(session, "chB")) == []


def test_a_call_ends_by_reading_or_by_an_answer(db: Database, running: Cast) -> None:
    with db.writing() as session:
        first = say(session, running, "chA", "@Omar Haddad one")
        say(session, running, "chA", "@Omar Haddad two")
        omar = running.viewer(session, "opm")
        for _ in range(2):
            see_mention(session, first.id or 0, by=omar, now=NOW)
        assert [one.text for one in calls_of(session, omar)] == ["@Omar Haddad two"]
        say(session, running, "opm", "Yes.")
        assert calls_of(session, omar) == []


def test_a_call_of_a_comment_taken_away_is_gone(db: Database, running: Cast) -> None:
    with db.writing() as session:
        row = say(session, running, "chA", "@Omar Haddad one")
        remove_comment(session, row.id or 0, by=running.viewer(session, "chA"), now=NOW)
        assert calls_of(session, running.viewer(session, "opm")) == []


def test_a_name_of_two_readers_is_settled_by_a_choice(db: Database, running: Cast) -> None:
    with db.writing() as session:
        twin, _ = invite(
            session, name="Omar Haddad", email="omar2@example.org", by=running.viewer(session, "adm"), now=NOW
        )
        session.add(
            Membership(
                person_id=twin.id or 0, rollout_id=running.rollout, role="ops-manager", access="manager", created_at=NOW
            )
        )
        session.flush()
        with pytest.raises(Invalid) as refusal:
            say(session, running, "chA", "@Omar Haddad?")
        assert set(refusal.value.fields) == {"tell"}
        assert called(session, say(session, running, "chA", "@Omar Haddad!", tell=[twin.id or 0])) == {twin.id}


def test_only_readers_can_be_told(db: Database, running: Cast) -> None:
    with db.writing() as session:
        tell = [running.people[who] for who in ("dir", "exe", "chB", "off", "adm")]
        assert called(session, say(session, running, "chA", "Look", tell=tell)) == {running.people["dir"]}


def test_the_same_form_twice_is_one_comment(db: Database, running: Cast) -> None:
    with db.writing() as session:
        first = say(session, running, "chA", "Once @Omar Haddad", token="form-1")
        second = say(session, running, "chA", "Once @Omar Haddad", token="form-1")
        other = say(session, running, "chAB", "Mine", token="form-1")
        assert first.id == second.id != other.id
        assert len(session.exec(select(Comment)).all()) == 2
        assert len(session.exec(select(Intent)).all()) == 2
        assert len(session.exec(select(Delivery)).all()) == 1


def test_a_comment_outdates_nobodys_form(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task = running.task(session, "scanners")
        say(session, running, "dir", "Take your time")
        block_task(session, task.id or 0, reason="No labels", seen=1, by=running.viewer(session, "chA"), now=NOW)
        other = running.task(session, "posters")
        say(session, running, "dir", "Nice", entry="posters")
        complete_task(session, other.id or 0, seen=1, by=running.viewer(session, "chA"), now=NOW)


def test_only_who_wrote_it_takes_it_away_and_the_row_stays(db: Database, running: Cast) -> None:
    with db.writing() as session:
        row = say(session, running, "chA", "Hello")
        for who, refusal in (("dir", Forbidden), ("itl", Forbidden), ("chB", NotFound)):
            with pytest.raises(refusal):
                remove_comment(session, row.id or 0, by=running.viewer(session, who), now=NOW)
        by = running.viewer(session, "chA")
        for _ in range(2):
            remove_comment(session, row.id or 0, by=by, now=NOW)
        assert (row.removed_by, row.text) == (running.people["chA"], "Hello")
        assert comments(session, row.task_id) == ()
        for _ in range(2):
            restore_comment(session, row.id or 0, by=by, now=NOW)
        assert [one.text for one in comments(session, row.task_id)] == ["Hello"]
        verbs = session.exec(select(Event.verb).where(Event.subject_id == row.task_id, Event.subject_kind == "task"))
        assert list(verbs) == ["task.commented", "task.comment_removed", "task.comment_restored"]


@pytest.mark.parametrize("text", ["", " \n", "x" * 4_001, "nul\0"])
def test_a_text_that_cannot_be_kept_is_refused(db: Database, running: Cast, text: str) -> None:
    with db.writing() as session, pytest.raises(Invalid) as refusal:
        say(session, running, "chA", text, token="t")
    assert set(refusal.value.fields) == {"text"}
