"""A vote is opened, cast, taken back and closed in browsers; a changed evidence voids it, and that is kept."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from app.models import GateDecision, GatePack, GateVote
from app.rules.signoffs import FRESH
from tests import cast as casting
from tests.cast import NOW, PASSWORD
from tests.gating import GATED
from tests.web.conftest import Site
from tests.web.gates.floor import Floor, text_of


def test_the_vote_is_opened_by_whoever_prepares_it(floor: Floor) -> None:
    assert 'id="open"' in floor.page("opm") and 'id="open"' in floor.page("dir")
    assert 'id="open"' not in floor.page("chA") and 'id="open"' not in floor.page("exe")
    for who, status in (("chA", 403), ("exe", 403), ("chB", 404)):
        assert floor.send(who, "opening").status_code == status
    floor.made_ready()
    assert floor.says("opm") == "Everything is met. The vote can be opened."
    for _ in range(2):
        assert floor.send("opm", "opening").status_code == 303
    assert floor.says("chA") == "The vote is open: 2 more votes for the quorum of 2."
    page = text_of(floor.page("chA"))
    assert "0 of 3 in, 2 needed" in page
    assert re.search(r"Pack frozen 09:00, content [0-9a-f]{4} [0-9a-f]{4}", page)
    with floor.site.database.reading() as session:
        assert len(session.exec(select(GatePack)).all()) == 1


def test_the_first_act_at_a_gate_may_be_to_open_its_vote(floor: Floor) -> None:
    gate = floor.of("go")
    assert floor.says("itl", gate).startswith("Go is closed until two critical criteria are met")
    assert floor.send("itl", "opening", gate=gate, version="0").status_code == 303
    assert floor.says("itl", gate).startswith("Go is closed while two vetoes stand")


def test_a_gate_that_waits_says_what_for_and_is_not_opened(bare_site: Site) -> None:
    waiting = GATED.replace("    votes: [director, champion]\n", "    votes: [director, champion]\n    after: review\n")
    bare_site.cast = casting.running(bare_site.database, waiting)
    floor = Floor(bare_site)
    gate = floor.of("go")
    page = floor.page("itl", gate)
    assert "It waits for: “Readiness review”" in text_of(page)
    assert 'id="open"' not in page
    refused = floor.send("itl", "opening", gate=gate)
    assert refused.status_code == 409
    assert "This gate cannot be held yet." in refused.text


def test_an_outdated_form_opens_nothing(floor: Floor) -> None:
    floor.made_ready()
    stale = floor.send("opm", "opening", version="1")
    assert stale.status_code == 409
    assert "Ivo Tanaka changed this at 09:00" in text_of(stale.text)


def test_votes_are_cast_by_role_and_shown_with_their_reasons(floor: Floor) -> None:
    floor.opened()
    assert "It counts for Site champion." in text_of(floor.page("chA"))
    assert floor.vote("chA").status_code == 303
    assert floor.vote("itl", "go-with-conditions", comment="If the <line> holds").status_code == 303
    page = floor.page("cto")
    words = text_of(page)
    assert "2 of 3 in, 2 needed" in words
    assert "Chiara Amato Site champion Go" in words
    assert "Ivo Tanaka IT lead Go, with conditions today 09:00 “If the <line> holds”" in words
    assert "&lt;line&gt;" in page
    assert "holds" not in floor.page("exe")
    assert floor.says("cto") == "The votes carry it: 2 of 2 votes for it."
    assert "You voted go as Site champion, today 09:00." in text_of(floor.page("chA"))


@pytest.mark.parametrize(("who", "status"), [("exe", 403), ("opm", 403), ("chB", 404), ("adm", 404)])
def test_who_has_no_vote_has_no_ballot(floor: Floor, who: str, status: int) -> None:
    floor.opened()
    assert floor.vote(who).status_code == status
    if status == 403:
        assert 'id="cast"' not in floor.page(who)


def test_a_role_votes_once_and_a_person_may_vote_otherwise(floor: Floor) -> None:
    floor.opened()
    for _ in range(2):
        assert floor.vote("chA").status_code == 303
    assert 'id="cast"' not in floor.page("chAB")
    assert floor.vote("chAB").status_code == 409
    assert floor.vote("chA", "no-go", comment="It did not switch").status_code == 303
    with floor.site.database.reading() as session:
        rows = session.exec(select(GateVote).order_by(GateVote.id)).all()  # type: ignore[arg-type]
        own = rows[-1].id
    assert [(one.vote, one.withdrawn_at is None) for one in rows] == [("go", False), ("no-go", True)]
    assert floor.send("itl", f"votes/{own}/withdrawal").status_code == 403
    assert floor.send("chB", f"votes/{own}/withdrawal").status_code == 404
    assert floor.send("chA", f"votes/{own}/withdrawal").status_code == 303
    assert "0 of 3 in" in text_of(floor.page("chA"))


def test_a_director_who_holds_none_of_the_roles_is_told_so_and_chooses_one(floor: Floor) -> None:
    floor.opened()
    page = floor.page("dir")
    assert "You vote as director, for a role that is not yours." in text_of(page)
    assert page.count('<option value="cto">') == 1
    assert floor.vote("dir", role="cto").status_code == 303
    assert "Dana Whitfield CTO, voted as director Go" in text_of(floor.page("chA"))


def test_a_veto_closes_the_choice_and_says_why(floor: Floor) -> None:
    floor.answer("itl", "fast", "900")
    floor.send("opm", "opening")
    page = floor.page("chA")
    assert re.search(r'value="go" required disabled><span>Go<small>Closed while the veto stands', page)
    assert floor.says("chA") == "Go is closed while one veto stands: Failover seen."


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"vote": "no-go"}, "Say why: it is asked for unless you vote go."),
        ({"vote": ""}, "Choose how you vote."),
        ({"vote": "no-go", "comment": "MRN 48213377 waits"}, "Nothing is stored yet"),
    ],
)
def test_a_faulty_ballot_keeps_what_was_typed(floor: Floor, fields: dict[str, str], said: str) -> None:
    floor.opened()
    answer = floor.vote("chA", **fields)
    assert answer.status_code == 422
    assert said in answer.text and fields.get("comment", "") in answer.text


def test_later_than_five_minutes_after_the_sign_in_the_password_is_asked_once_more(floor: Floor) -> None:
    floor.opened()
    champion = floor.site.client("chA")
    floor.site.now = NOW + FRESH + timedelta(seconds=1)
    assert 'id="f-password-cast"' in floor.page("chA")
    answer = floor.vote("chA")
    assert answer.status_code == 422 and "a vote is yours alone" in answer.text
    assert floor.vote("chA", password="wrong, and kept nowhere").status_code == 422
    with floor.site.database.reading() as session:
        assert session.exec(select(GateVote)).all() == []
    assert floor.vote("chA", password=PASSWORD).status_code == 303
    assert champion.get(f"/gates/{floor.gate}").status_code == 200


def test_a_vote_on_changed_evidence_is_refused_and_what_was_found_is_kept(floor: Floor) -> None:
    floor.opened()
    floor.vote("chA")
    floor.answer("itl", "fast", "40", version="2")
    moved = text_of(floor.page("cto"))
    assert "The evidence has changed since it was frozen." in moved
    assert "Fast enough was 900 Mbps, met, is now 40 Mbps, met" in moved
    assert "40 Mbps frozen as 900 Mbps" in moved
    answer = floor.vote("itl", script=True)
    assert answer.status_code == 409
    words = text_of(answer.text)
    assert "Nothing was recorded: the evidence has changed since it was frozen." in words
    assert "1 vote fell with it: read what changed, then vote again." in words
    assert "Chiara Amato Site champion Go, void since today 09:00" in words
    with floor.site.database.reading() as session:
        packs = session.exec(select(GatePack).order_by(GatePack.number)).all()  # type: ignore[arg-type]
        votes = session.exec(select(GateVote)).all()
    assert [(one.number, one.ended_at is None) for one in packs] == [(1, False), (2, True)]
    assert [(one.role, one.voided_at is not None) for one in votes] == [("champion", True)]
    stale = floor.vote("itl", pack="1")
    assert stale.status_code == 409  # the form still shows the evidence of before
    assert floor.vote("itl", pack="2").status_code == 303
    assert "Fast enough was 900 Mbps, met, is now 40 Mbps, met" in text_of(floor.page("cto"))


def test_the_vote_is_called_off_and_what_was_cast_is_void(floor: Floor) -> None:
    floor.opened()
    floor.vote("chA")
    assert floor.send("chA", "closing").status_code == 403
    for _ in range(2):
        assert floor.send("opm", "closing").status_code == 303
    assert "No vote is open" in text_of(floor.page("chA"))
    assert floor.vote("itl").status_code == 409
    assert "called the vote off: 1 vote void." in text_of(floor.page("chA"))


def test_a_go_is_decided_and_its_record_is_linked(floor: Floor) -> None:
    floor.voted()
    assert 'id="decide"' not in floor.page("chA")
    for who, status in (("chA", 403), ("opm", 403), ("exe", 403), ("chB", 404)):
        assert floor.decide(who=who).status_code == status
    for _ in range(2):
        assert floor.decide().status_code == 303
    assert floor.says("exe") == "Go, decided by Dana Whitfield on Tue 5 Jan, 09:00 Central."
    with floor.site.database.reading() as session:
        row = session.exec(select(GateDecision)).one()
    page = floor.page("chA")
    assert f'href="/decisions/{row.id}/record.pdf"' in page and f'href="/records/{row.sha256}"' in page
    assert "recorded the decision: go." in text_of(page)
    assert floor.send("opm", "opening").status_code == 409


def test_after_a_go_the_page_shows_what_it_was_decided_on_and_what_is_so_now(floor: Floor) -> None:
    floor.voted()
    floor.decide()
    floor.answer("itl", "fast", "40", version="2")
    words = text_of(floor.page("chA"))
    assert "900 Mbps now 40 Mbps" in words
    assert "4 of 4 met" in words


def test_what_a_go_still_wants_is_listed_and_refused(floor: Floor) -> None:
    floor.opened()
    page = text_of(floor.page("dir"))
    assert "A go still wants: 2 more votes for the quorum of 2 the vote of Site champion" in page
    refused = floor.decide()
    assert refused.status_code == 409
    assert "This cannot be decided yet." in refused.text and "the vote of Site champion" in refused.text
    assert floor.decide("deferred").status_code == 303
    assert floor.says("chA") == "Deferred, decided by Dana Whitfield on Tue 5 Jan, 09:00 Central."
    assert "So we agreed." in floor.page("chA") and "So we agreed." not in floor.page("exe")


def test_a_decision_on_changed_evidence_is_refused_and_what_was_found_is_kept(floor: Floor) -> None:
    floor.voted()
    floor.answer("itl", "fast", "40", version="2")
    answer = floor.decide()
    assert answer.status_code == 409 and "2 votes fell with it" in text_of(answer.text)
    with floor.site.database.reading() as session:
        assert session.exec(select(GateDecision)).all() == []
        assert [one.voided_at is not None for one in session.exec(select(GateVote))] == [True, True]


@pytest.mark.parametrize(
    ("outcome", "reason", "said"),
    [("no-go", "", "Say something here."), ("", "", "Choose what is decided."), ("no-go", "MRN 48213377", "patient's")],
)
def test_a_faulty_decision_keeps_what_was_typed(floor: Floor, outcome: str, reason: str, said: str) -> None:
    answer = floor.decide(outcome, reason=reason)
    assert answer.status_code == 422
    assert said in answer.text and reason in answer.text


def test_the_same_decision_from_the_same_form_is_quiet(floor: Floor) -> None:
    for _ in range(2):
        assert floor.decide("no-go", version="0").status_code == 303
    with floor.site.database.reading() as session:
        assert len(session.exec(select(GateDecision)).all()) == 1


def test_an_outdated_form_replaces_no_decision_unless_it_is_sent_again(floor: Floor) -> None:
    shown = floor.page("dir")
    assert re.search(r'id="decide".*?name="version" value="0"', shown, re.DOTALL)
    assert floor.decide("no-go", version="0").status_code == 303
    floor.answer("itl", "fast", "900")
    stale = floor.decide("deferred", version="0")
    assert stale.status_code == 409
    words = text_of(stale.text)
    assert "Dana Whitfield changed this at 09:00" in words and "Dana Whitfield recorded the decision" in words
    with floor.site.database.reading() as session:
        row = session.exec(select(GateDecision)).one()
    assert row.outcome == "no-go"
    again = re.search(r'id="use-mine".*?</form>', stale.text, re.DOTALL)
    assert again is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', again[0]))
    assert fields["version"] == str(row.id)
    assert floor.site.client("dir").post(f"/gates/{floor.gate}/decision", data=fields).status_code == 303
    assert floor.says("chA") == "Deferred, decided by Dana Whitfield on Tue 5 Jan, 09:00 Central."


def test_an_outdated_form_replaces_no_go_that_was_just_recorded(floor: Floor) -> None:
    floor.voted()
    assert floor.decide(version="0").status_code == 303
    assert floor.decide("no-go", version="0").status_code == 409
    assert floor.says("chA") == "Go, decided by Dana Whitfield on Tue 5 Jan, 09:00 Central."


def test_a_decision_says_what_it_saw(floor: Floor) -> None:
    given = {"outcome": "no-go", "reason": "So we agreed."}
    assert floor.site.client("dir").post(f"/gates/{floor.gate}/decision", data=given).status_code == 422


def test_an_earlier_decision_is_folded_away(floor: Floor) -> None:
    floor.decide("no-go")
    floor.decide("deferred")
    page = floor.page("chA")
    assert "Earlier decisions" in page
    assert page.count("/record.pdf") == 2
