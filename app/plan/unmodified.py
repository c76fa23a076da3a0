"""What a wave with `changes: none` asks of its gates: that no location came to it with a plan of its own."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

from app.plan.format.conditions import Condition, Line
from app.plan.format.gates import UNMODIFIED, Criterion
from app.plan.language.compare import Comparison, Value
from app.plan.playbook import Playbook
from app.plan.terms import Scope

AS_IT_IS: Final = "0-unmodified"
"""The id of the criterion; an id in a file begins with a letter, so none of those is ever in its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmodified(Criterion):
    """A criterion that no file writes: `changes: none` says it already."""

    @property
    def source(self) -> str:
        return UNMODIFIED

    @property
    def names(self) -> tuple[str, ...]:
        return ()


def demand_as_it_is(book: Playbook) -> Playbook:
    """The playbook with that criterion, critical and last, in each gate of a location or a wave, for those waves."""
    waves = [id_ for id_, wave in book.waves.items() if wave.changes == "none"]
    if not waves:
        return book
    tests = tuple(Comparison(wave, "is", Value(option=wave)) for wave in waves)
    where = Condition((Line("wave", tests, ()),))
    added = Unmodified(id=AS_IT_IS, title="Playbook taken as it is", critical=True, where=where)
    gates = {
        id_: gate
        if gate.scope is Scope.NETWORK
        else dataclasses.replace(gate, criteria={**gate.criteria, AS_IT_IS: added})
        for id_, gate in book.gates.items()
    }
    return dataclasses.replace(book, gates=gates)
