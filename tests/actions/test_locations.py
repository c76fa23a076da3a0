"""Locations join, leave, come back, stand still and say more of themselves while the rollout runs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.actions.locations.facts import planned_facts
from app.actions.locations.joining import (
    add_location,
    planned_addition,
    planned_drop,
    planned_return,
    write_plan_again,
)
from app.actions.locations.pauses import pause_location, resume_location
from app.actions.rollouts.closing import close_rollout
from app.actions.rollouts.drafting import Holding
from app.actions.tasks.completion import complete_task
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Delivery, Event, Job, Location, Membership, Rollout, Task
from app.queries.rollouts.board import board
from app.queries.rollouts.facts import rollout_facts
from app.rules.schedule.moves import brought_up
from app.rules.schedule.schedule import Finding
from app.worker import tick
from tests import cast as casting
from tests.actions.places import BOOK, names, planned, stored
from tests.cast import NOW, Cast

CEDAR = {"id": "cedar", "name": "Cedar", "zone": "America/Denver", "wave": "pilot", "attributes": {"legacy": False}}
EARLY = {**CEDAR, "cutover": "2027-02-01 07:00"}


@pytest.fixture
def cast(db: Database) -> Cast:
    return casting.running(db, BOOK)


def added(session: Session, cast: Cast, stated: dict[str, object] = CEDAR, people: tuple[Holding, ...] = ()) -> int:
    by = cast.viewer(session, "dir")
    shown = planned_addition(session, cast.rollout, stated, by=by, now=NOW).fingerprint
    add_location(session, cast.rollout, stated, reason="They asked.", shown=shown, people=people, by=by, now=NOW)
    found = select(Location.id).where(Location.rollout_id == cast.rollout, Location.slug == stated["id"])
    return session.exec(found).one() or 0


# --- joining -----------------------------------------------------------------------------------------------------


def test_a_location_joins_and_its_plan_is_written_behind_it(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        key = added(session, cast, people=(Holding("champion", cast.people["ch0"]),))
        row = session.get_one(Location, key)
        assert (row.planned_at, row.playbook_version_id, row.position) == (None, cast.playbook, 2)
        assert session.exec(select(Task).where(Task.location_id == key)).all() == []
        facts = rollout_facts(session, "two-sites")
        assert [(place.slug, place.planned) for place in facts.locations][-1] == ("cedar", False)
    with db.writing() as session:
        tick(session, NOW)
    with db.reading() as session:
        assert stored(session, cast) == planned(session, cast)
        row = session.get_one(Location, key)
        assert row.planned_at == NOW and row.cutover_at == row.first_cutover_at is not None
        held = session.exec(select(Membership).where(Membership.location_id == key)).one()
        assert (held.role, held.person_id) == ("champion", cast.people["ch0"])
        verbs = session.exec(select(Event.verb).where(Event.location_id == key).order_by(col(Event.id))).all()
        assert [verb for verb in verbs if verb.startswith("location.")] == ["location.added", "location.planned"]


def test_an_earlier_cutover_of_the_new_one_moves_what_counts_from_the_first(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        by = cast.viewer(session, "dir")
        move = planned_addition(session, cast.rollout, EARLY, by=by, now=NOW)
        assert [shift.stored.title for shift in move.found.shifts if shift.stored.task] == ["Print the notices"]
        assert [name for _, name in move.told] == ["Carla Toivonen"]
        added(session, cast, EARLY)
        tick(session, NOW)
    with db.reading() as session:
        assert stored(session, cast) == planned(session, cast)
        assert session.exec(select(Delivery).where(Delivery.kind == "moved")).one().person_id == cast.people["cto"]


def test_until_its_plan_is_written_nothing_there_is_counted_nor_done(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        key = added(session, cast)
        source = cast.task(session, "scanners")
        half = source.model_dump(exclude={"id"}) | {"location_id": key}
        session.add(Task(**half))
        session.flush()
        by = cast.viewer(session, "dir")
        seen = board(session, rollout_facts(session, "two-sites"), by.locations(cast.rollout), NOW)
        assert [centre.cells for centre in seen.centres if centre.place.slug == "cedar"] == [(None, None)]
        task = session.exec(select(Task).where(Task.location_id == key)).one()
        with pytest.raises(Refused, match="still being written"):
            complete_task(session, task.id or 0, seen=1, by=by, now=NOW)


def test_a_wave_takes_no_more_than_the_playbook_says(db: Database, running: Cast) -> None:
    with db.writing() as session:
        by = running.viewer(session, "dir")
        move = planned_addition(session, running.rollout, CEDAR, by=by, now=NOW)
        assert [finding.id for finding in move.found.faults] == ["P1"]
        with pytest.raises(Refused) as refusal:
            add_location(session, running.rollout, CEDAR, reason="x", shown=move.fingerprint, by=by, now=NOW)
        assert refusal.value.missing == ("Pilot takes 2 locations, 3 are assigned to it",)


def test_a_wave_that_is_short_may_grow_though_it_stays_short() -> None:
    def short(number: int) -> Finding:
        return Finding("P1", "waves.pilot.locations", f"Pilot takes 4 locations, {number} are assigned to it", True)

    assert brought_up([short(2)], [short(3)]) == ()
    assert brought_up([], [short(3)]) == (short(3),)


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ({**CEDAR, "id": "alder"}, "already"),
        ({**CEDAR, "id": "new"}, "short name"),
        ({**CEDAR, "wave": "third"}, "no wave"),
        ({**CEDAR, "attributes": {"colour": "red"}}, "colour"),
        ({**CEDAR, "zone": "Nowhere/Else"}, "zone"),
    ],
)
def test_what_a_locations_file_would_refuse_is_refused(
    db: Database, cast: Cast, stated: dict[str, object], told: str
) -> None:
    with db.writing() as session, pytest.raises(Invalid, match=told):
        planned_addition(session, cast.rollout, stated, by=cast.viewer(session, "dir"), now=NOW)


def test_a_plan_that_could_not_be_written_is_tried_again(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        key = added(session, cast)
        job = session.exec(select(Job).order_by(col(Job.id).desc())).first()
        assert job is not None
        job.state, job.next_at, job.error = "failed", None, "broken"
        session.add(job)
    with db.writing() as session:
        write_plan_again(session, key, by=cast.viewer(session, "dir"), now=NOW)
    with db.writing() as session:
        tick(session, NOW)
        assert session.get_one(Location, key).planned_at == NOW
        write_plan_again(session, key, by=cast.viewer(session, "dir"), now=NOW)
    with db.writing() as session:
        assert tick(session, NOW) == 0


# --- standing still -------------------------------------------------------------------------------------------------


def test_nothing_is_late_where_work_stands_still_and_it_is_on_nobodys_day(db: Database, cast: Cast) -> None:
    late = NOW + timedelta(days=20)
    with db.writing() as session:
        by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
        pause = pause_location(session, birch, reason="Flood.", by=by, now=NOW)
        assert pause_location(session, birch, reason=" Flood. ", by=by, now=late).id == pause.id
        with pytest.raises(Refused, match="stands still already: Dana Whitfield paused it, Tue 5 Jan, 10:00 East"):
            pause_location(session, birch, reason="Again.", by=by, now=late)
    with db.reading() as session:
        facts = rollout_facts(session, "two-sites")
        place = facts.location(birch)
        assert place is not None and (place.paused, place.paused_at, place.counts) == ("Flood.", NOW, False)
        seen = board(session, facts, by.locations(cast.rollout), late)
        late_at = {one.place.slug: sum(cell.late for cell in one.cells if cell) for one in seen.centres}
        assert late_at["birch"] == 0 < late_at["alder"]
        assert names(session, cast, "chB") == set()
        assert names(session, cast, "chAB") == {"alder"}
    with db.writing() as session:
        resume_location(session, birch, by=by, now=late)
        resume_location(session, birch, by=by, now=late)
    with db.reading() as session:
        assert names(session, cast, "chB") == {"birch"}
        verbs = session.exec(select(Event.verb).where(Event.location_id == birch, col(Event.verb).like("location.%")))
        assert [verb for verb in verbs if verb != "location.planned"] == ["location.paused", "location.resumed"]


# --- rights -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("opm", Forbidden), ("chA", NotFound), ("chB", Forbidden), ("exe", Forbidden), ("adm", NotFound)],
)
def test_only_a_director_changes_locations(db: Database, cast: Cast, who: str, refusal: type[Exception]) -> None:
    with db.writing() as session:
        by, birch = cast.viewer(session, who), cast.locations["birch"]
        for change in (
            lambda: planned_drop(session, birch, by=by, now=NOW),
            lambda: planned_return(session, birch, by=by, now=NOW),
            lambda: pause_location(session, birch, reason="x", by=by, now=NOW),
            lambda: resume_location(session, birch, by=by, now=NOW),
            lambda: planned_facts(session, birch, attributes={}, by=by, now=NOW),
            lambda: write_plan_again(session, birch, by=by, now=NOW),
        ):
            with pytest.raises(refusal):
                change()
        with pytest.raises(NotFound if who == "adm" else Forbidden):
            planned_addition(session, cast.rollout, CEDAR, by=by, now=NOW)


def test_a_closed_rollout_keeps_its_locations(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
        seen = session.get_one(Rollout, cast.rollout).version
        close_rollout(session, cast.rollout, note="Over.", seen=seen, by=by, now=NOW)
        for change in (
            lambda: planned_addition(session, cast.rollout, CEDAR, by=by, now=NOW),
            lambda: planned_drop(session, birch, by=by, now=NOW),
            lambda: pause_location(session, birch, reason="x", by=by, now=NOW),
            lambda: planned_facts(session, birch, attributes={}, by=by, now=NOW),
        ):
            with pytest.raises(Refused, match="closed"):
                change()
