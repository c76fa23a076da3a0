"""How much of a cover is filled: over its whole stretch, or on one day. What a gate asks by `coverage`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.queries.presence.rota import Post, Rota, rota
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.people.access import Extent
from app.rules.presence.attendance import Covered, covered

EVERYWHERE = Extent(True, frozenset())
Where = tuple[str, int | None, str]
"""An entry of coverage, its location (None: of the network or a wave), its wave."""


@dataclass(frozen=True)
class Coverages:
    """How much of every cover is filled."""

    found: Mapping[Where, Covered]

    def of(self, entry: str, place: PlaceFacts | None) -> Covered:
        """Of one entry for a location: its own cover, else that of its wave, else what the network shares. Its
        `percent` is None where nobody is wanted.
        """
        wave, known = place.wave if place else "", self.found
        own = known.get((entry, place.id, wave)) if place else None
        return own or known.get((entry, None, wave)) or known.get((entry, None, "")) or Covered()


def coverages(
    session: Session, rollout: RolloutFacts, *, entries: Collection[str] = (), day: date | None = None
) -> Coverages:
    """How much is filled of the covers of these entries (none: of all) at every location of the rollout as it is given,
    over the whole stretch of each or on one `day`. The number of queries is fixed.
    """
    known = rota(session, rollout, EVERYWHERE, entries=entries)
    return Coverages({(post.entry, post.location, post.wave): of_post(known, post, day) for post in known.posts})


def of_post(known: Rota, post: Post, day: date | None = None) -> Covered:
    """How much of one cover is filled, over its stretch or on one day."""
    slots = post.within(day, day) if day else post.slots
    return covered(slots, known.present(post), known.counts(post))
