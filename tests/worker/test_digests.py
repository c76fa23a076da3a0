"""One digest a person on each open day, when there is something to say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import select, update

from app.actions.tasks.completion import complete_task
from app.models import Delivery, Membership, Person
from app.notify.message import Message
from tests.cast import email
from tests.worker.conftest import PostRoom

SEVEN = datetime(2027, 1, 11, 13, 0, tzinfo=UTC)
"""Monday of week 2, seven in the morning at Alder."""


def digests(sent: list[Message], who: str) -> list[Message]:
    return [message for message in sent if message.to == email(who)]


def test_it_comes_at_seven_of_the_reader_s_own_place_and_once(post: PostRoom) -> None:
    assert post.tick() == []
    birch = post.tick(SEVEN - timedelta(hours=1) - post.now)
    assert [message.to for message in birch] == [email("chB")]  # New York is an hour ahead
    assert post.tick(timedelta(minutes=59)) == []
    alder = post.tick(timedelta(minutes=1))
    assert email("chA") in [message.to for message in alder]
    assert email("chB") not in [message.to for message in alder]
    assert len({message.to for message in alder}) == len(alder)
    for _ in range(20):
        assert post.tick(timedelta(minutes=30)) == []


def test_it_says_what_is_late_due_next_and_to_be_signed(post: PostRoom) -> None:
    post.tick()
    with post.database.writing() as session:
        task = post.cast.task(session, "migration")
        complete_task(session, task.id or 0, seen=task.version, by=post.cast.viewer(session, "itl"), now=post.now)
    sent = post.tick(SEVEN + timedelta(days=7) - post.now)  # Monday of week 3: readiness was due on Friday
    (champion,), (director,) = digests(sent, "chA"), digests(sent, "dir")
    assert champion.subject == "Your day: 5 late"
    assert "Late\n- Label printers and scanners work, Alder: due 15 Jan" in champion.text.replace("Fri ", "")
    assert director.subject == "Your day: 1 to sign"
    assert "Waiting for your signature\n- Migration test, Alder" in director.text
    assert "Birch" not in champion.text + champion.html


def test_nobody_who_has_nothing_to_hear_gets_one(post: PostRoom) -> None:
    post.tick()
    sent = post.tick(SEVEN - post.now)
    assert digests(sent, "exe") == digests(sent, "adm") == digests(sent, "ch0") == digests(sent, "off") == []


def test_closed_days_have_none(post: PostRoom) -> None:
    post.tick()
    post.tick(SEVEN + timedelta(days=4) - post.now)  # Friday
    for hours in range(66):  # until Monday, one in the morning
        assert post.tick(timedelta(hours=1)) == [], hours


def test_a_worker_that_was_away_in_the_morning_makes_up_for_it_once(post: PostRoom) -> None:
    post.tick()
    sent = post.tick(SEVEN + timedelta(hours=5) - post.now)
    assert len(digests(sent, "chA")) == 1
    assert digests(post.tick(timedelta(hours=1)), "chA") == []
    assert len(digests(post.tick(SEVEN + timedelta(days=1) - post.now), "chA")) == 1


def test_whoever_declined_gets_none_and_whoever_lost_the_role_in_between_gets_none(post: PostRoom) -> None:
    post.tick()
    with post.database.writing() as session:
        session.exec(update(Person).where(Person.id == post.cast.people["chA"]).values(mail="none"))
    post.fails = []
    sent = post.tick(SEVEN - post.now)
    assert digests(sent, "chA") == []


def test_a_digest_that_waits_is_read_anew_when_it_is_sent(post: PostRoom) -> None:
    post.tick()
    from app.worker import work

    post.now = SEVEN
    with post.database.writing() as session:
        work(session, post.now, lambda: post.now, digests=True)
    with post.database.writing() as session:
        for held in session.exec(select(Membership).where(Membership.person_id == post.cast.people["chA"])):
            session.delete(held)
    sent = post.tick()
    assert digests(sent, "chA") == []
    with post.database.reading() as session:
        row = session.exec(select(Delivery).where(Delivery.person_id == post.cast.people["chA"])).one()
        assert (row.state, row.error) == ("dropped", "Nothing is left to say.")
