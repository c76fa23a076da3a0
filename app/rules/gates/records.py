"""The record of a decision, and the evidence that was frozen for it, read from the text that was hashed. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from app.rules.gates.packs import Standing
from app.rules.gates.voting import Outcome, Vote

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_BLANKS: Final = re.compile(r"[\s:\-\u00ad\u200b]+")
_ORDER: Final = (Standing.UNMET, Standing.UNKNOWN, Standing.WAIVED, Standing.MET)


@dataclass(frozen=True)
class RecordLine:
    """One criterion as it was decided on."""

    id: str
    title: str
    critical: bool
    needed: str
    measured: str
    stands: Standing

    @property
    def vetoes(self) -> bool:
        return self.critical and self.stands in (Standing.UNMET, Standing.UNKNOWN)


@dataclass(frozen=True)
class RecordVote:
    """One vote: for which role, by whom, as what, and instead of whom."""

    role: str
    vote: Vote
    by: str
    voted_as: str
    instead_of: str
    comment: str
    at: datetime


@dataclass(frozen=True)
class RecordCondition:
    """What the go carried; of a waiver the title of its criterion. `owner` is the key of a person."""

    criterion: str
    what: str
    instead: str
    risk: str
    owner: int
    until: datetime


@dataclass(frozen=True)
class FrozenEvidence:
    """The evidence of a gate as it was frozen: its criteria, those that speak against a go first."""

    gate: str
    where: str
    due: date | None
    playbook: str
    criteria: tuple[RecordLine, ...]

    @property
    def met(self) -> int:
        return sum(line.stands is Standing.MET for line in self.criteria)

    @property
    def waived(self) -> int:
        return sum(line.stands is Standing.WAIVED for line in self.criteria)

    @property
    def vetoes(self) -> int:
        return sum(line.vetoes for line in self.criteria)


@dataclass(frozen=True)
class Record:
    """A decision with everything that it was made on; votes in the order in which they were cast. `decided_as` and the
    roles of votes are ids.
    """

    evidence: FrozenEvidence
    evidence_sha256: str
    frozen_at: datetime
    outcome: Outcome
    reason: str
    by: str
    person: int
    decided_as: str
    at: datetime
    votes: tuple[RecordVote, ...]
    conditions: tuple[RecordCondition, ...]


def read_record(content: str) -> Record:
    """The record that is kept in a text. Raises ValueError, KeyError or TypeError for what is none."""
    whole = json.loads(content)
    decided, titles = whole["decided"], {id_: one["title"] for id_, one in whole["evidence"]["criteria"].items()}
    votes = [_vote(role, one) for role, one in whole["votes"].items()]
    return Record(
        evidence=_evidence(whole["evidence"]),
        evidence_sha256=whole["evidence_sha256"],
        frozen_at=datetime.fromisoformat(whole["frozen_at"]),
        outcome=Outcome(whole["outcome"]),
        reason=whole["reason"],
        by=decided["by"],
        person=decided["person"],
        decided_as=decided["as"],
        at=datetime.fromisoformat(decided["at"]),
        votes=tuple(sorted(votes, key=lambda vote: (vote.at, vote.role))),
        conditions=tuple(_condition(one, titles) for _, one in sorted(whole["conditions"].items(), key=_number)),
    )


def read_evidence(content: str) -> FrozenEvidence:
    """The evidence that is kept in a text. Raises as `read_record` does."""
    return _evidence(json.loads(content))


def _evidence(whole: Mapping[str, Any]) -> FrozenEvidence:
    gate, book = whole["gate"], whole["playbook"]
    lines = [_line(id_, one) for id_, one in whole["criteria"].items()]
    return FrozenEvidence(
        gate=gate["title"],
        where=gate["where"],
        due=date.fromisoformat(gate["due"]) if gate["due"] else None,
        playbook=f"{book['id']} {book['version']}",
        criteria=tuple(sorted(lines, key=lambda line: (not line.vetoes, _ORDER.index(line.stands)))),
    )


def _line(id_: str, one: Mapping[str, Any]) -> RecordLine:
    stands = Standing(one["stands"])
    return RecordLine(id_, one["title"], one["critical"], one["needed"], one["measured"], stands)


def _vote(role: str, one: Mapping[str, Any]) -> RecordVote:
    at, vote = datetime.fromisoformat(one["at"]), Vote(one["vote"])
    return RecordVote(role, vote, one["by"], one["as"], one["instead_of"], one["comment"], at)


def _number(one: tuple[str, Any]) -> int:
    return int(one[0])


def _condition(one: Mapping[str, Any], titles: Mapping[str, str]) -> RecordCondition:
    criterion, until = one["criterion"], datetime.fromisoformat(one["until"])
    title = titles.get(criterion, criterion)
    return RecordCondition(title, one["what"], one["instead"], one["risk"], one["owner"], until)


def in_fours(sha256: str) -> tuple[str, ...]:
    """A hash as people compare it: sixteen groups of four."""
    return tuple(sha256[at : at + 4] for at in range(0, len(sha256), 4))


def hash_typed(text: str) -> str:
    """The hash that somebody copied, whatever blanks, colons or capitals came with it; empty for what is none."""
    found = _BLANKS.sub("", text).casefold().removeprefix("sha256")
    return found if _HASH.fullmatch(found) else ""
