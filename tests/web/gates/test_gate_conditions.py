"""Conditions and waivers in browsers: asked for, accepted, refused, met, over."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from httpx2 import Response
from sqlmodel import col, select

from app.models import GateCondition, GateDecision
from app.rules.signoffs import FRESH
from app.worker import tick
from tests.cast import NOW
from tests.web.gates.floor import Floor, text_of


def ask(floor: Floor, who: str = "chA", **fields: Any) -> Response:
    given = {
        "criterion": "safe", "what": "Open without <it>", "instead": "A mobile link", "risk": "4 minutes dark",
        "owner": str(floor.site.cast.people["itl"]), "day": "2027-01-08", "time": "18:00", **fields,
    }  # fmt: skip
    return floor.send(who, "conditions", **given)


def key(floor: Floor) -> int:
    with floor.site.database.reading() as session:
        return session.exec(select(GateCondition.id)).one() or 0


def act(floor: Floor, who: str, do: str, **fields: Any) -> Response:
    return floor.send(who, f"conditions/{key(floor)}/{do}", **fields)


def test_a_waiver_is_asked_for_and_shown_with_its_end_in_the_time_of_the_place(floor: Floor) -> None:
    assert ask(floor).status_code == 303
    page = floor.page("opm")
    words = text_of(page)
    assert "Waiver asked for ends Fri 8 Jan 18:00 Failover seen" in words
    assert "Open without <it> In its place: A mobile link Risk: 4 minutes dark" in words
    assert "&lt;it&gt;" in page
    assert "Ivo Tanaka answers for it; asked for by Chiara Amato, today 09:00." in words
    assert "Meet it, or accept the waiver that Chiara Amato asks for." in words
    with floor.site.database.reading() as session:
        row = session.exec(select(GateCondition)).one()
    assert row.expires_at == NOW.replace(day=9, hour=0)  # 18:00 at Alder
    assert "A mobile link" in floor.page("itl")  # who answers for it
    executive = floor.page("exe")
    assert "A mobile link" not in executive and "Waiver asked for" in executive


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"what": ""}, "Say something here."),
        ({"owner": ""}, "Say who answers for it."),
        ({"owner": "99999"}, "Choose somebody of this rollout."),
        ({"day": ""}, "Say until when."),
        ({"day": "soon"}, "Write a day"),
        ({"time": "late"}, "Write a time"),
        ({"day": "2027-01-04"}, "This is past."),
        ({"day": "2027-02-20"}, "At this gate it may last until"),
        ({"what": "MRN 48213377 waits"}, "Nothing is stored yet"),
        ({"instead": "MRN 48213377 waits"}, "Nothing is stored yet"),
    ],
)
def test_a_faulty_wish_keeps_what_was_typed(floor: Floor, fields: dict[str, str], said: str) -> None:
    answer = ask(floor, **fields)
    assert answer.status_code == 422
    assert said in answer.text and "4 minutes dark" in answer.text
    with floor.site.database.reading() as session:
        assert session.exec(select(GateCondition)).all() == []


@pytest.mark.parametrize(("who", "status"), [("exe", 403), ("chB", 404), ("adm", 404)])
def test_who_has_no_part_in_the_gate_asks_for_nothing(floor: Floor, who: str, status: int) -> None:
    assert ask(floor, who).status_code == status


def test_a_gate_that_knows_none_offers_none(floor: Floor) -> None:
    gate = floor.of("go")
    assert 'id="ask"' not in floor.page("dir", gate)
    given = {"what": "x", "instead": "y", "owner": "1", "day": "2027-01-08", "time": "18:00"}
    assert floor.send("itl", "conditions", gate=gate, **given).status_code == 409


def test_a_waiver_is_accepted_by_whoever_decides_and_lifts_the_veto(floor: Floor) -> None:
    ask(floor)
    assert "Accept until Fri 8 Jan" in floor.page("dir")
    assert "Accept until" not in floor.page("chA")
    for who, status in (("chA", 403), ("exe", 403), ("chB", 404)):
        assert act(floor, who, "acceptance").status_code == status
        assert act(floor, who, "refusal", reason="No").status_code == status
    for _ in range(2):
        assert act(floor, "dir", "acceptance").status_code == 303
    page = floor.page("chA")
    assert 'id="criterion-safe" data-status="waived"' in page
    assert "1 waived" in text_of(page)
    assert floor.says("chA") == "No veto stands, and one of 4 criteria is still open."


def test_accepting_asks_for_the_password_once_more(floor: Floor) -> None:
    ask(floor)
    floor.site.client("dir")
    floor.site.now = NOW + FRESH + timedelta(seconds=1)
    assert re.search(r'id="f-password-\d+"', floor.page("dir"))
    answer = act(floor, "dir", "acceptance")
    assert answer.status_code == 422 and "a waiver is yours alone" in answer.text


def test_a_refusal_says_why(floor: Floor) -> None:
    ask(floor)
    assert act(floor, "dir", "refusal", reason="").status_code == 422
    assert act(floor, "dir", "refusal", reason="MRN 48213377").status_code == 422
    assert act(floor, "dir", "refusal", reason="We <wait>").status_code == 303
    page = floor.page("chA")
    assert "Waiver refused" in page and "We &lt;wait&gt;" in page
    assert "We &lt;wait&gt;" not in floor.page("exe")


def test_its_owner_says_that_it_is_met_and_how(floor: Floor) -> None:
    ask(floor, criterion="")
    act(floor, "dir", "acceptance")
    assert "It is met" in floor.page("itl") and "It is met" not in floor.page("chA")
    assert act(floor, "chA", "fulfilment", how="Done").status_code == 403
    assert act(floor, "itl", "fulfilment", how="").status_code == 422
    for _ in range(2):
        assert act(floor, "itl", "fulfilment", how="The second line is in").status_code == 303
    words = text_of(floor.page("chA"))
    assert "Condition met" in words and "The second line is in" in words


def test_a_condition_that_is_over_unmet_closes_the_gate_again(floor: Floor) -> None:
    floor.made_ready()
    ask(floor, criterion="")
    act(floor, "dir", "acceptance")
    floor.send("opm", "opening")
    for who in ("chA", "itl"):
        floor.vote(who)
    assert floor.decide("go-with-conditions").status_code == 303
    assert floor.says("chA") == "Go, with conditions, decided by Dana Whitfield on Tue 5 Jan, 09:00 Central."
    assert "One condition is still to be met; it ends Fri 8 Jan, 18:00 Central." in text_of(floor.page("chA"))
    floor.site.now = NOW + timedelta(days=5)
    floor.site.sign_everybody_in_anew()
    with floor.site.database.writing() as session:
        tick(session, floor.site.now)
    assert floor.says("chA").startswith("Closed again: a condition expired unmet. Dana Whitfield had decided")
    words = text_of(floor.page("chA"))
    assert "Condition expired ended Fri 8 Jan 18:00" in words
    assert "found a condition expired" in words


def fallen(floor: Floor, *, told: bool) -> None:
    """A go whose only condition has expired, whether or not the worker has told it."""
    floor.made_ready()
    ask(floor, criterion="")
    act(floor, "dir", "acceptance")
    floor.send("opm", "opening")
    for who in ("chA", "itl"):
        floor.vote(who)
    assert floor.decide("go-with-conditions").status_code == 303
    floor.site.now = NOW + timedelta(days=5)
    floor.site.sign_everybody_in_anew()
    if told:
        with floor.site.database.writing() as session:
            tick(session, floor.site.now)


@pytest.mark.parametrize("told", [True, False])
def test_a_gate_that_closed_again_is_voted_on_and_decided_go_anew(floor: Floor, told: bool) -> None:
    fallen(floor, told=told)
    assert floor.says("dir").startswith("Closed again: a condition expired unmet.")
    assert "Take it back" not in floor.page("dir") and "It is met" not in floor.page("itl")
    for who, do, field in (("dir", "refusal", "reason"), ("itl", "fulfilment", "how")):
        refused = act(floor, who, do, **{field: "It is over"})
        assert refused.status_code == 409
    assert "Only what was accepted, and is not over, can be met." in text_of(refused.text)
    assert floor.send("opm", "opening").status_code == 303
    for who in ("chA", "itl"):
        assert floor.vote(who, pack="2").status_code == 303
    assert "a condition has expired unmet" not in text_of(floor.page("dir"))
    assert floor.decide(pack="2").status_code == 303
    assert floor.says("chA") == "Go, decided by Dana Whitfield on Sun 10 Jan, 09:00 Central."
    words = text_of(floor.page("chA"))
    assert "Condition expired ended Fri 8 Jan 18:00" in words
    assert "Closed again" in words  # the earlier decision
    with floor.site.database.reading() as session:
        rows = session.exec(select(GateDecision).order_by(col(GateDecision.id))).all()
    assert [(one.outcome, one.fell_at is None, one.replaced_at is None) for one in rows] == [
        ("go-with-conditions", False, False), ("go", True, True),
    ]  # fmt: skip
    assert json.loads(rows[1].content)["conditions"] == {}


def test_what_expired_with_a_go_that_fell_stays_with_it(floor: Floor) -> None:
    fallen(floor, told=True)
    refused = act(floor, "dir", "refusal", reason="It is over")
    assert "The go that rested on it has fallen, and it stays with that." in text_of(refused.text)
    with floor.site.database.reading() as session:
        row = session.exec(select(GateCondition)).one()
    assert row.accepted_at is not None and row.refused_at is None


def test_what_expired_where_no_go_fell_bars_a_go_until_it_is_taken_back(floor: Floor) -> None:
    floor.made_ready()
    ask(floor, criterion="")
    act(floor, "dir", "acceptance")
    floor.site.now = NOW + timedelta(days=5)
    floor.site.sign_everybody_in_anew()
    floor.send("opm", "opening")
    for who in ("chA", "itl"):
        floor.vote(who)
    barred = floor.decide()
    assert barred.status_code == 409 and "a condition has expired unmet" in barred.text
    assert "Take it back" in floor.page("dir") and "Take it back" not in floor.page("chA")
    assert act(floor, "dir", "refusal", reason="It is over").status_code == 303
    assert floor.decide().status_code == 303


def test_a_condition_that_a_go_rests_on_is_not_taken_back(floor: Floor) -> None:
    floor.made_ready()
    ask(floor, criterion="")
    act(floor, "dir", "acceptance")
    floor.send("opm", "opening")
    for who in ("chA", "itl"):
        floor.vote(who)
    floor.decide("go-with-conditions")
    refused = act(floor, "dir", "refusal", reason="No")
    assert refused.status_code == 409 and "The go rests on it." in refused.text


def test_another_gate_does_not_know_it(floor: Floor) -> None:
    ask(floor)
    assert floor.send("dir", f"conditions/{key(floor)}/acceptance", gate=floor.of("go")).status_code == 404


def test_whoever_answers_for_a_condition_reads_it_though_without_a_part_in_the_gate(floor: Floor) -> None:
    assert "A mobile link" not in floor.page("exe")
    assert ask(floor, owner=str(floor.site.cast.people["exe"])).status_code == 303
    assert "A mobile link" in floor.page("exe")
