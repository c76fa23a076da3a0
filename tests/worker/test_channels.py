"""Channels: beside mail, whether or not there is any, at least once, and one that fails harms no other."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlmodel import select

from app.actions.deliveries.outbox import LEASE, claim_delivery
from app.actions.people.channels import end_channel, try_channel
from app.actions.people.memberships import remove_membership
from app.models import Channel, Membership
from app.notify.mail import PermanentFailure, ServerAway, TemporaryFailure
from app.worker import tick
from app.worker.channels import Switchboard, hand_over, ring
from tests.cast import NOW
from tests.notify.receiver import receiver
from tests.worker.conftest import SITE, PostRoom

A, B = "https://a.example.org/hook", "https://b.example.org/hook"


def test_a_message_goes_by_mail_and_by_every_channel_that_was_chosen_for_its_kind(post: PostRoom) -> None:
    post.channel("chA", A)
    post.channel("chA", B, kinds=["mention"])
    post.queue("chA")
    assert len(post.tick()) == 1
    (call,) = post.ring()
    assert (call.url, call.title, call.about) == (A, "Yours now: Photograph the server room", ("task", post.task()))
    assert call.text.splitlines()[:2] == ["Dana Whitfield gave you this.", "Photograph the server room, Alder"]
    assert call.link == f"{SITE}/tasks/{post.task()}"
    assert post.ring() == []
    assert [(row.channel, row.state) for row in post.rows()] == [("mail", "sent"), ("app", "sent")]


def test_what_people_wrote_stays_in_the_house(post: PostRoom) -> None:
    post.channel("chA", A, kinds=["mention"])
    post.queue("chA", "mention", data={"by": "Dana Whitfield", "text": "canary-text"})
    (call,) = post.ring()
    assert "canary-text" not in call.title + call.text + call.link


def test_the_address_stands_nowhere_but_with_its_channel(post: PostRoom) -> None:
    post.channel("chA", A)
    post.queue("chA")
    row = post.rows()[1]
    assert row.address == "At work: Web hook a.example.org"
    assert A not in f"{row.model_dump()}"


def test_a_lost_answer_is_sent_again_under_the_same_id(post: PostRoom) -> None:
    post.channel("chA", A)
    post.queue("chA")
    with post.database.writing() as session:
        claim_delivery(session, channel="app", now=NOW)
    assert post.ring(LEASE - timedelta(seconds=1)) == []
    (call,) = post.ring(timedelta(seconds=1))
    assert call.id == post.rows()[1].message_id


def test_one_that_is_away_is_asked_once_a_look_and_keeps_no_other_waiting(post: PostRoom) -> None:
    asked = []
    post.channel("chA", A)
    post.channel("chAB", B)
    for key in ("x", "y", "z"):
        post.queue("chA", key=key)
    post.queue("chAB")

    def send(call: object) -> None:
        asked.append(call.url)  # type: ignore[attr-defined]
        if call.url == A:  # type: ignore[attr-defined]
            raise ServerAway("gone")

    with post.database.writing() as session:
        ring(session, Switchboard(send, SITE), lambda: NOW)
    assert asked == [A, B]
    calls = [call for _ in range(6) for call in post.ring(timedelta(minutes=1))]
    assert [call.url for call in calls] == [A, A, A]
    assert {row.state for row in post.rows() if row.channel == "app"} == {"sent"}


@pytest.mark.parametrize("fault", [TemporaryFailure("later"), ServerAway("gone")])
def test_a_failed_call_is_tried_again_within_a_minute(post: PostRoom, fault: Exception) -> None:
    post.channel("chA", A)
    post.queue("chA")
    post.refuses[A] = fault
    assert post.ring() == []
    post.refuses.clear()
    assert len(post.ring(timedelta(minutes=1))) == 1


def test_a_refusal_for_good_is_shown_and_not_tried_again(post: PostRoom) -> None:
    post.channel("chA", A)
    post.queue("chA")
    post.refuses[A] = PermanentFailure("The web hook answers 410.")
    post.ring()
    post.refuses.clear()
    assert post.ring(timedelta(hours=1)) == []
    assert (post.rows()[1].state, post.rows()[1].error) == ("failed", "The web hook answers 410.")


def test_a_channel_that_was_ended_or_a_kind_taken_back_sends_nothing_more(post: PostRoom) -> None:
    first, second = post.channel("chA", A), post.channel("chA", B)
    post.queue("chA")
    with post.database.writing() as session:
        end_channel(session, first, by=post.cast.viewer(session, "chA"), now=NOW)
        row = session.get_one(Channel, second)
        row.kinds = []
        session.add(row)
    assert post.ring() == []
    assert [row.state for row in post.rows()[1:]] == ["dropped", "dropped"]


def test_whoever_may_no_longer_see_it_gets_nothing(post: PostRoom) -> None:
    post.channel("chA", A)
    post.queue("chA")
    with post.database.writing() as session:
        held = session.exec(select(Membership.id).where(Membership.person_id == post.cast.people["chA"])).one()
        remove_membership(session, held or 0, by=post.cast.viewer(session, "dir"), now=NOW)
    assert post.ring() == []


def test_a_test_goes_by_that_channel_only_and_once_a_minute(post: PostRoom) -> None:
    channel = post.channel("chA", A, kinds=[])
    for _ in range(3):
        with post.database.writing() as session:
            try_channel(session, channel, by=post.cast.viewer(session, "chA"), now=post.now)
    (call,) = post.ring()
    assert (call.title, call.kind) == ("Muster reaches you here", "channel_test")
    assert post.tick() == []


def test_nothing_is_lost_and_only_an_answer_that_was_lost_comes_twice_through_a_real_receiver(post: PostRoom) -> None:
    """Down, then broken, then silent about what it took, then well: every message arrives, each under its own id."""
    with receiver() as gone:
        url = gone.url
    post.channel("chA", url)
    for number in range(3):
        post.queue("chA", key=f"{number}")
    board = Switchboard(lambda call: hand_over(call, frozenset({"127.0.0.1"})), SITE)

    def look() -> None:
        post.now += timedelta(minutes=5)
        with post.database.writing() as session:
            tick(session, post.now, board=board)

    look()
    with receiver(port=gone.port) as hook:
        for mode in ("500", "drop", "ok", "ok", "ok"):
            hook.mode = mode
            look()
    heard = [json.loads(body)["id"] for _, body in hook.heard]
    rows = [row for row in post.rows() if row.channel == "app"]
    assert {row.state for row in rows} == {"sent"}
    assert set(heard) == {row.message_id for row in rows}
    # Beside one each: the first try at 500, and the one whose answer was lost.
    assert len(heard) == 3 + 2
