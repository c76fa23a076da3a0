"""One person on duty twice at the same time: where that cannot be, and where it is only good to know. Pure.

Nobody is at two locations at once: that is a double booking, and nobody is put on duty like that. A cover of the
network has no place of its own: its duty beside one at a location can be meant, and is shown. Who is on call need not
stand anywhere, so that being on call beside another duty is all right, and shown; on call twice is no news, and
neither is what two covers ask for at the same place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from app.rules.presence.attendance import Held, There


class Overlap(IntEnum):
    """What two duties of one person at the same time are, the worse the higher."""

    NONE = 0
    ON_CALL_TOO = 1
    TWO_DUTIES = 2
    TWO_PLACES = 3


@dataclass(frozen=True, slots=True)
class Double:
    """Somebody is on duty twice, from one instant to another."""

    person: int
    kind: Overlap
    first: Held
    second: Held
    from_at: datetime
    until_at: datetime


def overlap(one: Held, other: Held) -> Overlap:
    """What two duties are if the same person has them."""
    if one.from_at >= other.until_at or other.from_at >= one.until_at or one.location == other.location:
        return Overlap.NONE
    if one.on_call and other.on_call:
        return Overlap.NONE
    if one.on_call or other.on_call:
        return Overlap.ON_CALL_TOO
    return Overlap.TWO_DUTIES if None in (one.location, other.location) else Overlap.TWO_PLACES


def worst(one: Held, others: Iterable[Held]) -> tuple[Overlap, Held | None]:
    """The worst that a duty would be beside others of the same person, and which of these it is."""
    found = [(overlap(one, other), other) for other in others if other is not one]
    kind, other = max(found, key=lambda pair: pair[0], default=(Overlap.NONE, None))
    return (kind, other) if kind else (Overlap.NONE, None)


def doubles(there: Sequence[There]) -> list[Double]:
    """Everybody who is on duty twice, in order of time; a cover counts for those whom they cover."""
    return sorted(
        (double for mine in _by_person(there).values() for double in _pairs(mine)), key=lambda one: one.from_at
    )


def _by_person(there: Iterable[There]) -> Mapping[int, list[There]]:
    found: dict[int, list[There]] = {}
    for one in sorted(there, key=lambda each: each.from_at):
        found.setdefault(one.person, []).append(one)
    return found


def _pairs(mine: Sequence[There]) -> Iterator[Double]:
    for number, one in enumerate(mine):
        for other in mine[number + 1 :]:
            if other.from_at >= one.until_at:
                break
            kind = overlap(one.held, other.held)
            if kind:
                until = min(one.until_at, other.until_at)
                yield Double(one.person, kind, one.held, other.held, other.from_at, until)
