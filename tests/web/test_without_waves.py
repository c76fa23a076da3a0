"""A playbook whose locations never go live: the pages of its rollout work, and speak of no go-live."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.demo.people import ADMINISTRATOR
from tests.cast import PASSWORD
from tests.journeys.first_phase import FirstPhase
from tests.journeys.groups import BOOK, PEOPLE
from tests.journeys.test_first_phase import NEW_YORK
from tests.web.conftest import SAME_SITE, Site

R = "/rollouts/three-groups-one-partnership"
CHAIR, PARTNER, OTHER, ADVISER = "Dana Whitfield", "Nora Linde", "Piet Harmon", "Alma Verhoeven"
PAGES = (
    f"{R}/board", f"{R}/plan", f"{R}/plan/timeline", f"{R}/readiness", f"{R}/readiness/marsh-road", f"{R}/gates",
    f"{R}/locations/marsh-road", f"{R}/shared", f"{R}/rhythm", f"{R}/training", f"{R}/rota", f"{R}/issues", "/today",
)  # fmt: skip
FIGURES = (
    f"{R}/figures", f"{R}/locations/marsh-road/figures", f"{R}/locations/marsh-road/figures/shared-reads",
    f"{R}/return", f"{R}/locations/marsh-road/return", f"{R}/return/shared-reads",
)  # fmt: skip
LIVE = re.compile(r"(?i)\bgo(es|ing)?[- ]live\b|\bcutover|\bwaves?\b|\blive\b")
Browser = Callable[[str], TestClient]


@pytest.fixture
def groups(bare_site: Site, tmp_path: Path) -> Browser:
    """The partnership is founded: its first phase is over. A browser for each of its people, by name."""
    joined = [who for who in PEOPLE if who.name in (CHAIR, PARTNER, OTHER, ADVISER)]
    journey = FirstPhase(
        bare_site.database, book=BOOK, files=tmp_path, signer="managing-partner", zone=NEW_YORK,
        joined=(ADMINISTRATOR, *joined),
    )  # fmt: skip
    journey.begin()
    journey.live_through()
    bare_site.now = journey.now

    def browser(name: str) -> TestClient:
        client = TestClient(bare_site.app, follow_redirects=True, headers=SAME_SITE)
        who = next(one for one in joined if one.name == name)
        assert client.post("/sign-in", data={"email": who.email, "password": PASSWORD}).status_code == 200
        return client

    return browser


def words(text: str) -> str:
    """What a page says, without marks."""
    bare = re.sub(r"<(script|style|template)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", bare)).split())


def test_every_page_works_and_none_speaks_of_a_go_live(groups: Browser) -> None:
    found = []
    for name in (CHAIR, PARTNER, ADVISER):
        client = groups(name)
        for page in (*PAGES, *([f"{R}/manage"] if name == CHAIR else [])):
            answer = client.get(page)
            assert answer.status_code == 200, page
            said = words(answer.text)
            found += [(name, page, said[max(0, m.start() - 40) : m.end() + 40]) for m in LIVE.finditer(said)]
        assert {page: client.get(page).status_code for page in FIGURES} == dict.fromkeys(FIGURES, 200)
    assert found == []


def test_a_group_shows_the_others_what_it_agreed_to_and_its_pages_to_nobody(groups: Browser) -> None:
    nora, piet = groups(PARTNER), groups(OTHER)
    assert "No other centre shares anything with yours yet." in words(piet.get(f"{R}/shared").text)
    nora.post(f"{R}/locations/marsh-road/sharing/productivity-view/consent")
    said = words(piet.get(f"{R}/shared").text)
    assert "Marsh Road Radiology lets you see some of its figures." in said
    assert "Productivity index" in said and "Malpractice premium" not in said.split("What Pine Street Imaging")[0]
    places = [page for page in FIGURES if "/locations/" in page]
    assert {page: piet.get(page).status_code for page in places} == dict.fromkeys(places, 404)
    nora.post(f"{R}/locations/marsh-road/sharing/productivity-view/withdrawal")
    assert "No other centre shares anything with yours yet." in words(piet.get(f"{R}/shared").text)
