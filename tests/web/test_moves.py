"""Moving over HTTP: the preview names what moves and who is told, the step does it, and both refuse what they must."""

from __future__ import annotations

import re

import pytest

from app.models import Location, Task
from tests import cast as casting
from tests.actions.test_moves import CHAINED
from tests.web.conftest import Site


@pytest.fixture
def chained(bare_site: Site) -> Site:
    bare_site.cast = casting.running(bare_site.database, CHAINED)
    return bare_site


def shown(page: str) -> str:
    found = re.search(r'name="shown" value="([0-9a-f]+)"', page)
    assert found, page
    return found[1]


def due(site: Site, entry: str) -> str:
    with site.database.reading() as session:
        return str(site.cast.task(session, entry).due)


def test_a_task_is_moved_in_two_steps(chained: Site) -> None:
    task, director = chained.task("scanners"), chained.client("dir")
    page = director.get(f"/tasks/{task}/move?due=2027-01-20").text
    assert "4 dates move; 3 people are told." in page
    assert "Order labels" in page
    assert "Chiara Amato" in page
    assert due(chained, "scanners") == "2027-01-15"
    form = {"due": "2027-01-20", "reason": "No engineer before.", "shown": shown(page)}
    assert director.post(f"/tasks/{task}/move", data=form).headers["location"] == f"/tasks/{task}"
    assert (due(chained, "scanners"), due(chained, "labels")) == ("2027-01-20", "2027-01-25")
    assert "No engineer before." in chained.client("chA").get(f"/tasks/{task}").text


def test_a_preview_that_is_no_longer_so_is_shown_anew_and_nothing_moves(chained: Site) -> None:
    task, director = chained.task("scanners"), chained.client("dir")
    form = {"due": "2027-01-20", "reason": "x", "shown": shown(director.get(f"/tasks/{task}/move?due=2027-01-20").text)}
    labels = chained.task("labels")
    chained.client("chA").post(f"/tasks/{labels}/completion", data={"version": "1"})
    answer = director.post(f"/tasks/{task}/move", data=form)
    assert answer.status_code == 409
    assert "The plan has changed since you looked." in answer.text
    assert due(chained, "scanners") == "2027-01-15"
    again = {**form, "shown": shown(answer.text)}
    assert director.post(f"/tasks/{task}/move", data=again).status_code == 303


def test_a_reason_is_wanted_and_what_was_chosen_is_kept(chained: Site) -> None:
    task, director = chained.task("scanners"), chained.client("dir")
    form = {"due": "2027-01-20", "reason": " ", "shown": shown(director.get(f"/tasks/{task}/move?due=2027-01-20").text)}
    answer = director.post(f"/tasks/{task}/move", data=form)
    assert answer.status_code == 422
    assert 'value="2027-01-20"' in answer.text
    assert due(chained, "scanners") == "2027-01-15"


def test_a_cutover_is_moved_in_two_steps_and_back(chained: Site) -> None:
    address, director = "/rollouts/two-sites/locations/alder/cutover", chained.client("dir")
    page = director.get(f"{address}?day=2027-02-15&time=07:00").text
    assert "Alder: Mon 8 Feb, 07:00 Central becomes Mon 15 Feb, 07:00 Central" in page
    form = {"day": "2027-02-15", "time": "07:00", "reason": "Snow.", "shown": shown(page)}
    assert director.post(address, data=form).status_code == 303
    assert due(chained, "migration") == "2027-02-09"
    page = director.get(f"{address}?back=yes").text
    assert director.post(address, data={"back": "yes", "reason": "No snow.", "shown": shown(page)}).status_code == 303
    with chained.database.reading() as session:
        place = session.get_one(Location, chained.cast.locations["alder"])
        assert (place.cutover, place.cutover_at) == (None, place.first_cutover_at)
        assert (
            session.get_one(Task, chained.task("migration")).due
            == session.get_one(Task, chained.task("migration")).first_due
        )


@pytest.mark.parametrize("query", ["day=2027-02-31&time=07:00", "day=x&time=y", "day=2027-02-15&time=7"])
def test_a_day_or_time_that_is_none_is_said_beside_its_field(chained: Site, query: str) -> None:
    answer = chained.client("dir").get(f"/rollouts/two-sites/locations/alder/cutover?{query}")
    assert answer.status_code == 422
    assert "Write a day and a time" in answer.text


def test_who_may_not_move_sees_no_page_for_it(chained: Site) -> None:
    task = chained.task("scanners")
    for who, status in (("chA", 403), ("itl", 403), ("exe", 403), ("chB", 404), ("adm", 404)):
        assert chained.client(who).get(f"/tasks/{task}/move").status_code == status
        assert chained.client(who).post(f"/tasks/{task}/move", data={"due": "2027-01-20"}).status_code == status
