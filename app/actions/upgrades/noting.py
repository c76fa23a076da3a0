"""What an upgrade leaves in the history, and who is told of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.actions.deliveries.telling import Telling, tell
from app.actions.events import record
from app.actions.loading import key_of
from app.actions.schedule.moves import holders_of
from app.actions.upgrades.preview import PlaceUpgrade, Preview
from app.models import Rollout
from app.rules.people.access import Viewer
from app.rules.upgrades.lines import Line


@dataclass(frozen=True)
class Noting:
    """The story of one upgrade, written down as it happens."""

    session: Session
    rollout: Rollout
    found: Preview
    by: Viewer
    now: datetime

    def _subject(self, place: PlaceUpgrade) -> tuple[str, int]:
        return ("rollout", key_of(self.rollout)) if place.key is None else ("location", place.key)

    def tell(self, place: PlaceUpgrade, tasks: Collection[int]) -> None:
        """A message to everybody who holds one of the tasks."""
        subject = self._subject(place)
        data = {"by": self.by.name, "text": f"Version {self.found.to_version}: {said_of(place.lines)}."}
        key = f"{subject[0]}-{subject[1]}-{self.found.to_id}"
        told = [
            Telling(key, "upgraded", person, subject, self.rollout.id, data=data)
            for person, _ in holders_of(self.session, self.rollout, tasks, self.by)
        ]
        tell(self.session, told, now=self.now)

    def record(self, place: PlaceUpgrade) -> None:
        """The event of the place, with how many rows were applied, kept and so on."""
        subject = self._subject(place)
        self._event(f"{subject[0]}.upgraded", subject, place, dict(summary(place.lines)))

    def tasks(self, verb: str, place: PlaceUpgrade, lines: Iterable[Line]) -> None:
        """An event for each task of some lines."""
        for line in lines:
            if line.held is not None:
                self.task(verb, place, line.held.stored.row, {})

    def task(self, verb: str, place: PlaceUpgrade, task: int, said: dict[str, object]) -> None:
        self._event(f"task.{verb}", ("task", task), place, said)

    def _event(self, verb: str, subject: tuple[str, int], place: PlaceUpgrade, said: dict[str, object]) -> None:
        record(
            self.session, verb, subject, by=self.by, now=self.now, rollout_id=self.rollout.id, location_id=place.key,
            before={"version": place.from_version}, after={"version": self.found.to_version, **said},
        )  # fmt: skip


def summary(lines: Iterable[Line]) -> dict[str, int]:
    """How many rows were applied, kept and so on, for those that there are."""
    return dict(Counter(str(line.outcome) for line in lines))


def said_of(lines: Iterable[Line]) -> str:
    """`3 applied, 1 kept, 1 added`, in words that are no text of anybody."""
    counted = summary(lines)
    return ", ".join(f"{number} {word}" for word, number in counted.items()) or "nothing changes here"
