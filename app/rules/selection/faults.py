"""What is wrong with a chosen set, in words. Pure.

What bars it bars it from being proposed: the number, a location that is out, a line of the mix that nobody fills. What
is open must be settled before it is signed. What weighs against it is said, and may be signed all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.rules.clock import long_day
from app.rules.selection.choosing import Scoring
from app.rules.selection.judging import Scored
from app.rules.selection.words import (
    lowered,
    named,
    out_reasons,
    unknown_words,
    wanted_words,
    why_unknown,
)


class Weight(StrEnum):
    """How much a fault stands in the way."""

    BARS = "bars"
    OPEN = "open"
    AGAINST = "against"


@dataclass(frozen=True)
class Fault:
    weight: Weight
    said: str


def faults_of(scoring: Scoring, ids: Collection[int]) -> tuple[Fault, ...]:
    """Everything that is wrong with a set, the gravest first."""
    chosen = scoring.chosen(ids)
    found = (
        *_number(scoring, ids, chosen),
        *_candidates(chosen),
        *_mix(scoring, chosen),
        *_days(scoring, chosen),
        *_together(scoring, chosen),
    )
    return tuple(sorted(found, key=lambda one: list(Weight).index(one.weight)))


def bars(faults: Collection[Fault]) -> tuple[str, ...]:
    """Why it cannot be proposed, a line each."""
    return tuple(one.said for one in faults if one.weight is Weight.BARS)


def unsettled(faults: Collection[Fault]) -> tuple[str, ...]:
    """Why it cannot be signed, a line each."""
    return tuple(one.said for one in faults if one.weight is not Weight.AGAINST)


def _number(scoring: Scoring, ids: Collection[int], chosen: Sequence[Scored]) -> Iterator[Fault]:
    gone, wanted = len(set(ids)) - len(chosen), scoring.wanted
    if gone:
        yield Fault(Weight.BARS, f"{gone} of those chosen {'is' if gone == 1 else 'are'} in this rollout no more")
    if len(chosen) < wanted.least or (wanted.most is not None and len(chosen) > wanted.most):
        yield Fault(Weight.BARS, f"{scoring.wave.title} takes {wanted_words(wanted)}, {len(chosen)} chosen")


def _candidates(chosen: Sequence[Scored]) -> Iterator[Fault]:
    for one in chosen:
        if one.out:
            yield Fault(Weight.BARS, f"{one.name} is out: {'; '.join(out_reasons(one))}")
        elif unknown := unknown_words(one):
            yield Fault(Weight.OPEN, f"of {one.name} it is not known: {'; '.join(unknown)}")


def _mix(scoring: Scoring, chosen: Sequence[Scored]) -> Iterator[Fault]:
    lines = scoring.mixed(chosen)
    if len(lines) > len(chosen):
        yield Fault(Weight.BARS, f"the mix asks for {len(lines)} different centres")
    yield from (
        Fault(Weight.BARS, f"no centre of the set is left for “{line.mix.title}”") for line in lines if line.by is None
    )


def _days(scoring: Scoring, chosen: Sequence[Scored]) -> Iterator[Fault]:
    """A wave that goes live at once has one day for all of its locations."""
    days = {scoring.days[one.id] for one in chosen if one.id in scoring.days}
    if scoring.wave.at_once and len(days) > 1:
        first = min(days)
        said = named([long_day(day, first) for day in sorted(days)])
        yield Fault(Weight.OPEN, f"{scoring.wave.title} goes live at once, but these go live on {said}")


def _together(scoring: Scoring, chosen: Sequence[Scored]) -> Iterator[Fault]:
    for one in scoring.together(chosen):
        title = lowered(one.rule.title)
        if one.holds is None:
            yield Fault(Weight.OPEN, f"of the set it is not known: {title} ({why_unknown(one)})")
        elif one.holds is False:
            yield Fault(Weight.OPEN if one.rule.critical else Weight.AGAINST, f"not so of the set: {title}")
