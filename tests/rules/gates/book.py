"""A gate and its evidence, as the rules see them."""

from __future__ import annotations

from typing import Any

from app.plan.format.gates import Criterion, Gate
from app.plan.format.who import Who
from app.rules.gates.packs import Line, Pack
from app.rules.rollouts.criteria import Found

SEVEN = ("champion", "radiologist", "technologist", "systems", "billing", "it", "sponsor")
TITLES = {role: role.capitalize() for role in SEVEN}


def gate(votes: Who | None = None, **given: Any) -> Gate:
    """Seven roles, five of them the quorum, the champion among them."""
    asked = votes or Who(roles=SEVEN, at_least=5, must=("champion",))
    return Gate(id="go", title="Go or no-go", votes=asked, decide="director", criteria={}, **given)


def line(name: str, met: bool | None, *, critical: bool = False, weight: float = 1, waived: bool = False) -> Line:
    criterion = Criterion(id=name, title=name.capitalize(), critical=critical, weight=weight)
    return Line(name, criterion, "all", Found(met, "3 of 5"), waived)


def pack(*lines: Line) -> Pack:
    return Pack({"id": "go"}, {"id": "book", "version": "1.0"}, lines, (), {}, {})
