"""The cast with a rota: helpers on site in the first two live weeks, IT on call, a help desk in weekly turns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session, col, select

from app.actions.presence.duties import assign_duty
from app.db import Database
from app.models import Duty, Occasion
from app.queries.presence.rota import Rota, rota
from app.queries.rollouts.facts import RolloutFacts, rollout_facts
from app.rules.people.access import Extent
from tests import cast as casting
from tests.cast import PLAYBOOK, Cast

COVERAGE = """\
coverage:
  on-site:
    title: Helper on site
    owner: [it-lead, cto]
    scope: location
    when: live week 1 .. live week 2
    hours: "08:00-17:00"
    how: Answers questions as they come.
  on-call:
    title: IT on call
    owner: it-lead
    scope: network
    when: first cutover .. week 8 sun
    hours: all day
    days: every day
  help-desk:
    title: Help desk
    owner: [ops-manager, it-lead, cto]
    scope: network
    when: week 6 .. week 8
    rotate: 1w
"""
MANNED = PLAYBOOK + COVERAGE
FIRST, SECOND = "2027-02-08", "2027-02-15"
"""The turns of the first two live weeks: they begin on Mondays."""
BEFORE = datetime(2027, 1, 27, 15, 0, tzinfo=UTC)
"""Wednesday of week 4, before anybody is live."""
LIVE = datetime(2027, 2, 9, 15, 0, tzinfo=UTC)
"""Tuesday of live week 1, nine in the morning at Alder."""
EVERYWHERE = Extent(True, frozenset())


@dataclass
class Manned:
    """A running rollout with covers, and what one does with them."""

    db: Database
    cast: Cast

    def cover(self, session: Session, entry: str, place: str = "") -> int:
        at = self.cast.locations[place] if place else None
        statement = select(Occasion.id).where(Occasion.entry == entry, Occasion.location_id == at)
        return session.exec(statement).one() or 0

    def assign(
        self,
        entry: str,
        place: str,
        who: str,
        turn: str = FIRST,
        *,
        by: str = "dir",
        now: datetime = BEFORE,
        **more: Any,
    ) -> list[Duty]:
        with self.db.writing() as session:
            return assign_duty(
                session, self.cover(session, entry, place), person_id=self.cast.people[who], turn=turn,
                by=self.cast.viewer(session, by, now), now=now, **more,
            )  # fmt: skip

    def do(self, act: Any, *given: Any, by: str = "dir", now: datetime = BEFORE, **more: Any) -> Any:
        with self.db.writing() as session:
            return act(session, *given, by=self.cast.viewer(session, by, now), now=now, **more)

    def standing(self) -> list[tuple[str, str, str, date]]:
        """Who has which duty where, on which day."""
        with self.db.reading() as session:
            rows = session.exec(select(Duty).where(col(Duty.ended_at).is_(None)).order_by(col(Duty.from_at)))
            return [(self.name(row.person_id), row.entry, self.place(row.location_id), row.day) for row in rows]

    def name(self, person: int) -> str:
        return next(who for who, key in self.cast.people.items() if key == person)

    def place(self, location: int | None) -> str:
        return next((slug for slug, key in self.cast.locations.items() if key == location), "")

    def facts(self, session: Session) -> RolloutFacts:
        return rollout_facts(session, "two-sites")

    def rota(self, session: Session, since: datetime | None = None) -> Rota:
        return rota(session, self.facts(session), EVERYWHERE, since=since)


def manned(database: Database, playbook: str = MANNED) -> Manned:
    return Manned(database, casting.running(database, playbook))
