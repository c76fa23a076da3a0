"""The printed record of a decision: one page whatever is on it, and what people typed stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.documents.gate_record import ConditionLine, CriterionLine, GateRecord, VoteLine, gate_record
from app.documents.typesetting import Paper
from app.rules.gates.needed import needed_words
from app.rules.playbooks import parsed

HOSTILE = '#read("/etc/passwd") *b* $x$ <b> \\ " {{ 7 }} ]] `raw` @ref //'
PAPERS: tuple[Paper, ...] = ("a4", "us-letter")
ROOT = Path(__file__).parents[2]
GO_NO_GO = parsed((ROOT / "playbooks" / "ray-medical.yaml").read_text(encoding="utf-8")).gates["go-no-go"]
MARKS = ("go", "go-with-conditions", "no-go", "deferred")
LONG = "A title that is two hundred letters long says rather more than anybody reads aloud at a gate, " * 3


def criterion(title: str, *, met: bool = True, state: str = "", critical: bool = True) -> CriterionLine:
    said = state or ("Met" if met else "Veto")
    return CriterionLine(said, title, critical, "all done", "17 of 20 done", met, bad=said == "Veto")


def record(criteria: tuple[CriterionLine, ...] = (), *, typed: str = "We agreed.", **given: Any) -> GateRecord:
    """A go of seven votes with two conditions; `typed` stands wherever people write."""
    votes = tuple(
        VoteLine(f"Role {number}", "Go", "Dana Whitfield for Omar Haddad", "Tue 5 Jan, 09:00", typed)
        for number in range(7)
    )
    carried = ("", "Failover seen")
    values: dict[str, Any] = {
        "rollout": "Two sites", "gate": "Go or no-go", "where": "Alder", "mark": "go-with-conditions",
        "outcome": "Go, with conditions", "facts": (("Decided", "Dana Whitfield"), ("Evidence", "3f2a 9c01")),
        "criteria_said": "17 of 17 met", "criteria": criteria or (criterion("Failover seen"),), "votes_said": "",
        "votes": votes, "reason": typed, "left_out": "", "sha256": ("3f2a", "9c01") * 8,
        "conditions": tuple(
            ConditionLine(one, "Ivo Tanaka", "Fri 15 Jan 2027, 18:00 Central", typed, typed, typed) for one in carried
        ),
        "address": "https://muster.example.org/records/" + "3f2a9c01" * 8,
    }  # fmt: skip
    return GateRecord(**{**values, **given})


def pages(made: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", made))


@pytest.mark.parametrize("paper", PAPERS)
def test_the_eighteen_criteria_of_a_real_gate_are_one_page(paper: Paper) -> None:
    lines = tuple(
        CriterionLine("Met", one.title, one.critical, needed_words(one), "all done", True)
        for one in GO_NO_GO.criteria.values()
    )
    assert len(lines) == 18
    made = gate_record(record(lines, paper=paper))
    assert (made[:5], pages(made)) == (b"%PDF-", 1)
    assert made == gate_record(record(lines, paper=paper))


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("met", [0, 20, 40])
@pytest.mark.parametrize("typed", ["", "So much to say about it. " * 160])
def test_forty_criteria_with_long_titles_are_one_page(paper: Paper, met: int, typed: str) -> None:
    lines = tuple(criterion(LONG[:200], met=number < met) for number in range(40))
    assert pages(gate_record(record(lines, typed=typed, paper=paper))) == 1


def test_more_conditions_and_votes_than_anybody_reads_are_one_page() -> None:
    base = record(typed="word " * 800)
    made = gate_record(replace(base, conditions=base.conditions * 60, votes=base.votes * 20))
    assert pages(made) == 1


@pytest.mark.parametrize("mark", MARKS)
def test_every_outcome_has_its_mark(mark: str) -> None:
    made = {one: gate_record(record(mark=one)) for one in MARKS}
    assert pages(made[mark]) == 1
    assert [one for one in made if made[one] == made[mark]] == [mark]


@pytest.mark.parametrize("typed", [HOSTILE, "中文 has no letters here", "Łódź Ωμέγα Живаго", "x" * 500, "\n\n\t", ""])
def test_what_people_typed_is_text(typed: str) -> None:
    lines = (criterion(typed), criterion(typed, met=False))
    made = gate_record(record(lines, typed=typed, gate=typed, where=typed, rollout=typed, left_out=typed))
    assert (made[:5], pages(made)) == (b"%PDF-", 1)


def test_a_record_without_votes_or_words_is_a_page_too() -> None:
    made = gate_record(record(typed="", votes=(), conditions=(), votes_said="No vote was cast.", left_out="Left out."))
    assert pages(made) == 1


def test_a_long_address_is_on_the_page() -> None:
    address = "https://" + "a-very-long-name." * 10 + "example.org/records/" + "3f2a9c01" * 8
    assert pages(gate_record(record(address=address))) == 1
