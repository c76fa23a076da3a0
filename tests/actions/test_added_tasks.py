"""Work added by hand: by whoever checks off there, done like every other, changed and set aside by its author."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import Session, select

from app.actions.tasks.added import add_task, change_added_task
from app.actions.tasks.blocks import block_task
from app.actions.tasks.completion import complete_task, skip_task
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Stale
from app.models import Assignment, Delivery, Event, Rollout, Task
from app.queries.rollouts.board import board
from app.queries.rollouts.facts import facts_of
from app.queries.tasks.today import today
from app.rules.people.access import Extent
from tests.cast import NOW, Cast

DUE = date(2027, 1, 8)


def added(session: Session, cast: Cast, who: str = "chA", place: str = "alder", **given: Any) -> Task:
    said = {"title": "Move the fridge", "how": "By the back door.", "due": DUE, "role": "champion", **given}
    location = cast.locations[place] if place else None
    return add_task(session, cast.rollout, location_id=location, by=cast.viewer(session, who), now=NOW, **said)


@pytest.mark.parametrize(
    ("who", "place", "refusal"),
    [
        ("dir", "alder", None), ("opm", "alder", None), ("chA", "alder", None), ("dir", "", None), ("opm", "", None),
        ("chA", "", Forbidden), ("cto", "alder", Forbidden), ("itl", "", Forbidden), ("exe", "alder", Forbidden),
        ("chB", "alder", NotFound), ("ch0", "", NotFound), ("adm", "alder", NotFound),
    ],
)  # fmt: skip
def test_who_may_add_where(db: Database, running: Cast, who: str, place: str, refusal: type[Exception] | None) -> None:
    with db.writing() as session:
        if refusal is None:
            assert added(session, running, who, place).added
        else:
            with pytest.raises(refusal):
                added(session, running, who, place)


def test_an_added_task_is_dated_and_recorded(db: Database, running: Cast) -> None:
    with db.writing() as session:
        row = added(session, running, workstream="technical")
        assert (row.entry, row.owner_role, row.workstream, row.critical, row.due) == (
            "added-1", "champion", "technical", False, DUE
        )  # fmt: skip
        assert row.late_at == datetime(2027, 1, 9, 6, tzinfo=UTC)
        assert added(session, running, due=None).late_at is None
        assert [task.entry for task in session.exec(select(Task).where(Task.added).order_by(Task.id))] == [  # type: ignore[arg-type]
            "added-1", "added-2"
        ]  # fmt: skip
        event = session.exec(select(Event).where(Event.verb == "task.added")).first()
        assert event is not None
        assert (event.subject_id, event.location_id) == (row.id, running.locations["alder"])


def test_the_same_form_twice_adds_one(db: Database, running: Cast) -> None:
    with db.writing() as session:
        assert added(session, running, token="form").id == added(session, running, token="form").id
        assert len(session.exec(select(Task).where(Task.added)).all()) == 1


def test_every_action_works_on_it(db: Database, running: Cast) -> None:
    with db.writing() as session:
        row, by = added(session, running), running.viewer(session, "chAB")
        block_task(session, row.id or 0, reason="No van", seen=1, by=by, now=NOW)
        with pytest.raises(Forbidden):
            complete_task(session, row.id or 0, seen=2, by=running.viewer(session, "itl"), now=NOW)
        mine = [one.task.row.id for one in today(session, by, NOW).soon]
        assert row.id in mine


def test_it_counts_in_progress_and_in_no_criterion(db: Database, running: Cast) -> None:
    with db.writing() as session:
        rollout = facts_of(session, session.get_one(Rollout, running.rollout))

        def seen() -> tuple[int, int]:
            found = board(session, rollout, Extent(True, frozenset()), NOW)
            alder = next(one for one in found.centres if one.place.slug == "alder")
            bars = alder.roll.bars if alder.roll else ()
            return sum(cell.total for cell in alder.cells if cell), sum(bar.total for bar in bars)

        total, criteria = seen()
        added(session, running, workstream="technical")
        assert seen() == (total + 1, criteria)


def test_a_person_is_given_it_and_told(db: Database, running: Cast) -> None:
    with db.writing() as session:
        row = added(session, running, role="", person=running.people["chAB"])
        assert row.owner_role == "champion"
        assert (
            session.exec(select(Assignment.person_id).where(Assignment.task_id == row.id)).one()
            == running.people["chAB"]
        )
        message = session.exec(select(Delivery)).one()
        assert (message.kind, message.person_id) == ("assignment", running.people["chAB"])


@pytest.mark.parametrize(
    "given",
    [
        {"title": " "}, {"title": "x" * 201}, {"role": "nobody"}, {"role": "hub"}, {"role": "", "person": 99_999},
        {"workstream": "x"}, {"due": date(2099, 1, 1)}, {"how": "nul\0"},
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(db: Database, running: Cast, given: dict[str, Any]) -> None:
    with db.writing() as session, pytest.raises(Invalid):
        added(session, running, **given)


def test_somebody_of_another_centre_cannot_be_given_it(db: Database, running: Cast) -> None:
    with db.writing() as session, pytest.raises(Invalid):
        added(session, running, role="", person=running.people["chB"])


def test_its_author_and_directors_change_it_and_others_do_not(db: Database, running: Cast) -> None:
    with db.writing() as session:
        row = added(session, running)
        said: dict[str, Any] = {"how": "", "due": None, "now": NOW}
        for _ in range(2):
            change_added_task(
                session, row.id or 0, title="Two fridges", seen=1, by=running.viewer(session, "chA"), **said
            )
        assert (row.title, row.how, row.due, row.late_at, row.version) == ("Two fridges", "", None, None, 2)
        with pytest.raises(Stale):
            change_added_task(session, row.id or 0, title="x", seen=1, by=running.viewer(session, "opm"), **said)
        change_added_task(session, row.id or 0, title="Three", seen=2, by=running.viewer(session, "opm"), **said)
        with pytest.raises(Forbidden):
            change_added_task(session, row.id or 0, title="x", seen=3, by=running.viewer(session, "chAB"), **said)
        with pytest.raises(Forbidden):
            skip_task(session, row.id or 0, reason="No", seen=3, by=running.viewer(session, "chAB"), now=NOW)
        skip_task(session, row.id or 0, reason="No", seen=3, by=running.viewer(session, "chA"), now=NOW)


def test_a_task_of_the_playbook_is_not_changed_this_way(db: Database, running: Cast) -> None:
    with db.writing() as session, pytest.raises(NotFound):
        task = running.task(session, "scanners")
        by = running.viewer(session, "dir")
        change_added_task(session, task.id or 0, title="x", how="", due=None, seen=1, by=by, now=NOW)
