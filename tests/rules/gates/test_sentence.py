"""The sentence of a gate says where it stands, and the line below it the next act."""

from __future__ import annotations

from typing import Any

import pytest

from app.plan.format.gates import Conditions, Gate
from app.plan.format.who import Who
from app.rules.gates.sentence import Situation, Verdict, Veto, gate_sentence
from app.rules.gates.voting import Ballot, Outcome, Vote, counted

VOTERS = Who(roles=("champion", "it-lead", "cto"), at_least=2, must=("champion",))
TITLES = {"champion": "Site champion", "it-lead": "IT lead", "cto": "CTO"}
NO_LINE = Veto("The backup line takes over")
ASKED = Veto("The backup line takes over", "Sami Rautio")
BY, WHEN = "Dana Whitfield", "Thu 19 Nov, 16:04 Central"


def gate(**more: Any) -> Gate:
    limits: Conditions = Conditions(at_most=2, expire=None)
    given = {"when": None, "owner": None, "criteria": {}, "votes": VOTERS, "conditions": limits, **more}
    return Gate(id="go", title="Go or no-go", **given)


def said(seen: Situation) -> tuple[str, str, str]:
    """The whole sentence, the status of its one coloured phrase, and the line below."""
    parts, more = gate_sentence(seen)
    coloured = [part.status for part in parts if part.status]
    assert len(coloured) == 1
    return "".join(part.text for part in parts), coloured[0], more


def voting(**votes: Vote) -> Situation:
    ballots = [Ballot(role.replace("_", "-"), vote) for role, vote in votes.items()]
    return Situation(gate(), 4, count=counted(gate(), ballots), titles=TITLES, decides=BY)


def test_one_veto_is_named_and_the_waiver_that_is_asked_for_is_the_way() -> None:
    assert said(Situation(gate(approve=5), 23, (ASKED,), pressing=True)) == (
        "Go is closed while one veto stands: The backup line takes over.",
        "notready",
        "Meet it, or accept the waiver that Sami Rautio asks for. Then five votes of three carry it.",
    )


def test_several_vetoes_are_counted() -> None:
    found = said(Situation(gate(), 23, (NO_LINE,) * 3, pressing=True, waits=("“Review”",)))
    assert found == (
        "Go is closed while three vetoes stand.",
        "notready",
        "Meet them, or ask for a waiver. It waits for “Review”, too. Then more than half of the votes cast carry it.",
    )


def test_long_before_its_day_nothing_is_red() -> None:
    assert said(Situation(gate(), 23, (NO_LINE,) * 12))[:2] == (
        "Go is closed until 12 critical criteria are met.", "todo",
    )  # fmt: skip
    assert said(Situation(gate(), 23, (NO_LINE,)))[0] == (
        "Go is closed until one critical criterion is met: The backup line takes over."
    )


def test_a_gate_without_waivers_offers_none() -> None:
    assert said(Situation(gate(conditions="none"), 3, (NO_LINE,), pressing=True))[2].startswith("Meet it. Then")


@pytest.mark.parametrize(
    ("seen", "sentence", "status", "more"),
    [
        (voting(), "The vote is open: 2 more votes for the quorum of 2.", "running",
         "Wanted, too: the vote of Site champion; 1 more vote for it (1 needed)."),
        (voting(champion=Vote.GO), "The vote is open: 1 more vote for the quorum of 2.", "running", ""),
        (voting(it_lead=Vote.GO, cto=Vote.GO), "The vote is open: the vote of Site champion.", "running", ""),
        (voting(champion=Vote.GO, cto=Vote.CONDITIONS), "The votes carry it: 2 of 2 votes for it.", "done",
         "Dana Whitfield decides."),
        (voting(champion=Vote.NO_GO, cto=Vote.GO, it_lead=Vote.ABSTAIN), "The votes do not carry it: 1 for it, "
         "2 needed.", "notready", "Dana Whitfield decides."),
    ],
)  # fmt: skip
def test_an_open_vote_says_what_it_still_wants(seen: Situation, sentence: str, status: str, more: str) -> None:
    assert said(seen) == (sentence, status, more)


def test_what_else_stands_in_the_way_of_a_carried_go_is_told() -> None:
    votes = counted(gate(), [Ballot("champion", Vote.GO), Ballot("cto", Vote.GO)])
    seen = Situation(gate(), 4, count=votes, way=("40% of the weight is met, 50% is needed",), decides=BY)
    assert said(seen)[2] == (
        "For a go this is still in the way: 40% of the weight is met, 50% is needed. Dana Whitfield decides."
    )


def test_without_a_vote_it_says_whether_one_can_be_opened() -> None:
    assert said(Situation(gate(), 4, prepares="Omar Haddad")) == (
        "Everything is met. The vote can be opened.", "done", "Omar Haddad opens it.",
    )  # fmt: skip
    assert said(Situation(gate(), 4, open=1)) == (
        "No veto stands, and one of 4 criteria is still open.", "track", "The vote can be opened.",
    )  # fmt: skip
    waiting = Situation(gate(), 4, waits=("“Two weeks live” at Birch", "“Review”"), prepares="Omar Haddad")
    assert said(waiting) == (
        "Not yet: it waits for “Two weeks live” at Birch and 1 more.", "wait", "Then Omar Haddad opens the vote.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "sentence", "status", "more"),
    [
        (Verdict(Outcome.GO, BY, WHEN), f"Go, decided by {BY} on {WHEN}.", "done", ""),
        (Verdict(Outcome.CONDITIONS, BY, WHEN), f"Go, with conditions, decided by {BY} on {WHEN}.", "waived",
         "Every condition that it carries is met."),
        (Verdict(Outcome.CONDITIONS, BY, WHEN, 1, "Sat 28 Nov, 18:00"),
         f"Go, with conditions, decided by {BY} on {WHEN}.", "waived",
         "One condition is still to be met; it ends Sat 28 Nov, 18:00. Unmet at its end, it closes the gate again."),
        (Verdict(Outcome.CONDITIONS, BY, WHEN, 2, "Sat 28 Nov, 18:00"),
         f"Go, with conditions, decided by {BY} on {WHEN}.", "waived",
         "Two conditions are still to be met; the first ends Sat 28 Nov, 18:00. Unmet at its end, one closes the gate "
         "again."),
        (Verdict(Outcome.NO_GO, BY, WHEN), f"No-go, decided by {BY} on {WHEN}.", "notready",
         "A new vote can be opened as soon as what stood in the way is gone."),
        (Verdict(Outcome.DEFERRED, BY, WHEN), f"Deferred, decided by {BY} on {WHEN}.", "wait",
         "A new vote can be opened as soon as what stood in the way is gone."),
        (Verdict(Outcome.CONDITIONS, BY, WHEN, fell=True),
         f"Closed again: a condition expired unmet. {BY} had decided on {WHEN}.", "notready",
         "A new vote can be opened, or the gate decided anew."),
    ],
)  # fmt: skip
def test_a_decision_is_the_whole_sentence(verdict: Verdict, sentence: str, status: str, more: str) -> None:
    assert said(Situation(gate(), 4, (NO_LINE,), pressing=True, verdict=verdict)) == (sentence, status, more)
