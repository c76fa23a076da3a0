"""The figures of a place: what is due, the form that takes several at once, and one metric with its corrections."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from sqlalchemy import event
from sqlmodel import col, select

from app.models import MetricReading
from tests.measuring import MONDAY, WEEK, of_week, read, read_all, two_weeks
from tests.web.conftest import Site

ROOM = "/rollouts/two-sites/figures"
ALDER = "/rollouts/two-sites/locations/alder/figures"
READINGS = "/rollouts/two-sites/locations/alder/readings"
FIRST = "2026-12-21..2026-12-27"
SECOND = "2026-12-28..2027-01-03"


def stored(site: Site) -> list[tuple[str, Decimal, str, str]]:
    with site.database.reading() as session:
        rows = session.exec(
            select(MetricReading).where(col(MetricReading.replaced_at).is_(None)).order_by(col(MetricReading.id))
        )
        return [(row.metric, row.value, row.note, row.reason) for row in rows]


def test_the_page_says_what_is_due_and_offers_it(measuring: Site) -> None:
    page = measuring.client("chA").get(ALDER).text
    assert "5 metrics wait for the figure of a period that is over." in re.sub(r"<.*?>", "", page)
    assert f'<option value="{SECOND}" selected>Week of 28 December 2026, 4 to enter</option>' in page
    assert "December 2026, 1 to enter" in page
    assert page.count('class="reading"') == 4
    for said in ("Days in receivables", "every week", "Site champion", "0 of 2 readings", "not captured"):
        assert said in page


def test_several_figures_of_one_period_are_entered_at_once(measuring: Site) -> None:
    client = measuring.client("chA")
    form = {"period": FIRST, "value-ar-days": "45.5", "size-ar-days": "120", "why-ar-days": "From the ledger",
            "value-denials": "8 %", "value-spend": "$1,200", "value-exams": ""}  # fmt: skip
    answer = client.post(READINGS, data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ALDER}?period={FIRST}&entered=3#readings")
    assert stored(measuring) == [
        ("ar-days", Decimal("45.5"), "From the ledger", ""), ("denials", Decimal(8), "", ""),
        ("spend", Decimal(1200), "", ""),
    ]  # fmt: skip
    page = client.get(f"{ALDER}?period={FIRST}&entered=3").text
    assert "3 figures were entered." in page
    assert 'value="45.5"' in page
    assert "45.5 days stands here." in page


def test_a_fault_stands_beside_its_field_and_everything_typed_is_kept(measuring: Site) -> None:
    form = {"period": FIRST, "value-ar-days": "4x", "value-denials": "120", "size-denials": "400", "value-spend": "7"}
    answer = measuring.client("chA").post(READINGS, data=form)
    assert answer.status_code == 422
    assert "“4x” is no figure: write 1,753.5 or 1753.5, with a point for decimals" in answer.text
    form["value-ar-days"] = "45"
    answer = measuring.client("chA").post(READINGS, data=form)
    assert answer.status_code == 422
    assert 'id="f-value-denials-error"' in answer.text
    assert "120 cannot be: the playbook accepts 0 .. 100." in answer.text
    for kept in ('value="120"', 'value="400"', 'value="7"', 'value="45"'):
        assert kept in answer.text
    assert stored(measuring) == []


def test_changing_a_figure_asks_why(measuring: Site) -> None:
    client = measuring.client("chA")
    client.post(READINGS, data={"period": FIRST, "value-ar-days": "45"})
    answer = client.post(READINGS, data={"period": FIRST, "value-ar-days": "44"})
    assert answer.status_code == 422
    assert 'id="f-why-ar-days-error"' in answer.text
    assert "45 stands there. Say why this figure takes its place." in answer.text
    client.post(READINGS, data={"period": FIRST, "value-ar-days": "44", "why-ar-days": "A late batch"})
    assert stored(measuring) == [("ar-days", Decimal(44), "", "A late batch")]


def test_a_name_in_a_note_is_asked_about_first(measuring: Site) -> None:
    form = {"period": FIRST, "value-ar-days": "45", "why-ar-days": "MRN 12345678 was missing"}
    answer = measuring.client("chA").post(READINGS, data=form)
    assert (answer.status_code, stored(measuring)) == (422, [])
    assert "looks like a patient" in answer.text
    assert measuring.client("chA").post(READINGS, data={**form, "no_patient": "yes"}).status_code == 303


def test_days_of_ones_own_may_be_chosen(measuring: Site) -> None:
    client = measuring.client("chA")
    page = client.get(f"{ALDER}?first=2026-12-24&last=2026-12-26").text
    assert '<option value="2026-12-24..2026-12-26" selected>24 December to 26 December 2026</option>' in page
    assert client.get(f"{ALDER}?first=2026-12-24&last=x").status_code == 422
    assert client.post(READINGS, data={"period": "x", "value-ar-days": "1"}).status_code == 422


def test_one_metric_shows_its_corrections_and_who_made_them(measuring: Site) -> None:
    client, address, entering = measuring.client("chA"), f"{ALDER}/ar-days", f"{READINGS}/ar-days"
    days = {"first": "2026-12-21", "last": "2026-12-27"}
    assert client.post(entering, data={**days, "value": "45"}).headers["location"] == address
    refused = client.post(entering, data={**days, "value": "44"})
    assert (refused.status_code, 'id="f-why-error"' in refused.text) == (422, True)
    assert client.post(entering, data={**days, "value": "44", "why": "A late batch"}).status_code == 303
    page = client.get(address).text
    for said in ("Corrected: A late batch", "<s>45 days</s>", "Chiara Amato, today 09:00", "Billing system",
                 "From the day of the exam to the day of the payment."):  # fmt: skip
        assert said in page
    correcting = client.get(f"{address}?first=2026-12-21&last=2026-12-27").text
    assert "Correct a figure" in correcting
    assert 'value="44"' in correcting


@pytest.mark.parametrize(("who", "status"), [("exe", 403), ("cto", 403), ("ch0", 404), ("chB", 404)])
def test_whoever_does_not_work_there_enters_nothing(measuring: Site, who: str, status: int) -> None:
    form = {"period": FIRST, "value-ar-days": "45"}
    assert measuring.client(who).post(READINGS, data=form).status_code == status
    assert stored(measuring) == []


def test_an_executive_reads_the_figures_and_not_the_texts(measuring: Site) -> None:
    with measuring.database.writing() as session:
        read(session, measuring.cast, of_week("ar-days", 45, note="From the ledger"))
    page = measuring.client("exe").get(ALDER)
    assert (page.status_code, "reading__title" in page.text) == (200, False)
    page = measuring.client("exe").get(f"{ALDER}/ar-days").text
    assert "45 days" in page
    assert "From the ledger" not in page


def test_the_network_has_figures_of_its_own(measuring: Site) -> None:
    address, entering = (f"/rollouts/two-sites/locations/network/{word}" for word in ("figures", "readings"))
    page = measuring.client("dir").get(address).text
    assert "Time to launch" in page
    assert "Days in receivables" not in page
    days = {"first": "2026-12-01", "last": "2026-12-31", "value": "30"}
    assert measuring.client("dir").post(f"{entering}/launch-time", data=days).status_code == 303
    assert measuring.client("chA").get(f"{address}/launch-time").status_code == 200
    assert measuring.client("chA").get(f"{address}/nothing").status_code == 404


def test_the_room_says_of_each_place_what_is_captured(measuring: Site) -> None:
    with measuring.database.writing() as session:
        read_all(session, measuring.cast, two_weeks())
    page = measuring.client("dir").get(ROOM).text
    assert "0 of 2 baselines are signed and frozen." in re.sub(r"<.*?>", "", page)
    assert "5 of 5" in page
    assert "Ready to sign" in page
    assert "0 of 5" in page
    assert "Birch" not in measuring.client("chA").get(ROOM).text
    for address in ("/rollouts/two-sites/rhythm", "/rollouts/two-sites/locations/alder"):
        assert 'href="/rollouts/two-sites' in (found := measuring.client("dir").get(address).text)
        assert ">Figures</a>" in found
    assert "entered figures" in measuring.client("chA").get("/rollouts/two-sites/locations/alder").text


def test_the_number_of_queries_does_not_grow_with_places_and_readings(measuring: Site) -> None:
    client, asked, numbers = measuring.client("dir"), [], []
    for given in ([of_week("ar-days", 45)], [*two_weeks(), *two_weeks("birch")]):
        with measuring.database.writing() as session:
            read_all(session, measuring.cast, given)
        for address in (ROOM, f"{ALDER}?period={FIRST}", f"{ALDER}/ar-days"):
            client.get(address)
    event.listen(measuring.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for given in ([of_week("downtime", 3)], [of_week(m, 3, MONDAY - n * WEEK) for m in ("ar-days", "spend")
                                             for n in range(1, 4)]):  # fmt: skip
        with measuring.database.writing() as session:
            read_all(session, measuring.cast, given)
        for address in (ROOM, f"{ALDER}?period={FIRST}", f"{ALDER}/ar-days"):
            asked.clear()
            client.get(address)
            numbers.append(len(asked))
    assert numbers[:3] == numbers[3:]
