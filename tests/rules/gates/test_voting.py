"""Votes are counted by the rule of the gate."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.plan.format.who import Who
from app.rules.gates.voting import Ballot, Count, Vote, counted, rule_words, standing_words, votable
from tests.rules.gates.book import SEVEN, TITLES, gate


def cast(**votes: str) -> list[Ballot]:
    return [Ballot(role, Vote(vote)) for role, vote in votes.items()]


def test_an_abstention_counts_for_the_quorum_and_not_for_a_go() -> None:
    found = counted(gate(), cast(champion="go", radiologist="go", technologist="abstain", systems="abstain", it="go"))
    assert found == Count(cast=5, for_it=3, against=0, quorum=5, approve=3, missing=())
    assert found.carries
    less = counted(gate(), cast(champion="go", radiologist="go", technologist="abstain", systems="abstain", it="no-go"))
    assert (less.complete, less.carries) == (True, False)


def test_whoever_must_vote_is_missed_whatever_the_others_say() -> None:
    found = counted(gate(), [Ballot(role, Vote.GO) for role in SEVEN[1:]])
    assert (found.cast, found.missing, found.complete, found.carries) == (6, ("champion",), False, False)
    assert standing_words(found, TITLES) == ("the vote of Champion",)


def test_a_go_with_conditions_is_a_vote_for_it() -> None:
    asked = gate(Who(roles=("champion", "it")), approve=2)
    assert counted(asked, cast(champion="go", it="go-with-conditions")).carries
    assert not counted(asked, cast(champion="go", it="no-go")).carries


def test_a_person_votes_first_for_a_role_that_must() -> None:
    assert votable(gate(), {"billing", "champion"}, ()) == ("champion", "billing")
    assert votable(gate(), {"billing", "champion"}, {"champion"}) == ("billing",)
    assert votable(gate(), {"nobody"}, ()) == ()


def test_the_rule_is_said_in_a_sentence() -> None:
    there = "Whoever abstains counts as there, and not as for it."
    assert rule_words(gate(approve=5), TITLES) == (
        f"5 of 7 votes must be cast, Champion among them; 5 for it carry it. {there}"
    )
    assert rule_words(gate(Who(roles=("champion", "it"))), TITLES) == (
        f"All 2 votes must be cast; more than half of those cast carry it. {there}"
    )
    two = gate(Who(roles=SEVEN, at_least=3, must=("champion", "it")))
    assert rule_words(two, TITLES).startswith("3 of 7 votes must be cast, Champion and It among them;")


@given(st.dictionaries(st.sampled_from(SEVEN), st.sampled_from(list(Vote))), st.integers(1, 7), st.data())
def test_a_go_is_carried_exactly_when_quorum_and_approval_are_there(
    votes: dict[str, Vote], quorum: int, data: st.DataObject
) -> None:
    must = tuple(data.draw(st.sets(st.sampled_from(SEVEN), max_size=2)))
    approve = data.draw(st.none() | st.integers(1, 7))
    asked = gate(Who(roles=SEVEN, at_least=quorum, must=must), approve=approve)
    found = counted(asked, [Ballot(*one) for one in votes.items()])
    for_it = [vote for vote in votes.values() if vote in ("go", "go-with-conditions")]
    enough = len(for_it) >= approve if approve else 2 * len(for_it) > len(votes)
    assert found.carries is (len(votes) >= quorum and set(must) <= votes.keys() and enough)
    if not found.carries:
        assert standing_words(found, TITLES)
