"""A training at a place: how many of its people have passed, against the share that the playbook asks for. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from app.rules.training.demand import Demand
from app.rules.training.standing import Progress, Standing


@dataclass(frozen=True)
class Tally:
    """`wanted` people are asked for, `passed` of them have; `needed` would be enough. `short` are the keys of those who
    have not, and `standings` count everybody. `late`: the day is over and they are not enough.
    """

    wanted: int
    passed: int
    needed: int
    short: tuple[int, ...]
    standings: Mapping[Standing, int]
    late: bool = False

    @property
    def met(self) -> bool:
        """Nobody on the list is no proof that everybody was trained."""
        return self.wanted > 0 and self.passed >= self.needed

    @property
    def share(self) -> float | None:
        """What share has passed, in percent; None with nobody on the list."""
        return 100 * self.passed / self.wanted if self.wanted else None

    @property
    def owed(self) -> int:
        """How many owe the recording."""
        return self.standings.get(Standing.RECORDING, 0)


def tally(demand: Demand, people: Mapping[int, Progress], late_at: datetime | None, now: datetime) -> Tally:
    """Count the people of a place who are asked for; `late_at` is when the promise is broken (None: never)."""
    passed = sum(one.passed for one in people.values())
    needed = ceil(round(len(people) * demand.share / 100, 6))
    enough = bool(people) and passed >= needed
    return Tally(
        wanted=len(people),
        passed=passed,
        needed=needed,
        short=tuple(key for key, one in people.items() if not one.passed),
        standings=Counter(one.standing for one in people.values()),
        late=not enough and late_at is not None and now >= late_at,
    )
