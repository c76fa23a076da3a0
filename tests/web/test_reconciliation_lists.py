"""The days of a place and of the network, and counts from a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from app.actions.locations.pauses import pause_location
from app.models import ReconciliationCount
from app.worker.occasions import miss
from tests import cast as casting
from tests.reconciling import RECONCILED, TODAY, close_day, count_day, given, occasion
from tests.web.conftest import Site

HEAD = "location,entry,day,line,left,right,answer,reason\n"
LIST = "/rollouts/two-sites/reconciliation"
ALDER = "/rollouts/two-sites/locations/alder/reconciliation"
LATER = datetime(2027, 1, 20, 15, tzinfo=UTC)
"""Wednesday of week 3."""


@pytest.fixture
def counting(bare_site: Site) -> Iterator[Site]:
    """Two weeks have gone: at Alder a clean day, a variance, a missed one and one that waits; Birch stands still."""
    bare_site.cast = casting.running(bare_site.database, RECONCILED)
    with bare_site.database.writing() as session:
        cast = bare_site.cast
        pause_location(
            session, cast.locations["birch"], reason="Flooded", by=cast.viewer(session, "dir"), now=at(TODAY)
        )
        close_day(
            session, cast, occasion(session, cast), given(claims=("412", "300"), claims_reason="Batch"), now=at(TODAY)
        )
        for day in (date(2027, 1, 6), date(2027, 1, 7)):
            close_day(session, cast, occasion(session, cast, day=day), now=at(day))
        count_day(session, cast, occasion(session, cast, day=date(2027, 1, 8)), now=at(date(2027, 1, 8)))
    bare_site.now = LATER
    yield bare_site


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 20, tzinfo=UTC)


def test_the_calendar_shows_each_day_and_why_the_place_was_closed(counting: Site) -> None:
    with counting.database.writing() as session:
        miss(session, LATER)
    page = counting.client("chA").get(ALDER).text
    # 18 January is a holiday; 11 to 19 January were missed, the 20th is open.
    assert page.count('<span class="days__word">Missed<') == 6
    assert "Martin Luther King" in page
    assert "3 of 11 days at Alder are closed" in page
    assert "1 waits for review" in page
    assert "No run of clean days now" in page
    assert page.count("data-today") == 1
    assert "Chiara Amato" in page
    assert "Omar Haddad" in page


def test_the_window_moves_by_five_weeks(counting: Site) -> None:
    client = counting.client("chA")
    first = client.get(ALDER).text
    assert "Five weeks before" not in first
    assert f'href="{ALDER}?until=2027-03-14"' in first
    later = client.get(f"{ALDER}?until=2027-03-14").text
    assert "15 Feb" in later
    assert f'href="{ALDER}?until=2027-02-07"' in later
    assert "Five weeks after" not in later
    assert client.get(f"{ALDER}?until=soon").status_code == 422
    assert client.get(ALDER.replace("alder", "birch")).status_code == 404


def test_a_line_for_each_place_with_its_strip(counting: Site) -> None:
    with counting.database.writing() as session:
        miss(session, LATER)
    page = counting.client("opm").get(LIST).text
    assert "3 of 11 days of the last three weeks are closed" in page
    assert "1 day waits for a second person." in page
    assert page.count("days__marks") == 1
    assert "none asked for" in page
    assert 'aria-label="Alder: 3 of 11 closed, 1 with variance, 6 missed, 1 waits for review"' in page
    assert "stands still" in page
    alone = counting.client("chA").get(LIST).text
    assert "Birch" not in alone


def test_the_whole_network_has_a_page_too(counting: Site) -> None:
    page = counting.client("opm").get(ALDER.replace("alder", "network"))
    assert page.status_code == 200
    assert "The playbook asks for no counts there." in page.text


def upload(site: Site, text: str, who: str = "opm", where: str = "") -> tuple[int, str]:
    files = {"file": ("counts.csv", (HEAD + text).encode(), "text/csv")}
    answer = site.client(who).post(f"{LIST}/file{where}", files=files)
    return answer.status_code, answer.text


def entered(site: Site) -> int:
    with site.database.reading() as session:
        return len(session.exec(select(ReconciliationCount).where(ReconciliationCount.source == "file")).all())


def between(text: str, first: str, last: str) -> str:
    return text.partition(first)[2].partition(last)[0]


def test_a_file_is_shown_first_and_entered_then(counting: Site) -> None:
    day = "alder,daily,2027-01-20"
    rows = f"{day},claims,1,1,,\n{day},cash,2,3,,Coin\n{day},link,,,pass,\n"
    status, shown = upload(counting, rows, where="?location=alder")
    assert (status, "3 lines of 1 day would be entered." in shown, entered(counting)) == (200, True, 0)
    fields = {"text": HEAD + rows, "shown": between(shown, 'name="shown" value="', '"'), "whole": "yes"}
    answer = counting.client("opm").post(f"{LIST}/file?location=alder", data=fields)
    assert (answer.status_code, answer.headers["location"], entered(counting)) == (303, ALDER, 3)
    again = counting.client("opm").post(f"{LIST}/file", data=fields)
    assert "Everything in this file stands already." in again.text


def test_one_faulty_row_is_said_and_nothing_is_entered(counting: Site) -> None:
    status, shown = upload(counting, "alder,daily,2027-01-20,claims,1,1,,\nalder,daily,2027-01-05,cash,2,3,,\n")
    assert (status, "This day is closed." in shown, "Enter 1" in shown) == (422, True, False)
    fields = {"text": HEAD + "alder,daily,2027-01-05,cash,2,3,,\n", "shown": "x"}
    assert counting.client("opm").post(f"{LIST}/file", data=fields).status_code == 422
    assert entered(counting) == 0


def test_what_is_no_table_and_what_looks_like_a_patients_is_refused(counting: Site) -> None:
    files = {"file": ("counts.csv", b"hello", "text/csv")}
    answer = counting.client("opm").post(f"{LIST}/file", files=files)
    assert (answer.status_code, "The heading lacks location" in answer.text) == (422, True)
    rows = "alder,daily,2027-01-20,cash,2,3,,MRN 00123456 twice\n"
    _, shown = upload(counting, rows)
    assert "looks like" in shown
    fields = {"text": HEAD + rows, "shown": between(shown, 'name="shown" value="', '"')}
    assert counting.client("opm").post(f"{LIST}/file", data=fields).status_code == 422
    assert entered(counting) == 0
    answer = counting.client("opm").post(f"{LIST}/file", data={**fields, "no_patient": "yes"})
    assert (answer.status_code, entered(counting)) == (303, 1)


def test_the_template_lists_what_is_open_now(counting: Site) -> None:
    answer = counting.client("chA").get(f"{LIST}/template?location=alder")
    assert answer.text.splitlines() == [
        HEAD.strip(),
        "alder,daily,2027-01-20,claims,,,,",
        "alder,daily,2027-01-20,cash,,,,",
        "alder,daily,2027-01-20,link,,,,",
    ]
    assert counting.client("chA").get(f"{LIST}/template?location=birch").status_code == 404


def test_who_counts_nothing_has_no_file_to_choose(counting: Site) -> None:
    assert counting.client("exe").get(f"{LIST}/file").status_code == 403
    assert "Counts from a file" not in counting.client("exe").get(LIST).text
    assert "Counts from a file" in counting.client("chA").get(LIST).text
