"""The evidence of a gate: each criterion as it is measured, and what is open behind those that veto. Pure.

When a vote is opened the evidence is frozen: canonical JSON and its SHA-256, as `app.rules.signoffs` makes them of
what is signed. It holds nothing that changes by the mere passing of minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.plan.format.gates import Criterion
from app.rules.rollouts.criteria import Found
from app.rules.signoffs import Change, Content, canonical, changes


class Standing(StrEnum):
    """Where a criterion stands at a gate."""

    MET = "met"
    UNMET = "not met"
    UNKNOWN = "unknown"
    WAIVED = "waived"


@dataclass(frozen=True)
class Line:
    """One criterion, measured: what is asked for and what was found, in words; `waived`: a waiver of it holds."""

    id: str
    criterion: Criterion
    needed: str
    found: Found
    waived: bool = False

    @property
    def stands(self) -> Standing:
        if self.found.met:
            return Standing.MET
        if self.waived:
            return Standing.WAIVED
        return Standing.UNKNOWN if self.found.met is None else Standing.UNMET

    @property
    def vetoes(self) -> bool:
        """A critical criterion that is neither met nor waived closes the gate, known or not."""
        return self.criterion.critical and self.stands in (Standing.UNMET, Standing.UNKNOWN)


@dataclass(frozen=True)
class OpenItem:
    """Something open behind a critical criterion: a task or an issue, by its key; of an issue the severity."""

    criterion: str
    kind: str
    id: int
    title: str
    severity: str = ""


@dataclass(frozen=True)
class Pack:
    """The evidence of a gate at one moment. `conditions` are those accepted, in words, by their keys; `proofs` name
    what stands behind the answers.
    """

    gate: Mapping[str, Any]
    playbook: Mapping[str, str]
    lines: tuple[Line, ...]
    items: tuple[OpenItem, ...]
    conditions: Mapping[str, Mapping[str, str]]
    proofs: Mapping[str, str]

    @property
    def vetoes(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.vetoes)

    @property
    def met(self) -> int:
        return sum(line.stands is Standing.MET for line in self.lines)

    @property
    def score(self) -> float | None:
        """The weighted share, in percent, of the criteria that are not critical and are met; None without any. One that
        is waived, or of which nothing is known, is not met.
        """
        return score(self.lines)

    def content(self) -> Content:
        """The evidence as plain values. What people typed stands in it only where it is a condition."""
        return {
            "playbook": dict(self.playbook),
            "gate": dict(self.gate),
            "criteria": {line.id: _line(line) for line in self.lines},
            "open": {f"{item.criterion} {item.kind} {item.id}": _item(item) for item in self.items},
            "conditions": {key: dict(one) for key, one in self.conditions.items()},
            "proofs": dict(self.proofs),
        }

    def changed_since(self, frozen: str) -> tuple[Change, ...]:
        """What is not as it was frozen."""
        return changes(frozen, self.content())


def score(lines: Iterable[Line]) -> float | None:
    """See `Pack.score`."""
    weights = [(line.criterion.weight, line.stands is Standing.MET) for line in lines if not line.criterion.critical]
    total = sum(weight for weight, _ in weights)
    return 100 * sum(weight for weight, met in weights if met) / total if total else None


def _line(line: Line) -> dict[str, Any]:
    return {
        "title": line.criterion.title,
        "critical": line.criterion.critical,
        "weight": line.criterion.weight,
        "needed": line.needed,
        "measured": line.found.said,
        "stands": line.stands.value,
    }


def _item(item: OpenItem) -> dict[str, str]:
    """Of an issue only its severity: its title is what somebody typed."""
    return {"severity": item.severity} if item.kind == "issue" else {"title": item.title}


def frozen_text(pack: Pack) -> str:
    """What is kept and hashed."""
    return canonical(pack.content())
