"""What is not compared is said beside every chart that is made from it: another baseline, another definition."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from app.models import Location, MetricPoint, MetricRollUp
from tests.actions.upgrades.versions import newer, upgraded, uploaded
from tests.measuring import sign
from tests.returning import RETURNING, THEN, Row, record
from tests.web.conftest import Site
from tests.web.metrics.test_return import ROOM, row_of, text_of

WHY = "The billing system had counted Sundays twice."
FIRST, LAST = date(2027, 1, 4), date(2027, 1, 10)
HOW = (
    "title: Days in receivables\n",
    "title: Days in receivables\n        how: Without Sundays.\n        definition: 2\n",
)


def test_a_baseline_that_was_replaced_says_why_beside_every_chart_made_from_it(returned: Site) -> None:
    with returned.database.writing() as session:
        record(session, returned.cast, [Row("alder", "ar-days", FIRST, LAST, Decimal("40"))], reason="Counted anew.")
        sign(session, returned.cast, "alder", who="dir", now=THEN, reason=WHY)
    director = returned.client("dir")
    place = director.get(f"{ROOM}/locations/alder/return").text
    assert f"Reason: {WHY}" in row_of(place, "ar-days")
    assert WHY not in row_of(place, "denial-rate")
    for address in ("return", "return/ar-days"):
        assert f"Alder: {WHY}" in text_of(director.get(f"{ROOM}/{address}").text)
    assert text_of(director.get(f"{ROOM}/return/ar-days").text).count("Baseline replaced on") == 1
    assert WHY not in text_of(director.get(f"{ROOM}/locations/birch/return").text)


def test_a_changed_definition_cuts_the_curve_and_is_said(returned: Site) -> None:
    cast, database = returned.cast, returned.database
    upgraded(database, cast, uploaded(database, cast, newer(HOW, of=RETURNING)), "", "alder", now=THEN)
    with database.writing() as session:
        assert session.get_one(Location, cast.locations["alder"]).playbook_version_id != cast.playbook
        record(session, cast, [Row("alder", "ar-days", date(2027, 5, 17), date(2027, 5, 17), Decimal("31"))])
    page = returned.client("dir").get(f"{ROOM}/locations/alder/return").text
    row = row_of(page, "ar-days")
    assert "Definition changed on 17 May 2027: what was read before is not compared." in row
    assert "no baseline" in row
    assert "Definition changed" not in row_of(page, "denial-rate")


def rolled_up(site: Site, metric: str) -> tuple[float | None, int, int]:
    with site.database.reading() as session:
        row = session.exec(select(MetricRollUp).where(MetricRollUp.metric == metric)).one()
        return row.baseline, row.places, row.otherwise


def points(site: Site, metric: str) -> dict[date, float]:
    with site.database.reading() as session:
        return {row.first: row.value for row in session.exec(select(MetricPoint).where(MetricPoint.metric == metric))}


def test_a_centre_under_another_definition_is_in_no_figure_of_all(returned: Site) -> None:
    cast, database = returned.cast, returned.database
    _, before, _ = rolled_up(returned, "ar-days")
    upgraded(database, cast, uploaded(database, cast, newer(HOW, of=RETURNING)), "alder", now=THEN)
    with database.writing() as session:
        record(session, cast, [Row("alder", "ar-days", date(2027, 5, 17), date(2027, 5, 17), Decimal("900"))])
    assert before == 4
    _, places, otherwise = rolled_up(returned, "ar-days")
    assert (places, otherwise > 0) == (3, True)
    assert date(2027, 5, 17) not in points(returned, "ar-days")
    assert "3 of 4 centres, not Alder" in row_of(returned.client("dir").get(f"{ROOM}/return").text, "ar-days")


def test_what_is_signed_of_all_moves_with_no_later_reading(returned: Site) -> None:
    """The exams weigh: they are signed too."""
    before = rolled_up(returned, "ar-days")[0]
    with returned.database.writing() as session:
        record(session, returned.cast, [Row("alder", "exams", FIRST, LAST, Decimal("9000"))], reason="Counted anew.")
    assert rolled_up(returned, "ar-days")[0] == before


def test_another_way_to_roll_up_makes_every_point_anew(returned: Site) -> None:
    cast, database = returned.cast, returned.database
    flow = RETURNING.index("title: Scheduling")
    text = RETURNING[:flow] + RETURNING[flow:].replace("roll_up: mean\n", "roll_up: sum\n", 1)
    before = points(returned, "utilisation")
    upgraded(database, cast, uploaded(database, cast, newer(of=text)), "", *cast.locations, now=THEN)
    after = points(returned, "utilisation")
    assert before.keys() == after.keys()
    assert after[FIRST] == pytest.approx(4 * before[FIRST])
