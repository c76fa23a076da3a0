"""Channels of one's own: what is taken as an address, what is kept of it, and who may touch them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from app.actions.deliveries.queue import queue_delivery
from app.actions.people.channels import MOST, add_channel, choose_ways, end_channel, try_channel
from app.actions.people.inbox import see_all, see_notice, unseen
from app.db import Database
from app.errors import Invalid, NotFound, ProofWanted, Refused
from app.models import Channel, Delivery, Event, Notice, Person
from app.rules.deliveries.mail import TOLD
from app.rules.signoffs import FRESH
from tests.cast import NOW, Cast

HOOK = "https://hooks.example.org/secret-path"


def add(db: Database, running: Cast, who: str = "chA", url: str = HOOK, service: str = "webhook") -> int:
    with db.writing() as session:
        by = running.proven(session, who)
        return add_channel(session, service=service, name="At work", url=url, by=by, now=NOW).id or 0


def tell(db: Database, running: Cast, kind: str = "assignment", who: str = "chA", key: str = "x") -> None:
    with db.writing() as session:
        task = running.task(session, "photos")
        queue_delivery(session, kind=kind, person_id=running.people[who], key=key, subject=("task", task.id or 0),
                       rollout_id=task.rollout_id, now=NOW, data={"by": "Dana Whitfield"})  # fmt: skip


def test_a_web_hook_gets_a_key_and_the_kinds_of_issues(db: Database, running: Cast) -> None:
    channel = add(db, running)
    with db.reading() as session:
        row = session.get_one(Channel, channel)
        assert len(row.secret) >= 40
        assert row.kinds == [kind for kind in TOLD if kind.startswith("issue_")]


@pytest.mark.parametrize(
    ("service", "url"),
    [
        ("webhook", "http://example.org/x"), ("webhook", "https://localhost/x"), ("webhook", "https://10.0.0.1/x"),
        ("webhook", "https://[::1]/x"), ("webhook", "https://me:secret@example.org/"), ("webhook", "ftp://example.org/"),
        ("webhook", "https://example.org:99999/"), ("webhook", "https://[bad/"), ("webhook", ""), ("webhook", "https:///x"),
        ("slack", "json://example.org/"), ("sms", HOOK), ("other", HOOK), ("", HOOK),
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_service_is_refused(db: Database, running: Cast, service: str, url: str) -> None:
    with pytest.raises(Invalid):
        add(db, running, url=url, service=service)


def test_a_private_host_that_was_named_is_taken(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.proven(session, "chA")
        url = "http://pager.internal:8080/hook"
        row = add_channel(session, service="webhook", name="Pager", url=url, allowed={"pager.internal"}, by=by, now=NOW)
        assert row.url == url


def test_nobody_adds_one_without_a_fresh_proof(db: Database, running: Cast) -> None:
    form = {"service": "webhook", "name": "Pager", "url": HOOK}
    with db.writing() as session:
        for by in (running.viewer(session, "chA"), running.proven(session, "chA", NOW - FRESH - timedelta(seconds=1))):
            with pytest.raises(ProofWanted):
                add_channel(session, **form, by=by, now=NOW)
        assert session.exec(select(Channel)).all() == []


def test_no_event_knows_an_address_and_an_ended_channel_forgets_it(db: Database, running: Cast) -> None:
    channel = add(db, running)
    with db.writing() as session:
        end_channel(session, channel, by=running.viewer(session, "chA"), now=NOW)
    with db.reading() as session:
        row = session.get_one(Channel, channel)
        assert (row.url, row.secret) == ("", "")
        events = session.exec(select(Event).where(Event.verb.startswith("person.channel"))).all()  # type: ignore[attr-defined]
        assert [event.verb for event in events] == ["person.channel_added", "person.channel_ended"]
        assert "secret-path" not in f"{[event.data for event in events]}"


def test_nobody_touches_a_channel_of_others(db: Database, running: Cast) -> None:
    channel = add(db, running)
    with db.writing() as session:
        by = running.viewer(session, "dir")
        for act in (try_channel, end_channel):
            with pytest.raises(NotFound):
                act(session, channel, by=by, now=NOW)
        with pytest.raises(NotFound):
            choose_ways(session, mailed=[], by_channel={channel: []}, by=by, now=NOW)


def test_there_are_so_many_and_no_more(db: Database, running: Cast) -> None:
    for _ in range(MOST):
        add(db, running)
    with pytest.raises(Refused):
        add(db, running)


def test_each_kind_comes_by_the_ways_that_were_chosen(db: Database, running: Cast) -> None:
    channel = add(db, running)
    with db.writing() as session:
        by = running.viewer(session, "chA")
        choose_ways(session, mailed=["mention"], by_channel={channel: ["assignment"]}, by=by, now=NOW)
    tell(db, running, "assignment")
    tell(db, running, "mention")
    with db.reading() as session:
        found = session.exec(select(Delivery.kind, Delivery.channel)).all()
        assert sorted(found) == [("assignment", "app"), ("mention", "mail")]
        assert sorted(session.exec(select(Notice.kind)).all()) == ["assignment", "mention"]
        assert "mention" not in session.get_one(Person, running.people["chA"]).unmailed


def test_a_kind_that_nobody_chooses_is_refused(db: Database, running: Cast) -> None:
    with pytest.raises(Invalid), db.writing() as session:
        choose_ways(session, mailed=["invitation"], by_channel={}, by=running.viewer(session, "chA"), now=NOW)


def test_the_same_thing_told_twice_is_one_line_and_one_message(db: Database, running: Cast) -> None:
    add(db, running)
    for _ in range(2):
        tell(db, running, "issue_given")
    with db.reading() as session:
        assert len(session.exec(select(Notice)).all()) == 1
        assert len(session.exec(select(Delivery)).all()) == 2


def test_a_line_is_seen_by_its_owner_once(db: Database, running: Cast) -> None:
    for key in ("x", "y"):
        tell(db, running, key=key)
    with db.writing() as session:
        first = session.exec(select(Notice)).first()
        assert first is not None
        with pytest.raises(NotFound):
            see_notice(session, first.id or 0, by=running.viewer(session, "dir"), now=NOW)
        by = running.viewer(session, "chA")
        see_notice(session, first.id or 0, by=by, now=NOW)
        see_notice(session, first.id or 0, by=by, now=NOW)
        assert unseen(session, by.person) == 1
        assert (see_all(session, by=by, now=NOW), see_all(session, by=by, now=NOW)) == (1, 0)
        assert unseen(session, by.person) == 0
