"""The API keeps what its own description says: whatever is sent, and whatever may not be sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from sqlmodel import Session

from app.actions.gates.conditions import ask_condition
from app.actions.people.channels import add_channel
from app.actions.runs.links import make_link
from tests import cast as casting
from tests.actions.productivity.practice import practice
from tests.api.conftest import Programs
from tests.api.likely import Likely
from tests.cast import NOW, Cast
from tests.engines import ENGINES, fresh_database
from tests.gating import decide, gate_id, open_it, vote
from tests.house.selected import FIRSTS, select_at
from tests.running import RUN, finish, rehearse, start
from tests.selecting import propose
from tests.web.conftest import Site

# A version that is none any more, or a value that only the rollout can judge, is refused though the schema allows it.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "429"]
[checks.missing_required_header]
expected-statuses = ["400", "401", "403", "404", "428"]
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "428", "429"]
"""
# What ends a rollout, an account or a token comes last: after it there is little left to ask.
LAST = ("/closing", "/deactivation", "/drop", "/tokens/{token_id}", "/rights", "/memberships/{membership_id}")
FEW = {GenerationMode.POSITIVE: 1, GenerationMode.NEGATIVE: 1}
MANY = {GenerationMode.POSITIVE: 8, GenerationMode.NEGATIVE: 8}
HOUR = timedelta(minutes=61)


class Run:
    """One run over every operation, on one installation; `answers` counts them by status."""

    def __init__(self, site: Site, first: int) -> None:
        self.site, self.first = site, first
        self.programs = Programs(site)
        self.likely = Likely(site, first)
        self.answers = Counter[int]()
        self.faults: list[str] = []
        self.schema = schemathesis.openapi.from_dict(
            site.app.state.api.openapi(), config=SchemathesisConfig.from_str(CONFIG)
        )
        self.schema.app = site.app

    def operations(self) -> list[Any]:
        found = [operation.ok() for operation in self.schema.get_all_operations()]
        return sorted(found, key=lambda one: any(end in one.path for end in LAST))

    def over_everything(self, examples_of: Mapping[GenerationMode, int]) -> None:
        for operation in self.operations():
            for mode, examples in examples_of.items():
                self.over(operation, mode, examples)

    def over(self, operation: Any, mode: GenerationMode, examples: int) -> None:
        client = self.programs("dir")
        self.site.now += HOUR  # wrong tokens are tried, and soon too many of them

        @seed(self.first)
        @settings(
            max_examples=examples, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            if mode is GenerationMode.POSITIVE:
                self.likely.steer(case, client)
            case.headers["Authorization"] = client.headers["authorization"]
            answer = case.call()
            self.answers[answer.status_code] += 1
            try:
                case.validate_response(answer)
            except (AssertionError, BaseExceptionGroup) as fault:
                self.faults.append(f"{operation.label} ({mode.value}): {fault}")

        try:
            ask()
        except Exception as trouble:  # a case that cannot even be sent is a fault of ours as well
            self.faults.append(f"{operation.label}: {trouble!r}")


@pytest.fixture
def running_site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    site = Site(database_url, tmp_path / "data")
    site.cast = casting.running(site.database, RUN + FIRSTS)
    troubled(site)
    yield site
    site.close()


def troubled(site: Site) -> None:
    """An issue at each location, a channel, an open vote, a decision, waivers, a proposed set and a run, so that there
    is one to be asked for.
    """
    programs = Programs(site)
    with site.database.writing() as session:
        by = site.cast.proven(session, "dir", site.now)
        add_channel(session, service="webhook", name="Pager", url="https://example.org/hook", by=by, now=site.now)
        hold(session, site.cast)
        for place in ("alder", "birch"):
            select_at(site, session, place, "reason")
        propose(session, site.cast)
        run_on(session, site.cast)
        practice(session, site.cast)
    for place in ("alder", "birch"):
        found = programs("dir").post("/rollouts/two-sites/issues", json={"title": "No images", "location": place})
        path = found.headers["location"].removeprefix("/api/v1")
        assert programs("dir").post(f"{path}/files", files={"file": ("a.txt", b"content")}).status_code == 201


def hold(session: Session, cast: Cast) -> None:
    """At Alder a vote is open and a condition asked for, at Birch the review is deferred."""
    first, second = gate_id(session, cast), gate_id(session, cast, place="birch")
    ask_condition(
        session, first, what="A line", instead="4G", owner=cast.people["itl"], expires_at=NOW + timedelta(days=2),
        by=cast.viewer(session, "opm"), now=NOW,
    )  # fmt: skip
    for gate in (first, second):
        open_it(session, cast, gate)
    vote(session, cast, first, "chA")
    decide(session, cast, second, "deferred")


def run_on(session: Session, cast: Cast) -> None:
    """A rehearsal at Alder, in which one step waits for its check and another one runs."""
    run = rehearse(session, cast)
    finish(session, cast, run, "freeze")
    start(session, cast, run, "tell", "opm", why="Nobody waits for it")
    make_link(session, run.id or 0, title="Hall", by=cast.viewer(session, "opm"), now=NOW)


def test_every_operation_keeps_its_description(running_site: Site) -> None:
    run = Run(running_site, 2027 if running_site.settings.database.startswith("sqlite") else 2028)
    run.over_everything(FEW)
    print(dict(sorted(run.answers.items())))
    assert run.faults == []
    assert sum(run.answers.values()) >= 2 * len(run.operations())
    assert run.answers[200] + run.answers[201] + run.answers[204] >= 20


@pytest.mark.prove
def test_twenty_thousand_requests_keep_the_description(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    answers = Counter[int]()
    number = 0
    while sum(answers.values()) < 20_000:
        engine = ENGINES[number % len(ENGINES)]
        with installation(request, engine, tmp_path / str(number)) as site:
            run = Run(site, number)
            run.over_everything(MANY)
            assert run.faults == []
            answers += run.answers
        number += 1
    print(dict(sorted(answers.items())))


@contextmanager
def installation(request: pytest.FixtureRequest, engine: str, folder: Path) -> Iterator[Site]:
    """A fresh one, with the cast in its rollout."""
    folder.mkdir()
    with fresh_database(request, engine, folder) as url:
        site = Site(url, folder / "data")
        site.cast = casting.running(site.database, RUN + FIRSTS)
        troubled(site)
        yield site
        site.close()
