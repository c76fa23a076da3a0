"""What is frozen of a selection when a set is proposed, and what of it a signature answers for. Pure.

Frozen is the whole scoring as it was, in canonical JSON with its SHA-256, so that anybody may see whom the set was
chosen over. A signature answers for the set: what changes at a location that was not chosen, or one that joins later,
does not undo it. What people typed stands in none of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from app.rules.selection.choosing import Scoring, set_key
from app.rules.selection.judging import Judged, Part, Scored, Stand
from app.rules.selection.words import out_reasons, score_words, unknown_words
from app.rules.signoffs import Change, canonical, changes

Content = dict[str, Any]
OF_ONE: Final = ("candidates", "exclusions", "criteria", "proofs")
"""The sections whose keys begin with the id of a location."""
THE_SET: Final = "set"


class Found(StrEnum):
    """Where a rule stands, as it is frozen and shown."""

    APPLIES = "applies"
    WAIVED = "waived"
    NOT = "does not apply"
    MET = "met"
    UNMET = "not met"
    UNKNOWN = "unknown"


def found_of(part: Part, one: Judged) -> Found:
    """A rule of a location or of a set."""
    if one.waived and one.holds is not False:
        return Found.WAIVED
    if one.holds is None:
        return Found.UNKNOWN
    if part is Part.EXCLUDE:
        return Found.APPLIES if one.holds else Found.NOT
    return Found.MET if one.holds else Found.UNMET


def content_of(scoring: Scoring, ids: Collection[int]) -> Content:
    """The whole scoring, and the set, as plain values."""
    chosen, selection = scoring.chosen(ids), scoring.selection
    return {
        "playbook": dict(scoring.playbook),
        "selection": {
            "id": selection.id,
            "title": selection.title,
            "wave": selection.wave,
            "wanted": scoring.wanted.text,
        },
        "chosen": {one.candidate.slug: one.name for one in chosen},
        "candidates": {one.candidate.slug: _candidate(one) for one in scoring.candidates},
        "exclusions": dict(_rules(scoring, Part.EXCLUDE)),
        "criteria": dict(_rules(scoring, Part.CRITERIA)),
        "mix": {
            f"{number} {line.mix.title}": line.by.candidate.slug if line.by else ""
            for number, line in enumerate(scoring.mixed(chosen), 1)
        },
        "together": {one.id: _rule(Part.TOGETHER, one) for one in scoring.together(chosen)},
        "proofs": dict(_proofs(scoring, chosen)),
    }


def _candidate(one: Scored) -> dict[str, str]:
    why = {Stand.OUT: out_reasons, Stand.UNCLEAR: unknown_words}.get(one.stand, lambda _: ())(one)
    return {"name": one.name, "score": score_words(one), "stands": one.stand.value, "why": "; ".join(why)}


def _rules(scoring: Scoring, part: Part) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in scoring.candidates:
        for rule in one.exclusions if part is Part.EXCLUDE else one.criteria:
            yield f"{one.candidate.slug} {rule.id}", _rule(part, rule)


def _proofs(scoring: Scoring, chosen: Collection[Scored]) -> Iterator[tuple[str, str]]:
    """What stands behind it: of every candidate, and of this set."""
    for one in scoring.candidates:
        slug = one.candidate.slug
        yield from ((f"{slug} {name}", key) for name, key in scoring.proofs.get(slug, {}).items())
    of_set = scoring.set_proofs.get(set_key(one.id for one in chosen), {})
    yield from ((f"{THE_SET} {name}", key) for name, key in of_set.items())


def _rule(part: Part, one: Judged) -> dict[str, Any]:
    asked = {"title": one.rule.title, "weight": one.rule.weight, "critical": one.rule.critical}
    return {**asked, "stands": found_of(part, one).value, "found": one.said}


def changed_since(frozen: str, scoring: Scoring, ids: Collection[int], *, signed: bool) -> tuple[Change, ...]:
    """What is not as it was frozen; once it is signed, of the chosen locations and of the set."""
    now = content_of(scoring, ids)
    if not signed:
        return changes(frozen, now)
    before = json.loads(frozen)
    slugs = set(before["chosen"])
    return changes(canonical(bound(before, slugs)), bound(now, slugs))


def bound(content: Mapping[str, Any], slugs: Collection[str]) -> Content:
    """The part of a content that a signature answers for: of these locations, and of the set."""
    kept = {*slugs, THE_SET}
    return {
        name: {key: value for key, value in section.items() if key.partition(" ")[0] in kept}
        if name in OF_ONE
        else section
        for name, section in content.items()
    }
