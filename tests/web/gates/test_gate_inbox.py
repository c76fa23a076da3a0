"""What happens at a gate stands in the inbox of those whom it concerns, and leads to the gate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from sqlmodel import Session, select

from app.actions.deliveries.telling import Telling, tell
from app.actions.people.memberships import remove_membership
from app.models import Membership
from app.rules.deliveries.mail import KINDS, TOLD
from tests import cast as casting
from tests.gating import GATED, gate_id, open_it
from tests.web.conftest import Site

KIND = tuple(kind for kind in TOLD if kind.startswith("gate_"))
OF_WAVE = GATED.replace("    scope: network\n    when: week 1 fri 15:00", "    scope: wave\n    when: week 3 fri 15:00")


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    found = Site(database_url, tmp_path / "data")
    found.cast = casting.running(found.database, OF_WAVE)
    yield found
    found.close()


def told(site: Site, session: Session, kind: str, who: str = "chA") -> int:
    gate = gate_id(session, site.cast)
    data = {"by": "Dana Whitfield", "text": "canary", "about": "1"}
    one = Telling("1", kind, site.cast.people[who], ("gate", gate), site.cast.rollout, data=data)
    tell(session, [one], now=site.now)
    return gate


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_there_are_six_kinds() -> None:
    assert KIND == ("gate_vote", "gate_void", "gate_waiver", "gate_condition", "gate_decided", "gate_closed")


@pytest.mark.parametrize("kind", KIND)
def test_a_line_says_what_and_where_and_leads_to_the_gate(site: Site, kind: str) -> None:
    with site.database.writing() as session:
        gate = told(site, session, kind)
    client = site.client("chA")
    page = client.get("/inbox").text
    says = KINDS[kind].says.format(by="Dana Whitfield")
    assert f"Readiness review Alder {says}" in words(page)
    assert "canary" not in page
    (line,) = re.findall(r'action="(/inbox/\d+/open)"', page)
    assert client.post(line).headers["location"] == f"/gates/{gate}"


def test_a_gate_that_can_no_longer_be_seen_is_not_named(site: Site) -> None:
    with site.database.writing() as session:
        told(site, session, "gate_vote")
        held = session.exec(select(Membership.id).where(Membership.person_id == site.cast.people["chA"])).one()
        remove_membership(session, held or 0, by=site.cast.viewer(session, "dir"), now=site.now)
    page = site.client("chA").get("/inbox").text
    assert "No longer to be seen by you" in page
    assert "Readiness review" not in page


def test_a_gate_of_a_wave_is_told_with_its_wave(site: Site) -> None:
    with site.database.writing() as session:
        open_it(session, site.cast, gate_id(session, site.cast, "network-go", ""), who="dir")
    page = words(site.client("itl").get("/inbox").text)
    assert "The network goes Your vote is wanted at a gate. · Pilot" in page


def test_somebody_chooses_how_each_kind_comes(site: Site) -> None:
    page = site.client("chA").get("/account/channels").text
    assert [kind for kind in KIND if f'value="{kind}"' not in page] == []
    assert site.client("chA").post("/account/ways", data={"mail": list(KIND)}).status_code == 303
