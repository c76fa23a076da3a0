"""A selection as it stands: every candidate by rank, the best set, and what is wrong with a chosen one. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from app.plan.facts import holds
from app.plan.format.frame import Mix, Selection, Wave
from app.plan.language.compare import Count
from app.rules.selection.judging import Candidate, Judged, Part, Scored, Titles, judged, ranked, rules_of, scored
from app.rules.selection.mixing import best_set, matched


@dataclass(frozen=True)
class Filled:
    """A line of the mix, and which of a set fills it; None: nobody is left for it."""

    mix: Mix
    by: Scored | None


@dataclass(frozen=True)
class Scoring:
    """Every location that may be chosen, judged. `answers` are those about a set, by its key; `days` the days on which
    locations of the wave go live, by their ids; `proofs` name the answers and waivers that count, by the slug of their
    location, and `set_proofs` those about a set, by its key.
    """

    selection: Selection
    wave: Wave
    playbook: Mapping[str, str]
    candidates: tuple[Scored, ...]
    titles: Titles = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    days: Mapping[int, date] = field(default_factory=dict)
    proofs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    set_proofs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> Mapping[int, Scored]:
        return {one.id: one for one in self.candidates}

    @property
    def wanted(self) -> Count:
        """How many locations the wave takes."""
        return self.wave.locations

    @property
    def best(self) -> tuple[Scored, ...]:
        """The best set of so many that fills the mix; of a range, of the least. Empty where there is none."""
        open_ = [one for one in self.candidates if not one.out]
        wanted = max(self.wanted.least, len(self.selection.mix))
        if self.wanted.most is not None and wanted > self.wanted.most:
            return ()
        found = best_set([self.fills(one) for one in open_], len(self.selection.mix), wanted)
        return tuple(open_[number] for number in found)

    def fills(self, one: Scored) -> list[bool]:
        """Which lines of the mix a location can fill: what is not stated fills none."""
        return [holds(mix.where, one.candidate.facts) is True for mix in self.selection.mix]

    def chosen(self, ids: Collection[int]) -> tuple[Scored, ...]:
        """Those of the candidates, by rank."""
        return tuple(one for one in self.candidates if one.id in ids)

    def mixed(self, chosen: Sequence[Scored]) -> tuple[Filled, ...]:
        """Each line of the mix, and who of a set fills it."""
        found = matched([self.fills(one) for one in chosen], len(self.selection.mix))
        return tuple(
            Filled(mix, None if number is None else chosen[number])
            for mix, number in zip(self.selection.mix, found, strict=True)
        )

    def together(self, chosen: Collection[Scored]) -> tuple[Judged, ...]:
        """What is asked of a set, as it was answered for this very set."""
        given = self.answers.get(set_key(one.id for one in chosen), {})
        facts = [one.candidate.facts for one in chosen]
        rules = rules_of(self.selection, Part.TOGETHER)
        return tuple(judged(id_, rule, facts, given.get(id_), self.titles) for id_, rule in rules.items())


def scoring_of(
    selection: Selection, wave: Wave, playbook: Mapping[str, str], candidates: Collection[Candidate], **facts: Any
) -> Scoring:
    """Judge every candidate. `facts` are the other fields of the scoring."""
    titles: Titles = facts.get("titles", {})
    found = ranked([scored(selection, one, titles) for one in candidates])
    return Scoring(selection, wave, playbook, tuple(found), **facts)


def set_key(ids: Any) -> str:
    """One word for a set of locations: `3 17`."""
    return " ".join(str(one) for one in sorted(ids))
