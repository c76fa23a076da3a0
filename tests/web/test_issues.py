"""Issues on the pages: reported, shown by their clock, changed by forms, read by whom they may."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlmodel import select

from app.actions.issues.sweep import sweep
from app.models import Issue, IssueFile, Standstill
from tests.cast import NOW
from tests.web.conftest import Site

LIST = "/rollouts/two-sites/issues"
SCRIPT = {"hx-request": "true"}


def report(
    site: Site, who: str = "chA", location: str = "alder", title: str = "Labels print twice", **more: str
) -> int:
    """The id of the issue that a person reports by the form."""
    answer = site.client(who).post(f"{LIST}/new", data={"title": title, "location": location, **more})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rpartition("/")[2])


def version(site: Site, issue_id: int) -> dict[str, str]:
    with site.database.reading() as session:
        return {"version": str(session.get_one(Issue, issue_id).version)}


def text_of(page: str) -> str:
    words = re.sub(r"<[^>]+>", " ", re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL))
    return " ".join(unescape(words).split())


def test_the_form_says_what_follows_and_the_issue_shows_the_same_instant(site: Site) -> None:
    form = site.client("chA").get(f"{LIST}/new?location=alder&severity=critical")
    promised = "solved by Tue 5 Jan, 13:00 Central"
    assert promised in text_of(form.text)
    assert '<option value="alder" selected>' in form.text
    found = report(site, severity="critical")
    page = text_of(site.client("chA").get(f"/issues/{found}").text)
    assert "4 h 00 until Tue 5 Jan, 13:00 Central" in page
    assert "Chiara Amato" in page


def test_the_instant_is_told_in_the_time_of_the_place(site: Site) -> None:
    found = report(site, "chB", "birch", severity="critical")
    assert "until Tue 5 Jan, 14:00 Eastern" in text_of(site.client("dir").get(f"/issues/{found}").text)


def test_the_same_form_twice_makes_one_issue(site: Site) -> None:
    assert report(site, token="a-token") == report(site, token="a-token")


def test_faults_of_a_report_keep_what_was_typed(site: Site) -> None:
    answer = site.client("opm").post(f"{LIST}/new", data={"title": "Phones are dead", "location": ""})
    assert answer.status_code == 422
    assert "Choose where it is." in answer.text
    assert 'value="Phones are dead"' in answer.text


def test_what_looks_like_a_patient_is_not_stored_before_somebody_says_it_is_none(site: Site) -> None:
    typed = {"title": "Wrong label, MRN 48213377", "location": "alder"}
    answer = site.client("chA").post(f"{LIST}/new", data=typed)
    assert answer.status_code == 422
    assert "48213377" in answer.text
    with site.database.reading() as session:
        assert session.exec(select(Issue)).all() == []
    assert site.client("chA").post(f"{LIST}/new", data={**typed, "no_patient": "yes"}).status_code == 303


def test_the_list_has_the_soonest_breach_first_and_says_so(site: Site) -> None:
    slow, fast = report(site, title="Slow"), report(site, title="Fast", severity="critical")
    solved = report(site, title="Over")
    site.client("chA").post(f"/issues/{solved}/solution", data={**version(site, solved), "cause": "a", "fix": "b"})
    page = site.client("opm").get(LIST)
    assert re.findall(r'id="issue-(\d+)"', page.text) == [str(fast), str(slow)]
    assert "2 open. One breaches by 13:00 Central" in text_of(page.text).replace("Central .", "Central.")
    assert f"/issues/{solved}" in site.client("opm").get(f"{LIST}?state=solved").text
    site.now = NOW + timedelta(hours=4, minutes=30)
    site.sign_everybody_in_anew()
    late = text_of(site.client("opm").get(LIST).text)
    assert "One is past its time" in late
    assert "−30 min since 13:00 Central" in late


@pytest.mark.parametrize(
    ("query", "shown"),
    [("q=slow", "Slow"), ("q=2", "Fast"), ("q=Chiara", "Slow"), ("severity=critical", "Fast"),
     ("location=birch", "Fast"), ("kind=wish", ""), ("q=%25", ""), ("state=solved", "")],
)  # fmt: skip
def test_filters(site: Site, query: str, shown: str) -> None:
    report(site, title="Slow")
    report(site, "chB", "birch", title="Fast", severity="critical")
    found = re.findall(r'class="issue__title"[^>]*>([^<]+)<', site.client("opm").get(f"{LIST}?{query}").text)
    assert found == ([shown] if shown else [])


def test_who_may_not_see_a_place_sees_none_of_its_issues(site: Site) -> None:
    found = report(site, title="Only Alder knows")
    other, executive = site.client("chB"), site.client("exe")
    assert "Only Alder knows" not in other.get(LIST).text
    assert ">1<" not in other.get(LIST).text.partition("</nav>")[0]
    assert other.get(f"/issues/{found}").status_code == 404
    assert other.post(f"/issues/{found}/acknowledgement", data={"version": "1"}).status_code == 404
    assert executive.get(f"/issues/{found}").status_code == 200
    assert executive.post(f"/issues/{found}/notes", data={"version": "1", "text": "x"}).status_code == 403
    assert executive.get(f"{LIST}/new").status_code == 403


def test_a_whole_life_by_forms(site: Site) -> None:
    found, client = report(site, severity="normal"), site.client("chA")

    def send(act: str, who: str = "chA", **fields: str) -> None:
        answer = site.client(who).post(f"/issues/{found}/{act}", data={**version(site, found), **fields})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/issues/{found}"), text_of(answer.text)

    send("acknowledgement")
    send("assignment", "opm", person=str(site.cast.people["itl"]))
    send("notes", text="@Omar Haddad please look", tell="")
    send("waiting", waits_for="the supplier", reason="A part is missing", stops="yes")
    assert "left when the clock goes on" in text_of(client.get(f"/issues/{found}").text)
    assert "waits on the supplier" in text_of(client.get(LIST).text)
    site.now = NOW + timedelta(hours=2)
    site.sign_everybody_in_anew()
    client = site.client("chA")
    send("going-on")
    send("judgement", severity="critical", kind="defect", reason="The whole desk stands")
    page = text_of(client.get(f"/issues/{found}").text)
    assert "until Tue 5 Jan, 15:00 Central" in page
    assert "The clock stood still for 2 h 00" in page
    send("elsewhere", "opm", location=str(site.cast.locations["birch"]))
    send("escalation", reason="It is getting worse")
    send("solution", "itl", cause="A loose plug", fix="Plugged in")
    assert "Yes, it is solved" in client.get(f"/issues/{found}").text
    send("reopening", reason="It came out again")
    send("solution", "itl", cause="A loose plug", fix="Screwed in")
    send("confirmation")
    page = text_of(client.get(f"/issues/{found}").text)
    assert "Solved and confirmed" in page
    assert "Screwed in" in page and "It came out again" in page
    assert "confirmed that it is solved" in page


def test_a_form_that_somebody_overtook_keeps_both(site: Site) -> None:
    found = report(site)
    old = version(site, found)
    site.client("chAB").post(f"/issues/{found}/acknowledgement", data=old)
    sent = {**old, "waits_for": "the supplier", "reason": "Part is missing", "stops": "yes"}
    answer = site.client("chA").post(f"/issues/{found}/waiting", data=sent, headers=SCRIPT)
    assert answer.status_code == 409
    assert answer.headers["hx-retarget"] == "#issue"
    assert "Abena Boateng took it" in text_of(answer.text)
    assert 'name="reason" value="Part is missing"' in answer.text
    fresh = {**sent, **version(site, found)}
    assert site.client("chA").post(f"/issues/{found}/waiting", data=fresh, headers=SCRIPT).status_code == 200
    with site.database.reading() as session:
        assert session.exec(select(Standstill.waits_for)).all() == ["the supplier"]


def test_a_photo_travels_with_the_report_and_is_taken_away(site: Site) -> None:
    answer = site.client("chA").post(
        f"{LIST}/new", data={"title": "Broken", "location": "alder"}, files={"file": ("wall.txt", b"what it shows")}
    )
    found = int(answer.headers["location"].rpartition("/")[2])
    with site.database.reading() as session:
        file = session.exec(select(IssueFile.id).where(IssueFile.issue_id == found)).one()
    sent = site.client("opm").get(f"/issues/{found}/files/{file}")
    assert sent.content == b"what it shows"
    assert sent.headers["content-disposition"].startswith("attachment")
    assert site.client("chB").get(f"/issues/{found}/files/{file}").status_code == 404
    site.client("chA").post(f"/issues/{found}/files/{file}/removal", data=version(site, found))
    assert site.client("opm").get(f"/issues/{found}/files/{file}").status_code == 404


@pytest.mark.parametrize("title", ["Wrong label, MRN 48213377", ""])
def test_a_page_that_comes_back_says_that_the_photo_must_be_chosen_again(site: Site, title: str) -> None:
    photo = {"file": ("wall.txt", b"what it shows")}
    client, typed, said = site.client("chA"), {"title": title, "location": "alder"}, "Choose the photo again"
    assert said in client.post(f"{LIST}/new", data=typed, files=photo).text
    assert said not in client.post(f"{LIST}/new", data=typed).text
    kept = client.post(f"{LIST}/new", data=typed, files=photo, headers=SCRIPT)
    assert kept.status_code == 422
    assert said not in kept.text and 'id="main"' in kept.text


def test_a_script_is_led_on_to_the_issue(site: Site) -> None:
    answer = site.client("chA").post(f"{LIST}/new", data={"title": "Broken", "location": "alder"}, headers=SCRIPT)
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/issues/1")


def test_the_ladder_shows_who_was_told_and_who_is_next(site: Site) -> None:
    found = report(site, severity="critical")
    site.now = NOW + timedelta(minutes=16)
    with site.database.writing() as session:
        sweep(session, now=site.now)
    page = text_of(site.client("dir").get(f"/issues/{found}").text)
    assert "Omar Haddad, Operations manager told today 09:16, 15 minutes after the report" in page
    assert "10:00 Central, if not solved by then" in page


@pytest.mark.parametrize("address", ["/rollouts/two-sites/board", "/rollouts/two-sites/locations/alder"])
def test_other_pages_show_open_issues_and_lead_to_the_form(site: Site, address: str) -> None:
    found = report(site)
    page = site.client("dir").get(address).text
    assert f'href="/issues/{found}"' in page
    assert f'href="{LIST}/new' in page
    assert re.search(r'Issues <span class="nav__count">1<', page)


def test_a_task_leads_to_a_report_that_names_it(site: Site) -> None:
    task = site.task("scanners")
    page = site.client("chA").get(f"/tasks/{task}").text
    assert f'href="{LIST}/new?location=alder&amp;task={task}"' in page
    found = report(site, task=str(task))
    assert f'href="/tasks/{task}"' in site.client("chA").get(f"/issues/{found}").text


def test_the_board_asks_whoever_oversees_for_what_is_gravest_and_for_what_is_out_of_time(site: Site) -> None:
    report(site, title="Phones are slow")
    grave = report(site, severity="critical", title="Scanner is down")
    page = text_of(site.client("dir").get("/rollouts/two-sites/board").text)
    assert "Issue 2: Scanner is down Alder, held by" in page and "Issue 1: Phones are slow" not in page
    site.now = NOW + timedelta(days=7)
    site.sign_everybody_in_anew()
    page = text_of(site.client("dir").get("/rollouts/two-sites/board").text)
    assert page.index("Issue 2: Scanner is down") < page.index("Issue 1: Phones are slow")
    place = text_of(site.client("dir").get("/rollouts/two-sites/locations/alder").text)
    assert "Two issues are past their time" in place
    assert page.count("Past its time since") == 2
    assert f"/issues/{grave}" in site.client("dir").get("/rollouts/two-sites/board").text
    assert "Issue 2:" not in text_of(site.client("chA").get("/rollouts/two-sites/board").text)


def test_the_board_shows_a_director_what_somebody_asks(site: Site) -> None:
    task = site.task("photos")
    said = {"text": "@Dana Whitfield shall I order it?", "token": "once"}
    assert site.client("chA").post(f"/tasks/{task}/comments", data=said).status_code == 303
    page = text_of(site.client("dir").get("/rollouts/two-sites/board").text)
    assert "Chiara Amato asks you" in page and "shall I order it?" in page
    assert "asks you" not in text_of(site.client("opm").get("/rollouts/two-sites/board").text)
