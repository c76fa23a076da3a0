"""The same through the database: whatever changes in a newer version and was done meanwhile, nothing done is undone,
and after the upgrade the rows are those of the newer plan.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from app.actions.schedule.moves import move_task, planned_task_move
from app.actions.schedule.planning import NO_CHANGE
from app.actions.schedule.replanning import replan
from app.actions.tasks.answers import answer_task
from app.actions.tasks.assignments import assign_tasks
from app.actions.tasks.completion import complete_task, skip_task
from app.db import Database
from app.errors import Refused
from app.models import Assignment, CheckItem, Completion, Pin, Rollout, Skip, Task
from app.rules.tasks.completion import leaves
from app.rules.upgrades.lines import NEW, OURS, Outcome
from app.stored import playbook_of
from tests import cast as casting
from tests.actions.upgrades.versions import everything, previewed, upgraded, uploaded
from tests.cast import NOW, Cast
from tests.engines import fresh_database
from tests.rules.upgrades.edits import BASE, SOME, Edit, edited, sound, text_of

ACTS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["done", "skipped", "moved", "given", "answered"])), max_size=12
)
FEW = settings(
    max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def act(session: Session, cast: Cast, task: Task, what: str, now: datetime) -> None:
    """What somebody makes of a task; what the product refuses is not done."""
    by, who = cast.viewer(session, "dir", now), {"by": cast.viewer(session, "dir", now), "now": now}
    key = task.id or 0
    match what:
        case "done":
            complete_task(session, key, seen=task.version, **who)
        case "skipped":
            skip_task(session, key, reason="Not here.", seen=task.version, **who)
        case "given":
            assign_tasks(session, {key: task.version}, cast.people["itl"], **who)
        case "answered" if task.entry == "speed":
            answer_task(session, key, "150", seen=task.version, **who)
        case "moved":
            day = date(2027, 1, 21)
            shown = planned_task_move(session, key, due=day, by=by, now=now).fingerprint
            move_task(session, key, due=day, reason="Here it is so.", shown=shown, **who)


def lived(db: Database, cast: Cast, acts: list[tuple[int, str]], now: datetime) -> None:
    for number, what in acts:
        try:
            with db.writing() as session:
                tasks = session.exec(select(Task).order_by(Task.id)).all()  # type: ignore[arg-type]
                act(session, cast, tasks[number % len(tasks)], what, now)
        except Refused:
            continue


def finished(session: Session) -> dict[int, tuple[Any, ...]]:
    """Everything done or set aside, as it is shown: text, dates, by which version, when and by whom."""
    rows = [*session.exec(select(Completion)), *session.exec(select(Skip))]
    tasks = {task.id: task for task in session.exec(select(Task))}
    return {row.task_id: (tasks[row.task_id].title, tasks[row.task_id].due, row.at, row.by_id) for row in rows}


@FEW
@given(edits=SOME, acts=ACTS, days=st.integers(0, 30), choice=st.sampled_from([NEW, OURS]))
def test_an_upgrade_in_flight(
    request: pytest.FixtureRequest, edits: list[Edit], acts: list[tuple[int, str]], days: int, choice: str
) -> None:
    sound(edited(BASE, edits, "1.1"))
    with TemporaryDirectory() as folder, fresh_database(request, "sqlite", Path(folder)) as url:
        database = Database(url)
        in_flight(database, edits, acts, days, choice)
        database.dispose()


def in_flight(db: Database, edits: list[Edit], acts: list[tuple[int, str]], days: int, choice: str) -> None:
    cast, now = casting.running(db, text_of(BASE)), NOW + timedelta(days=days)
    lived(db, cast, acts, now)
    book = edited(BASE, edits, "1.1")
    with db.reading() as session:
        before, pins = finished(session), {pin.task_id for pin in session.exec(select(Pin))}
        given_to = {(row.task_id, row.person_id) for row in session.exec(select(Assignment))}
    to = uploaded(db, cast, text_of(book))
    upgrade_all(db, cast, to, choice, now)
    with db.writing() as session:
        assert finished(session) == before
        assert {(row.task_id, row.person_id) for row in session.exec(select(Assignment))} == given_to
        assert choice == NEW or pins <= {pin.task_id for pin in session.exec(select(Pin))}
        follows_the_plan(session, cast, now)
        once = everything(session)
    upgrade_all(db, cast, to, choice, now)
    with db.reading() as session:
        assert everything(session) == once


def upgrade_all(db: Database, cast: Cast, to: int, choice: str, now: datetime) -> None:
    """The network and all places at once; every date that is asked for is the 15th of March."""
    choices: dict[str, str] = {}
    for _ in range(3):
        found = previewed(db, cast, to, now=now, choices=choices)
        asked = {line.key: choice if line.outcome is Outcome.CONFLICT else "2027-03-15" for line in found.asking}
        if asked == choices:
            break
        choices = asked
    upgraded(db, cast, to, now=now, choices=choices)


def follows_the_plan(session: Session, cast: Cast, now: datetime) -> None:
    """Nothing is left to move, and open tasks have the text and the lines of the version of their place."""
    rollout = session.get_one(Rollout, cast.rollout)
    left = replan(session, rollout, NO_CHANGE, now=now)
    assert (left.shifts, left.gone, left.new) == ((), (), ())
    over = {row.task_id for model in (Completion, Skip) for row in session.exec(select(model))}
    playbook = playbook_of(session, rollout.playbook_version_id)
    for task in session.exec(select(Task)):
        if task.retired_at is not None or task.id in over:
            assert task.playbook_version_id is not None
            known = playbook_of(session, task.playbook_version_id).entries[task.known_as or task.entry]
            assert task.title == known.title
        else:
            assert task.playbook_version_id is None
            asked: Any = playbook.entries[task.entry]
            assert (task.title, task.owner_role) == (asked.title, asked.owner.first)
            lines = {row.path for row in session.exec(select(CheckItem).where(CheckItem.task_id == task.id))}
            assert lines == {path for path, _ in leaves(asked.checklist)}
