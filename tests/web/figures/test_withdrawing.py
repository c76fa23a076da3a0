"""A figure over wrong days is taken out on the page of its metric, and the page keeps it."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from app.models import MetricReading, Rollout
from tests.cast import NOW
from tests.measuring import of_week, read
from tests.web.conftest import Site

PLACE = "/rollouts/two-sites/locations/alder"
PAGE = f"{PLACE}/figures/ar-days"


def entered(site: Site) -> str:
    """The address at which the one figure of Alder is taken out."""
    with site.database.writing() as session:
        return f"{PLACE}/readings/ar-days/{read(session, site.cast, of_week('ar-days', 45)).id}/withdrawal"


def test_a_figure_is_taken_out_with_a_reason_and_stays_on_the_page(measuring: Site) -> None:
    address, client = entered(measuring), measuring.client("chA")
    assert f'action="{address}"' in client.get(PAGE).text
    faulty = client.post(address, data={"reason": " "})
    assert (faulty.status_code, "Say something here." in faulty.text) == (422, True)
    assert '<details class="fold" open>' in faulty.text
    asked = client.post(address, data={"reason": "MRN 12345678 was counted"})
    assert (asked.status_code, "looks like a patient" in asked.text) == (422, True)
    for _ in range(2):
        answer = client.post(address, data={"reason": "The month, not the week"})
        assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    page = client.get(PAGE).text
    assert address not in page
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "Taken out by Chiara Amato, today 09:00 : The month, not the week" in words or (
        "Taken out by Chiara Amato, today 09:00: The month, not the week" in words
    )
    assert "<s>45 days</s>" in page
    assert "The month, not the week" not in measuring.client("exe").get(PAGE).text
    again = {"first": "2026-12-21", "last": "2026-12-27", "value": "44"}
    assert client.post(f"{PLACE}/readings/ar-days", data=again).status_code == 303
    assert "44 days" in client.get(PAGE).text


@pytest.mark.parametrize(("who", "status"), [("exe", 403), ("cto", 403), ("ch0", 404), ("chB", 404)])
def test_whoever_enters_nothing_there_takes_nothing_out(measuring: Site, who: str, status: int) -> None:
    address = entered(measuring)
    assert measuring.client(who).post(address, data={"reason": "No."}).status_code == status
    with measuring.database.reading() as session:
        assert session.exec(select(MetricReading)).one().replaced_at is None


def test_an_address_of_another_place_or_metric_finds_nothing(measuring: Site) -> None:
    address, client = entered(measuring), measuring.client("dir")
    for other in (
        address.replace("alder", "birch"),
        address.replace("ar-days", "exams"),
        address.replace("/1/", "/9/"),
    ):
        assert client.post(other, data={"reason": "No."}).status_code == 404


def test_a_closed_rollout_keeps_its_figures(measuring: Site) -> None:
    address = entered(measuring)
    with measuring.database.writing() as session:
        session.get_one(Rollout, measuring.cast.rollout).closed_at = NOW
    answer = measuring.client("dir").post(address, data={"reason": "No."})
    assert (answer.status_code, "This rollout is closed." in answer.text) == (409, True)
    assert address not in answer.text
