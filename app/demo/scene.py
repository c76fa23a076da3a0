"""What everything told of the demo needs: the rollout, its people and places, and the hours of a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from app.actions.people.viewers import viewer_of
from app.demo.people import EVERYBODY, Somebody
from app.models import Location, Rollout
from app.rules.people.access import Viewer

NETWORK_ZONE = ZoneInfo("America/Chicago")
Act = Callable[[datetime], object]
Step = tuple[datetime, Act]


@dataclass(frozen=True)
class Scene:
    """A rollout at `now`. `keys` are the keys of its `people` by e-mail address, `zone` is that of the network."""

    session: Session
    rollout: Rollout
    keys: Mapping[str, int]
    now: datetime
    people: Sequence[Somebody] = EVERYBODY
    zone: ZoneInfo = NETWORK_ZONE

    @property
    def id(self) -> int:
        return self.rollout.id or 0

    def key(self, name: str) -> int:
        return self.keys[name.lower().replace(" ", ".") + "@demo.example.org"]

    def viewer(self, name: str, at: datetime) -> Viewer:
        return viewer_of(self.session, self.key(name), now=at)

    def place(self, slug: str) -> Location:
        statement = select(Location).where(Location.rollout_id == self.id, Location.slug == slug)
        return self.session.exec(statement).one()

    def holder(self, role: str, place: str = "") -> str:
        """Who holds a role at a place, or in the whole network; of a role of locations the network has whoever is named
        first.
        """
        holders = [who for who in self.people if who.role == role]
        here = [who for who in holders if who.location in ("", place)]
        return (here or ([] if place else holders))[0].name

    def on(self, place: Location | None, day: date, hour: int, minute: int = 0) -> datetime:
        """A moment by the clock of a place."""
        return datetime.combine(day, time(hour, minute), ZoneInfo(place.zone) if place else self.zone)

    def before_go_live(self, place: Location, days: int, hour: int, minute: int = 0) -> datetime:
        """A moment so many days before a place goes live; on the Friday before where that is a weekend."""
        there = place.cutover_at.astimezone(ZoneInfo(place.zone)).date() if place.cutover_at else self.now.date()
        day = there - timedelta(days=days)
        return self.on(place, day - timedelta(days=max(0, day.weekday() - 4)), hour, minute)


def chance(*words: object) -> int:
    """A number from 0 to 99 that is the same on every machine."""
    return crc32(" ".join(str(word) for word in words).encode()) % 100
