"""Locations are brought to a newer version of the playbook: open work follows, done work stays, one's own is asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from app.actions.schedule.moves import move_task, planned_task_move
from app.actions.schedule.planning import NO_CHANGE
from app.actions.schedule.replanning import replan
from app.actions.tasks.answers import answer_task
from app.actions.tasks.assignments import assign_tasks
from app.actions.tasks.checklists import check_item
from app.actions.tasks.completion import complete_task, reopen_task, skip_task
from app.actions.upgrades.upgrading import upgrade
from app.db import Database
from app.errors import Forbidden, Invalid, Refused, Stale
from app.models import Answer, Assignment, CheckItem, Completion, Delivery, Event, Location, Pin, Rollout, Task, Upgrade
from tests.actions.upgrades.versions import (
    everything,
    line_of,
    newer,
    outcomes,
    planned_dates,
    previewed,
    stored_dates,
    upgraded,
    uploaded,
)
from tests.cast import NOW, Cast

LATER = NOW + timedelta(days=1)
TITLE = ("scanners: Label printers and scanners work", "scanners: Printers, scanners and spare labels work")
DUE = ("due: week 2 fri", "due: week 3 wed")
DEMAND = ("pass: at least 100}", "pass: at least 200}")
OWNER = ("cabling: {title: Have the cabling checked, owner: it-lead}", "cabling: {title: Have the cabling checked}")
ADDED = (
    "      cabling:",
    "      spare: {title: A spare router, due: week 1 mon}\n      cables: Cables labelled\n      cabling:",
)
GONE = (
    "      posters: {title: Put up posters, optional: true}\n",
    "",
)
RETIRED = ("tasks:\n  sso:", "retired: {posters: Nobody read them}\ntasks:\n  sso:")


def moved_by_hand(db: Database, cast: Cast, entry: str, day: date) -> None:
    with db.writing() as session:
        task, by = cast.task(session, entry), cast.viewer(session, "dir")
        shown = planned_task_move(session, task.id or 0, due=day, by=by, now=NOW).fingerprint
        move_task(session, task.id or 0, due=day, reason="Here it is so.", shown=shown, by=by, now=NOW)


def done(session: Session, cast: Cast, entry: str, who: str = "chA") -> Task:
    task = cast.task(session, entry)
    return complete_task(session, task.id or 0, seen=task.version, by=cast.viewer(session, who), now=NOW)


def test_open_work_follows_the_newer_version_at_the_chosen_place_alone(db: Database, running: Cast) -> None:
    to = uploaded(db, running, newer(TITLE, DUE, OWNER))
    found = upgraded(db, running, to, "alder")
    assert outcomes(found)["scanners"] == "applied"
    with db.reading() as session:
        here, there = running.task(session, "scanners"), running.task(session, "scanners", "birch")
        assert (here.title, here.due) == ("Printers, scanners and spare labels work", date(2027, 1, 20))
        assert (there.title, there.due) == ("Label printers and scanners work", date(2027, 1, 15))
        assert running.task(session, "cabling").owner_role == "champion"
        assert session.get_one(Location, running.locations["alder"]).playbook_version_id == to
        assert session.get_one(Location, running.locations["birch"]).playbook_version_id == running.playbook
        assert session.get_one(Rollout, running.rollout).playbook_version_id == running.playbook
        assert stored_dates(session, running) == planned_dates(session, running)
        (row,) = session.exec(select(Upgrade)).all()
        assert (row.location_id, row.from_id, row.to_id) == (running.locations["alder"], running.playbook, to)


def test_what_is_done_stays_as_it_was_and_may_be_asked_again(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task = running.task(session, "line-speed")
        answer_task(session, task.id or 0, "150", seen=task.version, by=running.viewer(session, "chA"), now=NOW)
        done(session, running, "line-speed")
    to = uploaded(db, running, newer(DEMAND, DUE))
    line = line_of(upgraded(db, running, to), "line-speed")
    assert (line.outcome, line.again) == ("kept", True)
    with db.writing() as session:
        task = running.task(session, "line-speed")
        assert (task.playbook_version_id, task.due) == (running.playbook, date(2027, 1, 15))
        assert session.exec(select(Answer.judged).where(Answer.task_id == task.id)).one() == "pass"
        reopen_task(session, task.id or 0, seen=task.version, by=running.viewer(session, "chA"), now=LATER)
    with db.reading() as session:
        task = running.task(session, "line-speed")
        assert (task.playbook_version_id, task.due) == (None, date(2027, 1, 20))
        assert session.exec(select(Answer.judged).where(Answer.task_id == task.id)).one() == "fail"


def test_a_date_set_by_hand_is_asked_about_and_either_answer_holds(db: Database, running: Cast) -> None:
    moved_by_hand(db, running, "scanners", date(2027, 1, 13))
    to = uploaded(db, running, newer(DUE))
    found = previewed(db, running, to, "alder")
    line = line_of(found, "scanners")
    assert (line.outcome, line.before and line.before.due, line.after and line.after.due) == (
        "conflict", date(2027, 1, 13), date(2027, 1, 20)
    )  # fmt: skip
    with db.writing() as session:
        by = running.viewer(session, "dir")
        with pytest.raises(Invalid):
            upgrade(session, running.rollout, places=["alder"], to=to, shown=found.fingerprint, by=by, now=NOW)
    upgraded(db, running, to, "alder", choices={line.key: "ours"})
    with db.reading() as session:
        task = running.task(session, "scanners")
        assert task.due == date(2027, 1, 13)
        assert session.exec(select(Pin.due).where(Pin.task_id == task.id)).one() == date(2027, 1, 13)
        assert running.task(session, "photos").due == date(2027, 1, 20)


def test_the_newer_date_may_be_taken_in_place_of_ones_own(db: Database, running: Cast) -> None:
    moved_by_hand(db, running, "scanners", date(2027, 1, 13))
    to = uploaded(db, running, newer(DUE))
    key = line_of(previewed(db, running, to, "alder"), "scanners").key
    upgraded(db, running, to, "alder", choices={key: "new"})
    with db.reading() as session:
        task = running.task(session, "scanners")
        assert task.due == date(2027, 1, 20)
        assert session.exec(select(Pin).where(Pin.task_id == task.id)).first() is None
        assert stored_dates(session, running) == planned_dates(session, running)


def test_a_date_by_hand_of_which_nothing_changes_is_no_conflict(db: Database, running: Cast) -> None:
    moved_by_hand(db, running, "scanners", date(2027, 1, 13))
    to = uploaded(db, running, newer(TITLE))
    assert line_of(upgraded(db, running, to, "alder"), "scanners").outcome == "applied"
    with db.reading() as session:
        assert running.task(session, "scanners").due == date(2027, 1, 13)


def test_what_comes_too_late_is_due_when_somebody_says(db: Database, running: Cast) -> None:
    to = uploaded(db, running, newer(ADDED))
    found = previewed(db, running, to, "alder", now=LATER)
    spare, cables = line_of(found, "spare"), line_of(found, "cables")
    assert (spare.asks_due, cables.asks_due) == (True, False)
    upgraded(db, running, to, "alder", now=LATER, choices={spare.key: "2027-01-12"})
    with db.writing() as session:
        task = running.task(session, "spare")
        assert task.due == date(2027, 1, 12)
        assert session.exec(select(Pin).where(Pin.task_id == task.id)).one().upgrade_id is not None
        assert running.task(session, "cables").due == date(2027, 1, 15)
        assert stored_dates(session, running) == planned_dates(session, running)
        assert replan(session, session.get_one(Rollout, running.rollout), NO_CHANGE, now=LATER).is_quiet


@pytest.mark.parametrize("day", ["", "2027-01-01", "soon", "2099-01-01"])
def test_a_day_that_cannot_be_is_asked_for_again(db: Database, running: Cast, day: str) -> None:
    to = uploaded(db, running, newer(ADDED))
    found = previewed(db, running, to, "alder", now=LATER)
    with db.writing() as session, pytest.raises(Invalid):
        upgrade(
            session, running.rollout, places=["alder"], to=to, choices={line_of(found, "spare").key: day},
            shown=found.fingerprint, by=running.viewer(session, "dir"), now=LATER,
        )  # fmt: skip


def test_what_is_gone_leaves_the_counts_and_stays_in_history(db: Database, running: Cast) -> None:
    with db.writing() as session:
        done(session, running, "posters")
    to = uploaded(db, running, newer(GONE, RETIRED))
    found = upgraded(db, running, to)
    assert (outcomes(found)["posters"], outcomes(found, "birch")["posters"]) == ("removed", "removed")
    with db.writing() as session:
        for place in ("alder", "birch"):
            task = running.task(session, "posters", place)
            assert (task.retired_at, task.playbook_version_id) == (NOW, running.playbook)
        kept = running.task(session, "posters")
        assert session.exec(select(Completion).where(Completion.task_id == kept.id)).first() is not None
        with pytest.raises(Refused, match="no longer"):
            reopen_task(session, kept.id or 0, seen=kept.version, by=running.viewer(session, "chA"), now=NOW)
    again = uploaded(db, running, newer(version="1.2"))
    upgraded(db, running, again, now=LATER)
    with db.reading() as session:
        assert running.task(session, "posters").retired_at is None
        assert running.task(session, "posters", "birch").playbook_version_id is None
        assert stored_dates(session, running).keys() == planned_dates(session, running).keys()


def test_another_id_keeps_the_row_and_what_was_done_under_the_old_one(db: Database, running: Cast) -> None:
    with db.writing() as session:
        done(session, running, "scanners")
    moved_by_hand(db, running, "cabling", date(2027, 1, 13))
    to = uploaded(
        db, running,
        newer(
            ("scanners: Label printers and scanners work", "printers: {title: Printers work, was: scanners}"),
            ("cabling: {title", "cables: {was: cabling, title"),
        ),
    )  # fmt: skip
    with db.reading() as session:
        before = {entry: running.task(session, entry).id for entry in ("scanners", "cabling")}
    upgraded(db, running, to, "alder")
    with db.writing() as session:
        kept = running.task(session, "printers")
        assert (kept.id, kept.known_as, kept.title) == (
            before["scanners"],
            "scanners",
            "Label printers and scanners work",
        )
        opened = running.task(session, "cables")
        assert (opened.id, opened.due, opened.known_as) == (before["cabling"], date(2027, 1, 13), "")
        assert stored_dates(session, running).keys() == planned_dates(session, running).keys()
        reopen_task(session, kept.id or 0, seen=kept.version, by=running.viewer(session, "chA"), now=NOW)
        assert (kept.title, kept.known_as) == ("Printers work", "")


def test_ticks_and_answers_that_still_fit_stay(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task, by = running.task(session, "walk-through"), running.viewer(session, "chA")
        for path in ("front-desk", "reading-room.screens", "garden"):
            check_item(session, task.id or 0, path, seen=task.version, by=by, now=NOW)
        answer_task(session, task.id or 0, "pass", path="reading-room.phones", seen=task.version, by=by, now=NOW)
    to = uploaded(
        db, running,
        newer(
            ("front-desk: Front desk", "reception: {title: Reception, was: front-desk}\n          yard: Yard"),
            ("phones: {title: Phones, answer: result}", "phones: {title: Phones, answer: yes-no}"),
            ("          garden: {title: Garden, optional: true}\n", ""),
        ),
    )  # fmt: skip
    upgraded(db, running, to, "alder")
    with db.reading() as session:
        task = running.task(session, "walk-through")
        lines = {
            row.path: row.checked_at for row in session.exec(select(CheckItem).where(CheckItem.task_id == task.id))
        }
        assert {path for path, at in lines.items() if at} == {"reception", "reading-room.screens"}
        assert set(lines) == {"reception", "yard", "reading-room.screens", "reading-room.phones", "old-system"}
        assert session.exec(select(Answer).where(Answer.task_id == task.id)).first() is None


def test_who_was_given_it_by_hand_keeps_it(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task = running.task(session, "cabling")
        assign_tasks(
            session, {task.id or 0: task.version}, running.people["chA"], by=running.viewer(session, "dir"), now=NOW
        )
    to = uploaded(db, running, newer(OWNER))
    line = line_of(upgraded(db, running, to, "alder"), "cabling")
    assert (line.outcome, line.note) == ("kept", "given")
    with db.reading() as session:
        task = running.task(session, "cabling")
        assert task.owner_role == "champion"
        assert (
            session.exec(select(Assignment.person_id).where(Assignment.task_id == task.id)).one()
            == running.people["chA"]
        )


def test_what_does_not_apply_stays_aside(db: Database, running: Cast) -> None:
    with db.writing() as session:
        task = running.task(session, "cabling")
        skip_task(
            session, task.id or 0, reason="No cables.", seen=task.version, by=running.viewer(session, "itl"), now=NOW
        )
    to = uploaded(db, running, newer(("Have the cabling checked", "Have all cabling checked")))
    assert line_of(upgraded(db, running, to, "alder"), "cabling").outcome == "kept"
    with db.reading() as session:
        assert running.task(session, "cabling").title == "Have the cabling checked"


def test_twice_changes_nothing(db: Database, running: Cast) -> None:
    to = uploaded(db, running, newer(TITLE, DUE, DEMAND, OWNER))
    upgraded(db, running, to)
    with db.reading() as session:
        before = everything(session)
    found = upgraded(db, running, to)
    assert (found.places, set(found.already)) == ((), {"", "alder", "birch"})
    with db.writing() as session:
        assert everything(session) == before
        assert replan(session, session.get_one(Rollout, running.rollout), NO_CHANGE, now=NOW).is_quiet


def test_what_has_changed_since_it_was_shown_is_shown_again(db: Database, running: Cast) -> None:
    to = uploaded(db, running, newer(TITLE, DUE))
    found = previewed(db, running, to)
    with db.writing() as session:
        done(session, running, "scanners")
    with db.writing() as session, pytest.raises(Stale):
        by = running.viewer(session, "dir")
        upgrade(session, running.rollout, places=["", "alder"], to=to, shown=found.fingerprint, by=by, now=NOW)


def test_nothing_goes_back_and_only_who_directs_brings_forward(db: Database, running: Cast) -> None:
    to = uploaded(db, running, newer(TITLE))
    upgraded(db, running, to, "alder")
    with pytest.raises(Refused, match="nothing goes back"):
        previewed(db, running, running.playbook, "alder")
    with db.writing() as session, pytest.raises(Forbidden):
        by = running.viewer(session, "chA")
        upgrade(session, running.rollout, places=["birch"], to=to, shown="", by=by, now=NOW)


def test_who_holds_what_changed_is_told_and_each_change_is_an_event(db: Database, running: Cast) -> None:
    to = uploaded(db, running, newer(TITLE, DUE))
    upgraded(db, running, to, "alder")
    with db.reading() as session:
        told = set(session.exec(select(Delivery.person_id).where(Delivery.kind == "upgraded")))
        assert told == {running.people[who] for who in ("chA", "chAB", "itl")}
        verbs = {event.verb for event in session.exec(select(Event)) if event.at == NOW and event.location_id}
        assert {"location.upgraded", "task.upgraded", "task.moved"} <= verbs


def test_the_network_and_a_place_may_be_on_two_versions(db: Database, running: Cast) -> None:
    to = uploaded(db, running, newer(TITLE, DUE, ADDED))
    upgraded(db, running, to, "", "birch", choices={"birch/spare": "2027-01-20"}, now=LATER)
    moved_by_hand(db, running, "scanners", date(2027, 1, 13))
    with db.writing() as session:
        assert stored_dates(session, running) == planned_dates(session, running)
        assert running.task(session, "photos").due == date(2027, 1, 15)
        assert running.task(session, "photos", "birch").due == date(2027, 1, 20)
        assert session.exec(select(Task).where(Task.entry == "cables")).one().location_id == running.locations["birch"]
