"""The chosen set takes its wave: work stays, dates move, and others make room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from app.actions.schedule.moves import move_task, planned_task_move
from app.actions.schedule.planning import plan_of
from app.actions.selection.placing import place_set, planned_placing
from app.actions.signoffs.signing import sign_task
from app.actions.tasks.checklists import check_item
from app.actions.tasks.comments import comment_on_task
from app.actions.tasks.completion import complete_task
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.models import Event, Location, Rollout, ScheduledEntry, Signature, Task
from tests.actions.places import planned
from tests.cast import NOW, Cast
from tests.selecting import answer, answer_set, choosing, chosen, restate, selection_id, stored


@pytest.fixture
def picked(database_url: str) -> Iterator[tuple[Database, Cast]]:
    """Alder and Cedar are chosen; Birch is still in the pilot."""
    database = Database(database_url)
    cast = choosing(database)
    with database.writing() as session:
        restate(session, cast, "cedar", **{"upgrade-path": True})
        chosen(session, cast, "alder cedar")
    yield database, cast
    database.dispose()


def rows(session: Session) -> dict[tuple[str, str, str, str], object]:
    slugs = {row.id: row.slug for row in session.exec(select(Location))}
    slugs[None] = ""
    found = [*session.exec(select(Task)), *session.exec(select(ScheduledEntry))]
    return {(slugs[r.location_id], r.entry, r.wave, r.value): (r.begins, r.due, r.due_at, r.unclear) for r in found}


def place(session: Session, cast: Cast, who: str = "dir", **waves: str) -> None:
    given = {cast.locations[slug]: wave for slug, wave in waves.items()}
    by, key = cast.viewer(session, who), selection_id(session, cast)
    shown = planned_placing(session, key, waves=given, by=by, now=NOW).fingerprint
    place_set(session, key, waves=given, shown=shown, by=by, now=NOW)


def test_the_plan_is_the_one_of_the_new_waves(picked: tuple[Database, Cast]) -> None:
    database, cast = picked
    with database.writing() as session:
        place(session, cast)
        waves = dict(session.exec(select(Location.slug, Location.wave)).all())
        assert waves == {"alder": "pilot", "cedar": "pilot", "birch": "second", "dogwood": "second"}
        assert rows(session) == planned(session, cast)
        plan = plan_of(session, session.get_one(Rollout, cast.rollout))
        cutovers = dict(session.exec(select(Location.slug, Location.cutover_at)).all())
        assert cutovers == {slug: plan.cutovers[slug] for slug in cutovers}
        assert cutovers["cedar"] == cutovers["alder"]
        placed = session.exec(select(Event.location_id).where(Event.verb == "location.placed")).all()
    assert sorted(placed) == sorted([cast.locations["birch"], cast.locations["cedar"]])


def test_the_preview_tells_what_moves_and_changes_nothing(picked: tuple[Database, Cast]) -> None:
    database, cast = picked
    with database.writing() as session:
        before = rows(session)
        move = planned_placing(session, selection_id(session, cast), waves={}, by=cast.viewer(session, "dir"), now=NOW)
        assert {slug for slug, _, _ in move.found.cutovers} == {"birch", "cedar"}
        assert {shift.stored.title for shift in move.found.shifts} >= {"Migration test", "Go or no-go"}
        assert (move.found.new, move.found.gone, move.found.faults) == ((), (), ())
        assert rows(session) == before


def test_what_was_done_stays_done_and_signed(picked: tuple[Database, Cast]) -> None:
    database, cast = picked
    with database.writing() as session:
        for entry, who in (("scanners", "dir"), ("migration", "itl")):
            task = cast.task(session, entry, "cedar")
            complete_task(session, task.id or 0, seen=task.version, by=cast.viewer(session, who), now=NOW)
        task = cast.task(session, "migration", "cedar")
        due = task.due
        sign_task(session, task.id or 0, kind="sign_off", seen=task.version, by=cast.proven(session, "dir"), now=NOW)
        line = cast.task(session, "walk-through", "cedar")
        check_item(session, line.id or 0, "front-desk", seen=line.version, by=cast.viewer(session, "dir"), now=NOW)
        count = len(rows(session))
        place(session, cast)
        comment_on_task(session, task.id or 0, text="Well done", by=cast.viewer(session, "dir"), now=NOW)
        assert len(rows(session)) == count
        again = cast.task(session, "migration", "cedar")
        assert (again.id, again.wave, again.due) == (task.id, "pilot", due)
        assert session.exec(select(Signature.voided_at)).one() is None
        assert cast.task(session, "walk-through", "cedar").id == line.id


def test_a_day_set_by_hand_stays(picked: tuple[Database, Cast]) -> None:
    database, cast = picked
    with database.writing() as session:
        by, key, day = cast.viewer(session, "dir"), cast.task(session, "posters", "cedar").id or 0, date(2027, 1, 13)
        shown = planned_task_move(session, key, due=day, by=by, now=NOW).fingerprint
        move_task(session, key, due=day, reason="Earlier.", shown=shown, by=by, now=NOW)
        place(session, cast)
        assert cast.task(session, "posters", "cedar").due == day
        assert rows(session) == planned(session, cast)


def test_moving_twice_is_quiet(picked: tuple[Database, Cast]) -> None:
    database, cast = picked
    with database.writing() as session:
        place(session, cast)
        place(session, cast)
        assert len(session.exec(select(Event).where(Event.verb == "selection.placed")).all()) == 1
        assert stored(session, cast).settled


def test_who_may_move_them_and_when(picked: tuple[Database, Cast]) -> None:
    database, cast = picked
    with database.writing() as session:
        for who, error in (("opm", Forbidden), ("exe", Forbidden), ("chA", Forbidden), ("ch0", NotFound)):
            with pytest.raises(error):
                place(session, cast, who)
        with pytest.raises(Stale):
            place_set(session, selection_id(session, cast), waves={}, shown="x", by=cast.viewer(session, "dir"),
                      now=NOW)  # fmt: skip
        for wave in ("pilot", "nowhere"):
            with pytest.raises(Invalid):
                place(session, cast, birch=wave)
        late = NOW + timedelta(days=60)
        with pytest.raises(Refused) as live:
            planned_placing(session, selection_id(session, cast), waves={}, by=cast.viewer(session, "dir"), now=late)
        assert live.value.reason.endswith("is live already. It stays in its wave.")


def test_nothing_moves_before_the_set_is_signed(database_url: str) -> None:
    database = Database(database_url)
    cast = choosing(database)
    with database.writing() as session:
        answer(session, cast, "alder", "backing")
        answer_set(session, cast, "near")
        with pytest.raises(Refused):
            place(session, cast)
    database.dispose()


def test_gates_and_what_hangs_on_the_rows_stay(picked: tuple[Database, Cast]) -> None:
    database, cast = picked
    with database.writing() as session:
        gates = {row.location_id: row.id for row in session.exec(select(ScheduledEntry).where(
            ScheduledEntry.entry == "go"))}  # fmt: skip
        place(session, cast)
        after = session.exec(select(ScheduledEntry).where(col(ScheduledEntry.entry) == "go")).all()
        assert {row.location_id: row.id for row in after} == gates
        assert {row.wave for row in after if row.location_id == cast.locations["cedar"]} == {"pilot"}
