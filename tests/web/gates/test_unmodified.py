"""At the gates of a wave that takes the playbook as it is, what was changed by hand is a veto like any other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from app.models import GatePack, ScheduledEntry
from app.plan import load
from app.plan.unmodified import AS_IT_IS
from app.rules.gates.records import read_evidence
from tests import cast as casting
from tests.actions.upgrades.test_upgrading import moved_by_hand
from tests.actions.upgrades.versions import newer, upgraded, uploaded
from tests.gating import GATED, gate_id, open_it
from tests.web.conftest import Site
from tests.web.gates.test_record import words

STRICT = newer(("locations: 2}", "locations: 2, changes: none}"), of=GATED)
TITLE = "Playbook taken as it is"


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    found = Site(database_url, tmp_path / "data")
    found.cast = casting.running(found.database, GATED)
    yield found
    found.close()


def test_the_gates_of_such_a_wave_ask_for_it_and_no_file_writes_it() -> None:
    gates = load(STRICT.encode()).gates
    assert list(gates["review"].criteria)[-1] == AS_IT_IS
    assert AS_IT_IS not in gates["network-go"].criteria
    assert AS_IT_IS not in load(GATED.encode()).gates["review"].criteria


def test_what_was_changed_before_a_centre_came_there_is_a_veto_and_stands_in_the_evidence(site: Site) -> None:
    moved_by_hand(site.database, site.cast, "scanners", date(2027, 1, 13))
    upgraded(site.database, site.cast, uploaded(site.database, site.cast, STRICT))
    with site.database.writing() as session:
        alder, birch = (gate_id(session, site.cast, place=place) for place in ("alder", "birch"))
        open_it(session, site.cast, alder)
        evidence = read_evidence(session.exec(select(GatePack.content)).one())
    (line,) = [one for one in evidence.criteria if one.title == TITLE]
    assert (line.measured, line.vetoes) == ("1 changed by hand", True)
    director = site.client("dir")
    pages = {gate: director.get(f"/gates/{gate}") for gate in (alder, birch)}
    assert f"Veto {TITLE} Needed nothing changed by hand Measured 1 changed by hand" in words(pages[alder].text)
    assert f"Met Veto {TITLE} Needed nothing changed by hand Measured nothing changed" in words(pages[birch].text)
    assert "/rollouts/two-sites/upgrades" in pages[alder].text


def test_readiness_says_the_same(site: Site) -> None:
    moved_by_hand(site.database, site.cast, "scanners", date(2027, 1, 13))
    upgraded(site.database, site.cast, uploaded(site.database, site.cast, STRICT))
    with site.database.writing() as session:
        row = session.get_one(ScheduledEntry, gate_id(session, site.cast, "network-go", ""))
        session.delete(row)
    page = words(site.client("chA").get("/rollouts/two-sites/readiness/alder").text)
    assert TITLE in page
    assert "1 changed by hand" in page
