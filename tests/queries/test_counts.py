"""Pages ask the database as often for three of a thing as for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session

from app.actions.people.viewers import viewer_of
from app.db import Database
from app.queries.locations.page import location_page
from app.queries.locations.soon import soon
from app.queries.people import accounts, devices, holders, members
from app.queries.playbooks import versions
from app.queries.rollouts.board import board
from app.queries.rollouts.burn import burn
from app.queries.rollouts.draft import role_holders, stated_locations
from app.queries.rollouts.facts import RolloutFacts, rollout_facts, rollout_lines
from app.queries.rollouts.needs import Pressing, pressing
from app.queries.rollouts.timeline import Timelines, timelines
from app.queries.search import search
from app.queries.tasks.counted import counted
from app.queries.tasks.page import task_page
from app.queries.tasks.picking import Reader
from app.queries.tasks.plan import Cut, plan_page
from app.queries.tasks.today import today
from app.queries.tasks.wanted import wanted_evidence
from app.rules.people.access import Extent, Viewer
from app.rules.tasks.filtering import PlanFilter
from tests import cast as casting
from tests.cast import NOW, PLAYBOOK, Cast

ONE_TASK = """\
  readiness:
    title: Technical readiness
    owner: champion
    due: week 2 fri
    workstream: technical
    tasks:
      scanners: Label printers and scanners work
"""


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield sent
    event.remove(database.engine, "before_cursor_execute", note)


def few(text: str) -> str:
    """The cast's playbook with one local task where it has seven."""
    start, end = text.index("  readiness:\n"), text.index("  migration:")
    return text[:start] + ONE_TASK + text[end:]


@pytest.fixture(params=["one", "seven"])
def peopled(request: pytest.FixtureRequest, database_url: str) -> Iterator[tuple[Database, Cast]]:
    """A rollout with one local task at each of its sites, or with seven."""
    found = Database(database_url)
    yield found, casting.running(found, few(PLAYBOOK) if request.param == "one" else PLAYBOOK)
    found.dispose()


def facts(session: Session) -> RolloutFacts:
    return rollout_facts(session, "two-sites")


EVERYWHERE = Extent(True, frozenset())


def _pressing(session: Session, viewer: Viewer) -> Pressing:
    seen = board(session, facts(session), EVERYWHERE, NOW)
    return pressing(session, seen, EVERYWHERE, viewer, NOW, 5)


def _timeline(session: Session, cast: Cast, who: str, location: str) -> Timelines:
    rollout = facts(session)
    reader = Reader(cast.viewer(session, who), holders(session, rollout.id, EVERYWHERE, NOW))
    return timelines(session, rollout, EVERYWHERE, PlanFilter(location=location), NOW, reader)


PAGES: dict[str, Callable[[Session, Cast, str], object]] = {
    "board": lambda session, cast, who: board(
        session, facts(session), cast.viewer(session, who).locations(cast.rollout), NOW
    ),
    "needs": lambda session, cast, who: _pressing(session, cast.viewer(session, who)),
    "burn": lambda session, cast, who: burn(session, facts(session), EVERYWHERE, NOW),
    "plan": lambda session, cast, who: plan_page(
        session, facts(session), EVERYWHERE, PlanFilter(state="open"), Cut(1, 100), NOW
    ),
    "at risk": lambda session, cast, who: plan_page(
        session, facts(session), EVERYWHERE, PlanFilter(state="risk"), Cut(1, 100), NOW
    ),
    "today": lambda session, cast, who: today(session, viewer_of(session, cast.people[who], now=NOW), NOW),
    "task": lambda session, cast, who: task_page(
        session, cast.task(session, "scanners").id or 0, cast.viewer(session, who), NOW
    ),
    "timeline": lambda session, cast, who: _timeline(session, cast, who, ""),
    "timeline of a place": lambda session, cast, who: _timeline(session, cast, who, "alder"),
    "location": lambda session, cast, who: location_page(
        session, facts(session), facts(session).locations[0], NOW, told=True
    ),
    "sheet": lambda session, cast, who: soon(
        session, facts(session), facts(session).locations[0], NOW.date() + timedelta(days=14), NOW
    ),
    "members": lambda session, cast, who: members(session, cast.rollout),
    "accounts": lambda session, cast, who: accounts(session),
    "devices": lambda session, cast, who: devices(session, cast.people[who], NOW),
    "versions": lambda session, cast, who: versions(session),
    "search": lambda session, cast, who: search(
        session, cast.viewer(session, who), "a", limit=50, accounts=False, now=NOW
    ),
    "rollouts": lambda session, cast, who: rollout_lines(session, None),
    "draft": lambda session, cast, who: (stated_locations(session, cast.rollout), role_holders(session, cast.rollout)),
}


# How often each asks; the same for one task and for seven.
ASKS = {
    "board": 13, "today": 10, "task": 24, "members": 2, "accounts": 2, "devices": 1, "versions": 3, "rollouts": 1,
    "search": 11,
    "timeline": 13, "timeline of a place": 15, "location": 17, "sheet": 10,
    "draft": 2, "needs": 15, "burn": 6, "plan": 7, "at risk": 7,
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_more_rows_ask_no_more_often(peopled: tuple[Database, Cast], page: str) -> None:
    database, cast = peopled
    who = "dir" if page in ("board", "needs") else "chA"
    with database.reading() as session:
        PAGES[page](session, cast, who)
    with database.reading() as session:
        cast.viewer(session, who)
        with counting(database) as sent:
            PAGES[page](session, cast, who)
    assert len(sent) == ASKS[page]


def test_states_and_evidence_ask_once_for_any_number_of_tasks(peopled: tuple[Database, Cast]) -> None:
    database, cast = peopled
    with database.reading() as session:
        rollout, extent = facts(session), cast.viewer(session, "dir").locations(cast.rollout)
        with counting(database) as sent:
            tasks = counted(session, rollout, extent, NOW)
            wanted_evidence(session, rollout, [task.row for task in tasks])
    assert len(sent) == 2
