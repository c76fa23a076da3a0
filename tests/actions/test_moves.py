"""Moving a task or a cutover: first shown, then done in one step, and nothing else than what was shown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from app.actions.schedule.moves import move_cutover, move_task, planned_cutover_move, planned_task_move
from app.actions.schedule.planning import plan_of
from app.actions.tasks.completion import complete_task
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.models import Delivery, Event, Location, Pin, Rollout, ScheduledEntry, Task
from app.rules.schedule.dated import Item
from app.rules.schedule.moves import for_who_decides
from app.rules.schedule.schedule import Finding
from tests import cast as casting
from tests.cast import NOW, PLAYBOOK, Cast

CHAINED = PLAYBOOK.replace(
    "  migration: {",
    "  report: {title: Report on the readiness, owner: cto, scope: network, due: readiness + 2wd}\n"
    "  labels: {title: Order labels, owner: champion, due: scanners + 3wd}\n"
    "  rounds: {title: Walk the floor, owner: champion, due: live week 1 .. live week 2, every: working day 09:00}\n"
    "  migration: {",
)


@pytest.fixture
def chained(db: Database) -> Cast:
    """The rollout with work that counts from other work, and rounds on every day after the go-live."""
    return casting.running(db, CHAINED)


def dues(session: Session) -> dict[tuple[str, int | None, str], date | None]:
    return {(row.entry, row.location_id, row.value): row.due for row in session.exec(select(Task))}


def stored_is_planned(session: Session, cast: Cast) -> bool:
    """Every row has the dates of the plan computed anew, and there is one for every item."""
    rollout = session.get_one(Rollout, cast.rollout)
    slugs = {row.id: row.slug for row in session.exec(select(Location))}
    rows = [*session.exec(select(Task)), *session.exec(select(ScheduledEntry))]
    found = {(slugs.get(r.location_id, ""), r.entry, r.wave, r.value): (r.begins, r.due, r.due_at) for r in rows}

    def key(item: Item) -> tuple[str, str, str, str]:
        return item.location, item.entry, item.wave, item.value

    return found == {key(item): (item.begins, item.due, item.due_at) for item in plan_of(session, rollout).items}


def test_the_preview_names_what_counts_from_the_task_and_changes_nothing(db: Database, chained: Cast) -> None:
    with db.writing() as session:
        task = chained.task(session, "scanners")
        before = dues(session)
        move = planned_task_move(
            session, task.id or 0, due=date(2027, 1, 20), by=chained.viewer(session, "dir"), now=NOW
        )
        assert [(s.stored.title, s.stored.dates.due, s.now.due) for s in move.found.shifts if s.stored.task] == [
            ("Report on the readiness", date(2027, 1, 19), date(2027, 1, 22)),
            ("Label printers and scanners work", date(2027, 1, 15), date(2027, 1, 20)),
            ("Order labels", date(2027, 1, 20), date(2027, 1, 25)),
        ]
        assert [name for _, name in move.told] == ["Abena Boateng", "Carla Toivonen", "Chiara Amato"]
        assert dues(session) == before
        assert session.exec(select(Pin)).all() == []


def test_a_move_is_done_whole_and_told(db: Database, chained: Cast) -> None:
    with db.writing() as session:
        task = chained.task(session, "scanners")
        by = chained.viewer(session, "dir")
        move = planned_task_move(session, task.id or 0, due=date(2027, 1, 20), by=by, now=NOW)
        move_task(
            session, task.id or 0, due=date(2027, 1, 20), reason="No engineer before.", shown=move.fingerprint, by=by,
            now=NOW,
        )  # fmt: skip
    with db.reading() as session:
        assert chained.task(session, "scanners").due == date(2027, 1, 20)
        assert chained.task(session, "scanners").first_due == date(2027, 1, 15)
        assert chained.task(session, "scanners").why == "Set by hand: Wednesday 20 January."
        assert chained.task(session, "labels").due == date(2027, 1, 25)
        assert chained.task(session, "labels", "birch").due == date(2027, 1, 20)
        assert stored_is_planned(session, chained)
        moved = session.exec(select(Event).where(Event.verb == "task.moved")).all()
        assert len(moved) == 3
        assert {event.data["after"]["reason"] for event in moved} == {"No engineer before."}
        assert len(session.exec(select(Delivery).where(Delivery.kind == "moved")).all()) == 3


def test_back_to_the_date_of_the_playbook(db: Database, chained: Cast) -> None:
    with db.writing() as session:
        task_id, by = chained.task(session, "scanners").id or 0, chained.viewer(session, "dir")
        before = dues(session)
        for due in (date(2027, 1, 20), None):
            move = planned_task_move(session, task_id, due=due, by=by, now=NOW)
            move_task(session, task_id, due=due, reason="As it is.", shown=move.fingerprint, by=by, now=NOW)
        assert dues(session) == before
        assert session.exec(select(Pin)).all() == []
        assert stored_is_planned(session, chained)


def test_what_was_not_shown_is_not_done(db: Database, chained: Cast) -> None:
    with db.writing() as session:
        task_id, by = chained.task(session, "scanners").id or 0, chained.viewer(session, "dir")
        shown = planned_task_move(session, task_id, due=date(2027, 1, 20), by=by, now=NOW).fingerprint
        labels = chained.task(session, "labels")
        complete_task(session, labels.id or 0, seen=1, by=chained.viewer(session, "chA"), now=NOW)
        with pytest.raises(Stale):
            move_task(session, task_id, due=date(2027, 1, 20), reason="x", shown=shown, by=by, now=NOW)
        assert chained.task(session, "scanners").due == date(2027, 1, 15)
        move = planned_task_move(session, task_id, due=date(2027, 1, 20), by=by, now=NOW)
        assert move.found.kept == 1  # what is done stays on its day


def test_a_moved_cutover_takes_with_it_what_counts_from_it(db: Database, chained: Cast) -> None:
    with db.writing() as session:
        alder, by = chained.locations["alder"], chained.viewer(session, "dir")
        rounds = {value for entry, place, value in dues(session) if entry == "rounds" and place == alder}
        move = planned_cutover_move(session, alder, cutover="2027-02-15 07:00", by=by, now=NOW)
        assert [slug for slug, _, _ in move.found.cutovers] == ["alder"]
        assert [name for _, name in move.told] == ["Abena Boateng", "Chiara Amato", "Ivo Tanaka"]
        assert len(move.found.new) == len(move.found.gone) > 0
        move_cutover(session, alder, cutover="2027-02-15 07:00", reason="Snow.", shown=move.fingerprint, by=by, now=NOW)
    with db.reading() as session:
        place = session.get_one(Location, alder)
        assert place.cutover_at is not None and place.first_cutover_at is not None
        assert place.cutover_at - place.first_cutover_at == timedelta(days=7)
        assert chained.task(session, "migration").due == date(2027, 2, 9)
        assert chained.task(session, "migration", "birch").due == date(2027, 2, 2)
        later = {value for entry, place_id, value in dues(session) if entry == "rounds" and place_id == alder}
        assert rounds.isdisjoint(later - rounds)
        assert stored_is_planned(session, chained)
        assert session.exec(select(Event).where(Event.verb == "location.cutover_moved")).one()


def test_a_go_live_may_be_postponed_over_the_order_of_dates_and_a_buffer_but_not_hastened() -> None:
    found = [Finding(id_, "tasks.a.due", "said", True) for id_ in ("D15", "D18", "D14")]
    early, late = NOW, NOW + timedelta(days=14)
    for moves, settled in (
        ([("alder", early, late)], [False, False, True]),
        ([("alder", late, early)], [True, True, True]),
        ([("alder", early, late), ("birch", late, early)], [True, True, True]),
        ([("alder", None, late)], [True, True, True]),
        ([], [True, True, True]),
    ):
        assert [one.settle for one in for_who_decides(found, moves)] == settled


def test_a_plan_that_breaks_the_playbook_is_refused_with_the_reasons(db: Database, chained: Cast) -> None:
    with db.writing() as session:
        alder, by = chained.locations["alder"], chained.viewer(session, "dir")
        sunday = planned_cutover_move(session, alder, cutover="2027-02-14 07:00", by=by, now=NOW)
        assert [finding.id for finding in sunday.found.findings] == ["D19"]
        move = planned_cutover_move(session, alder, cutover="2027-01-05 07:00", by=by, now=NOW)
        assert move.found.faults
        with pytest.raises(Refused):
            move_cutover(session, alder, cutover="2027-01-05 07:00", reason="x", shown=move.fingerprint, by=by, now=NOW)
        assert session.get_one(Location, alder).cutover is None


@pytest.mark.parametrize(("who", "refusal"), [("chA", Forbidden), ("itl", Forbidden), ("chB", NotFound)])
def test_only_directors_and_managers_move_a_task(
    db: Database, chained: Cast, who: str, refusal: type[Exception]
) -> None:
    with db.writing() as session, pytest.raises(refusal):
        task_id = chained.task(session, "scanners").id or 0
        planned_task_move(session, task_id, due=date(2027, 1, 20), by=chained.viewer(session, who), now=NOW)


@pytest.mark.parametrize(("who", "refusal"), [("opm", Forbidden), ("chA", Forbidden), ("chB", NotFound)])
def test_only_a_director_moves_a_cutover(db: Database, chained: Cast, who: str, refusal: type[Exception]) -> None:
    with db.writing() as session, pytest.raises(refusal):
        by = chained.viewer(session, who)
        planned_cutover_move(session, chained.locations["alder"], cutover="2027-02-15 07:00", by=by, now=NOW)


def test_a_day_that_is_none_and_a_finished_task_are_refused(db: Database, chained: Cast) -> None:
    with db.writing() as session:
        by, task = chained.viewer(session, "dir"), chained.task(session, "scanners")
        with pytest.raises(Invalid):
            planned_cutover_move(session, chained.locations["alder"], cutover="next monday", by=by, now=NOW)
        with pytest.raises(Invalid):
            planned_task_move(session, task.id or 0, due=date(2027, 1, 5), begins=date(2027, 1, 6), by=by, now=NOW)
        complete_task(session, task.id or 0, seen=1, by=chained.viewer(session, "chA"), now=NOW)
        with pytest.raises(Refused):
            planned_task_move(session, task.id or 0, due=date(2027, 1, 20), by=by, now=NOW)


def test_one_occurrence_moves_alone(db: Database, chained: Cast) -> None:
    with db.writing() as session:
        by = chained.viewer(session, "dir")
        statement = select(Task).where(Task.entry == "rounds", Task.location_id == chained.locations["alder"])
        task = session.exec(statement.order_by(Task.value)).first()
        assert task is not None and task.due_at is not None
        moved, at = task.due_at.date() + timedelta(days=1), task.due_at
        move = planned_task_move(session, task.id or 0, due=moved, by=by, now=NOW)
        assert move.found.shifts == ()
        move_task(session, task.id or 0, due=moved, reason="Closed.", shown=move.fingerprint, by=by, now=NOW)
        assert (task.due, task.due_at) == (moved, at + timedelta(days=1))
        again = planned_cutover_move(session, chained.locations["birch"], cutover="2027-02-15 07:00", by=by, now=NOW)
        assert task.id not in {shift.stored.row for shift in again.found.shifts}
