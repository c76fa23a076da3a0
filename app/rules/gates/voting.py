"""Votes at a gate: which roles are asked, which votes count for what, and when they carry a go. Pure.

An abstention is a vote cast: it counts for the quorum, and for nothing else. Without `approve` a go needs more than
half of the votes cast (Muster's playbook format, section 4, gates), so that an abstention is never a yes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.plan.format.gates import Gate
from app.rules.clock import count


class Vote(StrEnum):
    """What somebody votes."""

    GO = "go"
    CONDITIONS = "go-with-conditions"
    NO_GO = "no-go"
    ABSTAIN = "abstain"


class Outcome(StrEnum):
    """What is decided."""

    GO = "go"
    CONDITIONS = "go-with-conditions"
    NO_GO = "no-go"
    DEFERRED = "deferred"

    @property
    def goes_on(self) -> bool:
        return self in (Outcome.GO, Outcome.CONDITIONS)


VOTE_WORDS: Final[Mapping[Vote, str]] = {
    Vote.GO: "Go",
    Vote.CONDITIONS: "Go, with conditions",
    Vote.NO_GO: "No-go",
    Vote.ABSTAIN: "Abstains",
}
OUTCOME_WORDS: Final[Mapping[Outcome, str]] = {
    Outcome.GO: "Go",
    Outcome.CONDITIONS: "Go, with conditions",
    Outcome.NO_GO: "No-go",
    Outcome.DEFERRED: "Deferred",
}
FOR_IT: Final = frozenset({Vote.GO, Vote.CONDITIONS})


@dataclass(frozen=True)
class Ballot:
    """One vote that stands, for one role."""

    role: str
    vote: Vote


@dataclass(frozen=True)
class Count:
    """The votes of one moment: how many are cast, against, for; `quorum` must be cast and `approve` be for it;
    `missing` are roles that must vote and have not.
    """

    cast: int
    for_it: int
    against: int
    quorum: int
    approve: int
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether the quorum is there."""
        return self.cast >= self.quorum and not self.missing

    @property
    def carries(self) -> bool:
        """Whether the votes carry a go."""
        return self.complete and self.for_it >= self.approve


def counted(gate: Gate, ballots: Collection[Ballot]) -> Count:
    """The votes that stand at a gate, counted by its rule."""
    votes = {ballot.role: ballot.vote for ballot in ballots}
    must = gate.votes.must if gate.votes else ()
    return Count(
        cast=len(votes),
        for_it=sum(vote in FOR_IT for vote in votes.values()),
        against=sum(vote is Vote.NO_GO for vote in votes.values()),
        quorum=gate.votes.needed if gate.votes else 0,
        approve=gate.approve if gate.approve is not None else len(votes) // 2 + 1,
        missing=tuple(role for role in must if role not in votes),
    )


def votable(gate: Gate, held: Collection[str], given: Collection[str]) -> tuple[str, ...]:
    """The roles for which somebody may still vote who holds these: those that must vote first, then as written."""
    if gate.votes is None:
        return ()
    must = gate.votes.must
    open_ = [role for role in gate.votes.roles if role in held and role not in given]
    return tuple(sorted(open_, key=lambda role: role not in must))


def rule_words(gate: Gate, titles: Mapping[str, str]) -> str:
    """The rule in a sentence: `5 of 7 votes must be cast, Champion and Billing among them; 5 for it carry it.`"""
    if gate.votes is None:
        return ""
    number, quorum = len(gate.votes.roles), gate.votes.needed
    total = "One vote" if number == 1 else f"All {number} votes" if quorum == number else f"{quorum} of {number} votes"
    must = [titles.get(role, role) for role in gate.votes.must if quorum < number]
    among = f", {' and '.join(filter(None, (', '.join(must[:-1]), must[-1])))} among them" if must else ""
    carried = f"{gate.approve} for it carry it" if gate.approve else "more than half of those cast carry it"
    return f"{total} must be cast{among}; {carried}. Whoever abstains counts as there, and not as for it."


def standing_words(found: Count, titles: Mapping[str, str]) -> tuple[str, ...]:
    """What the votes still want for a go, a line each."""
    lines = []
    if found.cast < found.quorum:
        lines.append(f"{count(found.quorum - found.cast, 'more vote')} for the quorum of {found.quorum}")
    lines += [f"the vote of {titles.get(role, role)}" for role in found.missing]
    if found.for_it < found.approve:
        lines.append(f"{count(found.approve - found.for_it, 'more vote')} for it ({found.approve} needed)")
    return tuple(lines)
