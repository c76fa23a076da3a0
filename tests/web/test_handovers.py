"""A location that left its first weeks says so on its page, with what it takes along."""

from __future__ import annotations

import pytest

from app.actions.issues.changes import acknowledge
from tests import cast as casting
from tests.handing import EXIT, HANDING, carry, hand_over
from tests.queries.test_gate_issues import report
from tests.web.conftest import Site
from tests.web.test_locations import words

PATH = "/rollouts/two-sites/locations/alder"


@pytest.fixture
def handing(bare_site: Site) -> Site:
    bare_site.cast = casting.running(bare_site.database, HANDING)
    bare_site.now = EXIT
    return bare_site


def section(page: str) -> str:
    said = words(page)
    return said[said.index("Handed over End of") : said.index("Workstreams")]


def test_before_the_last_gate_goes_on_nothing_is_said_of_a_handover(handing: Site) -> None:
    with handing.database.writing() as session:
        hand_over(session, handing.cast, gate="stable")
    page = handing.client("dir").get(PATH).text
    assert "Handed over" not in page
    assert "handed over" not in page


def test_the_page_says_who_decided_what_comes_next_and_who_holds_it(handing: Site) -> None:
    cast = handing.cast
    with handing.database.writing() as session:
        taken = report(session, cast, now=EXIT)
        acknowledge(session, taken, by=cast.viewer(session, "chA"), now=EXIT)
        report(session, cast, now=EXIT)
        carry(session, cast)
        hand_over(session, cast, outcome="go-with-conditions")
    page = handing.client("dir").get(PATH).text
    said = section(page)
    assert "Alder is live and handed over to the optimisation sprint, which runs until Sun 25 Apr; " in words(page)
    assert "End of the first weeks : Go, with conditions, by Dana Whitfield, Tue 9 Mar, 10:20 Central" in said
    assert "Optimisation sprint until Sun 25 Apr" in said
    assert "Optimisation ends Sun 4 Jul" in said
    assert "The archive is moved End of the first weeks Answers for it Omar Haddad Until Fri 12 Mar, 10:20" in said
    assert "1: Slow Has it Chiara Amato Due" in said
    assert "2: Slow Has it Nobody took it Due" in said
    assert "What comes next: 3 tasks" in said
    assert "Compare the denials Holds it Ivo Tanaka Due Fri 9 Apr" in said
    assert "Tune the schedules Holds it Omar Haddad Due Fri 23 Apr" in said
    assert f'href="/issues/{taken}"' in page
    assert "The playbook holds no gate" not in page


def test_what_a_condition_says_is_for_those_who_may_read_it(handing: Site) -> None:
    with handing.database.writing() as session:
        carry(session, handing.cast, what="<b>The archive</b>")
        hand_over(session, handing.cast, outcome="go-with-conditions")
    assert "&lt;b&gt;The archive&lt;/b&gt;" in handing.client("chA").get(PATH).text
    page = handing.client("exe").get(PATH).text
    assert "The archive" not in page
    assert "What it says is read by those who vote, decide and work there." in page


def test_nothing_left_is_said_in_words(handing: Site) -> None:
    with handing.database.writing() as session:
        hand_over(session, handing.cast)
    said = section(handing.client("chA").get(PATH).text)
    assert "No condition is left to be met. No issue is open." in said


def test_readiness_says_how_many_are_handed_over(handing: Site) -> None:
    for place, said in (("alder", "live ; one is handed over."), ("birch", "live and handed over.")):
        with handing.database.writing() as session:
            hand_over(session, handing.cast, place)
        found = words(handing.client("exe").get("/rollouts/two-sites/readiness").text)
        assert f"All two centres are {said}" in found


def test_the_inbox_leads_to_the_page_of_the_centre(handing: Site) -> None:
    with handing.database.writing() as session:
        hand_over(session, handing.cast)
    page = handing.client("itl").get("/inbox").text
    assert "Dana Whitfield has handed this centre over, and work that comes next is yours." in page
    assert "Alder" in page
