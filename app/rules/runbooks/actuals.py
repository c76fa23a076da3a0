"""What has happened to a step of a run. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.plan.minutes import NO_TIME


@dataclass(frozen=True, slots=True)
class Actual:
    """`blocked_since` while something holds the step up, `expected` when that may be over, `lost` what earlier such
    stretches took of its time since it began. `worked`: when its work was done, though perhaps not checked yet. All
    instants know their zone.
    """

    started: datetime | None = None
    finished: datetime | None = None
    skipped: datetime | None = None
    blocked_since: datetime | None = None
    expected: datetime | None = None
    lost: timedelta = NO_TIME
    worked: datetime | None = None

    @property
    def begun(self) -> datetime | None:
        """When it began; of one that was only ever finished, when that was."""
        return self.started or self.finished

    @property
    def over(self) -> bool:
        return self.finished is not None or self.skipped is not None

    @property
    def blocked(self) -> bool:
        return self.blocked_since is not None and not self.over

    @property
    def fixed(self) -> bool:
        """Whether its beginning has happened and can no longer move."""
        return self.skipped is None and self.begun is not None


UNTOUCHED: Final = Actual()

Actuals = Mapping[str, Actual]
"""By the ids of steps; one that is not there is untouched."""
