"""Every page that the matrix of routes declares, as its readers see it: nothing that axe finds, nothing that runs over.

A page cannot be forgotten here: a route without a declaration there fails the house's own test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from app.actions.installation import first_run_token
from app.actions.issues.intakes import make_intake
from app.actions.people.accounts import invite
from app.actions.people.passwords import make_reset
from app.actions.runs.links import make_link
from app.actions.schedule.starting import start_rollout
from app.models import Installation, Issue, Rollout, Run, Task
from app.rules.issues.links import LASTS, Link, signed
from tests import cast as casting
from tests.browser.conftest import Violations
from tests.browser.sites import Pages
from tests.cast import NOW
from tests.house.test_routes import addresses, furnish, routes
from tests.selecting import choosing, chosen, restate, selection_id
from tests.web.conftest import Site

WIDTHS: Final = (390, 820, 1440)
THEMES: Final = ("light", "dark")
NARROWEST: Final = 320
HEIGHT: Final = 900
READERS: Final = ("dir", "chA", "exe", "itl", "adm", "")
HOMES: Final = (("chA", "/today"), ("exe", "/rollouts/two-sites/readiness"), ("itl", "/today"))
OVER: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
Seen = tuple[str, str]
"""A reader (nobody: empty) and an address."""


class Gallery:
    """The furnished rollout in the browser's reach, and which pages there are."""

    def __init__(self, site: Site, address: str, links: list[str]) -> None:
        self.site, self.address, self.links = site, address, links

    def paths(self) -> list[str]:
        """Every address that the matrix declares for a route that shows something, and states that need a query."""
        declared = addresses(self.site)
        shown = [one.path for route in routes() if "GET" in route.methods for one in declared[route.path]]
        return list(dict.fromkeys([*shown, *self._tasks(), *self._states(), *self.links]))

    def _tasks(self) -> list[str]:
        """One task of every kind: each entry of the playbook at one place."""
        with self.site.database.reading() as session:
            place = self.site.cast.locations["alder"]
            rows = session.exec(select(Task.id).where(col(Task.location_id) == place).order_by(col(Task.id)))
            return [f"/tasks/{row}" for row in rows]

    def _states(self) -> list[str]:
        rollout = "/rollouts/two-sites"
        return [
            f"{rollout}/plan?state=all",
            f"{rollout}/plan?q=nothing-is-called-like-that",
            f"{rollout}/plan?state=all&choose=page",
            f"{rollout}/locations/alder/cutover?day=2027-02-15&time=07:00",
            f"/tasks/{self.site.task('line-speed')}/move?due=2027-01-20",
            f"/tasks/{self.site.task('migration')}?correct=yes",
            "/search?q=room",
        ]

    def shown(self, who: str, path: str) -> str:
        """The text of a page; empty for a part of one, a file, a stream, a refusal or the way elsewhere."""
        answer = self.site.client(who).get(path)
        return answer.text if answer.status_code == 200 and "<!doctype html>" in answer.text[:100] else ""

    def all_of_them(self) -> list[Seen]:
        """Every page for every reader; what looks the same to several is there once."""
        found: dict[tuple[str, str], Seen] = {}
        for who in READERS:
            for path in self.paths():
                page = self.shown(who, path)
                if page:
                    found.setdefault((path, page[page.index("<main") : page.index("</main>")]), (who, path))
        return list(found.values())

    def once_each(self, share: int = 0, of: int = 1) -> list[tuple[int, Seen]]:
        """Every page as the first who may read it sees it, and those that others come to each day, numbered."""
        numbered = list(enumerate([*((None, path) for path in self.paths()), *HOMES]))[share::of]
        asked = ((number, who if who else self._first(path), path) for number, (who, path) in numbered)
        return [(number, (who, path)) for number, who, path in asked if who is not None]

    def _first(self, path: str) -> str | None:
        return next((who for who in READERS if self.shown(who, path)), None)

    def enter(self, page: Page, who: str) -> None:
        """The browser gets the sign-in that the person already has."""
        page.context.clear_cookies()
        for name, value in self.site.client(who).cookies.items():
            page.context.add_cookies([{"name": name, "value": value, "url": self.address}])


@pytest.fixture
def gallery(sqlite_url: str, tmp_path: Path, live_server: Callable[[object], str]) -> Iterator[Gallery]:
    site = Site(sqlite_url, tmp_path / "data")
    furnish(site)
    with site.database.writing() as session:
        by = site.cast.viewer(session, "adm")
        invitation = invite(session, name="Nils Aho", email="nils@example.org", by=by, now=NOW)[1]
        reset = make_reset(session, site.cast.people["chB"], by=by, now=NOW)[1]
        director = site.cast.viewer(session, "dir")
        desk = make_intake(session, site.cast.locations["alder"], seen=None, by=director, now=NOW).token
        issue = session.exec(select(Issue.id).where(Issue.location_id == site.cast.locations["alder"])).first() or 0
        link = Link(site.cast.people["chA"], issue, 0, NOW + LASTS)
        here = Run.location_id == site.cast.locations["alder"]
        run = session.exec(select(Run.id).where(here, col(Run.ended_at).is_(None))).one() or 0
        wall = make_link(session, run, title="Command centre", by=director, now=NOW)[1]
        take = signed(session.get_one(Installation, 1).link_key, link)
    links = [
        f"/invitations/{invitation}",
        f"/password/{reset}",
        f"/help/{desk}",
        f"/acknowledge/{take}",
        f"/wall/{wall}",
    ]
    yield Gallery(site, live_server(site.app), links)
    site.app.state.hub.close()
    site.close()


@pytest.fixture
def bare(sqlite_url: str, tmp_path: Path, live_server: Callable[[object], str]) -> Iterator[Gallery]:
    """Nobody, and no rollout."""
    site = Site(sqlite_url, tmp_path / "data")
    yield Gallery(site, live_server(site.app), [])
    site.app.state.hub.close()
    site.close()


def faults_of(page: Page, violations: Violations, widths: tuple[int, ...], themes: tuple[str, ...]) -> list[str]:
    """What is wrong with the page that stands open, a line each."""
    path, faults = page.url.split("/", 3)[3], []
    for theme in themes:
        # Without motion: a colour that is still on its way to the other theme is neither.
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        for width in widths:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            said = f"/{path} at {width} px, {theme}:"
            faults += [f"{said} {one['id']} at {one['where'][:3]}" for one in violations(page)]
            faults += [f"{said} runs over"] if page.evaluate(OVER) > 0 else []
    page.set_viewport_size({"width": NARROWEST, "height": HEIGHT})
    return [*faults, f"/{path} at {NARROWEST} px: runs over"] if page.evaluate(OVER) > 0 else faults


def in_turn(number: int) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The width and the theme of the n-th page: both take turns, and every pair comes."""
    return (WIDTHS[number % len(WIDTHS)],), (THEMES[number // len(WIDTHS) % len(THEMES)],)


def test_every_route_that_shows_something_is_among_the_pages(gallery: Gallery) -> None:
    declared = addresses(gallery.site)
    shown = {route.path for route in routes() if "GET" in route.methods}
    pages = {path for _, (_, path) in gallery.once_each()}
    print(f"{len(pages)} pages")
    assert {one for one in shown if not pages & {each.path for each in declared[one]}} == NO_PAGES | ELSEWHERE


NO_PAGES: Final = {
    "/", "/health", "/healthz", "/readyz", "/live", "/styles/{name}", "/scripts/{name}",
    "/evidence/{evidence_id}", "/signatures/{signature_id}/content", "/tasks/{task_id}/readers",
    "/issues/{issue_id}/files/{file_id}", "/issues/{issue_id}/readers", "/rollouts/{slug}/issues/top/pdf",
    "/rollouts/{slug}/locations/{location}/help-desk/poster", "/inbox/bell", "/duties.ics",
    "/training/{session_id}/calendar", "/training/mine/calendar", "/meetings/{occasion_id}/calendar",
    "/rollouts/{slug}/locations/{location}/training/staff.csv", "/rollouts/{slug}/reconciliation/template",
    "/reconciliations/{occasion_id}/files/{file_id}", "/gates/{gate_id}/files/{file_id}",
    "/decisions/{decision_id}/record.pdf", "/decisions/{decision_id}/record.json", "/runbooks/{dated_id}/pack.pdf",
    "/runs/{run_id}/pack.pdf", "/runs/{run_id}/files/{file_id}", "/wall/{token}/live",
    "/selections/{selection_id}/choices/{choice_id}/content",
    "/rollouts/{slug}/figures/template", "/rollouts/{slug}/locations/{location}/baseline/{number}/content",
}  # fmt: skip
"""What answers with the way elsewhere, a file, a stream, a part of a page, or words for machines."""
SET_UP: Final = tuple(
    f"/rollouts/two-sites/set-up/{one}" for one in ("playbook", "start", "locations", "people", "preview")
)
ELSEWHERE: Final = {
    *(one.replace("two-sites", "{slug}") for one in SET_UP), "/rollouts/{slug}/progress", "/setup/{token}",
    "/invitations/{token}", "/password/{token}", "/help/{token}", "/acknowledge/{token}",
    "/wall/{token}", "/selections/{selection_id}/waves",
}  # fmt: skip
"""Pages of another state: those of a draft, of a start, of a chosen set, and of good links; each has its test."""


@pytest.mark.parametrize("share", range(3))
def test_every_page_once(gallery: Gallery, page: Pages, violations: Violations, share: int) -> None:
    opened, faults = page(), []
    for number, (who, path) in gallery.once_each(share, 3):
        gallery.enter(opened, who)
        opened.goto(gallery.address + path)
        faults += faults_of(opened, violations, *in_turn(number))
    assert faults == []


@pytest.mark.prove
def test_every_page_at_every_width_in_both_themes(gallery: Gallery, page: Pages, violations: Violations) -> None:
    opened, faults, seen = page(), [], gallery.all_of_them()
    for who, path in seen:
        gallery.enter(opened, who)
        opened.goto(gallery.address + path)
        faults += faults_of(opened, violations, WIDTHS, THEMES)
    print(f"{len(seen)} pages × {len(WIDTHS)} widths × {len(THEMES)} themes")
    assert len({who for who, _ in seen}) == len(READERS)
    assert faults == []


@pytest.mark.parametrize("all_of_them", [False, pytest.param(True, marks=pytest.mark.prove)])
def test_the_pages_before_the_start(bare: Gallery, page: Pages, violations: Violations, all_of_them: bool) -> None:
    opened, faults = page(), []
    token = ""
    with bare.site.database.writing() as session:
        token = first_run_token(session, now=NOW) or ""
    opened.goto(f"{bare.address}/setup/{token}")
    faults += faults_of(opened, violations, WIDTHS, THEMES)
    bare.site.cast = casting.drafted(bare.site.database)
    bare.enter(opened, "dir")
    for number, path in enumerate(SET_UP):
        opened.goto(bare.address + path)
        expect(opened).to_have_url(bare.address + path)
        faults += faults_of(opened, violations, *((WIDTHS, THEMES) if all_of_them else in_turn(number)))
    with bare.site.database.writing() as session:
        rollout = session.get_one(Rollout, bare.site.cast.rollout)
        start_rollout(
            session, bare.site.cast.rollout, seen=rollout.version, by=bare.site.cast.viewer(session, "dir"), now=NOW
        )
    opened.goto(f"{bare.address}/rollouts/two-sites/progress")
    expect(opened.get_by_text("The dates are being worked out.")).to_be_visible()
    faults += faults_of(opened, violations, WIDTHS, THEMES)
    assert faults == []


@pytest.mark.parametrize("all_of_them", [False, pytest.param(True, marks=pytest.mark.prove)])
def test_the_page_of_a_move(bare: Gallery, page: Pages, violations: Violations, all_of_them: bool) -> None:
    bare.site.cast = choosing(bare.site.database)
    with bare.site.database.writing() as session:
        restate(session, bare.site.cast, "cedar", **{"upgrade-path": True})
        chosen(session, bare.site.cast, "alder cedar")
        moving = f"/selections/{selection_id(session, bare.site.cast)}/waves"
    opened = page()
    bare.enter(opened, "dir")
    opened.goto(bare.address + moving)
    expect(opened.get_by_text("Birch").first).to_be_visible()
    assert faults_of(opened, violations, *((WIDTHS, THEMES) if all_of_them else in_turn(0))) == []
