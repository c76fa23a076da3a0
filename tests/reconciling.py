"""A rollout that counts every working day from its first on, and what its people do with a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from app.actions.reconciliations.counting import enter_counts
from app.actions.reconciliations.handing import hand_in
from app.actions.reconciliations.reviewing import review_day
from app.models import Occasion, Reconciliation, ReconciliationCount
from app.rules.reconciliations.judging import Given
from tests.cast import NOW, PLAYBOOK, Cast

RECONCILED = (
    PLAYBOOK
    + """\
reconciliation:
  daily:
    title: Daily count
    owner: champion
    verify: ops-manager
    when: week 1 mon .. week 8 fri
    every: working day 17:30
    grace: 2h
    on_fail: normal
    on_late: normal
    lines:
      claims: {title: Claims, compare: [Submitted, Received], tolerance: 2 or 1 %, critical: true, on_fail: critical}
      cash: {title: Copays, compare: [Till, Ledger], tolerance: 0, unit: USD}
      link: {title: PACS reachable all day, answer: result, critical: true}
"""
).replace("calendar: {zone: America/Chicago,", "calendar: {zone: America/Chicago, holidays: [US],")
TODAY = date(2027, 1, 5)
LATE = datetime(2027, 1, 6, 1, 30, tzinfo=UTC)
"""When the count of that day is missed at Alder: 17:30 and two hours, in Chicago."""


def occasion(session: Session, cast: Cast, place: str = "alder", day: date = TODAY, entry: str = "daily") -> int:
    key = cast.locations[place]
    statement = select(Occasion.id).where(
        Occasion.location_id == key, Occasion.entry == entry, Occasion.due == day, Occasion.kind == "reconciliation"
    )
    return session.exec(statement).one() or 0


def record(session: Session, occasion_id: int) -> Reconciliation | None:
    return session.exec(select(Reconciliation).where(Reconciliation.occasion_id == occasion_id)).one_or_none()


def counts(session: Session, occasion_id: int) -> list[ReconciliationCount]:
    """Every count of a day, the oldest first."""
    row = record(session, occasion_id)
    statement = select(ReconciliationCount).where(ReconciliationCount.reconciliation_id == (row.id if row else 0))
    return list(session.exec(statement.order_by(col(ReconciliationCount.id))))


def given(claims: tuple[str, str] = ("412", "412"), cash: tuple[str, str] = ("40.00", "40.00"), link: str = "pass",
          **reasons: str) -> list[Given]:  # fmt: skip
    """Counts of all three lines, by default as they should be; reasons as `claims_reason`."""
    return [
        Given("claims", *map(Decimal, claims), reason=reasons.get("claims_reason", "")),
        Given("cash", *map(Decimal, cash), reason=reasons.get("cash_reason", "")),
        Given("link", answer=link, reason=reasons.get("link_reason", "")),
    ]


def count_day(session: Session, cast: Cast, occasion_id: int, lines: list[Given] | None = None, who: str = "chA",
              now: datetime = NOW) -> None:  # fmt: skip
    """Enter all lines of a day and hand it in."""
    by = cast.viewer(session, who, now)
    enter_counts(session, occasion_id, lines or given(), seen=None, by=by, now=now)
    hand_in(session, occasion_id, seen=None, by=by, now=now)


def close_day(session: Session, cast: Cast, occasion_id: int, lines: list[Given] | None = None, *, who: str = "chA",
              checker: str = "opm", now: datetime = NOW) -> None:  # fmt: skip
    """Count a day, hand it in, and let a second person close it."""
    count_day(session, cast, occasion_id, lines, who, now)
    review_day(session, occasion_id, seen=None, by=cast.viewer(session, checker, now), now=now)
