"""What did we learn: from one line beside a task to a version of the playbook, on pages that work without script."""

from __future__ import annotations

import html
import re

from sqlmodel import select
from starlette.testclient import TestClient

from app.models import Lesson, PlaybookVersion, Proposal
from app.plan import load
from tests.cast import PLAYBOOK
from tests.queries.test_counts import counting
from tests.web.conftest import Site
from tests.web.forms import forms_of

LIST = "/rollouts/two-sites/lessons"
TRAINING = """\
training:
  train-desk: {title: Front desk, for: champion, owner: it-lead, due: cutover - 3d, topics: [Booking]}
reconciliation:
  daily:
    title: Daily reconciliation
    owner: champion
    verify: director
    when: live week 1 .. live week 2
    every: working day 18:00
    lines: {bookings: {title: Bookings, compare: [Old system, New system], tolerance: 0}}
"""


def learn(site: Site, who: str = "chA", said: str = "Labels print twice", about: str = "") -> str:
    """Write a lesson down; its address."""
    about = about or f"location-{site.cast.locations['alder']}"
    answer = site.client(who).post(f"{LIST}/new", data={"said": said, "about": about})
    assert answer.status_code == 303, answer.text
    address: str = answer.headers["location"]
    return address


def propose(site: Site, lesson: str, **form: str) -> str:
    """Propose a change by the guided form; the proposal's address."""
    data = {"version": version(site, lesson), "do": "add-task", "title": "Count the labels", "group": "readiness"}
    answer = site.client("dir").post(f"{lesson}/proposal", data={**data, **form})
    assert answer.status_code == 303, text_of(answer.text)
    address: str = answer.headers["location"]
    return address


def version(site: Site, address: str) -> str:
    kind, key = address.strip("/").split("/")
    with site.database.reading() as session:
        return str(session.get_one(Lesson if kind == "lessons" else Proposal, int(key)).version)


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])).split())


def see(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return text_of(answer.text)


def test_a_lesson_is_written_down_where_it_happened(site: Site) -> None:
    task = site.task("scanners")
    page = site.client("chA").get(f"/tasks/{task}").text
    form = next(one for one in forms_of(page) if one.action == f"{LIST}/new")
    assert form.fields["about"] == f"task-{task}"
    lesson = learn(site, about=form.fields["about"])
    assert learn(site, about=form.fields["about"]) == lesson
    shown = see(site.client("chA"), lesson)
    assert "Labels print twice" in shown and "Learnt from a task Label printers and scanners work" in shown
    assert "Whoever directs the rollout reads it" in shown and "What becomes of it?" not in shown
    assert "09:00 Central One lesson waits to be judged." in see(site.client("opm"), LIST)


def test_the_line_stands_only_where_somebody_works(site: Site) -> None:
    birch, alder = site.task("scanners", "birch"), "/rollouts/two-sites/locations/alder"
    for who, address, there in (
        ("chA", alder, True), ("exe", alder, False), ("dir", f"/tasks/{birch}", True),
        ("exe", f"/tasks/{birch}", False), ("chB", f"/tasks/{site.task('sso', '')}", True),
    ):  # fmt: skip
        page = site.client(who).get(address).text
        assert ("What did we learn?" in page) is there, (who, address)


def test_a_patient_is_asked_about_before_anything_is_kept(site: Site) -> None:
    about = f"location-{site.cast.locations['alder']}"
    data = {"said": "MRN 00482913 was booked twice", "about": about}
    answer = site.client("chA").post(f"{LIST}/new", data=data)
    assert answer.status_code == 422
    assert "a medical record number" in answer.text and 'value="MRN 00482913 was booked twice"' in answer.text
    with site.database.reading() as session:
        assert session.exec(select(Lesson)).first() is None
    assert site.client("chA").post(f"{LIST}/new", data={**data, "no_patient": "yes"}).status_code == 303


def test_other_locations_know_nothing_until_it_is_passed_on(site: Site) -> None:
    lesson = learn(site)
    assert site.client("chB").get(lesson).status_code == 404
    assert "Nothing has been written down" in see(site.client("chB"), LIST)
    site.client("opm").post(f"{lesson}/judgement", data={"version": "1", "outcome": "noted"})
    assert site.client("opm").post(f"{lesson}/passing-on").status_code == 303
    shown = see(site.client("chB"), lesson)
    assert "Labels print twice" in shown and "Another centre" in shown
    assert "Alder" not in shown and "Chiara" not in shown
    assert "Another centre" in see(site.client("chB"), LIST) and "Alder" not in see(site.client("chB"), LIST)
    assert "Lesson 1: Labels print twice" in see(site.client("chB"), "/inbox")


def test_executives_see_that_it_is_there_and_not_what_was_said(site: Site) -> None:
    lesson = learn(site)
    for address in (lesson, LIST):
        shown = see(site.client("exe"), address)
        assert "Lesson 1" in shown and "Labels" not in shown


def test_a_stale_judgement_is_told_and_keeps_what_was_typed(site: Site) -> None:
    lesson = learn(site)
    site.client("opm").post(f"{lesson}/judgement", data={"version": "1", "outcome": "noted"})
    answer = site.client("dir").post(
        f"{lesson}/judgement", data={"version": "1", "outcome": "dismissed", "reason": "Only at Alder"}
    )
    shown = text_of(answer.text)
    assert answer.status_code == 409
    assert "Omar Haddad noted it for the record; noted" in shown and "Only at Alder" in shown


def test_a_task_is_proposed_and_accepted(site: Site) -> None:
    lesson = learn(site)
    page = see(site.client("dir"), f"{lesson}/proposal")
    assert "What should the playbook say?" in page and "Labels print twice" in page
    proposal = propose(site, lesson, due="week 2 wed", owner="it-lead", how="By two people.")
    shown = see(site.client("dir"), proposal)
    assert "New task: Count the labels" in shown and "tasks count-the-labels Kind New" in shown
    assert "Lessons behind it Proposed 1. Labels print twice" in shown
    assert "Alder opens" in shown and "Birch opens" in shown
    assert "Decide" not in see(site.client("opm"), proposal)
    answer = site.client("dir").post(f"{proposal}/acceptance", data={"version": version(site, proposal)})
    assert answer.status_code == 303
    shown = see(site.client("dir"), proposal)
    assert "It is version 1.1 of the playbook" in shown and "Bring centres to a newer version" in shown
    assert "In the playbook" in see(site.client("chA"), lesson)
    with site.database.reading() as session:
        text = session.exec(select(PlaybookVersion.text).where(PlaybookVersion.version == "1.1")).one()
    task = load(text.encode()).entries["count-the-labels"]
    assert (task.due.text, task.how) == ("week 2 wed", "By two people.")  # type: ignore[attr-defined]


def test_what_would_be_a_mistake_stands_beside_its_field(site: Site) -> None:
    lesson = learn(site)
    data = {"version": "1", "do": "add-task", "title": "Count", "group": "readiness", "due": "cutover -3d"}
    answer = site.client("dir").post(f"{lesson}/proposal", data=data)
    assert answer.status_code == 422
    shown = text_of(answer.text)
    assert "put blanks around the sign" in shown and 'value="cutover -3d"' in answer.text
    with site.database.reading() as session:
        assert session.exec(select(Proposal)).first() is None


def test_a_mistake_of_what_waits_for_it_is_named_apart(site: Site) -> None:
    data = {"version": "1", "do": "add-task", "title": "Count", "group": "readiness", "due": "cutover - 3d"}
    answer = site.client("dir").post(f"{learn(site)}/proposal", data=data)
    assert answer.status_code == 422
    assert "the playbook would have mistakes. tasks.migration.due: in wave pilot due" in text_of(answer.text)


def test_the_task_of_the_lesson_is_offered_first(site: Site) -> None:
    lesson = learn(site, about=f"task-{site.task('line-speed')}")
    page = site.client("dir").get(f"{lesson}/proposal")
    form = next(one for one in forms_of(page.text) if one.action == f"{lesson}/proposal" and one.method == "post")
    assert (form.fields["do"], form.fields["entry"]) == ("change-task", "line-speed")
    assert "As it stands Task Measure the line" in text_of(page.text)
    proposal = propose(site, lesson, do="change-task", entry="line-speed", title="", group="", how="At noon.")
    assert "tasks line-speed: how Kind Wording" in see(site.client("dir"), proposal)


def test_training_and_daily_counts_change_too(site: Site) -> None:
    text = PLAYBOOK.replace('"1.0"', '"1.1"').replace("gates:\n", TRAINING + "gates:\n")
    assert site.client("dir").post("/playbooks/new", data={"text": text}).status_code == 303
    lesson = learn(site)
    proposal = propose(site, lesson, do="training", entry="train-desk", topic="Find a lost order", title="")
    more = {
        "do": "line",
        "entry": "daily/",
        "title": "Cards on file",
        "left": "Old",
        "right": "New",
        "tolerance": "1 %",
    }
    answer = site.client("dir").post(f"{proposal}/change", data={"version": "1", **more})
    assert answer.status_code == 303, text_of(answer.text)
    with site.database.reading() as session:
        found = load(session.exec(select(Proposal.text)).one().encode())
    assert found.version == "1.2" and found.sessions[0].topics == ("Booking", "Find a lost order")
    line = found.reconciliation["daily"].lines["cards-on-file"]
    assert (line.compare, line.tolerance.text) == (("Old", "New"), "1 %")


def test_the_text_is_written_in_the_editor(site: Site) -> None:
    lesson = learn(site)
    page = site.client("dir").get(f"{lesson}/text").text
    assert "version: &#34;1.1&#34;" in page
    data = {"version": "1", "title": "Both lines", "text": PLAYBOOK.replace("Measure the line", "Measure both lines")}
    broken = site.client("dir").post(f"{lesson}/text", data={**data, "text": "muster: 1\n"})
    assert broken.status_code == 422 and "It has mistakes" in broken.text
    answer = site.client("dir").post(f"{lesson}/text", data=data)
    assert answer.status_code == 303, text_of(answer.text)
    proposal = answer.headers["location"]
    assert "Measure both lines" in see(site.client("dir"), proposal)
    with site.database.reading() as session:
        text = session.exec(select(Proposal.text)).one()
    more = {"version": version(site, proposal), "text": text.replace("both lines", "every line")}
    assert site.client("dir").post(f"{proposal}/text", data=more).status_code == 303
    assert site.client("dir").post(f"{proposal}/text", data={**more, "text": text}).status_code == 409
    assert "Measure every line" in see(site.client("dir"), proposal)


def test_an_outdated_proposal_says_so_and_is_written_anew(site: Site) -> None:
    proposal = propose(site, learn(site))
    newer = PLAYBOOK.replace('"1.0"', '"1.1"').replace("Put up posters", "Put posters up")
    assert site.client("dir").post("/playbooks/new", data={"text": newer}).status_code == 303
    assert "Version 1.1 is here since" in see(site.client("dir"), proposal)
    assert "Outdated" in see(site.client("dir"), LIST)
    refused = site.client("dir").post(f"{proposal}/acceptance", data={"version": "1"})
    assert refused.status_code == 409 and "Write the proposal anew" in refused.text
    assert site.client("dir").post(f"{proposal}/renewal", data={"version": "1"}).status_code == 303
    shown = see(site.client("dir"), proposal)
    assert "for version 1.1" in shown and "Outdated" not in shown


def test_lists_ask_as_often_for_three_as_for_one(site: Site) -> None:
    lessons = [learn(site)]
    proposal = propose(site, lessons[0])

    def asked() -> list[int]:
        found = []
        for address in (LIST, proposal, lessons[0]):
            with counting(site.database) as sent:
                see(site.client("dir"), address)
            found.append(len(sent))
        return found

    asked()
    once = asked()
    for number in range(3):
        more = learn(site, said=f"Lesson of day {number}")
        propose(site, more, title=f"More {number}")
    joined = learn(site, said="Joins")
    key = proposal.rpartition("/")[2]
    site.client("dir").post(f"{joined}/joining", data={"version": "1", "proposal": key})
    assert asked() == once


def test_every_form_that_is_shown_is_taken(site: Site) -> None:
    lesson = learn(site)
    noted = learn(site, said="Noted soon")
    site.client("opm").post(f"{noted}/judgement", data={"version": "1", "outcome": "noted"})
    proposal = propose(site, learn(site, said="Proposed soon"))
    for who in ("dir", "opm", "chA", "itl", "exe"):
        for address in (LIST, lesson, noted, proposal):
            for form in forms_of(site.client(who).get(address).text):
                if form.method != "post" or not form.action.startswith(("/lessons", "/proposals", LIST)):
                    continue
                stale = {**form.fields, "version": "0"} if "version" in form.fields else form.fields
                answer = site.client(who).post(form.action, data=stale)
                assert answer.status_code not in (403, 404), (who, address, form.action)
