"""Who has passed what a cover asks for: where it says `trained`, only they count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from app.plan.format.rhythm import Coverage
from app.queries.rollouts.facts import RolloutFacts
from app.queries.training.facts import training_facts
from app.rules.presence.attendance import Counts


@dataclass(frozen=True)
class Trained:
    """By person what they have passed, and what is trained for the roles that they work in."""

    passed: Mapping[int, frozenset[str]]
    asked: Mapping[int, frozenset[str]]

    def counts(self, cover: Coverage) -> Counts:
        """Who counts for a cover: everybody, or (`trained`) who has passed all that it names, else all that is for
        them; who is on no staff list has passed nothing.
        """
        if not cover.trained:
            return lambda _: True
        named = frozenset(cover.trained) if isinstance(cover.trained, tuple) else None

        def counts(person: int) -> bool:
            wanted = named if named is not None else self.asked.get(person)
            return wanted is not None and wanted <= self.passed.get(person, frozenset())

        return counts


def trained(session: Session, rollout: RolloutFacts, asked: Iterable[Coverage]) -> Trained:
    """What everybody with an account has passed at any location. No query where no cover asks."""
    if not any(cover.trained for cover in asked):
        return Trained({}, {})
    facts = training_facts(session, rollout, rollout.locations)
    passed: dict[int, set[str]] = {}
    wanted: dict[int, set[str]] = {}
    for place in rollout.locations:
        for demand in facts.demands(place):
            for one in facts.audience(place, demand):
                if one.person is not None:
                    wanted.setdefault(one.person, set()).add(demand.entry)
                    if facts.progress(one, demand).passed:
                        passed.setdefault(one.person, set()).add(demand.entry)
    return Trained(
        {person: frozenset(entries) for person, entries in passed.items()},
        {person: frozenset(entries) for person, entries in wanted.items()},
    )
