"""Mail: at least once, visibly, to whoever may still read it, and never in the way of anything else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select, update

from app.actions.deliveries.outbox import LEASE, claim_delivery, mark_sent
from app.actions.deliveries.queue import queue_delivery, send_again
from app.actions.people.accounts import deactivate, invite
from app.actions.people.memberships import remove_membership
from app.errors import Forbidden, LostClaim, Refused
from app.models import Delivery, Membership, Person
from app.notify.mail import PermanentFailure, ServerAway, TemporaryFailure
from app.rules.deliveries.mail import GIVE_UP_AFTER, LEAST_TRIES
from tests.cast import NOW, email
from tests.worker.conftest import SITE, PostRoom


def test_a_queued_message_is_sent_once_and_says_what_and_where(post: PostRoom) -> None:
    post.queue("chA")
    (message,) = post.tick()
    assert post.tick() == []
    assert (message.to, message.to_name) == (email("chA"), "Chiara Amato")
    assert message.subject == "Yours now: Photograph the server room"
    assert f"{SITE}/tasks/" in message.text
    assert "Dana Whitfield gave you this." in message.text
    assert (post.row().state, post.row().sent_at, post.row().next_at) == ("sent", NOW, None)


def test_the_same_key_is_queued_once_for_each_person(post: PostRoom) -> None:
    for who in ("chA", "chA", "chAB"):
        post.queue(who)
    assert [message.to for message in post.tick()] == [email("chA"), email("chAB")]


def test_a_change_that_is_rolled_back_sends_nothing(post: PostRoom) -> None:
    with pytest.raises(Refused), post.database.writing() as session:
        subject = ("rollout", post.cast.rollout)
        queue_delivery(session, kind="moved", person_id=post.cast.people["chA"], key="x", subject=subject, now=NOW)
        raise Refused("no")
    assert post.tick() == []
    assert post.rows() == []


def test_a_lost_answer_is_sent_again_under_the_same_id(post: PostRoom) -> None:
    """The worker is killed between the server's yes and the mark: the lease runs out, the message goes out again."""
    post.queue("chA")
    with post.database.writing() as session:
        claim_delivery(session, now=NOW)
    assert post.tick() == []
    assert post.tick(LEASE - timedelta(seconds=1)) == []
    (message,) = post.tick(timedelta(seconds=1))
    assert message.id == post.row().message_id


def test_a_worker_that_was_stopped_for_longer_than_its_lease_marks_nothing(post: PostRoom) -> None:
    post.queue("chA")
    with post.database.writing() as session:
        stopped = claim_delivery(session, now=NOW)
    assert stopped is not None
    assert len(post.tick(LEASE)) == 1
    with pytest.raises(LostClaim), post.database.writing() as session:
        mark_sent(session, stopped, now=post.now)
    assert post.row().state == "sent"


def test_a_worker_that_was_stopped_before_it_sent_sends_nothing(post: PostRoom) -> None:
    from app.worker.post import deliver

    post.queue("chA")
    times = iter([NOW, NOW, NOW + LEASE])
    with post.database.writing() as session:
        deliver(session, post.office, lambda: next(times, NOW + LEASE), lambda: False)
    # Only the second try, under the second lease, went out.
    assert len(post.outbox) == 1
    assert post.row().attempts == 2


def test_a_server_that_is_away_gets_one_try_a_look_and_everything_within_five_minutes_of_its_return(
    post: PostRoom,
) -> None:
    for who in ("chA", "chAB", "opm"):
        post.queue(who)
    post.fails = [ServerAway("gone")] * 100
    for _ in range(60):
        left = len(post.fails)
        assert post.tick(timedelta(minutes=1)) == []
        assert left - len(post.fails) <= 1
    assert len(post.fails) <= 100 - 60 // 5  # a try every five minutes at least; when exactly is left to chance
    post.fails.clear()
    sent = [message for _ in range(5) for message in post.tick(timedelta(minutes=1))]
    assert sorted(message.to for message in sent) == sorted(email(who) for who in ("chA", "chAB", "opm"))


def test_a_message_put_off_by_the_server_is_tried_within_a_minute(post: PostRoom) -> None:
    post.queue("chA")
    post.fails = [TemporaryFailure("451 later")]
    assert post.tick() == []
    assert (post.row().state, post.row().error, post.row().attempts) == ("waiting", "451 later", 1)
    assert len(post.tick(timedelta(minutes=1))) == 1
    assert post.row().error == ""


def test_after_three_days_and_a_dozen_tries_it_is_given_up_visibly(post: PostRoom) -> None:
    post.queue("chA")
    post.fails = [TemporaryFailure("451 later")] * 1_000
    for _ in range(80):
        post.tick(timedelta(hours=1))
    row = post.rows()[0]
    assert row.state == "failed"
    assert row.attempts >= LEAST_TRIES
    assert row.error == f"Given up after {row.attempts} tries. 451 later"


def test_a_permanent_refusal_is_shown_and_not_tried_again(post: PostRoom) -> None:
    post.queue("chA")
    post.fails = [PermanentFailure("550 no such mailbox")]
    for _ in range(3):
        assert post.tick(timedelta(hours=1)) == []
    assert (post.row().state, post.row().error, post.row().attempts) == ("failed", "550 no such mailbox", 1)


def test_one_message_that_cannot_be_written_does_not_stop_the_others(post: PostRoom) -> None:
    post.queue("chA", key="bad")
    with post.database.writing() as session:
        session.exec(update(Delivery).values(kind="digest", data={}))
    post.queue("opm")
    assert [message.to for message in post.tick()] == [email("opm")]
    bad = post.rows()[0]
    assert (bad.state, bad.error) == ("waiting", "This message could not be written (KeyError).")


def test_urgent_messages_go_first(post: PostRoom) -> None:
    post.queue("chA")
    post.queue("opm", urgent=True)
    assert [message.to for message in post.tick()] == [email("opm"), email("chA")]


def test_nothing_is_held_while_the_server_is_spoken_to(post: PostRoom) -> None:
    def write_beside() -> None:
        with post.database.writing() as session:
            session.exec(update(Person).values(name=Person.name))

    post.queue("chA")
    post.before = write_beside
    assert len(post.tick()) == 1


def test_whoever_may_no_longer_see_it_gets_nothing(post: PostRoom) -> None:
    post.queue("chA")
    with post.database.writing() as session:
        held = session.exec(select(Membership.id).where(Membership.person_id == post.cast.people["chA"])).one()
        remove_membership(session, held or 0, by=post.cast.viewer(session, "dir"), now=NOW)
    assert post.tick() == []
    assert (post.row().state, post.row().data) == ("dropped", {})


def test_whoever_is_out_of_use_gets_nothing(post: PostRoom) -> None:
    post.queue("chA")
    with post.database.writing() as session:
        deactivate(session, post.cast.people["chA"], by=post.cast.viewer(session, "adm"), now=NOW)
    post.queue("chA", key="later")
    assert post.tick() == []
    assert post.row().state == "dropped"


@pytest.mark.parametrize(("wish", "kinds"), [("all", 2), ("digest", 1), ("none", 1)])
def test_a_wish_holds_when_it_is_queued_and_when_it_is_sent(post: PostRoom, wish: str, kinds: int) -> None:
    post.queue("chA")
    with post.database.writing() as session:
        session.exec(update(Person).values(mail=wish))
    post.queue("opm")
    with post.database.writing() as session:
        person = post.cast.people["exe"]
        queue_delivery(session, kind="password_changed", person_id=person, key="x", subject=("person", person), now=NOW)
    sent = {message.to for message in post.tick()}
    assert sent == ({email("chA"), email("opm"), email("exe")} if kinds == 2 else {email("exe")})


def test_what_people_wrote_goes_only_to_those_who_may_read_it(post: PostRoom) -> None:
    data = {"by": "Dana Whitfield", "text": "canary-text"}
    for who in ("chA", "exe"):
        post.queue(who, "mention", data=data)
    told = {message.to: message.text + message.html for message in post.tick()}
    assert "canary-text" in told[email("chA")]
    assert "canary-text" not in told[email("exe")]
    assert all(row.data == {} for row in post.rows())


def test_why_a_cutover_moved_is_told_to_those_who_may_read_it_and_to_nobody_elsewhere(post: PostRoom) -> None:
    with post.database.writing() as session:
        for who in ("chA", "exe", "chB"):
            queue_delivery(
                session,
                kind="moved",
                person_id=post.cast.people[who],
                key="cutover",
                subject=("location", post.cast.locations["alder"]),
                rollout_id=post.cast.rollout,
                now=NOW,
                data={"by": "Dana Whitfield", "text": "canary-reason"},
            )
    told = {message.to: message.text for message in post.tick()}
    assert set(told) == {email("chA"), email("exe")}
    assert f"{SITE}/rollouts/two-sites/locations/alder" in told[email("chA")]
    assert "canary-reason" in told[email("chA")] and "canary-reason" not in told[email("exe")]
    assert "07:00 Central" in told[email("exe")]


def test_markup_that_people_typed_stays_text(post: PostRoom) -> None:
    post.queue("chA", "mention", data={"by": "<b>Dana</b>", "text": "<script>x</script>\n.\nQUIT"})
    (message,) = post.tick()
    assert "<script>" not in message.html and "<b>" not in message.html
    assert "&lt;script&gt;" in message.html
    assert "> <script>x</script>\n> .\n> QUIT" in message.text


def test_an_invitation_is_mailed_with_its_link_which_is_then_forgotten(post: PostRoom) -> None:
    with post.database.writing() as session:
        by = post.cast.viewer(session, "adm")
        _, token = invite(session, name="Nora New", email="nora@example.org", by=by, now=NOW, by_mail=True)
    (message,) = post.tick()
    assert f"{SITE}/invitations/{token}" in message.text
    assert f"{SITE}/invitations/{token}" in message.html
    assert post.row().data == {}


def test_a_link_that_a_newer_one_replaced_is_not_sent(post: PostRoom) -> None:
    with post.database.writing() as session:
        by = post.cast.viewer(session, "adm")
        invite(session, name="Nora New", email="nora@example.org", by=by, now=NOW, by_mail=True)
        _, token = invite(session, name="Nora New", email="nora@example.org", by=by, now=NOW, by_mail=True)
    (message,) = post.tick()
    assert f"/invitations/{token}" in message.text
    assert [row.state for row in post.rows()] == ["dropped", "sent"]


def test_a_refused_link_is_not_kept_and_cannot_be_sent_again(post: PostRoom) -> None:
    with post.database.writing() as session:
        by = post.cast.viewer(session, "adm")
        invite(session, name="Nora New", email="nora@example.org", by=by, now=NOW, by_mail=True)
    post.fails = [PermanentFailure("550 no")]
    post.tick()
    assert post.row().data == {}
    with pytest.raises(Refused), post.database.writing() as session:
        send_again(session, post.row().id or 0, by=post.cast.viewer(session, "adm"), now=NOW)


def test_a_failed_message_is_sent_again_when_asked_and_only_by_whoever_keeps_the_people(post: PostRoom) -> None:
    post.queue("chA")
    post.fails = [PermanentFailure("550 no")]
    post.tick()
    for who in ("chA", "opm", "exe"):
        with pytest.raises(Forbidden), post.database.writing() as session:
            send_again(session, post.row().id or 0, by=post.cast.viewer(session, who), now=NOW)
    with post.database.writing() as session:
        send_again(session, post.row().id or 0, by=post.cast.viewer(session, "dir"), now=NOW)
    assert len(post.tick()) == 1


def test_what_waited_for_days_without_a_mail_server_is_not_poured_out(post: PostRoom) -> None:
    post.queue("chA")
    assert post.tick(GIVE_UP_AFTER) == []
    assert post.row().state == "dropped"
