"""The figures of the pages, counted once more from nothing but the raw rows of the API: equal, whatever stands how."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete
from sqlmodel import Session, SQLModel

from app.models import Answer, Assignment, Block, Completion, Issue, IssueStep, Leave, SameIssue, Skip
from app.queries.gates.dates import GateDate
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.tasks.rows import TaskRow
from app.rules.clock import count
from app.rules.people.access import Extent
from app.rules.playbooks import parsed
from tests import cast as casting
from tests.api.conftest import Programs
from tests.queries.held import HELD, Told
from tests.queries.oracle import Oracle, Reported
from tests.queries.test_standing import BOOK, MOMENTS, _live, _more_places, _second_wave
from tests.web.conftest import Site

READERS = ("dir", "chA", "exe")
ROLLOUT = "/rollouts/two-sites"
SAID: tuple[type[SQLModel], ...] = (
    *HELD, Answer, Assignment, Block, Completion, Leave, Skip, SameIssue, IssueStep, Issue,
)  # fmt: skip
CELL = re.compile(
    r'class="cell__link" href="[^"]*location=([\w-]+)&amp;workstream=([\w-]+)[^"]*">.*?data-status="(\w+)".*?'
    r'cell__count">([^<]*)<', re.DOTALL,
)  # fmt: skip
ROLL = re.compile(r'class="roll__said" href="/rollouts/two-sites/readiness/([\w-]+)">([^<]*)<')


class FromRows(Oracle):
    """The rules, over tasks that came as JSON."""

    def __init__(self, session: Session, api: Api, now: datetime) -> None:
        self.found, self.issues, self.held = api.tasks, api.issues, api.held
        super().__init__(session, api.rollout, Extent(True, frozenset()), now)

    def _rows(self) -> Iterator[TaskRow]:
        yield from self.found

    def _told(self) -> dict[int, Told]:
        return self.held

    def issues_at(self, place: PlaceFacts) -> list[Reported]:
        return [one for one, places in self.issues if places & {place.slug, None}]


@dataclass(frozen=True)
class Api:
    """What somebody reads over the API: a rollout, all pages of its tasks, its gates."""

    rollout: RolloutFacts
    tasks: tuple[TaskRow, ...]
    gates: tuple[GateDate, ...]
    issues: tuple[tuple[Reported, set[str | None]], ...]
    held: dict[int, Told]

    @classmethod
    def read(cls, programs: Programs, who: str) -> Api:
        client = programs(who)
        facts = client.get(ROLLOUT).json()
        version = facts["playbook"]
        text = client.get(f"/playbooks/{version['playbook']}/{version['version']}/text").text
        places = {one["slug"]: one for one in every(programs, who, f"{ROLLOUT}/locations?limit=2")}
        rollout = RolloutFacts(
            id=facts["id"], slug=facts["slug"], title=facts["title"], version=facts["version"],
            start=date.fromisoformat(facts["start"]), state=facts["state"], playbook_version_id=version["id"],
            playbook=parsed(text), locations=tuple(place(one) for one in places.values()),
        )  # fmt: skip
        ids = {slug: one["id"] for slug, one in places.items()}
        tasks = tuple(row(one, ids) for one in every(programs, who, f"{ROLLOUT}/tasks?limit=50"))
        dates = tuple(
            GateDate(one["gate"], ids.get(one["location"]), one["wave"], day(one["due"]), one["id"])
            for one in every(programs, who, f"{ROLLOUT}/gates?limit=200")
            if one["location"] is None or one["location"] in ids
        )
        issues = tuple(
            (reported(one, ids), {one["location"], *elsewhere(programs, who, one)})
            for one in every(programs, who, f"{ROLLOUT}/issues?state=all&limit=3")
        )
        return cls(rollout, tasks, dates, issues, {one.id: recorded(programs, one.id) for one in dates})


def every(programs: Programs, who: str, address: str) -> Iterator[dict[str, Any]]:
    """All items of all pages."""
    while address:
        page = programs(who).get(address).json()
        yield from page["items"]
        address = (page["next"] or "").removeprefix("/api/v1")


def elsewhere(programs: Programs, who: str, one: dict[str, Any]) -> list[str]:
    """The other places that have the same problem."""
    found: list[str] = programs(who).get(f"/issues/{one['id']}").json()["elsewhere"]
    return found


def reported(one: Mapping[str, Any], ids: Mapping[str, int]) -> Reported:
    people = (one["assigned_to"], one["acknowledged_by"])
    opened = datetime.fromisoformat(one["opened_at"])
    return Reported(one["severity"], opened, one["resolved_at"] is not None, ids.get(one["location"]), people)


def recorded(programs: Programs, gate_id: int) -> Told:
    """What was recorded of a gate, as somebody reads it who may read answers; readiness tells all of them from it."""
    one = programs("dir").get(f"/gates/{gate_id}").json()
    last = next((each for each in one["decisions"] if each["replaced_at"] is None), {})
    return Told(
        outcome=last.get("outcome", ""),
        fell=last.get("fell_at") is not None,
        answers={each["criterion"]: each["value"] for each in one["answers"] if each["id"]},
        waived=frozenset(each["criterion"] for each in one["conditions"] if each["state"] == "accepted"),
    )


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def place(one: Mapping[str, Any]) -> PlaceFacts:
    return PlaceFacts(
        id=one["id"], slug=one["slug"], name=one["name"], zone=one["zone"], wave=one["wave"],
        cutover_at=at(one["cutover_at"]), playbook_version_id=None, attributes=one["attributes"],
        paused="yes" if one["paused_at"] else "", planned=one["planned"],
    )  # fmt: skip


def row(one: Mapping[str, Any], ids: Mapping[str, int]) -> TaskRow:
    given = {name: one.get(name) for name in TaskRow._fields}
    days = {name: day(one[name]) for name in ("begins", "due")}
    instants = {name: at(one[name]) for name in ("due_at", "late_at", "completed_at", "skipped_at", "blocked_at")}
    return TaskRow(**{**given, **days, **instants, "location_id": ids.get(one["location"])})


def shuffle(site: Site, number: int) -> None:
    """Another state: chance decides anew what is done, blocked, set aside, answered, and who is away."""
    site.now = MOMENTS[number % len(MOMENTS)]
    site.close_browsers()
    with site.database.writing() as session:
        for model in SAID:
            session.connection().execute(delete(model))
        _live(session, site.cast, Random(number), site.now)


def check(site: Site, programs: Programs, who: str) -> None:
    """Board, readiness and Today of somebody, beside what follows from the rows."""
    api = Api.read(programs, who)
    with site.database.reading() as session:
        viewer = site.cast.viewer(session, who, site.now)
        rules = FromRows(session, api, site.now)
        day_ = rules.day(viewer)
        late = sum(rules.states[id_] == "late" for id_ in day_["due"])
    rolls = {one.slug: rules.roll(one, list(api.gates)) for one in api.rollout.locations}
    said = {slug: roll.said_shortly if roll else "no gate ahead" for slug, roll in rolls.items()}
    counted = {slug: line for slug, line in said.items() if rolls[slug]}
    board = site.client(who).get(f"{ROLLOUT}/board").text
    assert shown_cells(board) == counted_cells(rules)
    assert dict(ROLL.findall(unescape(board))) == counted
    assert dict(ROLL.findall(unescape(site.client(who).get(f"{ROLLOUT}/readiness").text))) == said
    due = len(day_["due"])
    said_late = ", and it is late." if due == late == 1 else f", {late} of them late." if late else "."
    things = f"{count(due, 'thing')} today{said_late}"
    today = site.client(who).get("/today").text
    assert things in today if day_["due"] else " today, " not in today
    totals = programs(who).get("/today").json()["totals"]
    assert {name: totals[name] for name in ("late", *day_)} == {
        "late": late,
        **{name: len(ids) for name, ids in day_.items()},
    }


def shown_cells(page: str) -> dict[tuple[str, str], tuple[str, str]]:
    """What is read: figures and their words hang together by blanks that do not break."""
    plain = page.replace("\u00a0", " ")
    return {(where, stream): (state, said) for where, stream, state, said in CELL.findall(plain)}


def counted_cells(rules: FromRows) -> dict[tuple[str, str], tuple[str, str]]:
    streams = rules.streams()
    places = {one.slug: one.id for one in rules.rollout.locations if one.planned}
    return {
        (slug, stream or "none"): (cell.state.value, cell.said)
        for slug, id_ in {**places, "shared": None}.items()
        for stream, cell in zip(streams, rules.cells(id_, streams), strict=True) if cell
    }  # fmt: skip


@pytest.fixture
def chanced(database_url: str, tmp_path: Path) -> Iterator[Site]:
    site = Site(database_url, tmp_path / "data")
    prepare(site)
    yield site
    site.close()


def programs_of(site: Site) -> Programs:
    """One program for each reader, through all moments."""
    site.now = max(MOMENTS)
    programs = Programs(site)
    for who in READERS:
        programs(who)
    return programs


def prepare(site: Site) -> None:
    site.cast = casting.running(site.database, BOOK)
    with site.database.writing() as session:
        _second_wave(session, site.cast)
        _more_places(session, site.cast, MOMENTS[0])


def test_what_pages_say_follows_from_the_rows_of_the_api(chanced: Site) -> None:
    programs = programs_of(chanced)
    for number in range(10):
        shuffle(chanced, number)
        check(chanced, programs, ("dir", "chA")[number % 2])


@pytest.mark.prove
def test_a_thousand_states_are_counted_alike(chanced: Site) -> None:
    programs = programs_of(chanced)
    for number in range(500):
        shuffle(chanced, 100 + number)
        check(chanced, programs, READERS[number % 3])
