"""What stands in the way of an outcome. Pure.

No-go and deferred may be said at any time. A go needs an open vote with quorum and approval on evidence that still
holds, the score where the gate asks for one, and no critical criterion that is neither met nor waived; it carries
conditions only where, and as many as, the gate allows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.plan.format.gates import Gate
from app.rules.clock import count
from app.rules.gates.conditions import ConditionState, allowed
from app.rules.gates.packs import Pack
from app.rules.gates.voting import Count, Outcome, standing_words


@dataclass(frozen=True)
class Case:
    """A gate as it is about to be decided: the vote (None: none is open), the evidence it is on, where the conditions
    stand, what the gate still waits for, and the titles of roles.
    """

    gate: Gate
    votes: Count | None
    pack: Pack
    conditions: Collection[ConditionState]
    waits: Collection[str]
    titles: Mapping[str, str]

    @property
    def accepted(self) -> int:
        return sum(state is ConditionState.ACCEPTED for state in self.conditions)


def in_the_way(case: Case, outcome: Outcome) -> tuple[str, ...]:
    """Why this outcome cannot be recorded, a line each; nothing where it can."""
    if not outcome.goes_on:
        return ()
    return (
        *(f"it waits for {what}" for what in case.waits),
        *_votes(case),
        *(f"veto: {line.criterion.title} ({line.found.said})" for line in case.pack.vetoes),
        *_score(case),
        *_conditions(case, outcome),
    )


def _votes(case: Case) -> tuple[str, ...]:
    if case.votes is None:
        return ("no vote is open",)
    return standing_words(case.votes, case.titles)


def _score(case: Case) -> tuple[str, ...]:
    wanted, found = case.gate.score, case.pack.score
    if wanted is None or found is None or found >= wanted:
        return ()
    return (f"{_down(found)}% of the weight of the other criteria is met, {wanted:g}% is needed",)


def _down(percent: float) -> str:
    """Never rounded up to what is wanted."""
    return f"{int(percent * 10) / 10:g}"


def _conditions(case: Case, outcome: Outcome) -> tuple[str, ...]:
    limits, lines = allowed(case.gate), []
    if outcome is Outcome.GO and case.accepted:
        lines.append(f"{count(case.accepted, 'condition')} accepted: it is a go with conditions")
    if outcome is Outcome.CONDITIONS and limits is None:
        lines.append("this gate knows no conditions")
    elif outcome is Outcome.CONDITIONS and not case.accepted:
        lines.append("no condition has been accepted")
    if limits is not None and limits.at_most is not None and case.accepted > limits.at_most:
        lines.append(f"{count(case.accepted, 'condition')} accepted, {limits.at_most} at most")
    lines += ["a condition has expired unmet" for state in case.conditions if state is ConditionState.EXPIRED][:1]
    return tuple(lines)
