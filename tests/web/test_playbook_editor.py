"""Writing a playbook in the browser: mistakes beside their lines, keys, versions, what changed, and dates."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import urlencode

import pytest
from sqlmodel import func, select

from app.models import PlaybookVersion
from app.plan import check
from app.plan.draft.starter import STARTER
from app.plan.draft.versions import with_version
from app.plan.terms import MAX_BYTES
from tests.cast import PLAYBOOK
from tests.house.tree import ROOT
from tests.web.conftest import Site

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SCRIPT = {"HX-Request": "true"}
OTHER = PLAYBOOK.replace("Have the cabling checked", "Have all cabling checked")


def written(page: str) -> str:
    """The text in the editor."""
    found = re.search(r'<textarea[^>]*name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def problems(page: str) -> list[dict[str, object]]:
    """What the page hands to the script: the mistakes with their places."""
    found = re.search(r'data-problems="([^"]*)"', page)
    assert found is not None
    return json.loads(html.unescape(found[1]))  # type: ignore[no-any-return]


def stored(site: Site) -> int:
    with site.database.reading() as session:
        return session.exec(select(func.count()).select_from(PlaybookVersion)).one()


def test_the_text_that_nothing_begins_with_is_sound() -> None:
    report = check(STARTER.encode())
    assert (report.problems, report.ok) == ((), True)


def test_the_editor_begins_with_nothing_with_a_shipped_one_or_with_a_version(site: Site) -> None:
    client = site.client("dir")
    assert written(client.get("/playbooks/edit").text) == STARTER
    shipped = (ROOT / "playbooks" / "ray-medical.yaml").read_text(encoding="utf-8")
    assert written(client.get("/playbooks/edit?shipped=ray-medical").text) == shipped
    assert written(client.get("/playbooks/two-sites/1.0/edit").text) == PLAYBOOK
    assert client.get("/playbooks/edit?shipped=schema").status_code == 404
    assert client.get("/playbooks/two-sites/9.9/edit").status_code == 404


def test_each_mistake_stands_beside_its_line_without_a_script(site: Site) -> None:
    text = STARTER.replace("owner: champion\n    due", "owner: nobody\n    due").replace("length: 8w", "length: soon")
    page = site.client("dir").post("/playbooks/edit", data={"text": text, "do": "check"})
    assert page.status_code == 200
    assert written(page.text) == text
    lines = {row: number for number, row in enumerate(text.split("\n"), 1)}
    found = [(one["line"], one["id"]) for one in problems(page.text)]
    assert found == sorted(found)
    assert {(lines["length: soon"], "D2"), (lines["    owner: nobody"], "W1")} <= set(found)
    for number, _ in found:
        assert f'href="#L{number}"' in page.text
        assert f'id="L{number}"' in page.text


def test_a_script_gets_the_findings_alone(site: Site) -> None:
    answer = site.client("dir").post("/playbooks/edit", data={"text": STARTER}, headers=SCRIPT).text
    assert answer.strip().startswith('<div class="edit__checked" id="checked"')
    assert "<textarea" not in answer
    assert problems(answer) == []
    assert "Sound." in answer


def test_a_sound_text_is_kept_and_says_where(site: Site) -> None:
    answer = site.client("dir").post("/playbooks/edit", data={"text": STARTER, "do": "keep"})
    assert answer.headers["location"] == "/playbooks/my-rollout/1.0"
    assert site.client("dir").get("/playbooks/my-rollout/1.0").status_code == 200


def test_a_text_with_mistakes_is_not_kept_and_not_lost(site: Site) -> None:
    text = STARTER.replace("length: 8w", "length: soon") + "\n\n  # what I was about to write \t\n"
    answer = site.client("dir").post("/playbooks/edit", data={"text": text, "do": "keep"})
    assert (answer.status_code, stored(site)) == (422, 1)
    assert written(answer.text) == text


def test_a_version_that_is_taken_is_refused_with_the_next_one_that_is_free(site: Site) -> None:
    client = site.client("dir")
    form = {"text": OTHER, "playbook": "two-sites", "seen": "1.0"}
    found = client.post("/playbooks/edit", data=form)
    line = PLAYBOOK.split("\n").index('version: "1.0"') + 1
    assert ("V1", line) in [(one["id"], one["line"]) for one in problems(found.text)]
    refused = client.post("/playbooks/edit", data={**form, "do": "keep"})
    assert refused.status_code == 409
    assert written(refused.text) == OTHER
    assert "while you were writing" not in refused.text
    assert re.search(r'<button[^>]*name="raise"[^>]*value="1.1"', refused.text)
    kept = client.post("/playbooks/edit", data={**form, "raise": "1.1"})
    assert kept.headers["location"] == "/playbooks/two-sites/1.1"
    assert written(client.get("/playbooks/two-sites/1.1/edit").text) == OTHER.replace('"1.0"', '"1.1"')


def test_who_kept_the_same_version_meanwhile_is_told_with_what_differs(site: Site) -> None:
    client = site.client("dir")
    theirs, mine = (PLAYBOOK.replace('"1.0"', '"1.1"').replace("Garden", name) for name in ("Yard", "Meadow"))
    form = {"playbook": "two-sites", "seen": "1.0", "do": "keep"}
    assert client.post("/playbooks/edit", data={**form, "text": theirs}).status_code == 303
    answer = client.post("/playbooks/edit", data={**form, "text": mine})
    assert answer.status_code == 409
    said = " ".join(re.sub(r"<[^>]+>", "", answer.text).split())
    assert "Dana Whitfield kept version 1.1 at" in said
    assert "while you were writing. Yours is below, as you typed it." in said
    table = answer.text[answer.text.index("From theirs to yours") :]
    assert "Yard" in table
    assert "Meadow" in table
    assert written(answer.text) == mine
    assert re.search(r'<button[^>]*name="raise"[^>]*value="1.2"', answer.text)


def test_a_metric_that_changed_its_meaning_is_refused_beside_its_line(site: Site) -> None:
    client, metric = site.client("dir"), "metrics:\n  days: {title: Days, unit: d, scope: network, owner: director}\n"
    first = (STARTER + metric).replace('"1.0"', '"1.1"')
    assert client.post("/playbooks/edit", data={"text": first, "do": "keep"}).status_code == 303
    second = first.replace("unit: d", "unit: h").replace('"1.1"', '"1.2"')
    answer = client.post("/playbooks/edit", data={"text": second, "do": "keep"})
    assert (answer.status_code, stored(site)) == (422, 2)
    assert [one["id"] for one in problems(answer.text)] == ["M7"]


def test_the_fullest_text_can_be_pasted_and_uploaded(site: Site) -> None:
    filler = "# ä ü % & = \n"
    text = STARTER + filler * ((MAX_BYTES - len(STARTER.encode())) // len(filler.encode()))
    assert MAX_BYTES - 20 < len(text.encode()) <= MAX_BYTES
    body = urlencode({"text": text.replace("\n", "\r\n"), "do": "keep"})
    assert len(body) > 1_000_000
    client = site.client("dir")
    assert client.post("/playbooks/edit", content=body, headers=FORM).status_code == 303
    assert client.post("/playbooks/new", content=body, headers=FORM).status_code == 303
    assert client.post("/playbooks/offers", content=body + "&line=1&column=1", headers=FORM).status_code == 200
    several = client.post("/playbooks/new", data={"text": text}, files={"file": ("", b"")})
    assert several.headers["location"] == "/playbooks/my-rollout/1.0"


def test_a_text_over_the_limit_stays_in_the_editor(site: Site) -> None:
    text = "x" * (MAX_BYTES + 1)
    answer = site.client("dir").post("/playbooks/edit", data={"text": text, "do": "keep"})
    assert answer.status_code == 422
    assert written(answer.text) == text
    assert [one["id"] for one in problems(answer.text)] == ["F1"]


@pytest.mark.parametrize("text", ["</textarea><script>x()</script>", "a: \x00", "\ue000", "{{ 7 * 7 }}", "]" * 9_999])
def test_whatever_is_typed_is_text(site: Site, text: str) -> None:
    for data in ({"do": "check"}, {"do": "keep"}, {"do": "keys", "line": "1"}):
        answer = site.client("dir").post("/playbooks/edit", data={"text": text, **data})
        assert answer.status_code in (200, 422)
        assert written(answer.text) == text
        assert "<script>x" not in answer.text
    assert site.client("dir").post("/playbooks/offers", data={"text": text}).status_code == 200


def test_the_list_under_the_caret_holds_what_fits_there(site: Site) -> None:
    text = "muster: 1\nroles: {pm: Project manager}\ntasks:\n  a: {{\n  b:\n    title: B\n    owner: "
    answer = site.client("dir").post("/playbooks/offers", data={"text": text, "line": "7", "column": "12"}).text
    assert re.findall(r'data-text="([^"]+)"', answer) == ["pm"]
    assert "Project manager" in answer
    assert 'role="option"' in answer
    keys = site.client("dir").post("/playbooks/offers", data={"text": text, "line": "7", "column": "8"}).text
    assert re.findall(r'data-text="([^"]+)" data-key', keys) == ["owner"]


def test_the_keys_of_a_line_are_listed_without_a_script(site: Site) -> None:
    line = STARTER.split("\n").index("    title: Be ready") + 1
    page = site.client("dir").post("/playbooks/edit", data={"text": STARTER, "do": "keys", "line": str(line)}).text
    keys = page[page.index('id="keys"') : page.index('id="problems"')]
    assert "inside tasks.readiness" in keys
    assert "who approves it" in keys
    assert "<code>sign_off</code>" in keys
    assert "<code>owner</code>" not in keys


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('muster: 1\nversion: "1.0"  # why\n', 'version: "2.0"  # why'),
        ("{muster: 1, version: '1.0', id: x}", '{muster: 1, version: "2.0", id: x}'),
        ("muster: 1\nversion:\nid: x", 'version: "2.0"'),
        ("muster: 1\nid: x", 'version: "2.0"'),
    ],
)
def test_raising_the_version_changes_nothing_else(text: str, line: str) -> None:
    rows, old = with_version(text, "2.0").split("\n"), text.split("\n")
    assert line in rows
    assert [row for row in rows if row != line] == [row for row in old if "version" not in row]


def _three_versions(site: Site) -> None:
    client = site.client("dir")
    second = PLAYBOOK.replace('"1.0"', '"1.9"').replace("due: week 2 fri", "due: week 2 thu")
    third = second.replace('"1.9"', '"1.10"').replace("      posters: {title: Put up posters, optional: true}\n", "")
    for text in (second, third):
        assert client.post("/playbooks/edit", data={"text": text, "do": "keep"}).status_code == 303


def test_versions_say_who_kept_them_when_and_which_rollouts_follow_them(site: Site) -> None:
    _three_versions(site)
    page = site.client("dir").get("/playbooks/two-sites/versions").text
    assert re.findall(r'href="/playbooks/two-sites/([0-9.]+)"', page) == ["1.10", "1.9", "1.0"]
    rows = page.split("<tr")
    assert "no rollout" in rows[2]
    assert "Two sites" in rows[-1]
    assert all("Dana Whitfield" in row and "<time" in row for row in rows[2:])
    assert "changes?old=1.9&amp;new=1.10" in rows[2]
    assert site.client("dir").get("/playbooks/nothing/versions").status_code == 404


def test_what_changed_is_said_in_words_and_shown_line_by_line(site: Site) -> None:
    _three_versions(site)
    client = site.client("dir")
    page = client.get("/playbooks/two-sites/changes").text
    assert "From version 1.9 to 1.10" in page
    assert "Gone" in page
    page = client.get("/playbooks/two-sites/changes?old=1.0&new=1.9").text
    cells = re.sub(r"<[^>]+>", "|", page)
    assert "tasks readiness: due" in cells
    rows = re.findall(r'data-diff="(del|add)">.*?</span></span>(.*?)</p>', page)
    assert rows == [
        ("del", "version: &#34;1.0&#34;"),
        ("add", "version: &#34;1.9&#34;"),
        ("del", "    due: week 2 fri"),
        ("add", "    due: week 2 thu"),
    ]
    same = client.get("/playbooks/two-sites/changes?old=1.9&new=1.9").text
    assert "the two texts are the same" in same
    assert client.get("/playbooks/two-sites/changes?old=0.1&new=1.9").status_code == 404


def test_dates_are_shown_with_their_reasons_for_chosen_locations(site: Site) -> None:
    client, address = site.client("dir"), "/playbooks/two-sites/1.0/dates"
    form = client.get(address).text
    typed = written(form)
    assert re.search(r'name="start"[^>]*value="2027-01-11"', form)
    answer = client.post(address, data={"start": "2027-01-04", "text": typed, "location": "pilot-2"})
    assert answer.status_code == 200
    assert "Pilot 2: 1 to 8 of 8" in answer.text
    assert "Fri 15 Jan" in answer.text
    assert "cutover" in answer.text[answer.text.index("Migration test") :]
    assert "To settle" not in answer.text
    one = client.post(address, data={"start": "2027-01-05", "text": "- {id: a, name: A, zone: UTC, wave: pilot}"})
    assert "To settle before a rollout could start." in one.text
    assert "the rollout starts on a mon" in one.text
    assert "Pilot takes 2 locations, 1 is assigned to it" in one.text


def test_dates_take_the_locations_of_a_rollout(site: Site) -> None:
    page = site.client("dir").get("/playbooks/two-sites/1.0/dates?rollout=two-sites").text
    assert "name: Birch" in written(page)
    assert re.search(r'name="start"[^>]*value="2027-01-04"', page)
    assert site.client("dir").get("/playbooks/two-sites/1.0/dates?rollout=nowhere").status_code == 404


def test_mistakes_of_a_locations_list_stand_above_it_and_the_list_is_kept(site: Site) -> None:
    address, text = "/playbooks/two-sites/1.0/dates", "- {id: a, name: A, zone: Nowhere/City, wave: late}"
    answer = site.client("dir").post(address, data={"start": "2027-01-04", "text": text})
    assert answer.status_code == 422
    assert written(answer.text) == text
    assert "D9" in answer.text
    assert "T6" in answer.text
    late = site.client("dir").post(address, data={"start": "soon", "text": text})
    assert late.status_code == 422
    assert "Write a day, such as 2027-01-04." in late.text
    assert written(late.text) == text


def test_only_a_page_of_the_dates_is_shown(site: Site) -> None:
    tasks = "".join(f"  t{no}: {{title: Task {no}, owner: champion, due: week 2 mon}}\n" for no in range(130))
    text = STARTER.replace("\ntasks:\n", f"\ntasks:\n{tasks}")
    client = site.client("dir")
    assert client.post("/playbooks/edit", data={"text": text, "do": "keep"}).status_code == 303
    address = "/playbooks/my-rollout/1.0/dates"
    asked = {"start": "2027-01-04", "text": written(client.get(address).text)}
    pages = [client.post(address, data={**asked, "page": str(number)}).text for number in (1, 2, 3, 99)]
    assert [page.count('class="dated"') for page in pages[:2]] == [60, 60]
    assert pages[2].count('class="dated"') == pages[3].count('class="dated"') < 60
    assert 'name="page" value="2"' in pages[0]


def test_who_may_not_keep_playbooks_reads_none_of_it(site: Site) -> None:
    for path in ("edit", "two-sites/versions", "two-sites/changes", "two-sites/1.0/edit", "two-sites/1.0/dates"):
        assert site.client("opm").get(f"/playbooks/{path}").status_code == 403
    assert site.client("").post("/playbooks/edit", data={"text": STARTER}).headers["location"] == "/sign-in"
