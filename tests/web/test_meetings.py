"""Meetings on the pages: listed with what became of them, put on the wall, recorded by forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.issues.reporting import report_issue
from app.actions.meetings.remarks import say_remark
from app.actions.tasks.blocks import block_task
from app.models import MeetingRecord, Remark, Rollout, Task
from app.worker import tick
from tests import cast as casting
from tests.actions.meetings.talks import FRIDAY, occasion, record_of
from tests.cast import NOW
from tests.rules.meetings.book import TALKS
from tests.web.conftest import Site

LIST = "/rollouts/two-sites/meetings"
SCRIPT = {"hx-request": "true"}


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    found = Site(database_url, tmp_path / "data")
    found.cast = casting.running(found.database, TALKS)
    yield found
    found.close()


def meeting(site: Site, entry: str, place: str = "", day: str = "2027-01-05") -> int:
    with site.database.reading() as session:
        return occasion(session, site.cast, entry, place, day).id or 0


def send(site: Site, who: str, id_: int, act: str, **fields: Any) -> Any:
    """A form of the page, with the version that is there now."""
    with site.database.reading() as session:
        record = record_of(session, id_)
        version = str(record.version if record else 0)
    return site.client(who).post(f"/meetings/{id_}/{act}", data={"version": version, **fields})


def text_of(page: str) -> str:
    words = re.sub(r"<[^>]+>", " ", re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL))
    return " ".join(unescape(words).replace("\xa0", " ").split())


def say(site: Site, who: str, place: str, said: str, kind: str = "concern") -> int:
    with site.database.writing() as session:
        location = site.cast.locations[place] if place else None
        by = site.cast.viewer(session, who)
        row = say_remark(session, site.cast.rollout, kind=kind, said=said, location_id=location, by=by, now=site.now)
        return row.id or 0


def test_the_list_has_this_week_and_next_and_what_was_missed(site: Site) -> None:
    page = text_of(site.client("dir").get(LIST).text)
    assert "Four meetings today." in page
    assert "All-hands When Fri 8 Jan, 12:00 Central" in page
    assert "Steering group" in page and "Big room" in page
    assert "Huddle When Tue 5 Jan, 07:15 Eastern Where Birch" in page
    site.now = NOW + timedelta(days=1)
    with site.database.writing() as session:
        tick(session, site.now)
    site.sign_everybody_in_anew()
    page = text_of(site.client("dir").get(LIST).text)
    assert "4 meetings were missed" in page
    named = page.partition("nothing was recorded on their day")[2].partition("This week")[0]
    assert named.count("State Missed") == 4 and "Steering group" in named


def test_who_sees_one_location_sees_its_meetings_and_those_of_all(site: Site) -> None:
    page = text_of(site.client("chB").get(LIST).text)
    assert "Three meetings today." in page
    assert "Birch" in page and "Alder" not in page
    assert site.client("chB").get(f"/meetings/{meeting(site, 'huddle', 'alder')}").status_code == 404
    assert site.client("chB").get(f"{LIST}?location=alder").status_code == 200
    assert "Huddle" not in text_of(site.client("chB").get(f"{LIST}?location=alder").text).partition("Show")[2]


def test_filters_and_the_months_before(site: Site) -> None:
    client = site.client("dir")
    found = re.findall(r'href="/meetings/\d+">([^<]+)<', client.get(f"{LIST}?meeting=steering").text)
    assert set(found) == {"Steering group"}
    assert set(re.findall(r'href="/meetings/\d+">([^<]+)<', client.get(f"{LIST}?location=network").text)) == {
        "All-hands", "Steering group", "Wave call",
    }  # fmt: skip
    site.now = NOW + timedelta(days=42)
    site.sign_everybody_in_anew()
    first = site.client("dir").get(LIST)
    assert "Four weeks, 1 of 2 back" in first.text
    second = site.client("dir").get(f"{LIST}?page=2").text
    assert "Tue 5 Jan" in second and 'id="this-week"' not in second


def test_the_agenda_is_made_of_what_has_come_up(site: Site) -> None:
    with site.database.writing() as session:
        by, alder = site.cast.viewer(session, "chA"), site.cast.locations["alder"]
        report_issue(session, site.cast.rollout, location_id=alder, title="Printer is dead", by=by, now=NOW)
        task = site.cast.task(session, "scanners")
        block_task(session, task.id or 0, reason="No power", seen=task.version, by=by, now=NOW)
    say(site, "chA", "alder", "The line is slow")
    say(site, "chB", "birch", "Everybody is trained", "win")
    page = text_of(site.client("dir").get(f"/meetings/{meeting(site, 'all-hands', day='2027-01-08')}").text)
    order = [
        "On the agenda", "Wins worth celebrating", "Wins", "Everybody is trained", "Birch, Bengt Holm, Tue 5 Jan",
        "Concerns", "The line is slow", "Alder, Chiara Amato, open since Tue 5 Jan", "Issues to talk about",
        "#1 Printer is dead",
        "Late or blocked", "Label printers and scanners work", "Alder, blocked",
    ]  # fmt: skip
    at = [page.index(words) for words in order]
    assert at == sorted(at)
    assert "15 min: about 3 min for each of 5 parts" in page
    huddle = text_of(site.client("chB").get(f"/meetings/{meeting(site, 'huddle', 'birch')}").text)
    assert "Everybody is trained" in huddle
    assert "The line is slow" not in huddle and "Printer is dead" not in huddle


def test_of_other_locations_an_agenda_shows_a_champion_nothing(site: Site) -> None:
    say(site, "chA", "alder", "Only Alder knows")
    say(site, "opm", "", "Of everybody")
    id_ = meeting(site, "all-hands", day="2027-01-08")
    for _ in range(2):  # as things stand, and as it was kept
        page = text_of(site.client("chB").get(f"/meetings/{id_}").text)
        assert "Only Alder knows" not in page and "Alder" not in page and "Chiara" not in page
        assert "Of everybody" in page
        executive = text_of(site.client("exe").get(f"/meetings/{id_}").text)
        assert "Only Alder knows" not in executive and "A concern" in executive
        site.now = FRIDAY
        site.sign_everybody_in_anew()
        send(site, "dir", id_, "holding", notes="Nobody but us")
    assert "Nobody but us" in site.client("chB").get(f"/meetings/{id_}").text
    assert "Nobody but us" not in site.client("exe").get(f"/meetings/{id_}").text


def test_what_was_kept_shows_texts_as_they_are_now(site: Site) -> None:
    concern = say(site, "chA", "alder", "MRN 48213377 waits")
    id_ = meeting(site, "huddle", "alder")
    assert send(site, "chA", id_, "holding").status_code == 303
    later = say(site, "chA", "alder", "Said afterwards")
    page = site.client("chA").get(f"/meetings/{id_}").text
    assert "MRN 48213377 waits" in page and f"/remarks/{later}" not in page.partition('id="remarks"')[0]
    with site.database.reading() as session:
        assert "48213377" not in str(session.exec(select(MeetingRecord.agenda)).one())
    site.client("chA").post(f"/remarks/{concern}/redaction", data={"part": "said"})
    page = site.client("chA").get(f"/meetings/{id_}").text
    assert "48213377" not in page and "Taken away: it named a patient." in page


def test_a_meeting_is_held_by_its_form_and_corrected(site: Site) -> None:
    id_ = meeting(site, "huddle", "alder")
    page = site.client("chA").get(f"/meetings/{id_}").text
    offered = re.findall(r'name="attended" value="(\d+)"', page)
    assert sorted(map(int, offered)) == sorted(site.cast.people[who] for who in ("chA", "chAB", "itl"))
    answer = send(site, "chA", id_, "holding", attended=[offered[0], offered[2]], notes="All well")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/meetings/{id_}")
    page = site.client("chA").get(f"/meetings/{id_}").text
    assert "Held. Chiara Amato, today 09:00." in text_of(page)
    assert page.count(" checked") == 2 and "All well" in page
    changed = send(site, "chA", id_, "holding", attended=offered[:1], notes="All is well")
    assert changed.status_code == 303
    assert "All is well" in site.client("chA").get(f"/meetings/{id_}").text


def test_a_stale_form_is_told_who_and_keeps_what_was_typed(site: Site) -> None:
    id_ = meeting(site, "huddle", "alder")
    send(site, "chA", id_, "holding", notes="Theirs")
    answer = site.client("opm").post(f"/meetings/{id_}/holding", data={"version": "0", "notes": "Mine"})
    assert answer.status_code == 409
    words = text_of(answer.text)
    assert "Chiara Amato changed this" in words and "Theirs" in words and "Mine" in words
    again = re.search(r'id="use-mine".*?</form>', answer.text, re.DOTALL)
    assert again is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', again[0]))
    assert site.client("opm").post(f"/meetings/{id_}/holding", data=fields).status_code == 303
    with site.database.reading() as session:
        record = record_of(session, id_)
        assert record is not None and record.notes == "Mine"


def test_a_script_gets_the_changed_element_and_what_is_wrong(site: Site) -> None:
    id_ = meeting(site, "huddle", "alder")
    client = site.client("chA")
    answer = client.post(f"/meetings/{id_}/holding", data={"version": "0", "notes": "x"}, headers=SCRIPT)
    assert answer.status_code == 200 and answer.text.lstrip().startswith('<div id="meeting"')
    for act, fields in (("calling-off", {"reason": "x"}), ("holding", {"notes": "MRN 48213377"})):
        answer = client.post(f"/meetings/{id_}/{act}", data={"version": "2", **fields}, headers=SCRIPT)
        assert answer.status_code == (409 if act == "calling-off" else 422)
        assert answer.headers["hx-retarget"] == "#meeting"


@pytest.mark.parametrize(
    ("act", "fields"),
    [("holding", {"notes": "MRN 48213377"}), ("calling-off", {"reason": "MRN 48213377"}),
     ("actions", {"title": "Call MRN 48213377", "owner": "role:champion"})],
)  # fmt: skip
def test_what_looks_like_a_patient_is_asked_about(site: Site, act: str, fields: dict[str, str]) -> None:
    id_ = meeting(site, "huddle", "alder")
    answer = send(site, "chA", id_, act, **fields)
    assert answer.status_code == 422 and "48213377" in answer.text
    with site.database.reading() as session:
        assert record_of(session, id_) is None
    assert send(site, "chA", id_, act, **fields, no_patient="yes").status_code == 303


def test_what_is_agreed_becomes_a_task_and_stands_on_the_next_agenda(site: Site) -> None:
    id_, client = meeting(site, "huddle", "alder"), site.client("chA")
    fields = {"title": "Order cables", "owner": f"person:{site.cast.people['chA']}", "due": "2027-01-08", "token": "a"}
    for _ in range(2):
        assert send(site, "chA", id_, "actions", **fields).status_code == 303
    with site.database.reading() as session:
        task = session.exec(select(Task).where(Task.added)).one()
    page = text_of(client.get(f"/meetings/{id_}").text)
    assert "Agreed here 1 so far Order cables due Fri 8 Jan" in page
    following = client.get(f"/meetings/{meeting(site, 'huddle', 'alder', '2027-01-06')}").text
    assert f'href="/tasks/{task.id}"' in following and "Agreed before, still open" in following
    other = client.get(f"/meetings/{meeting(site, 'all-hands', day='2027-01-08')}").text
    assert "Agreed before" not in other
    client.post(f"/tasks/{task.id}/completion", data={"version": str(task.version)})
    assert "Agreed before" not in client.get(f"/meetings/{meeting(site, 'huddle', 'alder', '2027-01-06')}").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"title": ""}, "Say something here."), ({"title": "x", "due": "soon"}, "Write a day"),
     ({"title": "x", "owner": "person:99999"}, "Choose somebody"), ({"title": "x"}, "Choose who does it.")],
)  # fmt: skip
def test_faults_of_an_action_keep_what_was_typed(site: Site, fields: dict[str, str], said: str) -> None:
    answer = send(site, "chA", meeting(site, "huddle", "alder"), "actions", **fields)
    assert answer.status_code == 422 and said in answer.text


def test_wins_are_those_since_it_was_held(site: Site) -> None:
    say(site, "chA", "alder", "An early win", "win")
    send(site, "chA", meeting(site, "huddle", "alder"), "holding")
    site.now = NOW + timedelta(hours=1)
    site.sign_everybody_in_anew()
    say(site, "chA", "alder", "A later win", "win")
    following = site.client("chA").get(f"/meetings/{meeting(site, 'huddle', 'alder', '2027-01-06')}").text
    agenda = following.partition('id="remarks"')[0]
    assert "A later win" in agenda and "An early win" not in agenda


def test_a_meeting_that_was_missed_says_so_for_ever(site: Site) -> None:
    id_ = meeting(site, "huddle", "alder")
    site.now = NOW + timedelta(days=1)
    site.sign_everybody_in_anew()
    with site.database.writing() as session:
        tick(session, site.now)
    page = text_of(site.client("chA").get(f"/meetings/{id_}").text)
    assert "Missed. Nothing was recorded on its day." in page
    assert send(site, "chA", id_, "holding", notes="We met").status_code == 303
    page = text_of(site.client("chA").get(f"/meetings/{id_}").text)
    assert "Missed: nothing was recorded on its day. Held. Chiara Amato" in page
    assert "Missed, entered later" in text_of(site.client("chA").get(LIST).text)
    assert (
        "1 meeting" not in text_of(site.client("chA").get(LIST).text).partition("This week")[0].partition("missed")[0]
    )


def test_nothing_can_be_recorded_before_its_day_but_calling_off(site: Site) -> None:
    id_ = meeting(site, "huddle", "alder", "2027-01-07")
    page = site.client("chA").get(f"/meetings/{id_}").text
    assert "It can be recorded from its day on." in page and 'id="hold"' not in page
    assert send(site, "chA", id_, "holding").status_code == 409
    assert send(site, "chA", id_, "calling-off", reason="Snow").status_code == 303
    assert "Called off. Chiara Amato, today 09:00. Snow" in text_of(site.client("chA").get(f"/meetings/{id_}").text)
    executive = text_of(site.client("exe").get(f"/meetings/{id_}").text)
    assert "Called off." in executive and "Snow" not in executive
    assert send(site, "chA", id_, "redaction", part="reason").status_code == 303
    assert "Snow" not in site.client("chA").get(f"/meetings/{id_}").text


def test_the_calendar_has_the_coming_times_of_that_meeting_there(site: Site) -> None:
    answer = site.client("chA").get(f"/meetings/{meeting(site, 'huddle', 'alder')}/calendar")
    assert answer.headers["content-type"].startswith("text/calendar")
    text = answer.content.decode()
    assert text.startswith("BEGIN:VCALENDAR") and "DTSTART:20270106T131500Z" in text
    assert text.count("BEGIN:VEVENT") == 11 and "LOCATION:Alder\\, Kitchen" in text
    assert "LOCATION:Birch" not in text
    assert site.client("chB").get(f"/meetings/{meeting(site, 'huddle', 'alder')}/calendar").status_code == 404


def test_a_closed_rollout_is_read_only(site: Site) -> None:
    id_, client = meeting(site, "huddle", "alder"), site.client("dir")
    assert client.post("/rollouts/two-sites/close", data={"note": "Over", "version": "2"}).status_code in (
        303,
        409,
        422,
    )
    with site.database.writing() as session:
        session.get_one(Rollout, site.cast.rollout).closed_at = NOW
    page = client.get(f"/meetings/{id_}").text
    assert 'id="hold"' not in page and 'id="say-remark"' not in page
    assert send(site, "dir", id_, "holding").status_code == 409


def remark_form(client: TestClient, path: str) -> dict[str, str]:
    """The hidden fields of the small form on a page."""
    form = re.search(r'<form class="form" id="say-remark".*?</form>', client.get(path).text, re.DOTALL)
    assert form is not None
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0]))


def test_wins_and_concerns_are_said_where_they_come_up(site: Site) -> None:
    with site.database.writing() as session:
        by, alder = site.cast.viewer(session, "chA"), site.cast.locations["alder"]
        issue = report_issue(session, site.cast.rollout, location_id=alder, title="Dead", by=by, now=NOW)
        task = site.cast.task(session, "scanners")
    client = site.client("chA")
    paths = [f"/issues/{issue.id}", f"/tasks/{task.id}", "/rollouts/two-sites/locations/alder",
             f"/meetings/{meeting(site, 'huddle', 'alder')}"]  # fmt: skip
    for number, path in enumerate(paths):
        hidden = remark_form(client, path)
        answer = client.post("/rollouts/two-sites/remarks/new", data={**hidden, "kind": "win", "said": f"Win {number}"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{path}#remarks")
        assert f"Win {number}" in client.get(path).text
    with site.database.reading() as session:
        found = session.exec(select(Remark.subject_kind, Remark.location_id).order_by(Remark.id)).all()  # type: ignore[arg-type]
    assert found == [("issue", alder), ("task", alder), ("", alder), ("meeting", alder)]
    assert "Four wins so far" in text_of(client.get("/rollouts/two-sites/remarks").text).replace("4 wins", "Four wins")
    assert 'id="say-remark"' not in site.client("exe").get(paths[1]).text


def test_a_form_with_a_fault_comes_back_whole(site: Site) -> None:
    client, base = site.client("chA"), "/rollouts/two-sites/remarks"
    answer = client.post(f"{base}/new", data={"location": "alder", "kind": "win", "said": "MRN 48213377 went home"})
    assert answer.status_code == 422 and "48213377" in answer.text and "Nothing is stored yet" in answer.text
    fine = {"location": "alder", "kind": "win", "said": "MRN 48213377 went home", "no_patient": "yes"}
    assert client.post(f"{base}/new", data=fine).status_code == 303
    assert client.post(f"{base}/new", data={"location": "alder", "kind": "win", "said": " "}).status_code == 422
    assert client.post(f"{base}/new", data={"location": "alder", "said": "x"}).status_code == 422
    assert client.post(f"{base}/new", data={"location": "", "kind": "win", "said": "x"}).status_code == 422
    assert client.post(f"{base}/new", data={"location": "birch", "kind": "win", "said": "x"}).status_code == 404
    assert client.post(f"{base}/new", data={"about": "task-999999", "kind": "win", "said": "x"}).status_code == 404
    assert client.post(f"{base}/new", data={"about": "gate-1", "kind": "win", "said": "x"}).status_code in (400, 422)
    assert client.post(f"{base}/new", data={"location": "network", "kind": "win", "said": "x"}).status_code == 403
    assert client.get(f"{base}/new?location=alder").status_code == 200
    assert site.client("exe").get(f"{base}/new").status_code == 403


def test_a_concern_is_settled_on_its_page_and_leaves_the_open_ones(site: Site) -> None:
    id_, base = say(site, "chA", "alder", "The line is slow"), "/rollouts/two-sites/remarks"
    assert "One concern is open" in text_of(site.client("opm").get(base).text)
    assert "Nothing was" not in site.client("chB").get(base).text
    assert site.client("chB").get(f"/remarks/{id_}").status_code == 404
    client = site.client("opm")
    assert client.post(f"/remarks/{id_}/settlement", data={"outcome": "MRN 48213377"}).status_code == 422
    assert client.post(f"/remarks/{id_}/settlement", data={"outcome": ""}).status_code == 422
    assert client.post(f"/remarks/{id_}/settlement", data={"outcome": "A new line is ordered"}).status_code == 303
    page = text_of(client.get(f"/remarks/{id_}").text)
    assert "A new line is ordered" in page and "Omar Haddad, today 09:00" in page
    stale = site.client("chA").post(f"/remarks/{id_}/settlement", data={"outcome": "Mine"})
    assert stale.status_code == 409 and "Omar Haddad settled this" in stale.text and "Mine" in stale.text
    assert "no concern is open" not in text_of(client.get(base).text)
    assert "Nobody has said anything yet." in text_of(client.get(base).text)
    assert "The line is slow" in client.get(f"{base}?shown=settled").text
    executive = site.client("exe").get(f"/remarks/{id_}").text
    assert "The line is slow" not in executive and "ordered" not in executive
    assert site.client("chA").post(f"/remarks/{id_}/withdrawal").status_code == 303
    assert client.get(f"/remarks/{id_}").status_code == 404
