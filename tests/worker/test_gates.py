"""Gates that time asks to be looked at: a go falls with its condition, an open vote with its evidence, each once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from app.actions.gates.answering import answer_criterion
from app.actions.gates.conditions import accept_condition, ask_condition, meet_condition
from app.actions.issues.reporting import report_issue
from app.db import Database
from app.models import Delivery, Event, GateDecision, GatePack, GateRecord, GateVote, Notice
from app.queries.gates.held import held_gates
from app.worker import gates, tick
from app.worker.gates import TRY_AGAIN, watch
from tests import cast as casting
from tests.cast import NOW, Cast
from tests.gating import GATED, decide, evidence, gate_id, open_it, vote

END = NOW + timedelta(days=7)
MINUTE = timedelta(minutes=1)
EVERYBODY = {"chA", "chAB", "itl", "cto", "dir", "opm"}


@pytest.fixture
def base(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def cast(base: Database) -> Cast:
    return casting.running(base, GATED)


def open_vote(session: Session, cast: Cast, place: str = "alder") -> int:
    """The review of a place is open, and its champion has voted."""
    gate, champion = gate_id(session, cast, place=place), {"alder": "chA", "birch": "chB"}[place]
    for criterion, text, who in (("safe", "yes", champion), ("fast", "900", "itl")):
        by = cast.viewer(session, who)
        answer_criterion(session, gate, criterion=criterion, text=text, seen=None, by=by, now=NOW)
    open_it(session, cast, gate)
    vote(session, cast, gate, champion)
    return gate


def gone(session: Session, cast: Cast, place: str = "alder") -> tuple[int, int]:
    """The review of a place is a go with one condition, until END."""
    gate = gate_id(session, cast, place=place)
    asked = ask_condition(
        session, gate, what="The second line", instead="Call", owner=cast.people["itl"], expires_at=END,
        by=cast.viewer(session, "opm"), now=NOW,
    )  # fmt: skip
    accept_condition(session, gate, asked.id or 0, by=cast.proven(session, "dir"), now=NOW)
    open_vote(session, cast, place)
    vote(session, cast, gate, "itl")
    assert decide(session, cast, gate, "go-with-conditions").decision is not None
    return gate, asked.id or 0


def record(session: Session, gate: int) -> GateRecord:
    return session.exec(select(GateRecord).where(GateRecord.dated_id == gate)).one()


def heard(session: Session, cast: Cast, kind: str) -> list[str]:
    """Who was told, by their short names, as often as they were."""
    names = {id_: who for who, id_ in cast.people.items()}
    told = session.exec(select(Delivery.person_id).where(Delivery.kind == kind)).all()
    assert len(session.exec(select(Notice).where(Notice.kind == kind)).all()) == len(told)
    return sorted(names[one] for one in told)


def verbs(session: Session, gate: int) -> list[str]:
    """What the worker did at a gate."""
    statement = select(Event.verb).where(
        Event.subject_kind == "gate", Event.subject_id == gate, col(Event.actor_id).is_(None)
    )
    return list(session.exec(statement.order_by(col(Event.id))))


def look(base: Database, now: datetime) -> int:
    with base.writing() as session:
        return watch(session, now)


def test_a_condition_that_is_unmet_at_its_end_lets_the_go_fall_and_closes_the_gate(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        gate, _ = gone(session, cast)
        assert record(session, gate).next_at == END
    assert look(base, END - timedelta(seconds=1)) == 0
    with base.reading() as session:
        assert held_gates(session, cast.rollout, NOW)[gate].goes_on is True
    with base.writing() as session:
        tick(session, END)
    with base.reading() as session:
        decision = session.exec(select(GateDecision)).one()
        assert (decision.fell_at, decision.replaced_at) == (END, None)
        assert held_gates(session, cast.rollout, END)[gate].goes_on is False
        lines = evidence(session, cast, gate_id(session, cast, "go"), END).pack.lines
        assert [line.id for line in lines if line.vetoes] == ["ready", "reviewed"]
        assert verbs(session, gate) == ["gate.condition_expired"]
        assert set(heard(session, cast, "gate_closed")) == EVERYBODY
        assert record(session, gate).next_at is None


def test_a_go_falls_at_the_end_of_its_condition_before_the_worker_comes_round(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        gate, _ = gone(session, cast)
        next_gate = gate_id(session, cast, "go")
    with base.reading() as session:
        before = held_gates(session, cast.rollout, END - timedelta(seconds=1))[gate]
        assert (before.goes_on, before.fell_at) == (True, None)
        lines = evidence(session, cast, next_gate, END - timedelta(seconds=1)).pack.lines
        assert [line.id for line in lines if line.vetoes] == ["ready"]
        held = held_gates(session, cast.rollout, END)[gate]
        assert (held.goes_on, held.fallen, held.fell_at) == (False, True, END)
        lines = evidence(session, cast, next_gate, END).pack.lines
        assert [line.id for line in lines if line.vetoes] == ["ready", "reviewed"]


def test_what_waits_for_a_go_waits_again_as_soon_as_it_fell(base: Database) -> None:
    waiting = GATED.replace("    votes: [director, champion]\n", "    votes: [director, champion]\n    after: review\n")
    cast = casting.running(base, waiting)
    with base.writing() as session:
        gone(session, cast)
        next_gate = gate_id(session, cast, "go")
    with base.reading() as session:
        assert evidence(session, cast, next_gate, END - timedelta(seconds=1)).waits == ()
        assert evidence(session, cast, next_gate, END).waits == ("“Readiness review”",)


def test_a_waiver_that_is_over_where_no_go_was_decided_tells_nobody(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        gate = gate_id(session, cast)
        asked = ask_condition(
            session, gate, criterion="safe", what="The second line", instead="Call", owner=cast.people["itl"],
            expires_at=END, by=cast.viewer(session, "opm"), now=NOW,
        )  # fmt: skip
        accept_condition(session, gate, asked.id or 0, by=cast.proven(session, "dir"), now=NOW)
    assert look(base, END) == 1
    with base.reading() as session:
        assert heard(session, cast, "gate_closed") == []
        assert verbs(session, gate) == ["gate.condition_expired"]


def test_everybody_is_told_once_however_often_the_worker_looks(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        gate, _ = gone(session, cast)
    assert [look(base, END), look(base, END), look(base, END + MINUTE)] == [1, 0, 0]
    with base.reading() as session:
        assert heard(session, cast, "gate_closed") == sorted(EVERYBODY)
        assert verbs(session, gate) == ["gate.condition_expired"]


def test_two_workers_let_a_go_fall_once(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        gate, _ = gone(session, cast)
    with ThreadPoolExecutor(2) as pool:
        taken = list(pool.map(lambda _: look(base, END), range(2)))
    assert sorted(taken) == [0, 1]
    with base.reading() as session:
        assert heard(session, cast, "gate_closed") == sorted(EVERYBODY)
        assert verbs(session, gate) == ["gate.condition_expired"]


def test_a_worker_that_has_seen_what_another_took_does_nothing(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        gate, _ = gone(session, cast)
    assert look(base, END) == 1
    with base.writing() as session:
        assert gates._one(session, gate, END) is False
    with base.reading() as session:
        assert verbs(session, gate) == ["gate.condition_expired"]


def test_a_condition_that_was_met_in_time_lets_nothing_fall(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        gate, condition = gone(session, cast)
        meet_condition(session, gate, condition, how="It holds", by=cast.viewer(session, "itl"), now=NOW)
        assert record(session, gate).next_at is None
    assert look(base, END) == 0
    with base.reading() as session:
        assert session.exec(select(GateDecision)).one().fell_at is None
        assert heard(session, cast, "gate_closed") == []


def trouble(session: Session, cast: Cast, place: str = "alder") -> None:
    """Something happens that the evidence is measured by, and nobody acts on the gate."""
    report_issue(
        session, cast.rollout, location_id=cast.locations[place], title="No images", severity="critical",
        by=cast.viewer(session, "opm"), now=NOW,
    )  # fmt: skip


def test_changed_evidence_of_an_open_vote_is_found_within_a_minute(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        gate = open_vote(session, cast)
        trouble(session, cast)
    assert look(base, NOW + MINUTE - timedelta(seconds=1)) == 0
    assert look(base, NOW + MINUTE) == 1
    with base.reading() as session:
        assert [one.voided_at for one in session.exec(select(GateVote))] == [NOW + MINUTE]
        packs = session.exec(select(GatePack).order_by(col(GatePack.number))).all()
        assert [(one.ended_at, one.frozen_by) for one in packs] == [
            (NOW + MINUTE, cast.people["opm"]), (None, None),
        ]  # fmt: skip
        assert packs[0].changes[0]["what"] == "criteria › calm"
        assert verbs(session, gate) == ["gate.evidence_changed"]
        assert heard(session, cast, "gate_void") == ["chA"]
        assert record(session, gate).next_at == NOW + 2 * MINUTE


def test_evidence_that_has_changed_is_told_once(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        gate = open_vote(session, cast)
        trouble(session, cast)
    for minute in range(1, 5):
        assert look(base, NOW + minute * MINUTE) == 1
    with base.reading() as session:
        assert heard(session, cast, "gate_void") == ["chA"]
        assert verbs(session, gate) == ["gate.evidence_changed"]


def test_a_vote_on_evidence_that_holds_goes_on(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        gate = open_vote(session, cast)
    for minute in range(1, 4):
        assert look(base, NOW + minute * MINUTE) == 1
    with base.reading() as session:
        assert [one.voided_at for one in session.exec(select(GateVote))] == [None]
        assert verbs(session, gate) == []


def test_a_look_at_nothing_is_one_query(base: Database, cast: Cast) -> None:
    with base.writing() as session:
        gone(session, cast)
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        event.listen(base.engine, "before_cursor_execute", note)
        try:
            assert watch(session, NOW + MINUTE) == 0
        finally:
            event.remove(base.engine, "before_cursor_execute", note)
    assert len(asked) == 1


def test_a_gate_that_fails_is_put_off_and_keeps_no_other_waiting(
    base: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with base.writing() as session:
        bad, _ = gone(session, cast)
        good, _ = gone(session, cast, "birch")
    working = gates.watch_gate

    def breaks(session: Session, opened: Any, **given: Any) -> None:
        working(session, opened, **given)
        if opened.id == bad:
            raise RuntimeError("no")

    monkeypatch.setattr(gates, "watch_gate", breaks)
    assert look(base, END) == 1
    with base.reading() as session:
        assert verbs(session, bad) == [] and verbs(session, good) == ["gate.condition_expired"]
        assert record(session, bad).next_at == END + TRY_AGAIN
    monkeypatch.undo()
    assert look(base, END + TRY_AGAIN - timedelta(seconds=1)) == 0
    assert look(base, END + TRY_AGAIN) == 1
    with base.reading() as session:
        assert verbs(session, bad) == ["gate.condition_expired"]
        assert len(heard(session, cast, "gate_closed")) == 2 * len(EVERYBODY)
