"""Help-desk links over the API: made, renewed of the version seen, ended, and printed."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import Programs
from tests.web.conftest import SAME_SITE

R = "/rollouts/two-sites"
DESK = f"{R}/locations/alder/help-desk"


def opens(programs: Programs, link: str) -> int:
    """What somebody without an account gets who scans it."""
    return TestClient(programs.site.app).get(link.removeprefix("http://testserver")).status_code


def test_a_link_is_made_renewed_and_ended(programs: Programs) -> None:
    none, seen = programs.read("opm", DESK)
    assert (none["link"], none["by"], none["poster"], none["reports"]) == (None, None, None, 0)
    assert programs("opm").put(DESK).status_code == 428
    made = programs("opm").put(DESK, headers=seen)
    first = made.json()
    assert (made.status_code, first["by"], opens(programs, first["link"])) == (200, "Omar Haddad", 200)
    late = programs("dir").put(DESK, headers=seen)
    assert (late.status_code, late.json()["who"]) == (412, "Omar Haddad")
    assert late.json()["etag"] == made.headers["etag"]
    renewed = programs("dir").put(DESK, headers={"If-Match": made.headers["etag"]})
    second = renewed.json()["link"]
    assert (opens(programs, first["link"]), opens(programs, second)) == (404, 200)
    assert programs("opm").delete(DESK, headers={"If-Match": made.headers["etag"]}).status_code == 412
    ended = programs("opm").delete(DESK, headers={"If-Match": renewed.headers["etag"]})
    assert (ended.status_code, ended.json()["link"], opens(programs, second)) == (200, None, 404)
    assert programs("opm").delete(DESK, headers={"If-Match": renewed.headers["etag"]}).status_code == 200


def test_the_links_of_a_rollout_are_listed_in_pages(programs: Programs) -> None:
    assert programs("dir").get(f"{R}/help-desks").json() == {"items": [], "next": None}
    for place in ("alder", "birch"):
        path = f"{R}/locations/{place}/help-desk"
        assert programs("dir").put(path, headers=programs.read("dir", path)[1]).status_code == 200
    first = programs("dir").get(f"{R}/help-desks?limit=1").json()
    rest = programs("dir").get(first["next"].removeprefix("/api/v1")).json()
    shown = [*first["items"], *rest["items"]]
    assert [one["location"] for one in shown] == ["alder", "birch"]
    assert shown[0]["link"] == programs.read("dir", DESK)[0]["link"]


def test_reports_from_outside_are_counted_and_who_hears_is_named(programs: Programs) -> None:
    _, seen = programs.read("dir", DESK)
    link = programs("dir").put(DESK, headers=seen).json()["link"].removeprefix("http://testserver")
    form = {"title": "No images", "details": "", "name": "Kim", "reach": "Room 3", "mark": "one"}
    sent = TestClient(programs.site.app, headers=SAME_SITE).post(link, data=form)
    assert sent.status_code == 200, sent.text
    shown, _ = programs.read("dir", DESK)
    assert (shown["reports"], shown["last_at"]) == (1, "2027-01-05T15:00:00Z")
    assert [one["role"] for one in shown["staffed"] if "Chiara Amato" in one["people"]]
    (issue,) = programs("dir").get(f"{R}/issues").json()["items"]
    assert issue["source"] == "help desk"


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_the_poster_is_a_download(programs: Programs, paper: str) -> None:
    poster = f"{DESK}/poster"
    assert programs("dir").get(poster).status_code == 404
    _, seen = programs.read("dir", DESK)
    made = programs("dir").put(DESK, headers=seen).json()
    found = programs("dir").get(f"{made['poster'].removeprefix('/api/v1')}?paper={paper}")
    assert (found.headers["content-type"], found.content[:5]) == ("application/pdf", b"%PDF-")
    assert found.headers["content-disposition"] == 'attachment; filename="help-desk-alder.pdf"'
    known = {"If-None-Match": found.headers["etag"]}
    assert programs("dir").get(f"{poster}?paper={paper}", headers=known).status_code == 304
    assert programs("dir").get(f"{poster}?paper=a0").status_code == 400


def test_who_does_not_manage_there_gets_no_link(programs: Programs) -> None:
    _, seen = programs.read("dir", DESK)
    programs("dir").put(DESK, headers=seen)
    for who, status in (("chA", 403), ("itl", 403), ("exe", 403), ("ch0", 404)):
        answers = [programs(who).request(method, DESK, headers=seen) for method in ("GET", "PUT", "DELETE")]
        assert [one.status_code for one in answers] == [status] * 3
        assert programs(who).get(f"{R}/help-desks").status_code == status
    reader = programs("dir", reads_only=True)
    assert (reader.get(DESK).status_code, reader.put(DESK, headers=seen).status_code) == (200, 403)


def test_in_a_draft_there_is_nothing_to_report_to(drafting: Programs) -> None:
    _, seen = drafting.read("dir", DESK)
    assert drafting("dir").put(DESK, headers=seen).status_code == 409
