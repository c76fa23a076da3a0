"""Messages of gates: each kind says which gate, where and when, and none says what no longer holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from app.actions.gates.answering import answer_criterion
from app.actions.gates.conditions import accept_condition, ask_condition, meet_condition, refuse_condition
from app.actions.gates.voting import close_vote
from app.actions.people.memberships import remove_membership
from app.db import Database
from app.models import Delivery, GateCondition, Membership
from app.notify.message import Message
from tests import cast as casting
from tests.cast import NOW, email
from tests.gating import GATED, decide, gate_id, open_it, vote
from tests.worker.conftest import SITE, PostRoom

END = NOW + timedelta(days=7)


@pytest.fixture
def room(database_url: str) -> Iterator[PostRoom]:
    database = Database(database_url)
    yield PostRoom(database, casting.running(database, GATED))
    database.dispose()


def answer(room: PostRoom, session: Session, gate: int, criterion: str, text: str, who: str) -> None:
    by = room.cast.viewer(session, who)
    answer_criterion(session, gate, criterion=criterion, text=text, seen=None, by=by, now=NOW)


def ready(room: PostRoom, session: Session) -> int:
    """The review at Alder, answered so that a go may be decided."""
    gate = gate_id(session, room.cast)
    answer(room, session, gate, "safe", "yes", "chA")
    answer(room, session, gate, "fast", "900", "itl")
    return gate


def asked(room: PostRoom, session: Session, gate: int, owner: str = "itl") -> int:
    row = ask_condition(
        session, gate, what="canary work", instead="Call", owner=room.cast.people[owner], expires_at=END,
        by=room.cast.viewer(session, "opm"), now=NOW,
    )  # fmt: skip
    return row.id or 0


def accepted(room: PostRoom, session: Session, gate: int, owner: str = "itl") -> int:
    condition = asked(room, session, gate, owner)
    accept_condition(session, gate, condition, by=room.cast.proven(session, "dir"), now=NOW)
    return condition


def states(room: PostRoom, kind: str) -> dict[str, tuple[str, str]]:
    """What became of the messages of one kind, and why, by whose they are."""
    names = {id_: who for who, id_ in room.cast.people.items()}
    return {names[row.person_id]: (row.state, row.error) for row in room.rows() if row.kind == kind}


def of_kind(sent: list[Message], said: str) -> dict[str, Message]:
    return {message.to: message for message in sent if said in message.text}


def test_whoever_is_to_vote_is_asked_with_the_gate_the_place_and_its_day(room: PostRoom) -> None:
    with room.database.writing() as session:
        gate = gate_id(session, room.cast)
        open_it(session, room.cast, gate)
    told = of_kind(room.tick(), "Your vote is wanted at a gate.")
    assert set(told) == {email(who) for who in ("chA", "chAB", "itl", "cto")}
    one = told[email("chA")]
    assert one.subject == "Your vote is wanted: Readiness review, Alder"
    assert f"{SITE}/gates/{gate}" in one.text and f'href="{SITE}/gates/{gate}"' in one.html
    assert "Fri 29 Jan, 15:00 Central" in one.text and "Two sites" in one.text


def test_whoever_has_voted_is_not_asked_any_more(room: PostRoom) -> None:
    with room.database.writing() as session:
        gate = gate_id(session, room.cast)
        open_it(session, room.cast, gate)
        vote(session, room.cast, gate, "chA")
    assert email("chA") not in of_kind(room.tick(), "Your vote is wanted")
    found = states(room, "gate_vote")
    assert found["chA"] == ("dropped", "They have voted on the evidence that is in force.")
    assert found["itl"][0] == "sent"


def test_nobody_is_asked_for_a_vote_that_is_closed(room: PostRoom) -> None:
    with room.database.writing() as session:
        gate = gate_id(session, room.cast)
        open_it(session, room.cast, gate)
        close_vote(session, gate, seen=None, by=room.cast.viewer(session, "opm"), now=NOW)
    assert room.tick() == []
    assert set(states(room, "gate_vote").values()) == {("dropped", "The vote is closed.")}


def void(room: PostRoom, session: Session) -> int:
    """Chiara has voted, and what she voted on has changed since."""
    gate = ready(room, session)
    open_it(session, room.cast, gate)
    vote(session, room.cast, gate, "chA")
    answer(room, session, gate, "fast", "40", "itl")
    assert vote(session, room.cast, gate, "itl").vote is None
    return gate


def test_whoever_voted_hears_that_the_vote_is_void(room: PostRoom) -> None:
    with room.database.writing() as session:
        void(room, session)
    told = of_kind(room.tick(), "What you voted on has changed, so your vote is void.")
    assert {to: one.subject for to, one in told.items()} == {email("chA"): "Your vote is void: Readiness review, Alder"}


def test_whoever_has_voted_anew_does_not(room: PostRoom) -> None:
    with room.database.writing() as session:
        vote(session, room.cast, void(room, session), "chA")
    assert email("chA") not in {message.to for message in room.tick()}
    assert states(room, "gate_void")["chA"][0] == "dropped"


def test_whoever_decides_is_asked_for_a_condition_in_its_words(room: PostRoom) -> None:
    with room.database.writing() as session:
        asked(room, session, gate_id(session, room.cast))
    (message,) = room.tick()
    assert (message.to, message.subject) == (email("dir"), "To decide: Readiness review, Alder")
    assert "Omar Haddad asks for a condition or a waiver that is yours to decide." in message.text
    assert "> canary work" in message.text


def test_a_condition_that_was_refused_is_not_asked_for(room: PostRoom) -> None:
    with room.database.writing() as session:
        gate = gate_id(session, room.cast)
        by = room.cast.viewer(session, "dir")
        refuse_condition(session, gate, asked(room, session, gate), reason="No", by=by, now=NOW)
    assert room.tick() == []
    assert set(states(room, "gate_waiver")) == {"dir"}
    assert states(room, "gate_waiver")["dir"][0] == "dropped"


def test_a_condition_that_is_past_its_end_is_not_asked_for(room: PostRoom) -> None:
    with room.database.writing() as session:
        asked(room, session, gate_id(session, room.cast))
        session.exec(select(GateCondition)).one().expires_at = NOW
    assert room.tick() == []


@pytest.mark.parametrize(("owner", "reads"), [("itl", True), ("exe", False)])
def test_whoever_answers_for_a_condition_hears_of_it_in_words_if_they_may_read_them(
    room: PostRoom, owner: str, reads: bool
) -> None:
    with room.database.writing() as session:
        accepted(room, session, gate_id(session, room.cast), owner)
    (message,) = of_kind(room.tick(), "accepted a condition that you answer for.").values()
    assert (message.to, message.subject) == (email(owner), "Yours to meet: Readiness review, Alder")
    assert ("canary work" in message.text + message.html) is reads


def test_a_condition_that_is_met_is_not_told(room: PostRoom) -> None:
    with room.database.writing() as session:
        gate = gate_id(session, room.cast)
        condition = accepted(room, session, gate)
        meet_condition(session, gate, condition, how="Done", by=room.cast.viewer(session, "itl"), now=NOW)
    room.tick()
    assert states(room, "gate_condition")["itl"][0] == "dropped"


def test_everybody_of_the_gate_hears_what_was_decided(room: PostRoom) -> None:
    with room.database.writing() as session:
        decide(session, room.cast, gate_id(session, room.cast), "no-go", reason="canary reason")
    told = of_kind(room.tick(), "Dana Whitfield has recorded the decision of a gate.")
    assert set(told) == {email(who) for who in ("chA", "chAB", "itl", "cto", "opm")}
    one = told[email("chA")]
    assert one.subject == "Decided: Readiness review, Alder"
    assert "Decided: No-go." in one.text and "canary" not in one.text + one.html


def test_a_decision_that_was_replaced_is_not_told(room: PostRoom) -> None:
    with room.database.writing() as session:
        gate = gate_id(session, room.cast)
        decide(session, room.cast, gate, "no-go")
        decide(session, room.cast, gate, "deferred")
    told = of_kind(room.tick(), "Decided: ")
    assert {one.text.count("Decided: Deferred.") for one in told.values()} == {1}
    with room.database.reading() as session:
        found = session.exec(select(Delivery.state).where(Delivery.kind == "gate_decided").order_by(col(Delivery.id)))
        assert list(found) == ["dropped"] * 5 + ["sent"] * 5


def test_everybody_hears_that_a_go_fell(room: PostRoom) -> None:
    with room.database.writing() as session:
        gate = ready(room, session)
        accepted(room, session, gate)
        open_it(session, room.cast, gate)
        vote(session, room.cast, gate, "chA")
        vote(session, room.cast, gate, "itl")
        decide(session, room.cast, gate, "go-with-conditions")
    room.tick()
    told = of_kind(room.tick(END - NOW), "A condition of this gate has expired unmet.")
    assert set(told) == {email(who) for who in ("chA", "chAB", "itl", "cto", "dir", "opm")}
    assert {one.subject for one in told.values()} == {"Closed again: Readiness review, Alder"}
    assert "canary work" in told[email("dir")].text


def test_whoever_may_no_longer_see_the_gate_hears_nothing(room: PostRoom) -> None:
    with room.database.writing() as session:
        open_it(session, room.cast, gate_id(session, room.cast))
        held = session.exec(select(Membership.id).where(Membership.person_id == room.cast.people["chA"])).one()
        remove_membership(session, held or 0, by=room.cast.viewer(session, "dir"), now=NOW)
    assert email("chA") not in {message.to for message in room.tick()}
    assert states(room, "gate_vote")["chA"][0] == "dropped"


def test_a_gate_of_the_network_names_no_place(room: PostRoom) -> None:
    with room.database.writing() as session:
        open_it(session, room.cast, gate_id(session, room.cast, "network-go", ""), who="dir")
    assert {one.subject for one in room.tick()} == {"Your vote is wanted: The network goes"}


def test_a_web_hook_is_told_which_gate(room: PostRoom) -> None:
    room.channel("chA", "https://hooks.example.org/x", kinds=("gate_vote",))
    with room.database.writing() as session:
        gate = gate_id(session, room.cast)
        open_it(session, room.cast, gate)
    (call,) = room.ring()
    assert (call.kind, call.about, call.link) == ("gate_vote", ("gate", gate), f"{SITE}/gates/{gate}")
    assert "Readiness review, Alder" in call.text
