"""The boards of issues: what they count, recounted from the issues themselves, and who sees what of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event

from app.actions.issues.reporting import report_issue
from app.actions.issues.solving import resolve_issue
from app.actions.issues.talking import same_elsewhere
from app.models import Issue
from tests.web.conftest import Site

BASE = "/rollouts/two-sites/issues"
PRINTER = "Label printer prints nothing"


def report(site: Site, title: str, place: str = "alder", severity: str = "", kind: str = "", hours: float = 0) -> int:
    """An issue that was opened so many hours ago."""
    at = site.now - timedelta(hours=hours)
    with site.database.writing() as session:
        location = site.cast.locations[place] if place else None
        by = site.cast.viewer(session, "dir", at)
        made = report_issue(
            session, site.cast.rollout, location_id=location, title=title, severity=severity, kind=kind, by=by, now=at
        )
        return made.id or 0


def solve(site: Site, issue: int, cause: str, hours: float = 0) -> None:
    at = site.now - timedelta(hours=hours)
    with site.database.writing() as session:
        row, by = session.get_one(Issue, issue), site.cast.viewer(session, "opm", at)
        resolve_issue(session, issue, cause=cause, fix="Done", seen=row.version, by=by, now=at)


@pytest.fixture
def busy(site: Site) -> Site:
    """Alder: one critical out of time, one solved in time, one solved late. Birch: one open like one at Alder."""
    report(site, "Nobody can register", severity="critical", kind="defect", hours=5)
    solve(site, report(site, "Scanner silent", severity="critical", kind="defect", hours=4), "Old printer driver", 1)
    solve(site, report(site, "Screens dark", severity="critical", kind="defect", hours=9), "The driver was old", 1)
    report(site, PRINTER, severity="normal", kind="defect", hours=2)
    other = report(site, "The label printers print nothing here", "birch", "normal", "defect", hours=1)
    network = report(site, "The line is slow", "", "normal", hours=1)
    with site.database.writing() as session:
        by = site.cast.viewer(session, "opm")
        same_elsewhere(session, network, location_id=site.cast.locations["birch"], by=by, now=site.now)
    assert other != network
    return site


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2].partition(">")[2])).strip()


def rows_of(page: str, section: str) -> list[str]:
    part = page.partition(f'id="{section}"')[2].partition("</section>")[0]
    rows = re.findall(r"<tr role=\"row\">(?:(?!</tr>).)*</tr>", part, re.DOTALL)
    return [text_of(f"<main>{row}") for row in rows[1:]]


def test_the_top_ten_stands_by_severity_times_age(busy: Site) -> None:
    page = busy.client("dir").get(f"{BASE}/top").text
    order = [page.index(title) for title in ("Nobody can register", PRINTER, "The label printers", "The line is slow")]
    assert order == sorted(order)
    assert "Four issues to talk about; one is out of time ." in text_of(page)
    assert "1 h 00 over".replace(" h", "\u00a0h") in page
    assert "Screens dark" not in page


def test_the_top_ten_is_a_pdf_too(busy: Site) -> None:
    client = busy.client("dir")
    for paper in ("a4", "us-letter"):
        made = client.get(f"{BASE}/top/pdf?paper={paper}")
        assert (made.headers["content-type"], made.content[:5]) == ("application/pdf", b"%PDF-")
        assert made.content == client.get(f"{BASE}/top/pdf?paper={paper}").content
    report(busy, '#read("/etc/passwd") *bold* $x$ <b> \u4e2d', hours=1)
    assert client.get(f"{BASE}/top/pdf").content[:5] == b"%PDF-"


def test_promises_are_counted_with_the_issues_behind_every_figure(busy: Site) -> None:
    page = busy.client("dir").get(f"{BASE}/promises").text
    assert "Solved within the time promised: 1 of 3 , 33%." in text_of(page)
    assert rows_of(page, "places") == [
        "Alder Solved in time 1 of 3, 33% Out of time #1 #3 In time #2 Not decided #4",
        "Birch Solved in time none decided yet Out of time In time Not decided #5",
        "The whole network Solved in time none decided yet Out of time In time Not decided #6",
    ]
    assert rows_of(page, "waves") == [
        "Pilot Solved in time 1 of 3, 33% Out of time #1 #3 In time #2 Not decided #4 #5"]  # fmt: skip
    assert len(rows_of(page, "weeks")) == 1
    for number in range(1, 7):
        assert f'<a href="/issues/{number}">#{number}</a>' in page


def test_without_issues_nothing_is_a_hundred_percent(site: Site) -> None:
    page = site.client("dir").get(f"{BASE}/promises").text
    assert "No issue has been decided yet." in page
    assert page.count("no issues") == 3
    assert "100%." not in page.replace("100% is all of them.", "")
    for board, words in (("top", "Nothing is open"), ("causes", "Nothing has been reported yet")):
        assert words in site.client("dir").get(f"{BASE}/{board}").text


def test_causes_show_the_heat_the_words_and_the_same_elsewhere(busy: Site) -> None:
    page = busy.client("dir").get(f"{BASE}/causes").text
    assert "Most often: Defect at Alder, 4 of 6." in text_of(page)
    assert 'aria-label="Defect, Alder: 4 issues, 2 open"' in page
    assert "location=alder&amp;state=all&amp;kind=defect" in page
    words = page.partition('id="words"')[2].partition("</section>")[0]
    assert re.findall(r"rowheader\">(\w+)<", words) == ["driver", "old"]
    same = text_of("<main>" + page.partition('id="same"')[2])
    for told in (
        PRINTER,
        "The label printers print nothing here",
        "The line is slow The whole network : also at Birch",
    ):
        assert told in same


def test_a_champion_sees_the_own_location_and_the_network_alone(busy: Site) -> None:
    client = busy.client("chB")
    for board in ("top", "promises", "causes"):
        page = client.get(f"{BASE}/{board}").text
        assert not any(told in page for told in ("Alder", "Nobody can register", PRINTER, "driver", '/issues/1"'))
    assert "Two issues to talk about" in client.get(f"{BASE}/top").text
    assert [row.split()[0] for row in rows_of(client.get(f"{BASE}/promises").text, "places")] == ["Birch", "The"]


def test_an_executive_reads_no_words_of_causes(busy: Site) -> None:
    page = busy.client("exe").get(f"{BASE}/causes").text
    assert "Defect, Alder: 4 issues" in page
    assert "driver" not in page


@pytest.mark.parametrize("board", ["top", "promises", "causes"])
def test_a_board_asks_as_often_for_three_issues_as_for_nine(site: Site, board: str) -> None:
    counts = []
    for _ in range(2):
        for number in range(3 * (1 + 2 * len(counts))):
            solve(site, report(site, f"Trouble {number}", hours=2), "A loose cable", 1)
            report(site, f"Label printer {number}", ("alder", "birch")[number % 2], kind="defect", hours=1)
        counts.append(_queries(site, f"{BASE}/{board}"))
    assert counts[0] == counts[1]


def _queries(site: Site, address: str) -> int:
    client = site.client("dir")
    client.get("/rollouts")
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(site.database.engine, "before_cursor_execute", note)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(site.database.engine, "before_cursor_execute", note)
    return sum(statement.startswith("SELECT") for statement in seen)
