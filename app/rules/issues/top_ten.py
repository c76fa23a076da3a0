"""The ten issues of the day, for the meeting at ten: severity × age. Pure.

The weight of a severity is its place among the playbook's severities, counted from the mildest: of four the gravest
weighs 4. Age is counted in times to resolve, from 1 at the opening to 2 when the time is over and on from there: what
is new counts whole, so that nothing mild that still has time stands before the gravest of this morning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

TOP: Final = 10


@dataclass(frozen=True)
class Weighed:
    """An open issue as it is weighed: `used` seconds of `allowed` have run on its own clock."""

    id: int
    severity: str
    opened_at: datetime
    used: float
    allowed: float

    @property
    def share(self) -> float:
        """How much of its time has run; over 1 when it is out of time. 0 where there is no time to resolve."""
        return self.used / self.allowed if self.allowed > 0 else 0.0

    def score(self, severities: Sequence[str]) -> float:
        """Severity × age, where `severities` are the playbook's, the gravest first."""
        return weight(self.severity, severities) * (1 + self.share)


def weight(severity: str, severities: Sequence[str]) -> int:
    """4, 3, 2, 1 for four severities, the gravest first; 1 for one that the playbook no longer knows."""
    return len(severities) - severities.index(severity) if severity in severities else 1


def top(issues: Sequence[Weighed], severities: Sequence[str], most: int = TOP) -> list[Weighed]:
    """The first by severity × age; of equal ones the graver, then the older, then the one first reported."""
    return sorted(
        issues, key=lambda one: (-one.score(severities), -weight(one.severity, severities), one.opened_at, one.id)
    )[:most]
