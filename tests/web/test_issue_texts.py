"""Texts of an issue: a note is written once however often its form comes, and every text can be taken away for good."""

from __future__ import annotations

import re
from threading import Thread

import pytest
from sqlmodel import col, select

from app.actions.issues.talking import REDACTED
from app.models import Issue, IssueNote
from tests.rows import rows_of
from tests.web.conftest import Site
from tests.web.forms import forms_of
from tests.web.test_help_desk import link, outside
from tests.web.test_issues import SCRIPT, report, text_of, version

SECRET = "Zzyzx Quatermain"


def notes(site: Site) -> list[str]:
    with site.database.reading() as session:
        return list(session.exec(select(IssueNote.said).order_by(col(IssueNote.id))))


def offered(site: Site, who: str, issue: int) -> list[str]:
    """What the page lets somebody take away."""
    forms = [form for form in forms_of(site.client(who).get(f"/issues/{issue}").text) if "redaction" in form.action]
    return forms[0].options["part"] if forms else []


def redact(site: Site, who: str, issue: int, part: str) -> int:
    data = {**version(site, issue), "part": part}
    return site.client(who).post(f"/issues/{issue}/redaction", data=data).status_code


def test_two_clicks_write_one_note_and_the_same_form_with_another_text_is_refused(site: Site) -> None:
    found, client = report(site), site.client("chA")
    (form,) = [one for one in forms_of(client.get(f"/issues/{found}").text) if one.action.endswith("/notes")]
    assert len(form.fields["token"]) >= 16
    sent = {**form.fields, "text": "@Omar Haddad please look"}
    assert [client.post(form.action, data=sent).status_code for _ in range(2)] == [303, 303]
    other = client.post(form.action, data={**sent, "text": "Another text"}, headers=SCRIPT)
    assert other.status_code == 409
    assert "This form was sent before, for something else." in text_of(other.text)
    assert "Another text" in other.text
    assert notes(site) == ["@Omar Haddad please look"]
    page = text_of(client.get(f"/issues/{found}").text)
    assert page.count("wrote a note") == 1
    assert client.post(form.action, data={**sent, "token": "", "text": "Without"}).status_code == 303
    assert len(notes(site)) == 2


def test_two_clicks_at_the_same_moment_write_one_note(site: Site) -> None:
    found, client = report(site), site.client("chA")
    sent, answers = {**version(site, found), "text": "Once", "token": "one-form"}, []

    def click() -> None:
        answers.append(client.post(f"/issues/{found}/notes", data=sent).status_code)

    clicks = [Thread(target=click) for _ in range(2)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join(30)
    assert (answers, notes(site)) == ([303, 303], ["Once"])


def test_a_fresh_page_has_a_fresh_form(site: Site) -> None:
    found, client = report(site), site.client("chA")
    tokens = set(
        re.findall(r'name="token" value="([^"]+)"', "".join(client.get(f"/issues/{found}").text for _ in "ab"))
    )
    assert len(tokens) == 2


def test_every_text_that_somebody_typed_can_be_taken_away_and_is_kept_nowhere(site: Site) -> None:
    form = {"title": f"{SECRET} waits", "details": f"For {SECRET}", "name": SECRET, "reach": "4512", "mark": "one"}
    assert outside(site).post(link(site), data=form).status_code == 200
    with site.database.reading() as session:
        found = session.exec(select(Issue.id)).one() or 0
    for act, fields in (
        ("notes", {"text": f"{SECRET} again", "token": "a-form"}),
        ("waiting", {"waits_for": SECRET, "reason": f"For {SECRET}", "stops": ""}),
        ("judgement", {"severity": "critical", "kind": "", "reason": f"{SECRET} cannot wait"}),
        ("solution", {"cause": SECRET, "fix": f"Moved {SECRET}"}),
        ("reopening", {"reason": f"{SECRET} came back"}),
    ):
        answer = site.client("chA").post(f"/issues/{found}/{act}", data={**version(site, found), **fields})
        assert answer.status_code == 303, text_of(answer.text)
    photo = {"file": (f"{SECRET}.txt", b"what it shows")}
    site.client("chA").post(f"/issues/{found}/evidence", data=version(site, found), files=photo)
    parts = offered(site, "chA", found)
    assert parts == ["title", "details", "caller", "waits", "solutions", "note-1", "note-2", "file-1"]
    assert str(rows_of(site.database)).count(SECRET) > len(parts)
    for part in parts:
        assert redact(site, "chA", found, part) == 303
    assert SECRET not in str(rows_of(site.database))
    page = site.client("dir").get(f"/issues/{found}").text
    told = [f"took {what} away for good." for what in (
        "the title", "what happened", "the name of the caller", "what it waited for", "the cause and the fix", "a note",
        "a file with its name")]  # fmt: skip
    assert [text_of(page).count(line) for line in told] == [1, 1, 1, 1, 1, 2, 1]
    assert offered(site, "chA", found) == []
    assert site.client("chA").get(f"/issues/{found}/files/1").status_code == 404
    assert redact(site, "chA", found, "title") == 303
    assert text_of(site.client("dir").get(f"/issues/{found}").text).count("took the title away") == 1


def test_a_note_of_others_is_taken_away_by_whoever_gives_out_work_there(site: Site) -> None:
    found = report(site)
    for who in ("chA", "itl"):
        data = {**version(site, found), "text": f"By {who}"}
        assert site.client(who).post(f"/issues/{found}/notes", data=data).status_code == 303
    assert offered(site, "itl", found) == ["title", "note-2"]
    assert offered(site, "opm", found) == ["title", "note-1", "note-2"]
    assert offered(site, "exe", found) == []
    assert redact(site, "itl", found, "note-1") == 403
    assert redact(site, "opm", found, "note-1") == 303
    assert notes(site) == [REDACTED, "By itl"]


@pytest.mark.parametrize(
    ("part", "status"),
    [("", 422), ("note", 422), ("law", 422), ("note-99999", 404), ("file-1", 404), ("note-x", 422), ("../x", 422)],
)
def test_what_is_no_text_of_the_issue_is_not_taken_away(site: Site, part: str, status: int) -> None:
    assert redact(site, "chA", report(site), part) == status
