"""Locations join, leave, come back, stand still and say more of themselves while the rollout runs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.actions.checklists import check_item
from app.actions.closing import close_rollout
from app.actions.location_facts import planned_facts, state_facts
from app.actions.locations import (
    add_location,
    drop_location,
    planned_addition,
    planned_drop,
    planned_return,
    return_location,
    write_plan_again,
)
from app.actions.moves import move_cutover, planned_cutover_move
from app.actions.pauses import pause_location, resume_location
from app.actions.planning import plan_of
from app.actions.rollouts import Holding
from app.actions.tasks import complete_task
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.models import CheckItem, Delivery, Event, Job, Location, Membership, Pause, Rollout, ScheduledEntry, Task
from app.queries.rollouts.board import board
from app.queries.rollouts.facts import rollout_facts
from app.queries.tasks.page import task_page
from app.queries.tasks.today import today
from app.rules.moves import brought_up
from app.rules.schedule import Finding
from app.worker import tick
from tests import cast as casting
from tests.cast import NOW, PLAYBOOK, Cast

# Two of the pilot may be three, one network task counts from the first cutover of all, and one is for old systems only.
BOOK = PLAYBOOK.replace("locations: 2}", "locations: 2 .. 3}").replace(
    "  migration: {",
    "  notices: {title: Print the notices, owner: cto, scope: network, due: first cutover - 5wd}\n"
    "  archive: {title: Archive the old system, owner: champion, due: week 3 fri, where: {legacy: true}}\n"
    "  migration: {",
)
CEDAR = {"id": "cedar", "name": "Cedar", "zone": "America/Denver", "wave": "pilot", "attributes": {"legacy": False}}
EARLY = {**CEDAR, "cutover": "2027-02-01 07:00"}


@pytest.fixture
def cast(db: Database) -> Cast:
    return casting.running(db, BOOK)


def added(session: Session, cast: Cast, stated: dict[str, object] = CEDAR, people: tuple[Holding, ...] = ()) -> int:
    by = cast.viewer(session, "dir")
    shown = planned_addition(session, cast.rollout, stated, by=by).fingerprint
    row = add_location(session, cast.rollout, stated, reason="They asked.", shown=shown, people=people, by=by, now=NOW)
    return row.id or 0


def dropped(session: Session, cast: Cast, place: str = "birch") -> None:
    by, key = cast.viewer(session, "dir"), cast.locations[place]
    shown = planned_drop(session, key, by=by).fingerprint
    drop_location(session, key, reason="Sold.", shown=shown, by=by, now=NOW)


def stored(session: Session, cast: Cast) -> dict[tuple[str, str, str, str], object]:
    """Every row of the plan, of the locations that are in it."""
    slugs = {row.id: row.slug for row in session.exec(select(Location).where(col(Location.dropped_at).is_(None)))}
    slugs[None] = ""
    rows = [*session.exec(select(Task)), *session.exec(select(ScheduledEntry))]
    return {
        (slugs[r.location_id], r.entry, r.wave, r.value): (r.begins, r.due, r.due_at, r.unclear)
        for r in rows
        if r.location_id in slugs
    }


def planned(session: Session, cast: Cast) -> dict[tuple[str, str, str, str], object]:
    items = plan_of(session, session.get_one(Rollout, cast.rollout)).items
    return {(i.location, i.entry, i.wave, i.value): (i.begins, i.due, i.due_at, i.unclear) for i in items}


def names(session: Session, cast: Cast, who: str) -> set[str]:
    day = today(session, cast.viewer(session, who), NOW + timedelta(days=20))
    return {one.place.slug for one in (*day.due, *day.soon) if one.place}


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
        move = planned_addition(session, cast.rollout, EARLY, by=by)
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
        move = planned_addition(session, running.rollout, CEDAR, by=by)
        assert [finding.id for finding in move.found.faults] == ["P1"]
        with pytest.raises(Refused) as refusal:
            add_location(session, running.rollout, CEDAR, reason="x", shown=move.fingerprint, by=by, now=NOW)
        assert refusal.value.missing == ("wave pilot takes 2 locations, 3 are assigned",)


def test_a_wave_that_is_short_may_grow_though_it_stays_short() -> None:
    def short(number: int) -> Finding:
        return Finding("P1", "waves.pilot.locations", f"wave pilot takes 4 locations, {number} are assigned", True)

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
        planned_addition(session, cast.rollout, stated, by=cast.viewer(session, "dir"))


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


# --- leaving and coming back ---------------------------------------------------------------------------------------


def test_a_location_leaves_the_counts_and_keeps_its_record(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        task = cast.task(session, "scanners", "birch")
        complete_task(session, task.id or 0, seen=1, by=cast.viewer(session, "chB"), now=NOW)
        assert names(session, cast, "chB") == {"birch"}
        key = task.id or 0
        dropped(session, cast)
    with db.reading() as session:
        facts = rollout_facts(session, "two-sites")
        assert [place.slug for place in facts.locations] == ["alder"]
        assert [(place.slug, place.left, place.left_at) for place in facts.left] == [("birch", "Sold.", NOW)]
        by = cast.viewer(session, "dir")
        assert [one.place.slug for one in board(session, facts, by.locations(cast.rollout), NOW).centres] == ["alder"]
        assert names(session, cast, "chB") == set()
        page = task_page(session, key, cast.viewer(session, "chB"), NOW)
        assert (page.completed_by, page.may_act, page.open) == ("Bengt Holm", False, False)
        assert stored(session, cast) == planned(session, cast)


def test_nothing_is_changed_at_a_location_that_has_left(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        dropped(session, cast)
        by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
        task = cast.task(session, "photos", "birch")
        for change in (
            lambda: complete_task(session, task.id or 0, seen=1, by=by, now=NOW),
            lambda: pause_location(session, birch, reason="x", by=by, now=NOW),
            lambda: planned_drop(session, birch, by=by),
            lambda: planned_facts(session, birch, attributes={}, by=by),
            lambda: planned_cutover_move(session, birch, cutover="2027-02-15 07:00", by=by),
        ):
            with pytest.raises(Refused, match="has left"):
                change()


def test_what_counts_from_the_one_that_leaves_moves_with_it(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
        move = planned_cutover_move(session, birch, cutover="2027-02-01 07:00", by=by)
        move_cutover(session, birch, cutover="2027-02-01 07:00", reason="x", shown=move.fingerprint, by=by, now=NOW)
        leaving = planned_drop(session, birch, by=by)
        assert [shift.stored.title for shift in leaving.found.shifts if shift.stored.task] == ["Print the notices"]
        assert [finding.id for finding in leaving.found.findings if not finding.settle] == ["P1"]
        dropped(session, cast)
    with db.reading() as session:
        assert stored(session, cast) == planned(session, cast)


def test_it_comes_back_with_its_record_on_the_dates_of_now(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        by, alder, birch = cast.viewer(session, "dir"), cast.locations["alder"], cast.locations["birch"]
        task = cast.task(session, "scanners", "birch")
        key = task.id or 0
        complete_task(session, key, seen=1, by=cast.viewer(session, "chB"), now=NOW)
        pause_location(session, birch, reason="Flood.", by=by, now=NOW)
        dropped(session, cast)
        move = planned_cutover_move(session, alder, cutover="2027-02-15 07:00", by=by)
        move_cutover(session, alder, cutover="2027-02-15 07:00", reason="x", shown=move.fingerprint, by=by, now=NOW)
        back = planned_return(session, birch, by=by)
        return_location(session, birch, reason="Not sold.", shown=back.fingerprint, by=by, now=NOW)
    with db.reading() as session:
        assert stored(session, cast) == planned(session, cast)
        row = session.get_one(Location, birch)
        assert (row.dropped_at, row.dropped_by, row.dropped_reason) == (None, None, "")
        assert session.exec(select(Pause.ended_at)).one() == NOW
        assert names(session, cast, "chB") == {"birch"}
        assert task_page(session, key, by, NOW).completed_by == "Bengt Holm"


def test_the_last_location_closes_the_rollout_instead(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        dropped(session, cast)
        with pytest.raises(Refused, match="last location"):
            planned_drop(session, cast.locations["alder"], by=cast.viewer(session, "dir"))
        with pytest.raises(Refused, match="is in this rollout"):
            planned_return(session, cast.locations["alder"], by=cast.viewer(session, "dir"))
        with pytest.raises(Invalid, match="Take it back in"):
            planned_addition(session, cast.rollout, {**CEDAR, "id": "birch"}, by=cast.viewer(session, "dir"))


def test_what_was_not_shown_is_not_done(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
        with pytest.raises(Stale):
            drop_location(session, birch, reason="x", shown="another", by=by, now=NOW)
        with pytest.raises(Stale):
            add_location(session, cast.rollout, CEDAR, reason="x", shown="another", by=by, now=NOW)
        with pytest.raises(Invalid):
            drop_location(session, birch, reason=" ", shown="", by=by, now=NOW)


# --- standing still -------------------------------------------------------------------------------------------------


def test_nothing_is_late_where_work_stands_still_and_it_is_on_nobodys_day(db: Database, cast: Cast) -> None:
    late = NOW + timedelta(days=20)
    with db.writing() as session:
        by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
        pause = pause_location(session, birch, reason="Flood.", by=by, now=NOW)
        assert pause_location(session, birch, reason="Again.", by=by, now=late).id == pause.id
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


# --- facts ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def unclear(db: Database) -> Cast:
    """Nobody has said yet whether Birch has an old system."""
    cast = casting.running(db, BOOK)
    with db.writing() as session:
        by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
        move = planned_facts(session, birch, attributes={}, by=by)
        state_facts(
            session, birch, name="Birch", attributes={}, reason="Not sure.", shown=move.fingerprint, by=by, now=NOW
        )
    return cast


def state(session: Session, cast: Cast, **attributes: object) -> None:
    by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
    shown = planned_facts(session, birch, attributes=attributes, by=by).fingerprint
    state_facts(session, birch, name="Birch", attributes=attributes, reason="Seen.", shown=shown, by=by, now=NOW)


def lines(session: Session, cast: Cast) -> list[str]:
    task = cast.task(session, "walk-through", "birch")
    return list(
        session.exec(select(CheckItem.path).where(CheckItem.task_id == task.id).order_by(col(CheckItem.position)))
    )


def test_a_fact_that_is_not_known_leaves_the_work_unclear(db: Database, unclear: Cast) -> None:
    with db.reading() as session:
        assert unclear.task(session, "archive", "birch").unclear is True
        assert "old-system" in lines(session, unclear)
        assert stored(session, unclear) == planned(session, unclear)


@pytest.mark.parametrize("legacy", [True, False])
def test_a_stated_fact_decides_what_was_unclear(db: Database, unclear: Cast, legacy: bool) -> None:
    with db.writing() as session:
        version = unclear.task(session, "scanners", "birch").version
        state(session, unclear, legacy=legacy)
    with db.reading() as session:
        assert stored(session, unclear) == planned(session, unclear)
        assert ("old-system" in lines(session, unclear)) is legacy
        found = session.exec(
            select(Task).where(Task.entry == "archive", Task.location_id == unclear.locations["birch"])
        ).first()
        assert (found is not None and not found.unclear) is legacy
        assert unclear.task(session, "scanners", "birch").version == version


def test_what_was_recorded_stays_though_it_is_not_asked_for_any_more(db: Database, unclear: Cast) -> None:
    with db.writing() as session:
        task, by = unclear.task(session, "walk-through", "birch"), unclear.viewer(session, "chB")
        check_item(session, task.id or 0, "old-system", seen=task.version, by=by, now=NOW)
        archive = unclear.task(session, "archive", "birch")
        complete_task(session, archive.id or 0, seen=archive.version, by=by, now=NOW)
        state(session, unclear, legacy=False)
        assert "old-system" in lines(session, unclear)
        assert unclear.task(session, "archive", "birch").id == archive.id


def test_a_new_name_asks_for_no_reason_and_moves_nothing(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
        attributes = {"legacy": False}
        for name in ("Birch Hill", "Birch Hill"):
            state_facts(session, birch, name=name, attributes=attributes, reason="", shown="", by=by, now=NOW)
        with pytest.raises(Invalid):
            state_facts(session, birch, name="", attributes=attributes, reason="", shown="", by=by, now=NOW)
        with pytest.raises(Invalid):
            state_facts(
                session, birch, name="Birch", attributes={"legacy": "old"}, reason="x", shown="", by=by, now=NOW
            )
        with pytest.raises(Stale):
            state_facts(session, birch, name="B", attributes={"legacy": True}, reason="x", shown="", by=by, now=NOW)
    with db.reading() as session:
        assert session.get_one(Location, birch).name == "Birch Hill"
        assert len(session.exec(select(Event).where(Event.verb == "location.restated")).all()) == 1


# --- rights -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("opm", Forbidden), ("chA", NotFound), ("chB", Forbidden), ("exe", Forbidden), ("adm", NotFound)],
)
def test_only_a_director_changes_locations(db: Database, cast: Cast, who: str, refusal: type[Exception]) -> None:
    with db.writing() as session:
        by, birch = cast.viewer(session, who), cast.locations["birch"]
        for change in (
            lambda: planned_drop(session, birch, by=by),
            lambda: planned_return(session, birch, by=by),
            lambda: pause_location(session, birch, reason="x", by=by, now=NOW),
            lambda: resume_location(session, birch, by=by, now=NOW),
            lambda: planned_facts(session, birch, attributes={}, by=by),
            lambda: write_plan_again(session, birch, by=by, now=NOW),
        ):
            with pytest.raises(refusal):
                change()
        with pytest.raises(NotFound if who == "adm" else Forbidden):
            planned_addition(session, cast.rollout, CEDAR, by=by)


def test_a_closed_rollout_keeps_its_locations(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
        seen = session.get_one(Rollout, cast.rollout).version
        close_rollout(session, cast.rollout, note="Over.", seen=seen, by=by, now=NOW)
        for change in (
            lambda: planned_addition(session, cast.rollout, CEDAR, by=by),
            lambda: planned_drop(session, birch, by=by),
            lambda: pause_location(session, birch, reason="x", by=by, now=NOW),
            lambda: planned_facts(session, birch, attributes={}, by=by),
        ):
            with pytest.raises(Refused, match="closed"):
                change()
