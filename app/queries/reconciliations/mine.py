"""The days that somebody is to count or to check now, across running rollouts: for Today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.models import Occasion, Reconciliation, ReconciliationCount, Rollout
from app.plan.format.rhythm import Reconciliation as Asked
from app.queries.reconciliations.rows import DayRow, day_rows, seen
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.rules.people.access import Viewer
from app.rules.reconciliations.access import may_close
from app.rules.reconciliations.days import DayState

BACK: Final = timedelta(days=14)
"""How far back a day that was missed is still offered to be counted."""


@dataclass(frozen=True)
class MyDay:
    """A day that is the reader's: to `count`, or to `review`. `state` is that of the day; `due_at` None: by the end of
    the day; `late_at` is when it counts as missed.
    """

    occasion: int
    act: Literal["count", "review"]
    title: str
    place: PlaceFacts | None
    rollout: RolloutFacts
    row: DayRow

    @property
    def address(self) -> str:
        return f"/reconciliations/{self.occasion}"

    @property
    def state(self) -> DayState:
        return self.row.state

    @property
    def due(self) -> datetime | None:
        return self.row.due_at


def days_of(session: Session, viewer: Viewer, now: datetime, rollouts: Sequence[RolloutFacts] = ()) -> list[MyDay]:
    """The first due first. To count: whoever holds a role that the entry names as its owner, days that have come and
    are not handed in. To review: whoever may close a day, and did not count it. `rollouts` are those that were read
    already; without them those that the viewer has a role in are.
    """
    found = [one for rollout in rollouts or _rollouts(session, viewer) for one in _of(session, rollout, viewer, now)]
    return sorted(found, key=lambda one: (one.row.day, one.row.facts.late_at or now, one.occasion))


def _rollouts(session: Session, viewer: Viewer) -> list[RolloutFacts]:
    """Those that run and in which the viewer has a role."""
    held = {grant.rollout for grant in viewer.grants if grant.rollout is not None}
    statement = select(Rollout).where(
        col(Rollout.id).in_(held), col(Rollout.planned_at).is_not(None), col(Rollout.closed_at).is_(None)
    )
    return [facts_of(session, row).within(viewer.locations(row.id or 0)) for row in session.exec(statement)]


def _of(session: Session, rollout: RolloutFacts, viewer: Viewer, now: datetime) -> Iterator[MyDay]:
    """Two queries: the days that are open, and who counted those that wait."""
    if not _named_somewhere(rollout) & viewer.roles(rollout.id):
        return
    first, last = (now + delta for delta in (-BACK, timedelta(days=1)))
    waits = col(Reconciliation.counted_at).is_not(None) & col(Reconciliation.reviewed_at).is_(None)
    uncounted = or_(col(Reconciliation.id).is_(None), col(Reconciliation.counted_at).is_(None))
    open_ = uncounted & col(Occasion.due).between(first.date(), last.date())
    rows = day_rows(session, rollout, now, or_(waits, open_), *seen(viewer.locations(rollout.id)))
    counters = _counters(session, [row.record for row in rows if row.facts.waits_for_review])
    for row in rows:
        asked = rollout.book_at(row.place.id if row.place else None).reconciliation.get(row.entry)
        act = _act(row, asked, viewer, rollout, counters) if asked and _here(row) else None
        if act:
            yield MyDay(row.occasion, act, row.title, row.place, rollout, row)


def _named_somewhere(rollout: RolloutFacts) -> set[str]:
    """The roles that count or check anything at all, by any version in use."""
    entries = [one for book in (rollout.playbook, *rollout.books.values()) for one in book.reconciliation.values()]
    return {role for one in entries for who in (one.owner, one.verify) if who for role in who.roles}


def _here(row: DayRow) -> bool:
    return row.place is None or (row.place.counts and row.place.left_at is None)


def _act(
    row: DayRow, asked: Asked, viewer: Viewer, rollout: RolloutFacts, counters: dict[int, set[int]]
) -> Literal["count", "review"] | None:
    location = row.place.id if row.place else None
    if row.facts.waits_for_review:
        involved = counters.get(row.record or 0, set()) | ({row.counted_by} if row.counted_by else set())
        closes = may_close(viewer, asked, {"rollout": rollout.id, "location": location}, involved)
        named = (asked.verify or asked.owner).roles if (asked.verify or asked.owner) else ()  # type: ignore[union-attr]
        return "review" if closes and set(named) & viewer.roles(rollout.id, location) else None
    if row.state not in (DayState.OPEN, DayState.MISSED):
        return None
    owners = asked.owner.roles if asked.owner else ()
    return "count" if set(owners) & viewer.roles(rollout.id, location) else None


def _counters(session: Session, records: Sequence[int | None]) -> dict[int, set[int]]:
    """Who counted what stands, by record."""
    statement = select(ReconciliationCount.reconciliation_id, ReconciliationCount.by_id).where(
        col(ReconciliationCount.reconciliation_id).in_([key for key in records if key]),
        col(ReconciliationCount.replaced_at).is_(None),
    )
    found: dict[int, set[int]] = {}
    for record, person in session.exec(statement):
        found.setdefault(record, set()).add(person)
    return found
