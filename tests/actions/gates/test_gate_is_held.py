"""A gate is held: answers, a vote on frozen evidence, a decision that can be proved."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from sqlmodel import Session, select

from app.actions.gates.answering import answer_criterion
from app.actions.issues.reporting import report_issue
from app.db import Database
from app.errors import Forbidden, NotFound, ProofWanted, Refused
from app.models import Delivery, GateDecision, GatePack, GateVote
from app.rules.signoffs import fingerprint
from tests import cast as casting
from tests.cast import NOW, Cast
from tests.gating import GATED, decide, evidence, gate_id, open_it, vote


@pytest.fixture
def gated(database_url: str) -> Iterator[tuple[Database, Cast]]:
    database = Database(database_url)
    yield database, casting.running(database, GATED)
    database.dispose()


def answer(session: Session, cast: Cast, gate: int, criterion: str, text: str, who: str = "chA") -> None:
    answer_criterion(session, gate, criterion=criterion, text=text, seen=None, by=cast.viewer(session, who), now=NOW)


def made_ready(session: Session, cast: Cast) -> int:
    gate = gate_id(session, cast)
    answer(session, cast, gate, "safe", "yes")
    answer(session, cast, gate, "fast", "900", "itl")
    return gate


def test_a_go_needs_quorum_approval_and_no_veto(gated: tuple[Database, Cast]) -> None:
    database, cast = gated
    with database.writing() as session:
        gate = gate_id(session, cast)
        open_it(session, cast, gate)
        with pytest.raises(Refused) as refused:
            decide(session, cast, gate)
    assert refused.value.missing == (
        "2 more votes for the quorum of 2",
        "the vote of Site champion",
        "1 more vote for it (1 needed)",
        "veto: Failover seen (not answered yet)",
    )


def test_votes_carry_a_go_and_its_record_can_be_proved(gated: tuple[Database, Cast]) -> None:
    database, cast = gated
    with database.writing() as session:
        gate = made_ready(session, cast)
        frozen = open_it(session, cast, gate)
        assert frozen.sha256 == fingerprint(frozen.content)
        assert vote(session, cast, gate, "chA").vote is not None
        vote(session, cast, gate, "itl", "go-with-conditions", comment="If the line holds")
        decided = decide(session, cast, gate).decision
        assert decided is not None
        record = json.loads(decided.content)
    assert decided.sha256 == fingerprint(decided.content)
    assert record["evidence_sha256"] == frozen.sha256
    assert {role: one["vote"] for role, one in record["votes"].items()} == {
        "champion": "go",
        "it-lead": "go-with-conditions",
    }
    assert record["outcome"] == "go"


def test_a_change_of_the_evidence_voids_the_votes_and_freezes_anew(gated: tuple[Database, Cast]) -> None:
    database, cast = gated
    with database.writing() as session:
        gate = made_ready(session, cast)
        open_it(session, cast, gate)
        vote(session, cast, gate, "chA")
        answer(session, cast, gate, "fast", "40", "itl")
        found = vote(session, cast, gate, "itl")
        assert found.vote is None
        assert [change.what for change in found.changes] == ["criteria › fast", "proofs › answer fast"]
        votes = session.exec(select(GateVote)).all()
        packs = session.exec(select(GatePack).order_by(GatePack.number)).all()
        told = session.exec(select(Delivery.kind).where(Delivery.kind == "gate_void")).all()
    assert [one.voided_at is not None for one in votes] == [True]
    assert [(one.number, one.ended_at is None) for one in packs] == [(1, False), (2, True)]
    assert told == ["gate_void"]


def test_an_open_issue_vetoes(gated: tuple[Database, Cast]) -> None:
    database, cast = gated
    with database.writing() as session:
        gate = made_ready(session, cast)
        report_issue(
            session, cast.rollout, location_id=cast.locations["alder"], title="No images", severity="critical",
            by=cast.viewer(session, "chA"), now=NOW,
        )  # fmt: skip
        pack = evidence(session, cast, gate).pack
        assert [line.id for line in pack.vetoes] == ["calm"]
        assert [(item.kind, item.severity) for item in pack.items] == [("issue", "critical")]


def test_only_those_who_are_named_vote_and_decide(gated: tuple[Database, Cast]) -> None:
    database, cast = gated
    with database.writing() as session:
        gate = made_ready(session, cast)
        open_it(session, cast, gate)
        with pytest.raises(Forbidden):
            vote(session, cast, gate, "exe")
        with pytest.raises(NotFound):
            vote(session, cast, gate, "chB")
        with pytest.raises(Forbidden):
            decide(session, cast, gate, who="chA")
        with pytest.raises(Forbidden):
            open_it(session, cast, gate, who="exe")


def test_a_vote_wants_a_fresh_proof(gated: tuple[Database, Cast]) -> None:
    from app.actions.gates.voting import cast_vote
    from tests.gating import measuring

    database, cast = gated
    with database.writing() as session:
        gate = made_ready(session, cast)
        open_it(session, cast, gate)
        with pytest.raises(ProofWanted):
            cast_vote(
                session, gate, vote="go", comment="", pack=1, measure=measuring(session, cast, gate),
                by=cast.viewer(session, "chA"), now=NOW,
            )  # fmt: skip


def test_deferred_and_no_go_can_be_said_at_any_time(gated: tuple[Database, Cast]) -> None:
    database, cast = gated
    with database.writing() as session:
        gate = gate_id(session, cast, "go")
        first = decide(session, cast, gate, "no-go").decision
        again = decide(session, cast, gate, "no-go").decision
        assert first is not None and again is not None and first.id == again.id
        decide(session, cast, gate, "deferred")
        rows = session.exec(select(GateDecision).order_by(GateDecision.id)).all()
    assert [(one.outcome, one.replaced_at is None) for one in rows] == [("no-go", False), ("deferred", True)]


def test_a_gate_waits_for_an_earlier_one_that_it_names(gated: tuple[Database, Cast]) -> None:
    database, cast = gated
    with database.writing() as session:
        gate, review = gate_id(session, cast, "go"), made_ready(session, cast)
        before = {line.id: line.found.said for line in evidence(session, cast, gate).pack.lines}
        open_it(session, cast, review)
        vote(session, cast, review, "chA")
        vote(session, cast, review, "itl")
        decide(session, cast, review)
        after = {line.id: (line.stands, line.found.said) for line in evidence(session, cast, gate).pack.lines}
    assert before["reviewed"] == "not decided yet"
    assert after["reviewed"] == ("met", "go")
