"""The stream of changes: who hears of what, how soon, and what ends it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from app.actions.people.accounts import deactivate
from app.actions.people.memberships import remove_membership
from app.actions.people.sign_ins import end_sign_ins
from app.actions.tasks.assignments import assign_tasks
from app.actions.tasks.blocks import block_task
from app.actions.tasks.completion import complete_task, reopen_task
from app.models import Membership
from app.queries.events import newest_event
from app.rules.people.sessions import IDLE_SHARED
from app.web import hub
from tests.cast import NOW
from tests.web.conftest import Site
from tests.web.streams import cookie_of, listening, served

SOON = 1.0


@pytest.fixture
def address(site: Site) -> Iterator[str]:
    with served(site) as (found, _server):
        yield found


def complete(site: Site, entry: str, location: str, who: str = "dir") -> int:
    with site.database.writing() as session:
        task = site.cast.task(session, entry, location)
        complete_task(session, task.id or 0, seen=task.version, by=site.cast.viewer(session, who), now=NOW)
        return task.id or 0


def test_a_change_is_heard_within_a_second_as_ids_and_words_of_ours(site: Site, address: str) -> None:
    with listening(address, cookie_of(site, "dir")) as stream:
        assert stream.next()[0] == "hello"
        task = complete(site, "scanners", "birch", "chB")
        committed = time.monotonic()
        assert stream.next() == (
            "change",
            {"rollout": "two-sites", "location": site.cast.locations["birch"], "kind": "task", "id": task,
             "verb": "task.completed"},
        )  # fmt: skip
        print(f"heard after {stream.at - committed:.3f} s")
        assert stream.at - committed < SOON


def test_the_answer_says_what_it_is(site: Site, address: str) -> None:
    with listening(address, cookie_of(site, "chA")) as stream:
        assert stream.status == 200
        for header in ("content-type: text/event-stream", "x-accel-buffering: no", "cache-control: no-store"):
            assert header in stream.head


def test_a_person_hears_of_what_that_person_may_see_and_never_a_text(site: Site, address: str) -> None:
    canary = "canary-text-5e1d"
    cookies = {who: cookie_of(site, who) for who in ("chA", "adm")}
    with listening(address, cookies["chA"]) as stream, listening(address, cookies["adm"]) as keeper:
        assert stream.next()[0] == keeper.next()[0] == "hello"
        for place in ("birch", "alder"):
            with site.database.writing() as session:
                task = site.cast.task(session, "scanners", place)
                by = site.cast.viewer(session, "dir")
                block_task(session, task.id or 0, reason=canary, seen=task.version, by=by, now=NOW)
        shared = complete(site, "sso", "", "itl")
        heard = [stream.next()[1], stream.next()[1]]
        assert [one["location"] for one in heard] == [site.cast.locations["alder"], None]
        assert heard[1]["id"] == shared
        assert stream.next(0.6) == ("", None)
        assert keeper.next(0.1) == ("", None)
        assert canary.encode() not in stream.seen


def test_an_open_stream_holds_no_connection(site: Site, address: str) -> None:
    with listening(address, cookie_of(site, "chA")) as one, listening(address, cookie_of(site, "dir")) as two:
        assert one.next()[0] == two.next()[0] == "hello"
        # The loop's own look is the only one, and short.
        assert min(site.database.engine.pool.checkedout() for _ in range(20) if time.sleep(0.02) is None) == 0  # type: ignore[attr-defined]
        assert max(site.database.engine.pool.checkedout() for _ in range(20) if time.sleep(0.02) is None) <= 1  # type: ignore[attr-defined]


def test_what_ends_the_right_ends_the_stream_at_once(site: Site, address: str) -> None:
    cast = site.cast
    cookies = {who: cookie_of(site, who) for who in ("chA", "chB", "exe")}
    with (
        listening(address, cookies["chA"]) as role,
        listening(address, cookies["chB"]) as account,
        listening(address, cookies["exe"]) as signed_out,
        listening(address, cookie_of(site, "dir")) as other,
    ):
        streams = (role, account, signed_out, other)
        assert {stream.next()[0] for stream in streams} == {"hello"}
        with site.database.writing() as session:
            by = cast.viewer(session, "dir")
            held = session.exec(select(Membership.id).where(Membership.person_id == cast.people["chA"])).one()
            remove_membership(session, held or 0, by=by, now=NOW)
            deactivate(session, cast.people["chB"], by=cast.viewer(session, "adm"), now=NOW)
        assert site.client("exe").post("/sign-out").status_code == 303
        began = time.monotonic()
        for stream in (role, account, signed_out):
            assert stream.next() == ("end", None)
        assert time.monotonic() - began < SOON
        complete(site, "scanners", "alder")
        while (heard := other.next())[0] == "change" and heard[1]["kind"] == "person":
            pass
        assert heard[1]["verb"] == "task.completed"
    with listening(address, cookies["exe"]) as again:
        assert again.status == 401


def test_a_sign_in_that_ends_by_itself_ends_the_stream_at_the_next_look(
    site: Site, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "CHECK_SECONDS", 0.5)
    cookie = cookie_of(site, "chA")
    with site.database.writing() as session:
        end_sign_ins(session, site.cast.people["chB"], now=NOW)
    site.now = NOW + IDLE_SHARED - timedelta(seconds=1.5)
    with listening(address, cookie) as stream:
        assert stream.next()[0] == "hello"
        assert stream.next() == ("end", None)


def test_what_was_missed_comes_first_and_too_much_is_told_as_such(
    site: Site, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = cookie_of(site, "chA")
    with site.database.reading() as session:
        before = newest_event(session)
    task = complete(site, "scanners", "alder")
    complete(site, "scanners", "birch")
    with listening(address, cookie, f"/live?after={before}") as stream:
        assert stream.next()[1]["id"] == task
        assert [stream.next()[0] for _ in range(2)] == ["inbox", "hello"]
    monkeypatch.setattr(hub, "CATCH_UP_LIMIT", 1)
    with listening(address, cookie, f"/live?after={before}") as stream:
        assert [stream.next()[0], stream.next()[0]] == ["hello", "anew"]
    with listening(address, cookie, "/live?after=9007199254740992") as stream:
        assert stream.next()[0] == "hello"


def test_whoever_reads_too_slowly_is_told_to_fetch_everything(site: Site) -> None:
    listener = hub.Listener(site.cast.viewer(site.database.reading().__enter__(), "dir"), "", NOW, 0.0)
    for number in range(hub.WAITING_LIMIT + 1):
        listener.tell(f"{number}")
    assert listener.lines.get_nowait() == hub.ANEW
    assert listener.lines.empty()


def test_what_reaches_an_inbox_or_is_seen_there_is_told_to_whose_it_is(site: Site, address: str) -> None:
    cookies = {who: cookie_of(site, who) for who in ("chA", "chB")}
    with site.database.reading() as session:
        before = newest_event(session)
    with listening(address, cookies["chA"]) as own, listening(address, cookies["chB"]) as other:
        assert own.next()[0] == other.next()[0] == "hello"
        with site.database.writing() as session:
            task, by = site.cast.task(session, "scanners"), site.cast.viewer(session, "dir")
            assign_tasks(session, {task.id or 0: task.version}, site.cast.people["chA"], by=by, now=NOW)
        committed = time.monotonic()
        assert own.next()[1]["verb"] == "task.assigned"
        assert own.next() == ("inbox", {})
        assert own.at - committed < SOON
        assert "Inbox, 1 not seen" in site.client("chA").get("/inbox/bell").text
        assert site.client("chA").post("/inbox/seen").status_code == 303
        assert [own.next()[0] for _ in range(2)] == ["change", "inbox"]
        assert "not seen" not in site.client("chA").get("/inbox/bell").text
        assert other.next(0.6) == ("", None)
        complete(site, "scanners", "alder")
        assert (own.next()[0], own.next(0.6)) == ("change", ("", None))
    with listening(address, cookies["chA"], f"/live?after={before}") as again:
        assert [again.next()[0] for _ in range(5)] == ["change", "change", "change", "inbox", "hello"]


def test_the_stream_is_for_scripts_of_people_who_are_signed_in(site: Site, address: str) -> None:
    assert site.client("chA").get("/live").status_code == 406
    with listening(address, "") as nobody:
        assert nobody.status == 401


def test_a_person_has_so_many_streams_and_no_more(site: Site, address: str) -> None:
    cookie = cookie_of(site, "chA")
    streams = []
    for _ in range(hub.STREAMS_A_PERSON):
        with_hello = listening(address, cookie).__enter__()
        assert with_hello.next()[0] == "hello"
        streams.append(with_hello)
    with listening(address, cookie) as refused, listening(address, cookie_of(site, "chB")) as another:
        assert (refused.status, another.status) == (429, 200)
    streams.pop().close()
    time.sleep(0.5)
    with listening(address, cookie) as stream:
        assert stream.status == 200
    for one in streams:
        one.close()


def test_two_hundred_streams_hear_and_do_not_hold_up_the_end(site: Site) -> None:
    people = ("dir", "opm", "cto", "itl", "chA", "chB", "chAB", "ch0", "exe", "adm")
    cookies = [cookie_of(site, who) for who in people for _ in range(hub.STREAMS_A_PERSON)]
    with served(site) as (address, server):
        streams = [listening(address, cookie).__enter__() for cookie in cookies]
        assert {stream.next(20)[0] for stream in streams} == {"hello"}
        with site.database.writing() as session:
            task = site.cast.task(session, "sso", "")
            by = site.cast.viewer(session, "itl")
            complete_task(session, task.id or 0, seen=task.version, by=by, now=NOW)
            reopen_task(session, task.id or 0, seen=task.version, by=by, now=NOW)
        committed = time.monotonic()
        members = [stream for stream, at in zip(streams, range(len(streams)), strict=True) if at // 20 not in (7, 9)]
        delays = []
        for stream in members:
            assert stream.next()[1]["verb"] == "task.completed"
            delays.append(stream.at - committed)
        print(f"{len(streams)} streams: median {sorted(delays)[len(delays) // 2]:.3f} s, last {max(delays):.3f} s")
        assert max(delays) < SOON
        began = time.monotonic()
        server.handle_exit(15, None)
        for stream in members:
            assert stream.next()[1]["verb"] == "task.reopened"
            assert stream.next() == ("end", None)
        print(f"ended after {time.monotonic() - began:.2f} s")
        assert time.monotonic() - began < 5
    for stream in streams:
        stream.close()
