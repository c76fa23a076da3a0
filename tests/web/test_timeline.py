"""The plan as a timeline: folded to places, a place with its tasks, arrows, and filters in the address."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.cast import NOW
from tests.web.conftest import Site

PATH = "/rollouts/two-sites/plan/timeline"


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def rows(page: str) -> list[str]:
    return re.findall(r'<li class="bar-row" id="([^"]+)"', page)


def test_the_rollout_is_folded_to_its_places(site: Site) -> None:
    page = site.client("dir").get(PATH).text
    assert rows(page) == ["row-network", "row-at-alder", "row-at-birch"]
    assert "The end still holds: Tuesday 2 February." in words(page)
    assert page.count("bar-row__gate") == 2
    assert page.count("bar-row__flag") == 2
    assert " style=" not in page


def test_one_person_of_a_place_sees_no_other(site: Site) -> None:
    page = site.client("chA").get(PATH).text
    assert rows(page) == ["row-network", "row-at-alder"]
    assert "Birch" not in page
    assert rows(site.client("chA").get(f"{PATH}?location=birch").text) == []


def test_a_place_shows_its_tasks_and_what_they_wait_for(site: Site) -> None:
    client, task = site.client("dir"), site.task("migration")
    page = client.get(f"{PATH}?location=alder").text
    assert f"row-{task}" in rows(page)
    assert "bar-row__wire" not in page
    chosen = client.get(f"{PATH}?location=alder&entry={task}").text
    assert chosen.count('class="bar-row__tip"') == 1
    assert chosen.count("data-selected") == 1
    assert "Waits for Label printers and scanners work, Photograph the server room" in words(chosen)


def test_the_longest_chain_is_underlined_and_told(site: Site) -> None:
    page = site.client("dir").get(f"{PATH}?location=alder").text
    assert page.count("bar-row__chain") == 2
    assert "Longest chain: 2 tasks" in page
    assert "it ends with “Migration test”" in words(page)


def test_what_falls_late_is_told_and_drawn(site: Site) -> None:
    site.now = NOW + timedelta(days=14)
    page = site.client("dir").get(f"{PATH}?location=alder").text
    assert "tasks are late or blocked at Alder." in words(page)
    assert page.count('<li class="bar-row" id="row-') == 8
    assert page.count("days late<") == 12
    assert "0 of 7 done, 6 late" in words(site.client("dir").get(PATH).text)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("location=alder&q=scanners", 1),
        ("location=alder&state=done", 0),
        ("location=alder&workstream=none", 1),
        ("location=alder&critical=yes", 1),
        ("location=nowhere", 0),
        ("location=shared", 1),
    ],
)
def test_the_filters_of_the_list_hold_here_too(site: Site, query: str, number: int) -> None:
    page = site.client("dir").get(f"{PATH}?{query}").text
    assert len([row for row in rows(page) if re.fullmatch(r"row-\d+", row)]) == number


def test_the_state_folds_only_what_it_picks(site: Site) -> None:
    client = site.client("dir")
    assert rows(client.get(f"{PATH}?state=wait").text) == ["row-at-alder", "row-at-birch"]
    assert "1 done" not in client.get(f"{PATH}?state=late").text


def test_the_weeks_of_the_address_are_those_that_are_drawn(site: Site) -> None:
    page = site.client("dir").get(f"{PATH}?location=alder&from=2&to=3").text
    assert "Weeks 2 to 3" in page
    assert page.count('class="gantt__week"') == 3
    assert site.client("dir").get(f"{PATH}?from=99&to=-1").status_code == 200
    assert site.client("dir").get(f"{PATH}?from=x").status_code == 200


def test_a_moved_date_keeps_the_line_of_the_first_plan(site: Site) -> None:
    from sqlmodel import Session

    from app.models import Task

    with site.database.writing() as session:
        assert isinstance(session, Session)
        row = session.get_one(Task, site.task("scanners"))
        assert row.due is not None
        row.due += timedelta(days=3)
    page = site.client("dir").get(f"{PATH}?location=alder").text
    assert page.count('class="bar-row__base"') == 1


def test_before_the_start_there_is_no_timeline(draft_site: Site) -> None:
    answer = draft_site.client("dir").get(PATH)
    assert answer.headers["location"] == "/rollouts/two-sites/progress"
