"""Whatever an issue's pages show, the server takes: no button is there for somebody who would be refused."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy.engine import make_url
from sqlmodel import select

from app.actions.issues.changes import acknowledge, assign_issue, wait_on
from app.actions.issues.intakes import make_intake, report_by_link
from app.actions.issues.reporting import report_issue
from app.actions.issues.solving import confirm_issue, reopen_issue, resolve_issue
from app.actions.issues.sweep import sweep
from app.actions.issues.talking import say
from app.actions.rollouts.closing import close_rollout
from app.models import Installation, Issue, Rollout
from app.rules.issues.links import LASTS, Link, signed
from tests import cast as casting
from tests.cast import NOW
from tests.web.conftest import Site
from tests.web.forms import PageForm, forms_of

ROLES: Final = ("dir", "opm", "chA", "chAB", "chB", "exe", "itl", "cto", "ch0", "adm")
LIST: Final = "/rollouts/two-sites/issues"
FIX: Final = {"cause": "A loose plug", "fix": "Plugged in"}
WAIT: Final = {"waits_for": "the supplier", "reason": "A part is missing"}


class Stage:
    """One issue at Alder, brought into a state by the actions."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.issue = 0

    def do(self, act: Callable[..., object], who: str, **given: object) -> None:
        with self.site.database.writing() as session:
            by = self.site.cast.viewer(session, who)
            seen = session.get_one(Issue, self.issue).version
            if act in (assign_issue, wait_on, resolve_issue):
                given["seen"] = seen
            act(session, self.issue, by=by, now=NOW, **given)

    def report(self, who: str = "itl", severity: str = "normal") -> None:
        with self.site.database.writing() as session:
            by, place = self.site.cast.viewer(session, who), self.site.cast.locations["alder"]
            row = report_issue(
                session, self.site.cast.rollout, location_id=place, title="Labels print twice", details="Since noon",
                severity=severity, by=by, now=NOW,
            )  # fmt: skip
            self.issue = row.id or 0
        self.do(say, "chA", text="It stands still")
        self.do(say, "itl", text="On the way")


def new(stage: Stage) -> None:
    stage.report()


def critical_and_late(stage: Stage) -> None:
    stage.report(severity="critical")
    with stage.site.database.writing() as session:
        sweep(session, now=NOW + timedelta(hours=5))


def acknowledged(stage: Stage) -> None:
    stage.report("chA")
    stage.do(acknowledge, "opm")


def given(stage: Stage) -> None:
    stage.report("chAB")
    stage.do(assign_issue, "opm", person=stage.site.cast.people["itl"])


def waiting(stage: Stage) -> None:
    acknowledged(stage)
    stage.do(wait_on, "chA", stops_clock=True, **WAIT)


def resolved(stage: Stage) -> None:
    stage.report("itl")
    stage.do(resolve_issue, "chA", **FIX)


def reopened(stage: Stage) -> None:
    resolved(stage)
    stage.do(reopen_issue, "itl", reason="It came out again")


def confirmed(stage: Stage) -> None:
    resolved(stage)
    stage.do(confirm_issue, "itl")


def from_the_help_desk(stage: Stage) -> None:
    with stage.site.database.writing() as session:
        by, place = stage.site.cast.viewer(session, "opm"), stage.site.cast.locations["alder"]
        link = make_intake(session, place, seen=None, by=by, now=NOW).token
        row = report_by_link(
            session, link, title="No paper", details="", kind="", name="Ada Lind", reach="4512", form="one",
            address="192.0.2.1", now=NOW,
        )  # fmt: skip
        stage.issue = row.id or 0


def in_a_closed_rollout(stage: Stage) -> None:
    acknowledged(stage)
    with stage.site.database.writing() as session:
        by, seen = stage.site.cast.viewer(session, "dir"), session.get_one(Rollout, stage.site.cast.rollout).version
        close_rollout(session, stage.site.cast.rollout, note="Everything is over", seen=seen, by=by, now=NOW)


STATES: Final = (new, critical_and_late, acknowledged, given, waiting, resolved, reopened, confirmed,
                 from_the_help_desk, in_a_closed_rollout)  # fmt: skip


@pytest.fixture
def stage(sqlite_url: str, tmp_path: Path) -> Iterator[Stage]:
    """Rights are judged above the database, so that one engine shows them all."""
    site = Site(sqlite_url, tmp_path / "data")
    site.cast = casting.running(site.database)
    yield Stage(site)
    site.close()


@contextmanager
def kept_as_it_is(site: Site) -> Iterator[Callable[[], None]]:
    """Gives what puts the database back to the state of now."""
    path = make_url(site.settings.database_url).database or ""
    with sqlite3.connect(path) as now, sqlite3.connect(":memory:") as copy:
        now.backup(copy)

        def put_back() -> None:
            with sqlite3.connect(path) as database:
                copy.backup(database)
            database.close()

        yield put_back
    now.close()
    copy.close()


def send(site: Site, who: str, form: PageForm, fields: dict[str, str]) -> int:
    files = dict.fromkeys(form.files, ("note.txt", b"what it says", "text/plain")) or None
    return site.client(who).post(form.action, data=fields, files=files).status_code


@pytest.mark.parametrize("state", STATES)
def test_no_form_of_an_issue_is_refused(stage: Stage, state: Callable[[Stage], None]) -> None:
    state(stage)
    site, sent = stage.site, 0
    pages = {who: site.client(who).get(f"/issues/{stage.issue}") for who in ROLES}
    assert {who for who, page in pages.items() if page.status_code == 200} == {
        "dir", "opm", "chA", "chAB", "exe", "itl", "cto"}  # fmt: skip
    with kept_as_it_is(site) as put_back:
        for who, page in pages.items():
            forms = [one for one in forms_of(page.text) if one.action.startswith("/issues/")]
            for form in forms:
                for fields in form.variants():
                    status = send(site, who, form, fields)
                    sent += 1
                    assert status == 303, (who, form.action, fields, status)
                    put_back()
            assert bool(forms) == (who not in ("exe", "chB", "ch0", "adm") and state is not in_a_closed_rollout), who
    print(f"{state.__name__}: {sent} forms sent")


@pytest.mark.parametrize("state", [new, resolved, in_a_closed_rollout])
def test_no_way_that_the_list_shows_is_refused(stage: Stage, state: Callable[[Stage], None]) -> None:
    state(stage)
    for who in ("dir", "opm", "chA", "chB", "exe", "itl", "cto"):
        page = stage.site.client(who).get(f"{LIST}?state=all")
        assert page.status_code == 200
        main = page.text.partition("<main")[2]
        ways = set(re.findall(r'href="(/[^"#]+)"', main)) | {form.action for form in forms_of(main)}
        assert ways
        for way in ways:
            assert stage.site.client(who).get(way.replace("&amp;", "&")).status_code in (200, 303), (who, way)


@pytest.mark.parametrize("state", [new, given, acknowledged, resolved, in_a_closed_rollout])
def test_the_page_of_a_message_offers_to_take_it_to_whom_it_lets(stage: Stage, state: Callable[[Stage], None]) -> None:
    state(stage)
    site, offered = stage.site, set()
    with site.database.reading() as session:
        key = session.exec(select(Installation.link_key)).one()
    with kept_as_it_is(site) as put_back:
        for who in ("dir", "opm", "chA", "chAB", "exe", "itl", "cto"):
            link = f"/acknowledge/{signed(key, Link(site.cast.people[who], stage.issue, 0, NOW + LASTS))}"
            forms = forms_of(site.client().get(link).text)
            for form in forms:
                assert site.client().post(form.action).status_code == 200, who
                offered.add(who)
                put_back()
    takers = {"dir", "opm", "chA", "chAB", "cto"}
    expected: dict[Callable[[Stage], None], set[str]] = {new: takers, given: takers | {"itl"}}
    assert offered == expected.get(state, set())
