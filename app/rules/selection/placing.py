"""What a chosen set asks of the waves: who moves into its wave, and where those go who make room. Pure.

Where there is no other wave nobody makes room.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.plan.format.frame import Wave
from app.rules.selection.choosing import Scoring
from app.rules.selection.judging import Scored


@dataclass(frozen=True)
class Placing:
    """`coming` are chosen and in another wave; `going` are in the wave and not chosen, each with the wave that has room
    for it.
    """

    wave: str
    coming: tuple[Scored, ...] = ()
    going: tuple[tuple[Scored, str], ...] = ()

    @property
    def needed(self) -> bool:
        return bool(self.coming or self.going)

    def waves(self, chosen: Mapping[int, str]) -> dict[int, str]:
        """Into which wave each of them goes, `chosen` being what was chosen in place of the wave that has room."""
        given = {one.id: chosen.get(one.id, wave) for one, wave in self.going}
        return {**dict.fromkeys((one.id for one in self.coming), self.wave), **given}


def placing(scoring: Scoring, ids: Collection[int], waves: Mapping[str, Wave]) -> Placing:
    """Those who go take the places of those who come, the best ranked the earliest; then wherever most are missing."""
    wave, places = scoring.selection.wave, scoring.candidates
    coming = tuple(one for one in places if one.id in ids and _wave(one) != wave)
    order = [id_ for id_ in waves if id_ != wave]
    going = [one for one in places if one.id not in ids and _wave(one) == wave and order]
    room = sorted((_wave(one) for one in coming if _wave(one) in order), key=order.index)
    there = Counter(_wave(one) for one in places if one.id not in {coming.id for coming in coming})
    found = []
    for one in going:
        to = room.pop(0) if room else max(order, key=lambda id_: waves[id_].locations.least - there[id_])
        there[to] += 1
        found.append((one, to))
    return Placing(wave, coming, tuple(found))


def _wave(one: Scored) -> str:
    return one.candidate.facts.wave
