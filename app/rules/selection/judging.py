"""How a location stands on the exclusions and criteria of a selection, and what that comes to. Pure.

An exclusion that applies puts a location out, whatever its score: only a waiver lifts it. So does a critical criterion
that is not met, which nothing lifts. What is not known counts as not met, and is said; while it could still put the
location out, the location is unclear.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from app.plan.facts import Facts, holds
from app.plan.format.answers import Answer
from app.plan.format.conditions import ALWAYS, Line
from app.plan.format.frame import Selection, SelectionRule
from app.rules.rollouts.criteria import said_of
from app.rules.tasks.answers import judge, value_words


class Part(StrEnum):
    """Which rules of a selection one belongs to."""

    EXCLUDE = "exclude"
    CRITERIA = "criteria"
    TOGETHER = "together"


class Stand(StrEnum):
    """Where a location stands in a selection."""

    FITS = "fits"
    UNCLEAR = "unclear"
    OUT = "out"


Titles = Mapping[str, str]
"""What the facts that conditions speak of are called, by their ids."""
Answers = Mapping[tuple[Part, str], Any]
"""By the part of the selection and the id of the rule."""
_TEXT: Final = Answer(type="text")
_YES_NO: Final = Answer(type="yes-no")


def rules_of(selection: Selection, part: Part) -> Mapping[str, SelectionRule]:
    """The rules of one part, by their ids."""
    found: Mapping[str, SelectionRule] | None = getattr(selection, part.value)
    return found or {}


def answer_of(rule: SelectionRule) -> Answer | None:
    """What somebody is asked: nothing where facts decide it alone, yes or no where only its title is written. A table
    is told in words.
    """
    if rule.answer is None:
        return _YES_NO if rule.where == ALWAYS else None
    return _TEXT if rule.answer.type == "table" else rule.answer


@dataclass(frozen=True)
class Candidate:
    """A location that may be chosen: what is stated and was answered of it, and the exclusions whose waiver holds."""

    id: int
    slug: str
    name: str
    facts: Facts
    answers: Answers = field(default_factory=dict)
    waived: Collection[str] = frozenset()


@dataclass(frozen=True)
class Judged:
    """One rule, judged: whether it holds (None: not known), what was found in words, and what is still to be stated."""

    id: str
    rule: SelectionRule
    holds: bool | None
    said: str
    missing: tuple[str, ...] = ()
    waived: bool = False

    @property
    def excludes(self) -> bool:
        """As an exclusion: it applies, and no waiver holds."""
        return self.holds is True and not self.waived

    @property
    def open(self) -> bool:
        """As an exclusion: it may apply."""
        return self.holds is None and not self.waived


@dataclass(frozen=True)
class Scored:
    """A location with all its rules judged. `score` of `of`: the weights of the criteria that are met."""

    candidate: Candidate
    exclusions: tuple[Judged, ...]
    criteria: tuple[Judged, ...]

    @property
    def id(self) -> int:
        return self.candidate.id

    @property
    def name(self) -> str:
        return self.candidate.name

    @property
    def score(self) -> float:
        return sum(one.rule.weight for one in self.criteria if one.holds)

    @property
    def of(self) -> float:
        return sum(one.rule.weight for one in self.criteria)

    @property
    def failed(self) -> tuple[Judged, ...]:
        """The critical criteria that are not met."""
        return tuple(one for one in self.criteria if one.rule.critical and one.holds is False)

    @property
    def unknown(self) -> tuple[Judged, ...]:
        """What could still put it out, and is not known."""
        critical = [one for one in self.criteria if one.rule.critical and one.holds is None]
        return (*(one for one in self.exclusions if one.open), *critical)

    @property
    def stand(self) -> Stand:
        if self.failed or any(one.excludes for one in self.exclusions):
            return Stand.OUT
        return Stand.UNCLEAR if self.unknown else Stand.FITS

    @property
    def out(self) -> bool:
        return self.stand is Stand.OUT


def scored(selection: Selection, candidate: Candidate, titles: Titles) -> Scored:
    """One location, judged by every exclusion and criterion."""
    exclude, criteria = (
        tuple(_judged(part, id_, rule, candidate, titles) for id_, rule in rules_of(selection, part).items())
        for part in (Part.EXCLUDE, Part.CRITERIA)
    )
    return Scored(candidate, exclude, criteria)


def _judged(part: Part, id_: str, rule: SelectionRule, candidate: Candidate, titles: Titles) -> Judged:
    value = candidate.answers.get((part, id_))
    waived = part is Part.EXCLUDE and id_ in candidate.waived
    return judged(id_, rule, [candidate.facts], value, titles, waived=waived)


def judged(
    id_: str, rule: SelectionRule, facts: Collection[Facts], value: Any, titles: Titles, *, waived: bool = False
) -> Judged:
    """One rule, of a location or of several together: all that is written of it must hold, at each of them."""
    asked = answer_of(rule)
    parts = [holds(rule.where, one) for one in facts]
    said = [_stated(line, one, titles) for one in facts for line in rule.where.all_lines if len(facts) == 1]
    if asked is not None:
        parts.append(_answered(asked, value))
        said.append("not answered yet" if value is None else said_of(asked, value))
    found = False if False in parts else None if None in parts else True
    missing = tuple(dict.fromkeys(_missing(rule, facts, titles))) if found is None else ()
    return Judged(id_, rule, found, ", ".join(dict.fromkeys(said)), missing, waived)


def _answered(asked: Answer, value: Any) -> bool | None:
    verdict = judge(asked, value)
    return None if verdict == "unclear" else verdict == "pass"


def _stated(line: Line, facts: Facts, titles: Titles) -> str:
    value = facts.value(line.fact)
    return f"{titles.get(line.fact, line.fact)}: {'not stated' if value is None else value_words(value)}"


def _missing(rule: SelectionRule, facts: Collection[Facts], titles: Titles) -> Iterator[str]:
    for one in facts:
        yield from (titles.get(line.fact, line.fact) for line in rule.where.all_lines if one.value(line.fact) is None)


def ranked(found: Collection[Scored]) -> list[Scored]:
    """Those that are not out first, then by their score, then by their name."""
    return sorted(found, key=lambda one: (one.out, -one.score, one.name.casefold(), one.id))
