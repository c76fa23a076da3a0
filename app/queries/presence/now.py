"""Who is on duty now, and later today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from app.models import Person
from app.queries.presence.covered import EVERYWHERE
from app.queries.presence.rota import Post, Rota, rota
from app.queries.rollouts.facts import RolloutFacts
from app.rules.people.access import Extent
from app.rules.presence.attendance import There


@dataclass(frozen=True)
class DutyLine:
    """Somebody is there for a cover, from one instant to another; `for_name`: in place of whom."""

    post: Post
    person: int
    name: str
    from_at: datetime
    until_at: datetime
    duty: int
    for_name: str = ""

    def at(self, moment: datetime) -> bool:
        return self.from_at <= moment < self.until_at


def on_duty(session: Session, rollout: RolloutFacts, now: datetime, extent: Extent = EVERYWHERE) -> list[DutyLine]:
    """Everybody who is on duty now at the locations of the rollout as it is given, and for the network; whoever is on
    leave is replaced by their cover. A fixed number of queries.
    """
    return [line for line in today_of(rota(session, rollout, extent, since=now), now) if line.at(now)]


def today_of(known: Rota, now: datetime) -> list[DutyLine]:
    """Everybody who is on duty now, and who begins later today by the clock of the place; those of now first."""
    found = []
    for post in known.posts:
        ends = post.cover.calendar.day_end(post.today(now))
        lines = [_line(known, post, one) for one in known.present(post) if one.from_at < ends and now < one.until_at]
        found += _joined(lines)
    return sorted(found, key=lambda one: not one.at(now))


def _joined(lines: list[DutyLine]) -> list[DutyLine]:
    """Duties of one person that follow each other without a pause, as one: until when somebody is really there."""
    found: list[DutyLine] = []
    for line in sorted(lines, key=lambda one: (one.person, one.from_at)):
        last = found[-1] if found else None
        if last and (last.person, last.for_name) == (line.person, line.for_name) and last.until_at == line.from_at:
            found[-1] = DutyLine(
                last.post, last.person, last.name, last.from_at, line.until_at, last.duty, last.for_name
            )
        else:
            found.append(line)
    return sorted(found, key=lambda one: one.from_at)


def _line(known: Rota, post: Post, one: There) -> DutyLine:
    absent = one.held.person if one.leave else one.held.instead_of
    return DutyLine(
        post, one.person, known.names.get(one.person, one.leave.cover_name if one.leave else ""), one.from_at,
        one.until_at, one.held.id, known.names.get(absent, "") if absent else "",
    )  # fmt: skip


def addresses(session: Session, people: set[int]) -> dict[int, str]:
    """How to reach people, by key. One query."""
    if not people:
        return {}
    found = session.exec(select(Person.id, Person.email).where(col(Person.id).in_(people)))
    return {person or 0: email for person, email in found}
