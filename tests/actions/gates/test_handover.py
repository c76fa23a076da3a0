"""The go at the last gate of a location tells whoever does what comes after it, once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import Session, select

from app.actions.gates.conditions import expire_conditions
from app.actions.gates.opening import gate_at
from app.actions.tasks.assignments import assign_tasks
from app.actions.tasks.completion import complete_task
from app.db import Database
from app.models import Notice, ScheduledEntry
from tests import cast as casting
from tests.cast import Cast
from tests.gating import decide, gate_id
from tests.handing import ENDS, EXIT, HANDING, carry, hand_over


@pytest.fixture
def handing(database_url: str) -> Iterator[tuple[Database, Cast]]:
    database = Database(database_url)
    yield database, casting.running(database, HANDING)
    database.dispose()


def told(session: Session, cast: Cast) -> list[str]:
    """Who was told of a handover, by short name."""
    names = {key: who for who, key in cast.people.items()}
    return sorted(names[one] for one in session.exec(select(Notice.person_id).where(Notice.kind == "handover")))


def test_those_who_own_what_is_due_later_are_told_at_the_last_gate_alone(handing: tuple[Database, Cast]) -> None:
    database, cast = handing
    with database.writing() as session:
        hand_over(session, cast, gate="stable")
        assert told(session, cast) == []
        hand_over(session, cast)
        assert told(session, cast) == ["cto", "exe", "itl", "opm"]
        (notice, *_) = session.exec(select(Notice).where(Notice.kind == "handover"))
    assert (notice.subject_kind, notice.subject_id) == ("location", cast.locations["alder"])
    assert notice.by_name == "Dana Whitfield"


def test_what_is_done_asks_nobody_and_what_is_assigned_asks_one(handing: tuple[Database, Cast]) -> None:
    database, cast = handing
    with database.writing() as session:
        done, given = cast.task(session, "denials"), cast.task(session, "report", "")
        complete_task(session, done.id or 0, seen=done.version, by=cast.viewer(session, "dir", EXIT), now=EXIT)
        by = cast.viewer(session, "dir", EXIT)
        assign_tasks(session, {given.id or 0: given.version}, cast.people["chAB"], by=by, now=EXIT)
        hand_over(session, cast)
        assert told(session, cast) == ["chAB", "opm"]


def test_the_same_decision_tells_nobody_again_and_another_place_is_told_of_itself(
    handing: tuple[Database, Cast],
) -> None:
    database, cast = handing
    with database.writing() as session:
        hand_over(session, cast)
        once = told(session, cast)
        decide(session, cast, gate_id(session, cast, "exit"), now=EXIT)
        assert told(session, cast) == once
        hand_over(session, cast, "birch")
        assert told(session, cast) == sorted(once * 2)


@pytest.mark.parametrize("outcome", ["no-go", "deferred"])
def test_what_does_not_go_on_hands_nothing_over(handing: tuple[Database, Cast], outcome: str) -> None:
    database, cast = handing
    with database.writing() as session:
        hand_over(session, cast, outcome=outcome)
        assert told(session, cast) == []


def test_a_go_that_falls_tells_nobody_of_a_handover_and_one_that_was_taken_back_tells_anew(
    handing: tuple[Database, Cast],
) -> None:
    database, cast = handing
    with database.writing() as session:
        gate, birch = gate_id(session, cast, "exit"), gate_id(session, cast, "exit", "birch")
        carry(session, cast)
        hand_over(session, cast, outcome="go-with-conditions")
        once = told(session, cast)
        expire_conditions(session, gate_at(session, session.get_one(ScheduledEntry, gate)), now=ENDS)
        assert told(session, cast) == once
        hand_over(session, cast, "birch")
        decide(session, cast, birch, "no-go", now=EXIT)
        assert told(session, cast) == sorted(once * 2)
        hand_over(session, cast, "birch")
        assert told(session, cast) == sorted(once * 3)
