"""The record of a decision is read from its text, and a hash however it was copied."""

from __future__ import annotations

from typing import Any

import pytest

from app.rules.gates.records import hash_typed, in_fours, read_evidence, read_record
from app.rules.gates.voting import Outcome, Vote
from app.rules.signoffs import canonical

KNOWN = "3f2a9c01" * 8
AT = "2027-01-05T15:00:00+00:00"


def criterion(stands: str, critical: bool = False) -> dict[str, Any]:
    named = {"title": f"It is {stands}", "needed": "yes", "measured": "no"}
    return named | {"critical": critical, "weight": 1.0, "stands": stands}


EVIDENCE = {
    "playbook": {"id": "two-sites", "version": "1.0"},
    "gate": {"id": "go", "title": "Go or no-go", "place": "alder", "where": "Alder", "due": "2027-02-05"},
    "criteria": {
        "a": criterion("met"), "b": criterion("not met"), "c": criterion("waived", True),
        "d": criterion("unknown", True), "e": criterion("met", True),
    },
    "open": {},
    "conditions": {},
    "proofs": {},
}  # fmt: skip


def vote(at: str, **given: str) -> dict[str, Any]:
    values = {"vote": "go", "by": "Dana", "as": "champion", "comment": "", "instead_of": ""}
    return {**values, "person": 1, "at": at, **given}


def condition(criterion: str = "") -> dict[str, Any]:
    return {"criterion": criterion, "what": "x", "instead": "y", "risk": "", "owner": 3, "until": AT}


RECORD = {
    "evidence": EVIDENCE,
    "evidence_sha256": KNOWN,
    "frozen_at": AT,
    "votes": {"champion": vote("2027-01-05T15:02:00+00:00"), "it-lead": vote(AT, vote="no-go", comment="Why?")},
    "conditions": {"10": condition(), "9": condition("c")},
    "outcome": "no-go",
    "reason": "So",
    "decided": {"by": "Dana", "person": 1, "as": "director", "at": AT},
}


def test_what_speaks_against_a_go_stands_first() -> None:
    found = read_evidence(canonical(EVIDENCE))
    assert [line.id for line in found.criteria] == ["d", "b", "c", "a", "e"]
    assert (found.met, found.vetoes, found.waived) == (2, 1, 1)


def test_votes_stand_as_they_were_cast_and_conditions_as_they_were_asked_for() -> None:
    found = read_record(canonical(RECORD))
    assert [(one.role, one.vote) for one in found.votes] == [("it-lead", Vote.NO_GO), ("champion", Vote.GO)]
    assert [one.criterion for one in found.conditions] == ["It is waived", ""]
    assert (found.outcome, found.at.isoformat(), found.evidence.where) == (Outcome.NO_GO, AT, "Alder")


@pytest.mark.parametrize(
    "typed",
    [KNOWN, KNOWN.upper(), f" {KNOWN}\n", " ".join(in_fours(KNOWN)), "-".join(in_fours(KNOWN)), f"SHA256:{KNOWN}"],
)
def test_a_hash_is_known_however_it_was_copied(typed: str) -> None:
    assert hash_typed(typed) == KNOWN


@pytest.mark.parametrize("typed", ["", "3f2a", KNOWN[:-1], KNOWN + "0", KNOWN[:-1] + "g", "record"])
def test_what_is_no_hash_is_none(typed: str) -> None:
    assert hash_typed(typed) == ""


def test_a_hash_has_sixteen_groups_of_four() -> None:
    assert in_fours(KNOWN) == ("3f2a", "9c01") * 8
