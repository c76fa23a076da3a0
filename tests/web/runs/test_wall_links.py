"""Links to a wall: who makes them, that each is shown once, what ends them, and the stream behind them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import col, select

from app.actions.people.secrets import token_hash
from app.actions.runs.ending import end_run
from app.actions.runs.links import MOST, make_link
from app.actions.runs.making import make_run
from app.actions.runs.stepping import note_on
from app.actions.tasks.completion import complete_task
from app.errors import Refused
from app.models import Event, Run, RunLink
from app.queries.events import newest_event
from app.web import hub
from app.web.runs.strangers import TRIES, WINDOW
from tests.cast import NOW
from tests.running import finish, start
from tests.web.runs.nights import Night
from tests.web.runs.walls import end, link, said, screen
from tests.web.streams import listening, served

SOON = 1.0


@pytest.fixture
def address(begun: Night) -> Iterator[str]:
    with served(begun.site) as (found, _server):
        yield found


def note(night: Night, run: int, text: str = "x") -> int:
    """Something is written in a run; the key of its event."""
    with night.site.database.writing() as session:
        note_on(session, run, text=text, by=night.site.cast.viewer(session, "opm"), now=NOW)
        return newest_event(session)


def test_whoever_leads_makes_a_link_that_is_shown_once(begun: Night) -> None:
    form = re.search(r'name="token" value="([^"]+)"', begun.get("opm", "links"))
    assert form
    answer = begun.post("opm", "links", title="Command centre", token=form[1])
    assert answer.status_code == 200
    shown = re.search(r'value="http://testserver(/wall/[\w-]{43})"', answer.text)
    assert shown
    assert screen(begun).get(shown[1]).status_code == 200
    words = begun.words("opm", "links")
    assert "Command centre Made Omar Haddad, today 09:00" in words
    assert shown[1] not in begun.get("opm", "links")
    again = begun.post("opm", "links", title="Command centre", token=form[1])
    assert (again.status_code, again.headers["location"]) == (303, begun.path("links"))
    with begun.site.database.reading() as session:
        stored = session.exec(select(RunLink)).one()
        verbs = session.exec(select(Event.verb, Event.data).where(col(Event.verb).like("run.link%"))).all()
    assert stored.token_hash == token_hash(shown[1].removeprefix("/wall/"))
    assert verbs == [("run.link_made", {"after": {"link": stored.id}})]


def test_a_link_without_a_title_is_refused_beside_its_field(begun: Night) -> None:
    answer = begun.post("opm", "links", title="")
    assert answer.status_code == 422
    assert "Say something here." in answer.text


def test_whoever_does_not_lead_makes_sees_and_ends_none(begun: Night) -> None:
    key, _ = link(begun)
    for who, status in (("itl", 403), ("chA", 403), ("chB", 404)):
        assert begun.site.client(who).get(begun.path("links")).status_code == status
        assert begun.post(who, "links", title="x").status_code == status
        assert begun.post(who, f"links/{key}/end").status_code == status


def test_a_link_of_another_run_is_not_ended_through_this_one(begun: Night) -> None:
    key, address = link(begun)
    with begun.site.database.writing() as session:
        by = begun.site.cast.viewer(session, "opm")
        other = make_run(session, begun.elsewhere, by=by, now=NOW).id
    assert begun.post("opm", f"/runs/{other}/links/{key}/end").status_code == 404
    assert screen(begun).get(address).status_code == 200


def test_a_run_that_is_over_gets_no_more_links_and_those_it_has_show_how_it_ended(begun: Night) -> None:
    _, address = link(begun)
    with begun.site.database.writing() as session:
        end_run(session, begun.run, reason="Enough", by=begun.site.cast.viewer(session, "opm"), now=NOW)
    assert begun.post("opm", "links", title="Late").status_code == 409
    assert "Make a link" not in begun.get("opm", "links")
    assert "Abandoned" in said(screen(begun).get(address).text)


def test_a_link_that_was_ended_opens_nothing_and_ending_it_again_is_quiet(begun: Night) -> None:
    key, address = link(begun)
    browser = screen(begun)
    assert browser.get(address).status_code == 200
    for _ in range(2):
        assert begun.post("opm", f"links/{key}/end").status_code == 303
    answer = browser.get(address)
    assert answer.status_code == 404
    assert "This link opens no wall." in said(answer.text)
    assert "data-stream" not in answer.text
    assert "Links that open nothing any more" in begun.words("opm", "links")
    with begun.site.database.reading() as session:
        verbs = session.exec(select(Event.verb).where(col(Event.verb).like("run.link%")).order_by(col(Event.id))).all()
    assert verbs == ["run.link_made", "run.link_ended"]


def test_an_unknown_link_is_told_so_and_too_many_are_told_to_wait(begun: Night) -> None:
    _, address = link(begun)
    browser = screen(begun)
    answers = [browser.get(f"/wall/{number}-wrong") for number in range(TRIES + 1)]
    assert {one.status_code for one in answers[:TRIES]} == {404}
    assert (answers[-1].status_code, answers[-1].headers["retry-after"]) == (429, str(int(WINDOW.total_seconds())))
    assert browser.get("/wall/wrong/live").status_code == 429
    assert browser.get(address).status_code == 200
    begun.site.now = NOW + WINDOW + timedelta(minutes=1)
    assert browser.get("/wall/wrong/live").status_code == 404


def test_a_run_has_only_so_many_links(begun: Night) -> None:
    for number in range(MOST):
        link(begun, f"Screen {number}")
    with begun.site.database.writing() as session, pytest.raises(Refused):
        make_link(session, begun.run, title="One more", by=begun.site.cast.viewer(session, "opm"), now=NOW)
    assert begun.post("opm", "links", title="One more").status_code == 409


def test_a_screen_hears_within_a_second_that_its_run_changed_and_of_nothing_else(begun: Night, address: str) -> None:
    _, wall = link(begun)
    with listening(address, "", f"{wall}/live") as stream:
        assert stream.status == 200
        assert stream.next()[0] == "hello"
        with begun.site.database.writing() as session:
            task = begun.site.cast.task(session, "scanners", "alder")
            by = begun.site.cast.viewer(session, "dir")
            complete_task(session, task.id or 0, seen=task.version, by=by, now=NOW)
        note(begun, begun.run, "canary-5d")
        committed = time.monotonic()
        run = begun.run
        assert stream.next() == (
            "change", {"rollout": None, "location": None, "kind": "run", "id": run, "verb": "run.changed"}
        )  # fmt: skip
        print(f"heard after {stream.at - committed:.3f} s")
        assert stream.at - committed < SOON
        assert stream.next(0.5) == ("", None)
        assert b"canary" not in stream.seen and b"two-sites" not in stream.seen


def test_ending_a_link_ends_its_streams_at_once_and_leaves_others(begun: Night, address: str) -> None:
    (first, wall), (_, other) = link(begun), link(begun, "Reading room")
    with listening(address, "", f"{wall}/live") as one, listening(address, "", f"{other}/live") as two:
        assert one.next()[0] == two.next()[0] == "hello"
        end(begun, first)
        began = time.monotonic()
        heard = [one.next()]
        while heard[-1][0] == "change":
            heard.append(one.next())
        assert heard[-1] == ("end", None)
        assert time.monotonic() - began < SOON
        assert two.next()[0] == "change"
        assert two.next(0.3) == ("", None)
    with listening(address, "", f"{wall}/live") as again:
        assert again.status == 404


def test_what_a_screen_missed_comes_first(begun: Night, address: str) -> None:
    _, wall = link(begun)
    with begun.site.database.reading() as session:
        before = newest_event(session)
    with begun.site.database.writing() as session:
        run = session.get_one(Run, begun.run)
        start(session, begun.site.cast, run, "freeze")
        finish(session, begun.site.cast, run, "freeze", minute=5)
    with listening(address, "", f"{wall}/live?after={before}") as stream:
        assert [stream.next()[0] for _ in range(3)] == ["change", "change", "hello"]


def test_one_link_has_only_so_many_screens(begun: Night, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert hub.STREAMS_A_LINK >= 250
    monkeypatch.setattr(hub, "STREAMS_A_LINK", 1)
    (_, wall), (_, other) = link(begun), link(begun, "Reading room")
    with listening(address, "", f"{wall}/live") as first:
        assert (first.status, first.next()[0]) == (200, "hello")  # from then on it counts
        with listening(address, "", f"{wall}/live") as second, listening(address, "", f"{other}/live") as third:
            assert (second.status, third.status) == (429, 200)


def test_a_page_of_a_link_that_was_kept_is_made_anew_after_a_change(begun: Night) -> None:
    _, address = link(begun)
    browser = screen(begun)
    first = browser.get(address)
    tag = {"If-None-Match": first.headers["etag"]}
    assert browser.get(address, headers=tag).status_code == 304
    with begun.site.database.writing() as session:
        start(session, begun.site.cast, session.get_one(Run, begun.run), "freeze")
    anew = browser.get(address, headers=tag)
    assert anew.status_code == 200
    assert "1 running" in said(anew.text)
