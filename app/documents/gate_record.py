"""The record of a decision at a gate: one page to file, with what proves it."""

from __future__ import annotations

from dataclasses import dataclass

from app.documents.codes import qr_code
from app.documents.typesetting import Paper, pdf


@dataclass(frozen=True)
class CriterionLine:
    """A criterion in words; `bad`: it speaks against a go; one that is met may stand in a run of titles only."""

    state: str
    title: str
    critical: bool
    needed: str
    measured: str
    met: bool = False
    bad: bool = False


@dataclass(frozen=True)
class VoteLine:
    """A vote for a role; `comment` only for who may read it."""

    role: str
    vote: str
    name: str
    when: str
    comment: str = ""


@dataclass(frozen=True)
class ConditionLine:
    """A condition, or the waiver of the criterion `waives`; its words only for who may read them."""

    waives: str
    owner: str
    until: str
    what: str = ""
    instead: str = ""
    risk: str = ""


@dataclass(frozen=True)
class GateRecord:
    """What stands on the page. `mark` is go, go-with-conditions, no-go or deferred, and `outcome` the same in words;
    `facts` are lines of a label and what it names; `left_out` says which words the reader may not see; `sha256` is in
    groups of four.
    """

    rollout: str
    gate: str
    where: str
    mark: str
    outcome: str
    facts: tuple[tuple[str, str], ...]
    criteria_said: str
    criteria: tuple[CriterionLine, ...]
    votes_said: str
    votes: tuple[VoteLine, ...]
    conditions: tuple[ConditionLine, ...]
    reason: str
    left_out: str
    sha256: tuple[str, ...]
    address: str
    paper: Paper = "a4"


def gate_record(facts: GateRecord) -> bytes:
    """One page, as PDF, whatever is on it: what is long is set small, and shortened at last, and the page says so."""
    return pdf("gate_record", _Set(**vars(facts), code=qr_code(facts.address)))


@dataclass(frozen=True)
class _Set(GateRecord):
    """The record with its code, as SVG."""

    code: str = ""
