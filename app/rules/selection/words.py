"""A selection in words: who is out and why, how many are wanted, what a score is. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from app.plan.language.compare import Count
from app.rules.clock import count
from app.rules.selection.judging import Judged, Scored

CENTRE = "centre"


def score_words(one: Scored) -> str:
    """`11 of 14`: the weights of the criteria that are met, of all."""
    return f"{one.score:g} of {one.of:g}"


def wanted_words(wanted: Count) -> str:
    """`2 centres`, `2 centres or more`, `2 to 4 centres`."""
    if wanted.most is None:
        return f"{count(wanted.least, CENTRE)} or more"
    if wanted.most != wanted.least:
        return f"{wanted.least} to {count(wanted.most, CENTRE)}"
    return count(wanted.least, CENTRE)


def out_reasons(one: Scored) -> tuple[str, ...]:
    """Why a location is out: `under renovation`, `“Billing history is clean” is not met`."""
    excluded = (lowered(found.rule.title) for found in one.exclusions if found.excludes)
    failed = (f"“{found.rule.title}” is not met" for found in one.failed)
    return (*excluded, *failed)


def out_words(one: Scored) -> str:
    """`Southfield is out: under renovation.`"""
    return f"{one.name} is out: {'; '.join(out_reasons(one))}."


def unknown_words(one: Scored) -> tuple[str, ...]:
    """What is not known and could put it out: `under renovation (not stated: Facility is being renovated)`."""
    return tuple(f"{lowered(found.rule.title)} ({why_unknown(found)})" for found in one.unknown)


def why_unknown(found: Judged) -> str:
    """`not stated: Setting`, `not answered yet`."""
    return f"not stated: {', '.join(found.missing)}" if found.missing else "not answered yet"


def lowered(title: str) -> str:
    """A title inside a sentence; one that opens with an abbreviation stays as it is."""
    return title if title[1:2].isupper() else f"{title[:1].lower()}{title[1:]}"


def named(names: Sequence[str]) -> str:
    """`Ann`, `Ann and Bo`, `Ann, Bo and Cy`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def listed(names: Sequence[str], most: int = 3) -> str:
    """The same, and of many the first: `Ann, Bo, Cy and 2 more`."""
    if len(names) <= most:
        return named(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
