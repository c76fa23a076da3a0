"""Pages ask the database as often for three of a thing as for one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlmodel import Session

from app.actions.viewers import viewer_of
from app.db import Database
from app.queries.people import accounts, devices, members
from app.queries.playbooks import versions
from app.queries.rollouts.board import board
from app.queries.rollouts.draft import role_holders, stated_locations
from app.queries.rollouts.facts import RolloutFacts, rollout_facts, rollout_lines
from app.queries.tasks.counted import counted
from app.queries.tasks.page import task_page
from app.queries.tasks.today import today
from app.queries.tasks.wanted import wanted_evidence
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


@pytest.fixture(params=["sqlite"])
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, Database]]:
    """One rollout with little in it, and one with more of everything."""
    import shutil

    found = []
    for name in ("few", "many"):
        path = tmp_path_factory.mktemp(name) / "muster.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        found.append(Database(f"sqlite:///{path}"))
    yield found[0], found[1]
    for database in found:
        database.dispose()


def facts(session: Session) -> RolloutFacts:
    return rollout_facts(session, "two-sites")


PAGES = {
    "board": lambda session, cast, who: board(
        session, facts(session), cast.viewer(session, who).locations(cast.rollout), NOW
    ),
    "today": lambda session, cast, who: today(session, viewer_of(session, cast.people[who]), NOW),
    "task": lambda session, cast, who: task_page(
        session, cast.task(session, "scanners").id or 0, cast.viewer(session, who), NOW
    ),
    "members": lambda session, cast, who: members(session, cast.rollout),
    "accounts": lambda session, cast, who: accounts(session),
    "devices": lambda session, cast, who: devices(session, cast.people[who], NOW),
    "versions": lambda session, cast, who: versions(session),
    "rollouts": lambda session, cast, who: rollout_lines(session, None),
    "draft": lambda session, cast, who: (stated_locations(session, cast.rollout), role_holders(session, cast.rollout)),
}


@pytest.mark.parametrize("page", PAGES)
def test_more_rows_ask_no_more_often(databases: tuple[Database, Database], page: str) -> None:
    asked = []
    for database, text in zip(databases, (few(PLAYBOOK), PLAYBOOK), strict=True):
        cast: Cast = casting.running(database, text)
        who = "dir" if page == "board" else "chA"
        with database.reading() as session:
            PAGES[page](session, cast, who)
        with database.reading() as session, counting(database) as sent:
            PAGES[page](session, cast, who)
        asked.append(len(sent))
    assert asked[0] == asked[1]
    assert 0 < asked[0] <= 20


def test_states_and_evidence_ask_once_for_any_number_of_tasks(databases: tuple[Database, Database]) -> None:
    for database, text in zip(databases, (few(PLAYBOOK), PLAYBOOK), strict=True):
        cast = casting.running(database, text)
        with database.reading() as session:
            rollout, extent = facts(session), cast.viewer(session, "dir").locations(cast.rollout)
            with counting(database) as sent:
                tasks = counted(session, rollout, extent, NOW)
                wanted_evidence(session, rollout.playbook, [task.row for task in tasks])
            assert len(sent) == 2
