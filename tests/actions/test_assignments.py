"""Work given to people: one task or many, all or none, one message; and what being given a task allows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.actions.people.leaves import record_leave
from app.actions.tasks.assignments import assign_tasks
from app.actions.tasks.bulk import complete_tasks, skip_tasks
from app.actions.tasks.comments import comment_on_task
from app.actions.tasks.completion import complete_task
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale, StaleAmong
from app.models import Assignment, Completion, Delivery, Event, Skip, Task
from tests.cast import NOW, Cast

LATER = NOW + timedelta(minutes=5)
LOCAL = ("scanners", "photos", "line-speed", "walk-through", "cabling", "posters")


def seen(session: Session, cast: Cast, *entries: str, at: str = "alder") -> dict[int, int]:
    tasks = [cast.task(session, entry, at) for entry in entries]
    return {task.id or 0: task.version for task in tasks}


def give(session: Session, cast: Cast, shown: dict[int, int], to: str | None, by: str = "dir") -> list[Task]:
    person = cast.people[to] if to else None
    return assign_tasks(session, shown, person, by=cast.viewer(session, by), now=LATER)


def held(session: Session) -> dict[int, int]:
    return {row.task_id: row.person_id for row in session.exec(select(Assignment))}


def test_one_task_is_given_and_told_in_one_transaction(db: Database, running: Cast) -> None:
    with db.writing() as session:
        shown = seen(session, running, "scanners")
        (task,) = give(session, running, shown, "cto")
        assert held(session) == {task.id: running.people["cto"]}
        assert (task.version, task.begun) == (2, False)
        event = session.exec(select(Event).order_by(col(Event.id).desc())).first()
        assert event is not None
        assert (event.verb, event.subject_id, event.location_id) == (
            "task.assigned",
            task.id,
            running.locations["alder"],
        )
        assert event.data == {"after": {"person": running.people["cto"], "name": "Carla Toivonen"}}
        message = session.exec(select(Delivery)).one()
        assert (message.kind, message.person_id) == ("assignment", running.people["cto"])
        assert (message.subject_kind, message.subject_id, message.data["by"]) == ("task", task.id, "Dana Whitfield")


def test_many_tasks_are_one_message_and_one_event_each(db: Database, running: Cast) -> None:
    with db.writing() as session:
        shown = seen(session, running, *LOCAL) | seen(session, running, *LOCAL, at="birch")
        assert len(give(session, running, shown, "opm")) == 12
        message = session.exec(select(Delivery)).one()
        assert (message.subject_kind, message.subject_id) == ("rollout", running.rollout)
        assert message.data["note"] == "12 tasks"
        assert len(session.exec(select(Event).where(Event.verb == "task.assigned")).all()) == 12


def test_the_same_again_is_quiet(db: Database, running: Cast) -> None:
    with db.writing() as session:
        shown = seen(session, running, "scanners", "posters")
        assert len(give(session, running, shown, "chAB")) == 2
        assert give(session, running, shown, "chAB") == []
        assert len(session.exec(select(Event).where(Event.verb == "task.assigned")).all()) == 2
        assert len(session.exec(select(Delivery)).all()) == 1


def test_taken_back_and_given_on(db: Database, running: Cast) -> None:
    with db.writing() as session:
        give(session, running, seen(session, running, "scanners"), "chA")
        (task,) = give(session, running, seen(session, running, "scanners"), "cto")
        assert held(session) == {task.id: running.people["cto"]}
        (task,) = give(session, running, seen(session, running, "scanners"), None)
        assert (held(session), task.version) == ({}, 4)
        verbs = session.exec(
            select(Event.verb).where(Event.subject_kind == "task", Event.subject_id == task.id).order_by(col(Event.id))
        ).all()
        assert verbs == ["task.assigned", "task.assigned", "task.unassigned"]


def test_taking_a_task_on_oneself_sends_nothing(db: Database, running: Cast) -> None:
    with db.writing() as session:
        give(session, running, seen(session, running, "scanners"), "chA", by="chA")
        assert session.exec(select(Delivery)).all() == []


@pytest.mark.parametrize(
    ("by", "place", "refusal"),
    [
        ("dir", "alder", None), ("opm", "alder", None), ("chA", "alder", None), ("chAB", "birch", None),
        ("dir", "", None), ("chA", "", Forbidden), ("cto", "alder", Forbidden), ("itl", "alder", Forbidden),
        ("exe", "alder", Forbidden), ("chA", "birch", NotFound), ("ch0", "alder", NotFound), ("adm", "alder", NotFound),
    ],
)  # fmt: skip
def test_who_gives_work(db: Database, running: Cast, by: str, place: str, refusal: type[Exception] | None) -> None:
    with db.writing() as session:
        shown = seen(session, running, "scanners" if place else "sso", at=place)
        if refusal is None:
            assert len(give(session, running, shown, "opm", by=by)) == 1
            return
        with pytest.raises(refusal):
            give(session, running, shown, "opm", by=by)
        assert held(session) == {}


@pytest.mark.parametrize(("to", "refusal"), [("chB", Refused), ("ch0", Refused), ("adm", Refused), ("off", Invalid)])
def test_nobody_gets_what_they_may_not_see(db: Database, running: Cast, to: str, refusal: type[Exception]) -> None:
    with db.writing() as session:
        with pytest.raises(refusal):
            give(session, running, seen(session, running, "scanners"), to)
        assert held(session) == {}


def test_all_or_none_with_a_line_for_each_that_changed_meanwhile(db: Database, running: Cast) -> None:
    with db.writing() as session:
        shown = seen(session, running, *LOCAL)
        complete_task(
            session, running.task(session, "scanners").id or 0, seen=1, by=running.viewer(session, "chA"), now=NOW
        )
        complete_task(
            session, running.task(session, "posters").id or 0, seen=1, by=running.viewer(session, "chAB"), now=NOW
        )
    with db.writing() as session:
        with pytest.raises(StaleAmong, match="2 of 6 tasks") as refused:
            give(session, running, shown, "opm")
        assert refused.value.ids == tuple(running.task(session, one).id for one in ("scanners", "posters"))
        assert refused.value.lines == (
            "Label printers and scanners work: Chiara Amato changed this in the meantime: completed.",
            "Put up posters: Abena Boateng changed this in the meantime: completed.",
        )
        session.rollback()
    with db.reading() as session:
        assert held(session) == {}


def test_a_single_stale_task_names_who_was_quicker(db: Database, running: Cast) -> None:
    with db.writing() as session:
        shown = seen(session, running, "scanners")
        give(session, running, shown, "chA", by="opm")
        with pytest.raises(Stale) as stale:
            give(session, running, shown, "chAB")
        assert (stale.value.who, stale.value.what) == ("Omar Haddad", "assigned")


def test_finished_work_is_not_given_away(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task = running.task(session, "scanners")
        complete_task(session, task.id or 0, seen=1, by=running.viewer(session, "chA"), now=NOW)
        with pytest.raises(Refused, match="finished"):
            give(session, running, seen(session, running, "scanners"), "chAB")


def test_being_given_a_task_lets_somebody_do_that_one_and_no_other(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "cto")
        scanners, posters = running.task(session, "scanners"), running.task(session, "posters")
        with pytest.raises(Forbidden):
            complete_task(session, scanners.id or 0, seen=1, by=by, now=NOW)
        with pytest.raises(Forbidden):
            comment_on_task(session, scanners.id or 0, text="Which ones?", by=by, now=NOW)
        give(session, running, {scanners.id or 0: 1}, "cto")
        assert comment_on_task(session, scanners.id or 0, text="Which ones?", by=by, now=NOW).id
        assert complete_task(session, scanners.id or 0, seen=2, by=by, now=LATER).version == 3
        with pytest.raises(Forbidden):
            complete_task(session, posters.id or 0, seen=1, by=by, now=NOW)


def test_the_cover_of_the_assignee_does_it_meanwhile(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task = running.task(session, "scanners")
        give(session, running, {task.id or 0: 1}, "cto")
        by = running.viewer(session, "dir")
        days = {"first": NOW.date(), "last": NOW.date()}
        record_leave(session, running.people["cto"], **days, cover_id=running.people["itl"], by=by, now=NOW)
        cover = running.viewer(session, "itl")
        assert complete_task(session, task.id or 0, seen=2, by=cover, now=LATER).version == 3


def test_two_directors_at_once_leave_one_owner_and_tell_the_second(db: Database, running: Cast) -> None:
    with db.writing() as session:
        shown = seen(session, running, *LOCAL)
        give(session, running, shown, "chA")
    with db.writing() as session, pytest.raises(Stale, match="6 of 6 tasks"):
        give(session, running, shown, "chAB", by="opm")
    with db.reading() as session:
        assert set(held(session).values()) == {running.people["chA"]}


def test_many_are_completed_where_nothing_more_is_wanted_or_none_is(db: Database, running: Cast) -> None:
    by_who = "chA"
    with db.writing() as session:
        shown = seen(session, running, "scanners", "posters")
        by = running.viewer(session, by_who)
        assert len(complete_tasks(session, shown, by=by, now=LATER)) == 2
        assert complete_tasks(session, shown, by=by, now=LATER) == []
    with db.writing() as session:
        shown = seen(session, running, "cabling", "photos")
        with pytest.raises(Refused, match="1 of 2 tasks") as refused:
            complete_tasks(session, shown, by=running.viewer(session, by_who), now=LATER)
        assert refused.value.missing == ("Photograph the server room: Something is still missing.",)
        session.rollback()
    with db.reading() as session:
        assert len(session.exec(select(Completion)).all()) == 2


def test_many_are_set_aside_with_one_reason_but_nothing_critical(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "opm")
        shown = seen(session, running, "scanners", "posters")
        assert len(skip_tasks(session, shown, reason="No reception here.", by=by, now=LATER)) == 2
        assert {row.reason for row in session.exec(select(Skip))} == {"No reception here."}
        assert skip_tasks(session, shown, reason="No reception here.", by=by, now=LATER) == []
        with pytest.raises(Refused, match="critical"):
            skip_tasks(session, seen(session, running, "line-speed"), reason="x", by=by, now=LATER)
        with pytest.raises(Invalid):
            skip_tasks(session, seen(session, running, "cabling"), reason=" ", by=by, now=LATER)


def test_a_step_takes_no_task_of_another_rollout(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by, shown = running.viewer(session, "dir"), seen(session, running, "scanners", "posters")
        other = running.rollout + 1
        for act in (
            lambda: assign_tasks(session, shown, running.people["chA"], within=other, by=by, now=LATER),
            lambda: complete_tasks(session, shown, within=other, by=by, now=LATER),
            lambda: skip_tasks(session, shown, reason="x", within=other, by=by, now=LATER),
        ):
            with pytest.raises(NotFound):
                act()
        assert len(complete_tasks(session, shown, within=running.rollout, by=by, now=LATER)) == 2


def test_a_step_is_not_without_bound(db: Database, running: Cast) -> None:
    with db.writing() as session, pytest.raises(Refused, match="At most 500"):
        give(session, running, dict.fromkeys(range(1, 502), 1), "chA")
