"""The pages of productivity: the worked example to its printed figures, forms, files, comparison, and who may not."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.models import ProductivityPeriod
from tests import cast as casting
from tests.actions.productivity.practice import MEASURED, Practice, example, made, practice
from tests.web.conftest import Site

ROOM = "/rollouts/two-sites/productivity"
ALDER = "/rollouts/two-sites/locations/alder/productivity"
SHEET = {
    "name": "Ann", "weekly": "36", "worked": "1", "kind": ["normal-day", "", ""], "times": ["44", "", ""],
    "hours": ["36", "", ""], "shared_by": ["", "", ""], "within": ["no", "no", "no"], "note": ["", "", ""],
}  # fmt: skip


@pytest.fixture
def site(bare_site: Site) -> Iterator[Site]:
    bare_site.cast = casting.running(bare_site.database)
    yield bare_site


@pytest.fixture
def known(site: Site) -> Practice:
    return made(site.database, site.cast)


def words(page: str) -> str:
    """What a reader sees."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def version(site: Site, period: int) -> str:
    with site.database.reading() as session:
        return str(session.get_one(ProductivityPeriod, period).version)


def brought(name: str, content: bytes | None = None) -> dict[str, Any]:
    return {"files": {"file": (f"{name}.csv", content if content is not None else example(name), "text/csv")}}


def test_the_worked_example_is_loaded_by_its_files_and_shows_its_printed_figures(site: Site) -> None:
    director, champion = site.client("dir"), site.client("chA")
    assert director.post(f"{ROOM}/values", **brought("values")).status_code == 303
    days = {"location": "alder", "first": "2026-01-01", "last": "2026-12-31", "full_time": "36"}
    page = champion.post(f"{ROOM}/periods", data=days).headers["location"]
    act = f"/productivity/{page.rsplit('/', 1)[1]}"
    shown = champion.post(f"{act}/worksheets", **brought("worksheets")).text
    assert "4 worksheets would be put" in words(shown)
    text = html.unescape(re.search(r'<textarea name="text"[^>]*>\n(.*?)</textarea>', shown, re.DOTALL)[1])  # type: ignore[index]
    put = champion.post(f"{act}/worksheets", data={"text": text, "shown": version(site, int(act[14:]))})
    assert put.status_code == 303, put.text
    assert champion.post(f"{act}/procedures", **brought("procedures")).status_code == 303
    waits = champion.get(page).text
    assert "Nothing of it counts yet" in words(waits)
    assert "No procedures are counted yet." in words(waits)
    upload = re.search(rf'action="({act}/procedures/\d+/counting)"', waits)
    assert upload is not None
    counted = {"version": version(site, int(act[14:]))}
    assert champion.post(upload[1], data=counted).status_code == 303
    said = words(champion.get(page).text)
    for figure in ("1,753", "5,259", "468", "5,727", "3.25", "1,618.63", "115,369.00", "55,302", "2.753", "20.14",
                   "0.847", "2.09", "4,102"):  # fmt: skip
        assert figure in said, figure
    assert "Full positions: 3 radiologists Available hours 5,259" in said
    assert "Committee and business meetings Within the working hours How it adds up 20 × 1 Total 20 Counts taken off" \
        " Available −20" in said  # fmt: skip
    assert "misprints 5,359" in said
    assert "Relative values of 1992; one year;" in said


def test_the_room_lists_periods_and_leads_to_them(site: Site, known: Practice) -> None:
    page = site.client("exe").get(ROOM).text
    assert f'href="{ALDER}/{known.period}"' in page
    assert "1 period at 1 centre." in words(page)
    assert "Work RVU 115,369 Values of 1992 Productivity 20.14 Availability 0.847 Intensity 2.09" in words(page)
    assert "Open a period" not in page
    assert 'href="/rollouts/two-sites/productivity" aria-current="page"' in page
    assert f'href="{ROOM}"' in site.client("chA").get("/rollouts/two-sites/rhythm").text


def test_whoever_does_not_work_there_reads_no_names(site: Site, known: Practice) -> None:
    page = words(site.client("exe").get(f"{ALDER}/{known.period}").text)
    assert "20.14" in page
    assert "Radiologist 4" in page
    assert "Associate" not in page
    assert "misprints" not in page
    assert "Keep" not in page
    assert "Associate" in site.client("chA").get(f"{ALDER}/{known.period}").text


def test_a_comparison_states_its_basis_and_warns(site: Site, known: Practice) -> None:
    with site.database.writing() as session:
        other = practice(session, site.cast, "birch", "dir").period
    client = site.client("opm")
    page = words(client.get(f"{ROOM}?period={known.period}&period={other}").text)
    assert "All of these rest on the same basis." in page
    assert "A, Alder, 2026" in page
    against = client.get(f"{ROOM}?period={known.period}&benchmark={known.benchmark}")
    said = words(against.text)
    assert "20.14: p50 to p75" in said
    assert "0.847: p25 to p50" in said
    assert "2.09: p75 or above" in said
    assert "All of these rest on the same basis." in said
    assert against.text.count('role="img"') == 3
    client.post(f"{ROOM}/values", **brought("values", example("values").replace(b"1992", b"1993")))
    with site.database.writing() as session:
        third = practice(session, site.cast, "birch", "dir", year=2025).period
    warned = words(client.get(f"{ROOM}?period={known.period}&period={third}").text)
    assert "These do not rest on the same basis." in warned
    assert "relative values of 1992 and of 1993" in warned


def test_a_worksheet_is_put_changed_and_removed(site: Site, known: Practice) -> None:
    client, act = site.client("chA"), f"/productivity/{known.period}"
    assert client.get(f"{act}/worksheets/new").status_code == 200
    answer = client.post(f"{act}/worksheets/new", data={**SHEET, "version": version(site, known.period)})
    assert answer.headers["location"] == f"{ALDER}/{known.period}#hours"
    page = client.get(f"{ALDER}/{known.period}").text
    own = re.search(rf'aria-label="Change the worksheet of Ann" href="({act}/worksheets/\d+)"', page)
    assert own is not None
    assert 'value="Ann"' in client.get(own[1]).text
    like = own[1].rsplit("/", 1)[1]
    assert 'value="44"' in client.get(f"{act}/worksheets/new?like={like}").text
    old = version(site, known.period)
    gone = client.post(f"{own[1]}/removal", data={"version": old})
    assert (gone.status_code, "worksheet of Ann" in client.get(f"{ALDER}/{known.period}").text) == (303, False)
    assert client.post(f"{own[1]}/removal", data={"version": old}).status_code == 303


def test_faults_of_a_worksheet_stand_beside_their_fields(site: Site, known: Practice) -> None:
    typed = {**SHEET, "weekly": "x", "times": ["many", "", ""], "version": version(site, known.period)}
    answer = site.client("chA").post(f"/productivity/{known.period}/worksheets/new", data=typed)
    assert answer.status_code == 422
    assert 'id="f-times-0-error"' in answer.text
    assert 'id="f-weekly-error"' in answer.text
    assert 'value="many"' in answer.text


def test_a_note_that_looks_like_a_patient_s_is_asked_about(site: Site, known: Practice) -> None:
    client, to = site.client("chA"), f"/productivity/{known.period}/worksheets/new"
    typed = {**SHEET, "note": ["MRN 12345678", "", ""], "version": version(site, known.period)}
    asked = client.post(to, data=typed)
    assert (asked.status_code, "looks like a patient" in asked.text) == (422, True)
    assert client.post(to, data={**typed, "no_patient": "yes"}).status_code == 303


def test_a_stale_worksheet_is_told_who_was_quicker(site: Site, known: Practice) -> None:
    old = version(site, known.period)
    to = f"/productivity/{known.period}/worksheets/new"
    assert site.client("dir").post(to, data={**SHEET, "version": old}).status_code == 303
    late = site.client("chA").post(to, data={**SHEET, "name": "Ben", "version": old})
    assert late.status_code == 409
    assert "Dana Whitfield added a worksheet of hours in the meantime." in words(late.text)
    assert 'value="Ben"' in late.text


@pytest.mark.parametrize("kind", ["values", "benchmarks"])
def test_a_file_for_the_network_is_refused_beside_its_field(site: Site, kind: str) -> None:
    client = site.client("dir")
    for given in (brought(kind, b"nothing,of,it\n"), {}):
        answer = client.post(f"{ROOM}/{kind}", **given)
        assert answer.status_code == 422
        assert f'id="f-{kind}-error"' in answer.text
    assert client.post(f"{ROOM}/benchmarks", **brought("benchmark")).headers["location"] == f"{ROOM}#benchmarks"


def test_procedures_are_refused_whole_or_show_what_is_passed_over(site: Site, known: Practice) -> None:
    client, act = site.client("chA"), f"/productivity/{known.period}"
    bad = client.post(f"{act}/procedures", **brought("procedures", b"patient\nx\n"))
    assert (bad.status_code, 'id="f-file-error"' in bad.text) == (422, True)
    client.post(f"{act}/procedures", **brought("p", b"code,modifier,quantity\n71010,,5\n71010,TC,5\nx,,1\n"))
    page = client.get(f"{ALDER}/{known.period}").text
    said = words(page)
    assert "3 lines, 5 procedures of 1 code" in said
    assert "1 line of the technical component is left out." in said
    assert "Row 4" in said
    assert "20.14" in said
    leave = re.search(rf'action="({act}/procedures/\d+/removal)">\s*<div', page)
    assert leave is not None
    for _ in range(2):
        assert client.post(leave[1]).status_code == 303
    assert "waits to be counted" not in client.get(f"{ALDER}/{known.period}").text


def test_what_a_period_rests_on_is_changed_and_it_is_taken_away(site: Site, known: Practice) -> None:
    client, act = site.client("chA"), f"/productivity/{known.period}"
    old = version(site, known.period)
    wrong = client.post(f"{act}/details", data={"full_time": "", "values": "", "version": old})
    assert (wrong.status_code, 'id="f-full_time-error"' in wrong.text) == (422, True)
    kept = client.post(f"{act}/details", data={"full_time": "36", "values": "", "version": old})
    assert kept.status_code == 303
    assert "No relative values are chosen" in client.get(f"{ALDER}/{known.period}").text
    stale = client.post(f"{act}/removal", data={"version": old})
    assert (stale.status_code, "in the meantime" in stale.text) == (409, True)
    assert client.post(f"{act}/removal", data={"version": version(site, known.period)}).headers["location"] == ROOM
    assert client.get(f"{ALDER}/{known.period}").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("chB", 404), ("exe", 403), ("cto", 403), ("ch0", 404), ("", 303)])
def test_who_may_not_is_refused_whatever_they_send(site: Site, known: Practice, who: str, status: int) -> None:
    client, act = site.client(who), f"/productivity/{known.period}"
    seen = {"version": "1"}
    for path, given in {
        f"{act}/details": {"data": {**seen, "full_time": "1"}},
        f"{act}/removal": {"data": seen},
        f"{act}/worksheets/new": {"data": {**seen, **SHEET}},
        f"{act}/worksheets": {"data": {"text": example("worksheets").decode(), "shown": "1"}},
        f"{act}/procedures": brought("procedures"),
        f"{act}/procedures/{known.upload}/counting": {"data": seen},
        f"{act}/procedures/{known.upload}/removal": {},
    }.items():
        assert client.post(path, **given).status_code == status, path
    network = {303: 303, 403: 403}.get(status, 404 if who == "ch0" else 403)
    for path in (f"{ROOM}/values", f"{ROOM}/benchmarks"):
        assert client.post(path, **brought("values")).status_code == network, path
    for path in (f"{ROOM}/values/{known.values}/removal", f"{ROOM}/benchmarks/{known.benchmark}/removal"):
        assert client.post(path).status_code == network, path
    begin = {"location": "alder", "first": "2025-01-01", "last": "2025-12-31", "full_time": "36"}
    assert client.post(f"{ROOM}/periods", data=begin).status_code == {"chB": 422}.get(who, status)


def test_the_figures_are_taken_over_into_the_metrics(bare_site: Site) -> None:
    site = bare_site
    site.cast = casting.running(site.database, MEASURED)
    period = made(site.database, site.cast).period
    client, to = site.client("chA"), f"/productivity/{period}/metrics"
    answer = client.post(to, data={"version": version(site, period)})
    assert answer.headers["location"] == f"{ALDER}/{period}?taken=yes#metrics"
    page = words(client.get(answer.headers["location"]).text)
    assert "Into the metrics" in page
    assert "Taken over. These figures stand among the metrics of the centre" in page
    assert client.post(to, data={"version": "1"}).status_code == 409
    for who, status in (("exe", 403), ("chB", 404), ("ch0", 404)):
        assert site.client(who).post(to, data={"version": "1"}).status_code == status


def test_another_place_s_period_is_not_found_at_this_one(site: Site, known: Practice) -> None:
    client = site.client("dir")
    assert client.get(f"{ALDER.replace('alder', 'birch')}/{known.period}").status_code == 404
    assert client.get(f"{ROOM}?period=999").status_code == 404
    assert site.client("chB").get(f"{ROOM}?period={known.period}").status_code == 404
