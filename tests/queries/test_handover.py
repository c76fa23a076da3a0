"""What a location is handed over with, and that it no longer is once the go fell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from app.actions.gates.conditions import expire_conditions
from app.actions.gates.opening import gate_at
from app.actions.issues.changes import acknowledge
from app.actions.issues.talking import same_elsewhere
from app.actions.tasks.completion import complete_task
from app.db import Database
from app.models import Delivery, ScheduledEntry
from app.queries.dropped import NotToSend
from app.queries.letters import letter
from app.queries.locations.handover import Handover, handover
from app.queries.rollouts.board import board
from app.queries.rollouts.facts import rollout_facts
from app.rules.gates.handover import Phase
from app.rules.gates.voting import Outcome
from app.rules.people.access import Extent
from tests import cast as casting
from tests.cast import Cast
from tests.gating import decide, gate_id
from tests.handing import ENDS, EXIT, HANDING, carry, hand_over
from tests.queries.test_counts import counting
from tests.queries.test_gate_issues import report

EVERYWHERE = Extent(True, frozenset())


@pytest.fixture
def handing(database_url: str) -> Iterator[tuple[Database, Cast]]:
    database = Database(database_url)
    yield database, casting.running(database, HANDING)
    database.dispose()


def found(session: Session, cast: Cast, place: str = "alder", now: datetime = EXIT) -> Handover | None:
    rollout = rollout_facts(session, "two-sites")
    alone = Extent(False, frozenset({cast.locations[place]}))
    seen = board(session, rollout.within(alone), alone, now)
    return handover(session, rollout, rollout.place(place), EVERYWHERE, seen, now)


def handed(session: Session, now: datetime = EXIT) -> dict[str, datetime]:
    """When each centre of the board was handed over."""
    seen = board(session, rollout_facts(session, "two-sites"), EVERYWHERE, now)
    return {one.place.slug: one.handed_at for one in seen.centres if one.handed_at}


def test_only_the_go_at_the_last_gate_of_a_location_hands_it_over(handing: tuple[Database, Cast]) -> None:
    database, cast = handing
    with database.writing() as session:
        hand_over(session, cast, gate="stable")
        assert (found(session, cast), handed(session)) == (None, {})
        hand_over(session, cast, outcome="no-go")
        assert (found(session, cast), handed(session)) == (None, {})
        hand_over(session, cast)
        one = found(session, cast)
        assert one is not None
        assert (one.title, one.day, one.outcome) == ("End of the first weeks", date(2027, 3, 9), Outcome.GO)
        assert (one.at, one.by, one.dated) == (EXIT, "Dana Whitfield", gate_id(session, cast, "exit"))
        assert found(session, cast, "birch") is None
        assert handed(session) == {"alder": EXIT}


def test_the_phase_and_the_milestone_are_those_that_are_still_ahead(handing: tuple[Database, Cast]) -> None:
    database, cast = handing
    with database.writing() as session:
        hand_over(session, cast)
        one = found(session, cast)
        assert one is not None
        assert one.phase == Phase("Optimisation sprint", date(2027, 4, 12), date(2027, 4, 25))
        assert one.milestones == (("Optimisation ends", date(2027, 7, 4)),)
        later = found(session, cast, now=EXIT + timedelta(days=60))
        assert later is not None
        assert later.phase == Phase("Optimisation to month six", date(2027, 4, 25), date(2027, 7, 4))


def test_what_is_open_and_due_later_goes_along_and_what_was_due_before_does_not(
    handing: tuple[Database, Cast],
) -> None:
    database, cast = handing
    with database.writing() as session:
        hand_over(session, cast)
        one = found(session, cast)
        assert one is not None
        assert [(task.row.entry, task.row.due) for task in one.tasks] == [
            ("denials", date(2027, 4, 9)), ("tune", date(2027, 4, 23)), ("report", date(2027, 7, 5)),
        ]  # fmt: skip
        task = cast.task(session, "denials")
        complete_task(session, task.id or 0, seen=task.version, by=cast.viewer(session, "dir", EXIT), now=EXIT)
        again = found(session, cast)
        assert again is not None
        assert [task.row.entry for task in again.tasks] == ["tune", "report"]


def test_its_open_issues_and_conditions_go_along_with_who_holds_them(handing: tuple[Database, Cast]) -> None:
    database, cast = handing
    with database.writing() as session:
        own, shared, other = report(session, cast, now=EXIT), report(session, cast, "birch", now=EXIT), "birch"
        report(session, cast, other, now=EXIT), report(session, cast, "", now=EXIT)
        acknowledge(session, own, by=cast.viewer(session, "chA"), now=EXIT)
        by = cast.viewer(session, "dir", EXIT)
        same_elsewhere(session, shared, location_id=cast.locations["alder"], by=by, now=EXIT)
        carry(session, cast)
        hand_over(session, cast, outcome="go-with-conditions")
        one = found(session, cast)
        assert one is not None
        assert sorted(line.id for line in one.issues) == sorted([own, shared])
        assert (one.open_issues, one.loose) == (2, frozenset({shared}))
        assert next(line.holder for line in one.issues if line.id == own) == (cast.people["chA"], "Chiara Amato")
        (condition,) = one.conditions
        assert (condition.gate, condition.criterion, condition.what) == ("exit", "", "The archive is moved")
        assert (condition.owner, condition.until) == ("Omar Haddad", ENDS)


def test_once_the_go_fell_nothing_is_handed_over_and_its_letter_is_not_sent(handing: tuple[Database, Cast]) -> None:
    database, cast = handing
    with database.writing() as session:
        carry(session, cast)
        hand_over(session, cast, outcome="go-with-conditions")
        mine = Delivery.person_id == cast.people["itl"]
        row = session.exec(select(Delivery).where(Delivery.kind == "handover", mine)).one()
        said = letter(session, row, cast.viewer(session, "itl", EXIT), EXIT)
        assert said.path == "/rollouts/two-sites/locations/alder#handover"
        assert (said.facts["title"], said.facts["rollout"]) == ("Alder", "Two sites")
        assert said.facts["due"] == "Handed over to the optimisation sprint, which runs until Sun 25 Apr."
        assert (found(session, cast, now=ENDS), handed(session, ENDS)) == (None, {})
        gate = gate_at(session, session.get_one(ScheduledEntry, gate_id(session, cast, "exit")))
        expire_conditions(session, gate, now=ENDS)
        session.flush()
        assert (found(session, cast, now=ENDS), handed(session, ENDS)) == (None, {})
        with pytest.raises(NotToSend):
            letter(session, row, cast.viewer(session, "itl", ENDS), ENDS)


def test_a_decision_that_took_its_place_takes_it_back(handing: tuple[Database, Cast]) -> None:
    database, cast = handing
    with database.writing() as session:
        hand_over(session, cast)
        decide(session, cast, gate_id(session, cast, "exit"), "no-go", now=EXIT)
        assert (found(session, cast), handed(session)) == (None, {})


def test_three_of_everything_ask_no_more_often_than_one(handing: tuple[Database, Cast]) -> None:
    database, cast = handing
    sent = []
    with database.writing() as session:
        report(session, cast, now=EXIT)
        carry(session, cast)
        hand_over(session, cast, outcome="go-with-conditions")
        for more in (0, 2):
            for number in range(more):
                report(session, cast, now=EXIT)
                row = session.exec(select(ScheduledEntry).where(ScheduledEntry.entry == "month-six")).one()
                session.add(ScheduledEntry(**row.model_dump(exclude={"id", "entry"}), entry=f"month-{number}"))
            session.flush()
            rollout = rollout_facts(session, "two-sites")
            alone = Extent(False, frozenset({cast.locations["alder"]}))
            seen = board(session, rollout.within(alone), alone, EXIT)
            with counting(database) as asked:
                one = handover(session, rollout, rollout.place("alder"), EVERYWHERE, seen, EXIT)
            assert one is not None
            assert (len(one.issues), len(one.milestones)) == (1 + more, 1 + more)
            sent.append(len(asked))
    assert sent[0] == sent[1]
