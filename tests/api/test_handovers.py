"""A location that was handed over says since when."""

from __future__ import annotations

from tests import cast as casting
from tests.api.conftest import Programs
from tests.gating import decide, gate_id
from tests.handing import EXIT, HANDING, hand_over
from tests.web.conftest import Site

PATH = "/rollouts/two-sites/readiness/alder"


def test_a_location_says_since_when_it_is_handed_over_and_no_longer_once_it_is_not(served: Site) -> None:
    served.cast = casting.running(served.database, HANDING)
    served.now = EXIT
    programs = Programs(served)
    assert programs("chA").get(PATH).json()["handed_over_at"] is None
    with served.database.writing() as session:
        hand_over(session, served.cast)
    assert programs("chA").get(PATH).json()["handed_over_at"] == "2027-03-09T16:20:00Z"
    board = programs("dir").get("/rollouts/two-sites/board").json()["locations"]
    assert {one["location"]: one["handed_over_at"] is not None for one in board} == {"alder": True, "birch": False}
    with served.database.writing() as session:
        decide(session, served.cast, gate_id(session, served.cast, "exit"), "no-go", now=EXIT)
    assert programs("chA").get(PATH).json()["handed_over_at"] is None
