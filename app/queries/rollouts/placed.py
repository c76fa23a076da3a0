"""What the plan has once, once a wave or once a location, and for which locations each of it is meant."""

from __future__ import annotations

from app.queries.rollouts.facts import PlaceFacts, RolloutFacts


class Placed:
    """Something at one place: at a location, for a wave, or (neither) for the network."""

    location: int | None
    wave: str

    def meant_for(self, place: PlaceFacts) -> bool:
        return self.location == place.id or (self.location is None and self.wave in ("", place.wave))

    def places(self, rollout: RolloutFacts) -> tuple[PlaceFacts, ...]:
        """The locations that it speaks for: its own, those of its wave, or all."""
        return tuple(place for place in rollout.locations if self.meant_for(place))
