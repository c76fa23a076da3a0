"""A location leaves a running rollout and comes back: the record stays, the counts follow."""

from __future__ import annotations

import pytest
from sqlmodel import select

from app.actions.locations.facts import planned_facts
from app.actions.locations.joining import (
    add_location,
    drop_location,
    planned_addition,
    planned_drop,
    planned_return,
    return_location,
)
from app.actions.locations.pauses import pause_location
from app.actions.schedule.moves import move_cutover, planned_cutover_move
from app.actions.tasks.completion import complete_task
from app.db import Database
from app.errors import Invalid, Refused, Stale
from app.models import Location, Pause
from app.queries.rollouts.board import board
from app.queries.rollouts.facts import rollout_facts
from app.queries.tasks.page import task_page
from tests import cast as casting
from tests.actions.places import BOOK, dropped, names, planned, stored
from tests.cast import NOW, Cast

CEDAR = {"id": "cedar", "name": "Cedar", "zone": "America/Denver", "wave": "pilot", "attributes": {"legacy": False}}


@pytest.fixture
def cast(db: Database) -> Cast:
    return casting.running(db, BOOK)


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
            lambda: planned_drop(session, birch, by=by, now=NOW),
            lambda: planned_facts(session, birch, attributes={}, by=by, now=NOW),
            lambda: planned_cutover_move(session, birch, cutover="2027-02-15 07:00", by=by, now=NOW),
        ):
            with pytest.raises(Refused, match="has left"):
                change()


def test_what_counts_from_the_one_that_leaves_moves_with_it(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
        move = planned_cutover_move(session, birch, cutover="2027-02-01 07:00", by=by, now=NOW)
        move_cutover(session, birch, cutover="2027-02-01 07:00", reason="x", shown=move.fingerprint, by=by, now=NOW)
        leaving = planned_drop(session, birch, by=by, now=NOW)
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
        move = planned_cutover_move(session, alder, cutover="2027-02-15 07:00", by=by, now=NOW)
        move_cutover(session, alder, cutover="2027-02-15 07:00", reason="x", shown=move.fingerprint, by=by, now=NOW)
        back = planned_return(session, birch, by=by, now=NOW)
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
            planned_drop(session, cast.locations["alder"], by=cast.viewer(session, "dir"), now=NOW)
        with pytest.raises(Refused, match="is in this rollout"):
            planned_return(session, cast.locations["alder"], by=cast.viewer(session, "dir"), now=NOW)
        with pytest.raises(Invalid, match="Take it back in"):
            planned_addition(session, cast.rollout, {**CEDAR, "id": "birch"}, by=cast.viewer(session, "dir"), now=NOW)


def test_what_was_not_shown_is_not_done(db: Database, cast: Cast) -> None:
    with db.writing() as session:
        by, birch = cast.viewer(session, "dir"), cast.locations["birch"]
        with pytest.raises(Stale):
            drop_location(session, birch, reason="x", shown="another", by=by, now=NOW)
        with pytest.raises(Stale):
            add_location(session, cast.rollout, CEDAR, reason="x", shown="another", by=by, now=NOW)
        with pytest.raises(Invalid):
            drop_location(session, birch, reason=" ", shown="", by=by, now=NOW)
