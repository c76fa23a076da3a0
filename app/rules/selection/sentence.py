"""The sentence that the page of a selection opens with: whoever reads it knows who goes, and who is out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.rules.clock import spelled
from app.rules.rollouts.sentences import Part
from app.rules.selection.judging import Scored, Stand
from app.rules.selection.words import listed, named, out_words

MOST_OUT = 2


@dataclass(frozen=True)
class Situation:
    """What a reader sees: the candidates by rank, the set that was proposed (by the names), and how far it is."""

    candidates: Sequence[Scored]
    wave: str
    chosen: Sequence[str] = ()
    proposed: bool = False
    settled: bool = False
    waits: str = ""
    """Whose signature is waited for, or (none) why it cannot be given yet."""


def selection_sentence(seen: Situation) -> list[Part]:
    """`Two of four candidates fit: Northgate and Millbrook. Southfield is out: under renovation.`"""
    if not seen.candidates:
        return [Part("There is no centre to choose from.")]
    if not seen.proposed:
        return [*_fitting(seen.candidates), *_out(seen.candidates)]
    who = named(list(seen.chosen)) or "Centres elsewhere"
    verb = "is" if len(seen.chosen) == 1 else "are"
    if seen.settled:
        return [Part(f"{who} {verb} "), Part("chosen", "done"), Part(f" for {seen.wave}.")]
    waits = f"; the set waits for {seen.waits}" if seen.waits else ""
    return [Part(f"{who} {verb} "), Part("proposed", "wait"), Part(f" for {seen.wave}{waits}.")]


def _fitting(candidates: Sequence[Scored]) -> list[Part]:
    fit = [one.name for one in candidates if one.stand is Stand.FITS]
    unclear = [one.name for one in candidates if one.stand is Stand.UNCLEAR]
    total = f"{spelled(len(candidates)).lower()} candidate{'' if len(candidates) == 1 else 's'}"
    open_ = f" Of {listed(unclear)} something is still to be said." if unclear else ""
    if not fit:
        return [Part("No candidate fits", "unknown"), Part(f" yet.{open_}")]
    verb = "fits" if len(fit) == 1 else "fit"
    return [
        Part(f"{spelled(len(fit))} of {total} "), Part(verb, "ready"), Part(f": {listed(fit)}.{open_}")
    ]  # fmt: skip


def _out(candidates: Sequence[Scored]) -> list[Part]:
    out = [one for one in candidates if one.out]
    if len(out) > MOST_OUT:
        return [Part(f" {spelled(len(out))} are out: {listed([one.name for one in out])}.")]
    return [Part(f" {out_words(one)}") for one in out]
