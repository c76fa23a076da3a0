"""A task's life: what it wants before it is done, who may say so, and one event for each change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.actions.tasks.answers import answer_task
from app.actions.tasks.blocks import block_task, unblock_task
from app.actions.tasks.checklists import check_item, uncheck_item
from app.actions.tasks.completion import complete_task, reopen_task, skip_task
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.models import Block, CheckItem, Completion, Event, Skip, Task
from tests.cast import NOW, Cast

LATER = NOW + timedelta(minutes=5)


def events(session: Session, task: Task) -> list[str]:
    rows = select(Event.verb).where(Event.subject_kind == "task", Event.subject_id == task.id)
    return list(session.exec(rows.order_by(col(Event.id))))


def done(session: Session, task: Task) -> bool:
    return session.exec(select(Completion).where(Completion.task_id == task.id)).first() is not None


def test_completing_writes_who_when_and_one_event(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task = running.task(session, "scanners")
        after = complete_task(session, task.id or 0, seen=1, by=running.viewer(session, "chA"), now=LATER)
        assert after.version == 2
        row = session.exec(select(Completion)).one()
        assert (row.task_id, row.by_id, row.at, row.settled_at) == (task.id, running.people["chA"], LATER, LATER)
        event = session.exec(select(Event).order_by(col(Event.id).desc())).first()
        assert event is not None
        assert (event.verb, event.actor_id, event.at) == ("task.completed", running.people["chA"], LATER)
        assert (event.rollout_id, event.location_id) == (running.rollout, running.locations["alder"])


def test_completing_twice_records_one_event(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task = running.task(session, "scanners")
        for who in ("chA", "chAB"):
            complete_task(session, task.id or 0, seen=1, by=running.viewer(session, who), now=LATER)
        assert events(session, task) == ["task.completed"]
        assert task.version == 2


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("dir", None), ("opm", None), ("chA", None), ("chAB", None),
        ("cto", Forbidden), ("itl", Forbidden), ("exe", Forbidden),
        ("chB", NotFound), ("ch0", NotFound), ("adm", NotFound),
    ],
)  # fmt: skip
def test_who_may_complete_a_task_of_alder(
    db: Database, running: Cast, who: str, refusal: type[Exception] | None
) -> None:
    with db.writing() as session:
        task = running.task(session, "scanners")
        by = running.viewer(session, who)
        if refusal is None:
            complete_task(session, task.id or 0, seen=1, by=by, now=NOW)
        else:
            with pytest.raises(refusal):
                complete_task(session, task.id or 0, seen=1, by=by, now=NOW)
        assert done(session, task) == (refusal is None)


def test_whoever_the_task_names_may_do_it_at_every_location(db: Database, running: Cast) -> None:
    with db.writing() as session:
        for place in ("alder", "birch"):
            task = running.task(session, "cabling", place)
            complete_task(session, task.id or 0, seen=1, by=running.viewer(session, "itl"), now=NOW)
        network = running.task(session, "sso", "")
        with pytest.raises(Forbidden):
            complete_task(session, network.id or 0, seen=1, by=running.viewer(session, "chA"), now=NOW)
        complete_task(session, network.id or 0, seen=1, by=running.viewer(session, "itl"), now=NOW)


@pytest.mark.parametrize("task_id", [0, -1, 999_999, 2**31, 2**63, 10**30])
def test_a_task_that_is_not_there_is_not_found(db: Database, running: Cast, task_id: int) -> None:
    with db.writing() as session, pytest.raises(NotFound):
        complete_task(session, task_id, seen=1, by=running.viewer(session, "dir"), now=NOW)


def test_a_stale_form_is_told_who_did_what_and_when(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task = running.task(session, "scanners")
        by = running.viewer(session, "chAB")
        block_task(session, task.id or 0, reason="No labels", seen=1, by=by, now=LATER)
        with pytest.raises(Stale) as refusal:
            complete_task(session, task.id or 0, seen=1, by=running.viewer(session, "chA"), now=LATER)
        assert (refusal.value.who, refusal.value.when, refusal.value.what) == ("Abena Boateng", LATER, "blocked")
        assert not done(session, task)


def test_a_task_says_everything_it_still_wants(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "chA")
        lacking = {
            "photos": ("Attach a photo to “Photograph the server room”.",),
            "line-speed": ("Answer “Measure the line”.",),
            "walk-through": ("Tick “Front desk”.", "Tick “Screens”.", "Answer “Phones”.", "Tick “Old system”."),
        }
        for entry, wanted in lacking.items():
            task = running.task(session, entry)
            with pytest.raises(Refused) as refusal:
                complete_task(session, task.id or 0, seen=1, by=by, now=NOW)
            assert refusal.value.missing == wanted


def test_a_line_for_other_places_is_not_on_the_list(db: Database, running: Cast) -> None:
    with db.reading() as session:
        paths = {
            place: session.exec(
                select(CheckItem.path)
                .where(CheckItem.task_id == running.task(session, "walk-through", place).id)
                .order_by(col(CheckItem.position))
            ).all()
            for place in ("alder", "birch")
        }
    everywhere = ["front-desk", "reading-room.screens", "reading-room.phones"]
    assert paths == {"alder": [*everywhere, "old-system", "garden"], "birch": [*everywhere, "garden"]}


def test_a_whole_checklist_lets_the_task_be_completed(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "chA")
        task = running.task(session, "walk-through")
        for path in ("front-desk", "reading-room.screens", "old-system"):
            check_item(session, task.id or 0, path, seen=task.version, by=by, now=NOW)
        answer_task(session, task.id or 0, "pass", path="reading-room.phones", seen=task.version, by=by, now=NOW)
        complete_task(session, task.id or 0, seen=task.version, by=by, now=NOW)
        assert events(session, task) == [*["task.item_checked"] * 3, "task.answered", "task.completed"]


def test_two_people_tick_different_lines_of_one_form(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task = running.task(session, "walk-through")
        check_item(session, task.id or 0, "front-desk", seen=1, by=running.viewer(session, "chA"), now=NOW)
        check_item(session, task.id or 0, "garden", seen=1, by=running.viewer(session, "chAB"), now=NOW)
        ticked = session.exec(select(CheckItem.path).where(col(CheckItem.checked_at).is_not(None)))
        assert set(ticked) == {"front-desk", "garden"}
        assert task.version == 3


def test_the_same_line_changed_meanwhile_is_stale_and_the_same_tick_is_quiet(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task = running.task(session, "walk-through")
        first, second = running.viewer(session, "chA"), running.viewer(session, "chAB")
        check_item(session, task.id or 0, "front-desk", seen=1, by=first, now=NOW)
        check_item(session, task.id or 0, "front-desk", seen=1, by=second, now=NOW)
        assert events(session, task) == ["task.item_checked"]
        with pytest.raises(Stale):
            uncheck_item(session, task.id or 0, "front-desk", seen=1, by=second, now=NOW)
        uncheck_item(session, task.id or 0, "front-desk", seen=2, by=second, now=NOW)
        assert session.exec(select(CheckItem).where(col(CheckItem.checked_at).is_not(None))).all() == []


def test_a_line_that_is_not_there_is_not_found(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task = running.task(session, "walk-through", "birch")
        by = running.viewer(session, "chB")
        for path in ("old-system", "reading-room", "nothing", "front-desk.deeper", "nul\0", ""):
            with pytest.raises(NotFound):
                check_item(session, task.id or 0, path, seen=1, by=by, now=NOW)


def test_a_block_holds_its_reason_and_is_lifted_once(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "chA")
        task = running.task(session, "scanners")
        for _ in range(2):
            block_task(session, task.id or 0, reason="No labels", expected=date(2027, 1, 8), seen=1, by=by, now=NOW)
        with pytest.raises(Refused, match="blocked"):
            complete_task(session, task.id or 0, seen=2, by=by, now=NOW)
        block_task(session, task.id or 0, reason="No printer", seen=2, by=by, now=LATER)
        for _ in range(2):
            unblock_task(session, task.id or 0, seen=3, by=by, now=LATER)
        rows = session.exec(select(Block).order_by(col(Block.id))).all()
        assert [(row.reason, row.lifted_at) for row in rows] == [("No labels", LATER), ("No printer", LATER)]
        assert events(session, task) == ["task.blocked", "task.blocked", "task.unblocked"]


def test_an_optional_task_goes_without_a_reason_a_critical_one_never(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "chA")
        skip_task(session, running.task(session, "posters").id or 0, reason=" ", seen=1, by=by, now=NOW)
        with pytest.raises(Invalid):
            skip_task(session, running.task(session, "scanners").id or 0, reason=" ", seen=1, by=by, now=NOW)
        skip_task(session, running.task(session, "scanners").id or 0, reason="None here", seen=1, by=by, now=NOW)
        with pytest.raises(Refused, match="critical"):
            skip_task(session, running.task(session, "line-speed").id or 0, reason="x", seen=1, by=by, now=NOW)
        assert [row.reason for row in session.exec(select(Skip).order_by(col(Skip.id)))] == ["", "None here"]


@pytest.mark.parametrize("finish", ["complete", "skip"])
def test_a_finished_task_can_be_reopened_and_then_changed(db: Database, running: Cast, finish: str) -> None:
    with db.writing() as session:
        by = running.viewer(session, "chA")
        task = running.task(session, "scanners")
        if finish == "complete":
            complete_task(session, task.id or 0, seen=1, by=by, now=NOW)
        else:
            skip_task(session, task.id or 0, reason="None", seen=1, by=by, now=NOW)
        with pytest.raises(Refused, match="Take it up again"):
            block_task(session, task.id or 0, reason="x", seen=2, by=by, now=NOW)
        for _ in range(2):
            reopen_task(session, task.id or 0, seen=2, by=by, now=LATER)
        assert events(session, task)[1:] == ["task.reopened"]
        block_task(session, task.id or 0, reason="x", seen=3, by=by, now=LATER)


Change = Callable[[Session, int, Any], object]
WHEN_FINISHED: dict[str, Change] = {
    "tick": lambda s, task, by: check_item(s, task, "garden", seen=1, by=by, now=NOW),
    "answer": lambda s, task, by: answer_task(s, task, "pass", path="reading-room.phones", seen=1, by=by, now=NOW),
    "block": lambda s, task, by: block_task(s, task, reason="x", seen=1, by=by, now=NOW),
}


@pytest.mark.parametrize("change", WHEN_FINISHED)
def test_changing_a_task_that_was_finished_meanwhile_is_stale(db: Database, running: Cast, change: str) -> None:
    with db.writing() as session:
        task = running.task(session, "walk-through")
        skip_task(session, task.id or 0, reason="Closed", seen=1, by=running.viewer(session, "opm"), now=NOW)
        with pytest.raises(Stale) as refusal:
            WHEN_FINISHED[change](session, task.id or 0, running.viewer(session, "chA"))
        assert (refusal.value.who, refusal.value.what) == ("Omar Haddad", "skipped")


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 4_001, "nul\0", "half \ud800"])
def test_a_reason_that_cannot_be_kept_is_refused(db: Database, running: Cast, reason: str) -> None:
    with db.writing() as session, pytest.raises(Invalid) as refusal:
        by = running.viewer(session, "chA")
        block_task(session, running.task(session, "scanners").id or 0, reason=reason, seen=1, by=by, now=NOW)
    assert set(refusal.value.fields) == {"reason"}
