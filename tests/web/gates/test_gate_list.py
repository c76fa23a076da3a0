"""All gates of a rollout: what waits for the reader, then wave by wave a row for each centre."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.db import Database
from app.queries.gates.list import gate_lines
from app.queries.rollouts.facts import rollout_facts
from tests import cast as casting
from tests.cast import NOW
from tests.gating import GATED
from tests.queries.test_counts import counting
from tests.web.conftest import Site
from tests.web.gates.floor import Floor, text_of

LIST = "/rollouts/two-sites/gates"


def shown(floor: Floor, who: str) -> str:
    answer = floor.site.client(who).get(LIST)
    assert answer.status_code == 200
    return answer.text


def test_it_says_which_gate_comes_next_and_shows_the_others_as_marks(floor: Floor) -> None:
    page = shown(floor, "dir")
    words = text_of(page)
    assert "No vote is open. The next gate is The network goes, the whole network, in 3 days." in words
    assert "Alder Readiness review Fri 29 Jan, 15:00 Central Not held yet" in words
    row = page[page.index('id="gates-alder"') : page.index('id="gates-birch"')]
    assert re.findall(r'<li><a href="/gates/(\d+)"', row) == [str(floor.of("review")), str(floor.of("go"))]
    assert f'href="/gates/{floor.gate}"' in page


def test_an_open_vote_asks_those_who_have_not_voted(floor: Floor) -> None:
    floor.answer("itl", "fast", "900")
    floor.send("opm", "opening")
    words = text_of(shown(floor, "chA"))
    assert "One vote is open . The next gate is" in words
    assert "Waits for you Vote Readiness review, Alder your vote is wanted" in words
    assert "Vote open, 0 of 3 1 veto Your vote is wanted" in words
    floor.vote("chA", "no-go", comment="Not yet")
    assert "Waits for you" not in shown(floor, "chA")
    assert "Waits for you" not in shown(floor, "chAB")
    assert "Vote open, 1 of 3" in text_of(shown(floor, "exe"))
    assert "your vote is wanted" in text_of(shown(floor, "cto"))
    assert "Waits for you" not in shown(floor, "opm")


def test_a_waiver_waits_for_whoever_decides(floor: Floor) -> None:
    fields = {"criterion": "safe", "what": "x", "instead": "y", "owner": str(floor.site.cast.people["itl"]),
              "day": "2027-01-08", "time": "18:00"}  # fmt: skip
    floor.send("chA", "conditions", **fields)
    assert "1 condition to decide" in text_of(shown(floor, "dir"))
    assert "to decide" not in text_of(shown(floor, "opm"))


@pytest.mark.parametrize(
    ("outcome", "said"),
    [("no-go", "No-go"), ("deferred", "Deferred")],
)
def test_what_was_decided_stands_in_words(floor: Floor, outcome: str, said: str) -> None:
    floor.decide(outcome)
    assert f"Alder Readiness review Fri 29 Jan, 15:00 Central {said}" in text_of(shown(floor, "exe"))


def test_after_a_go_the_next_one_stands_in_words(floor: Floor) -> None:
    floor.voted()
    floor.decide()
    assert "Alder Go or no-go Fri 5 Feb, 15:00 Central Not held yet" in text_of(shown(floor, "exe"))
    assert "Readiness review, Fri 29 Jan, 15:00 Central: Go" in shown(floor, "exe")


def test_a_gate_whose_day_has_passed_says_that_nothing_was_decided(floor: Floor) -> None:
    floor.site.now = NOW + timedelta(days=60)
    floor.site.sign_everybody_in_anew()
    assert "Not decided" in text_of(shown(floor, "dir"))


def test_a_champion_sees_the_own_centre_and_those_of_all(floor: Floor) -> None:
    page = shown(floor, "chB")
    assert "Birch" in page and "Alder" not in page and "The network goes" in page


def test_a_draft_has_no_gates_yet(draft_site: Site) -> None:
    assert draft_site.client("dir").get(LIST).status_code == 303


def test_a_playbook_without_gates_says_so_and_has_no_way_there(bare_site: Site) -> None:
    without = GATED[: GATED.index("gates:\n")] + GATED[GATED.index("issues:\n") :]
    bare_site.cast = casting.running(bare_site.database, re.sub(r" *- \{to: voters of go.*\n", "", without))
    page = bare_site.client("dir").get(LIST).text
    assert "No gate here" in page
    assert page.count(f'href="{LIST}"') == 0


def test_the_number_of_queries_does_not_grow_with_the_gates(database_url: str) -> None:
    database = Database(database_url)
    cast = casting.running(database, GATED)
    counts = []
    for _ in range(2):
        with database.reading() as session:
            rollout, viewer = rollout_facts(session, "two-sites"), cast.viewer(session, "dir")
            with counting(database) as sent:
                found = gate_lines(session, rollout, viewer, NOW)
            counts.append(len(sent))
    assert len(found) == 5
    assert counts == [6, 6]
    database.dispose()
