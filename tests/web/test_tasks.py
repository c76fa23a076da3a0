"""A champion's day over HTTP: ticks, answers, evidence, blocks, and forms that somebody else overtook."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from app.models import Answer, Completion, Event, Evidence
from tests import cast as casting
from tests.web.conftest import Site

PIXEL = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
AS_SCRIPT = {"HX-Request": "true"}


def events(site: Site, task: int) -> list[str]:
    with site.database.reading() as session:
        found = select(Event.verb).where(Event.subject_kind == "task", Event.subject_id == task).order_by(Event.id)
        return list(session.exec(found))


def test_a_tick_from_today_comes_back_to_today(site: Site) -> None:
    task, client = site.task("scanners"), site.client("chA")
    answer = client.post(
        f"/tasks/{task}/completion", data={"version": "1"}, headers={"Referer": "http://testserver/today"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/today#task-{task}")
    assert events(site, task) == ["task.completed"]


def test_a_tick_by_script_answers_with_the_line_and_a_way_back(site: Site) -> None:
    task, client = site.task("scanners"), site.client("chA")
    page = {**AS_SCRIPT, "HX-Current-URL": "http://testserver/today"}
    answer = client.post(f"/tasks/{task}/completion", data={"version": "1"}, headers=page)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<li class="task" id="task-{task}" data-status="done">')
    undo = f"/tasks/{task}/reopening?version=2"
    assert undo in answer.text
    assert client.post(undo, headers=page).status_code == 200
    assert events(site, task) == ["task.completed", "task.reopened"]


def test_the_same_tick_twice_is_quiet_and_one_event(site: Site) -> None:
    task = site.task("scanners")
    for who in ("chA", "dir", "chA"):
        assert site.client(who).post(f"/tasks/{task}/completion", data={"version": "1"}).status_code == 303
    assert events(site, task) == ["task.completed"]


def test_what_is_missing_is_told_and_nothing_is_recorded(site: Site) -> None:
    task = site.task("photos")
    answer = site.client("chA").post(f"/tasks/{task}/completion", data={"version": "1"})
    assert answer.status_code == 409
    assert "Attach a photo" in answer.text
    assert events(site, task) == []


def test_a_photo_is_attached_and_then_the_task_is_done(site: Site) -> None:
    task, client = site.task("photos"), site.client("chA")
    form = {"version": "1", "kind": "photo", "path": ""}
    answer = client.post(f"/tasks/{task}/evidence", data=form, files={"file": ("server room.png", PIXEL)})
    assert answer.status_code == 303
    assert "server room.png" in client.get(f"/tasks/{task}").text
    assert client.post(f"/tasks/{task}/completion", data={"version": "2"}).status_code == 303
    with site.database.reading() as session:
        row = session.exec(select(Evidence)).one()
    sent = client.get(f"/evidence/{row.id}")
    assert sent.content == PIXEL
    assert sent.headers["content-disposition"] == f'attachment; filename="evidence-{row.id}.png"'
    assert sent.headers["content-type"] == "image/png"
    assert sent.headers["x-content-type-options"] == "nosniff"


def test_a_file_that_is_no_photo_is_refused_beside_its_field(site: Site) -> None:
    task = site.task("photos")
    form = {"version": "1", "kind": "photo"}
    answer = site.client("chA").post(f"/tasks/{task}/evidence", data=form, files={"file": ("x.png", b"just text")})
    assert answer.status_code == 422
    assert "This is not a photo." in answer.text
    assert events(site, task) == []


def test_a_file_over_the_limit_is_refused_while_it_is_read(site: Site) -> None:
    task, client = site.task("photos"), site.client("chA")
    large = b"\x89PNG\r\n\x1a\n" + b"0" * (site.settings.evidence_limit + 20_000)
    answer = client.post(f"/tasks/{task}/evidence", data={"version": "1"}, files={"file": ("x.png", large)})
    assert answer.status_code == 413


def test_a_link_that_is_not_https_is_refused_and_kept_in_the_form(site: Site) -> None:
    task = site.task("photos")
    form = {"version": "1", "url": "javascript:alert(1)"}
    answer = site.client("chA").post(f"/tasks/{task}/evidence/link", data=form)
    assert answer.status_code == 422
    assert "begins with https" in answer.text


def test_an_answer_is_kept_judged_and_told(site: Site) -> None:
    task, client = site.task("line-speed"), site.client("chA")
    assert client.post(f"/tasks/{task}/answer", data={"version": "1", "answer": "62"}).status_code == 303
    page = client.get(f"/tasks/{task}").text
    assert "62\u00a0Mbps, does not pass (Chiara Amato)" in page
    assert "At risk" in page
    assert "answered: 62" in page


def test_an_answer_that_cannot_be_read_stays_in_its_field(site: Site) -> None:
    task = site.task("line-speed")
    answer = site.client("chA").post(f"/tasks/{task}/answer", data={"version": "1", "answer": "very fast"})
    assert answer.status_code == 422
    assert 'value="very fast"' in answer.text
    assert "Give a figure" in answer.text


def test_a_stale_answer_is_told_who_when_and_keeps_what_was_typed(site: Site) -> None:
    task = site.task("line-speed")
    site.client("dir").post(f"/tasks/{task}/answer", data={"version": "1", "answer": "140"})
    page = {**AS_SCRIPT, "HX-Current-URL": f"http://testserver/tasks/{task}"}
    answer = site.client("chA").post(f"/tasks/{task}/answer", data={"version": "1", "answer": "62"}, headers=page)
    assert answer.status_code == 409
    assert answer.headers["hx-retarget"] == "#task"
    assert "Dana Whitfield changed this at 09:00" in answer.text
    assert 'value="62"' in answer.text
    assert 'name="version" value="2"' in answer.text
    assert events(site, task) == ["task.answered"]


def test_a_stale_tick_in_a_list_tells_who_was_quicker(site: Site) -> None:
    task = site.task("scanners")
    reason = {"version": "1", "reason": "The printer is on order."}
    assert site.client("dir").post(f"/tasks/{task}/block", data=reason).status_code == 303
    page = {**AS_SCRIPT, "HX-Current-URL": "http://testserver/today"}
    answer = site.client("chA").post(f"/tasks/{task}/completion", data={"version": "1"}, headers=page)
    assert answer.status_code == 409
    assert "Not saved: Dana Whitfield changed this in the meantime." in answer.text


def test_a_blocked_task_says_why_until_it_can_go_on(site: Site) -> None:
    task, client = site.task("scanners"), site.client("chA")
    form = {"version": "1", "reason": "The printer is on order.", "expected": "2027-01-08"}
    assert client.post(f"/tasks/{task}/block", data=form).status_code == 303
    page = client.get(f"/tasks/{task}").text
    assert "The printer is on order." in page
    assert "Expected Fri 8 Jan." in page
    assert client.post(f"/tasks/{task}/completion", data={"version": "2"}).status_code == 409
    assert client.post(f"/tasks/{task}/unblocking", data={"version": "2"}).status_code == 303
    assert client.post(f"/tasks/{task}/completion", data={"version": "3"}).status_code == 303
    assert events(site, task) == ["task.blocked", "task.unblocked", "task.completed"]


@pytest.mark.parametrize("form", [{"reason": ""}, {"reason": "x", "expected": "soon"}])
def test_a_faulty_block_keeps_the_form_open_with_what_was_typed(site: Site, form: dict[str, str]) -> None:
    task = site.task("scanners")
    answer = site.client("chA").post(f"/tasks/{task}/block", data={"version": "1", **form})
    assert answer.status_code == 422
    assert '<details class="fold" open>' in answer.text
    assert events(site, task) == []


def test_lines_of_a_checklist_are_ticked_each_by_its_own_address(site: Site) -> None:
    task, client = site.task("walk-through"), site.client("chA")
    assert client.post(f"/tasks/{task}/checklist/front-desk/tick", data={"version": "1"}).status_code == 303
    assert client.post(f"/tasks/{task}/checklist/reading-room.screens/tick", data={"version": "1"}).status_code == 303
    assert client.post(f"/tasks/{task}/answer", data={"version": "3", "path": "reading-room.phones", "answer": "pass"})
    page = client.get(f"/tasks/{task}").text
    assert "Before it can be done:" in page
    assert "Tick “Old system”." in page
    client.post(f"/tasks/{task}/checklist/old-system/tick", data={"version": "4"})
    assert client.post(f"/tasks/{task}/completion", data={"version": "5"}).status_code == 303
    assert client.post(f"/tasks/{task}/checklist/unknown/tick", data={"version": "6"}).status_code == 404


def test_text_that_people_typed_is_text_everywhere(site: Site) -> None:
    task, client = site.task("scanners"), site.client("chA")
    hostile = '<script>alert(1)</script> "><img src=x onerror=alert(1)> {{ 7*7 }}'
    client.post(f"/tasks/{task}/block", data={"version": "1", "reason": hostile})
    for page in (f"/tasks/{task}", "/today", "/rollouts/two-sites/plan", "/rollouts/two-sites/board"):
        for who in ("chA", "dir"):
            text = site.client(who).get(page).text
            assert "<script>alert" not in text
            assert "<img" not in text
            assert "49" not in text or "{{ 7*7 }}" in text


@pytest.mark.parametrize("reason", ["a\x00b", "a\x1bb"])
def test_what_no_database_takes_is_refused_and_not_a_fault(site: Site, reason: str) -> None:
    answer = site.client("chA").post(f"/tasks/{site.task('scanners')}/block", data={"version": "1", "reason": reason})
    assert answer.status_code == 422
    assert reason not in answer.text


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999999", "1e3", "x"])
def test_an_address_that_is_no_task_is_not_found(site: Site, number: str) -> None:
    assert site.client("chA").get(f"/tasks/{number}").status_code == 404


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_form_without_a_version_changes_nothing(site: Site, version: str) -> None:
    answer = site.client("chA").post(f"/tasks/{site.task('scanners')}/completion", data={"version": version})
    assert answer.status_code == 422
    with site.database.reading() as session:
        assert session.exec(select(Completion)).all() == []


def test_why_it_is_that_date_stands_on_the_page(site: Site) -> None:
    page = site.client("chA").get(f"/tasks/{site.task('migration')}").text
    assert "T\u22126\u00a0d, Tue 2 Feb" in page
    assert "before cutover" in page


TABLE = """
      hub:
        title: Name the hub
        answer: {type: table, rows: [Lead, Deputy], columns: {who: person, hours: {type: number, pass: at least 4}}}
      kinds: {title: Which machines, answer: {type: choices, options: [ct, mri, x-ray]}}
      when: {title: Which day, answer: date}
      open: {title: Is it open, answer: yes-no}
"""


def test_answers_of_every_kind_come_back_into_their_fields(bare_site: Site) -> None:
    text = casting.PLAYBOOK.replace("      cabling:", TABLE.strip("\n") + "\n      cabling:")
    bare_site.cast = casting.running(bare_site.database, text)
    client = bare_site.client("chA")
    given = {
        "kinds": (["ct", "x-ray"], 'value="x-ray" checked'),
        "when": ("2027-02-05", 'value="2027-02-05"'),
        "open": ("no", 'value="no" checked'),
    }
    for entry, (typed, shown) in given.items():
        task = bare_site.task(entry)
        answer = client.post(f"/tasks/{task}/answer", data={"version": "1", "answer": typed})
        assert answer.status_code == 303, entry
        assert shown in client.get(f"/tasks/{task}").text
    hub = bare_site.task("hub")
    cells = {"version": "1", "column": ["who", "hours"], "cell": ["Nora", "8", "Ole", "2"]}
    assert client.post(f"/tasks/{hub}/table", data=cells).status_code == 303
    page = client.get(f"/tasks/{hub}").text
    for id_, label, value in (("1-who", "Who, Lead", "Nora"), ("2-hours", "Hours, Deputy", "2")):
        assert re.search(rf'<input [^>]*id="answer-{id_}" [^>]*value="{value}" aria-label="{label}"', page), id_
    assert "does not pass" in page


def test_a_table_without_asked_rows_grows_and_keeps_what_was_typed(bare_site: Site) -> None:
    table = TABLE.strip("\n").replace("rows: [Lead, Deputy], ", "")
    text = casting.PLAYBOOK.replace("      cabling:", f"{table}\n      cabling:")
    bare_site.cast = casting.running(bare_site.database, text)
    client, task = bare_site.client("chA"), bare_site.task("hub")
    assert client.get(f"/tasks/{task}").text.count('name="cell"') == 6
    cells = {"version": "1", "column": ["who", "hours"], "cell": ["Nora", "8", "", "", "", ""]}
    grown = client.post(f"/tasks/{task}/table", data={**cells, "part": "row"})
    assert (grown.status_code, grown.text.count('name="cell"')) == (200, 8)
    assert 'value="Nora"' in grown.text
    wrong = client.post(f"/tasks/{task}/table", data={**cells, "cell": ["Nora", "many"]})
    assert wrong.status_code == 422
    assert "Row 1, hours: Give a figure" in wrong.text
    assert 'value="many"' in wrong.text
    assert client.post(f"/tasks/{task}/table", data=cells).status_code == 303
    with bare_site.database.reading() as session:
        assert session.exec(select(Answer.value)).one() == [{"who": "Nora", "hours": 8}]
