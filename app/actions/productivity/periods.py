"""Periods: opened at a location, changed, removed; and the relative values that they rest on."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlmodel import Session, col, select

from app.actions.events import record
from app.actions.loading import key_of
from app.actions.productivity.opening import SUBJECT, changed, demand_place, open_period
from app.actions.productivity.sums import sum_up
from app.errors import Invalid
from app.models import ProductivityPeriod, RelativeValueFile
from app.rules.people.access import Viewer
from app.rules.productivity.figures import WEEK
from app.rules.productivity.periods import share_of_year

LONGEST: Final = Decimal(1)
"""A year: an index of more than one is no index."""


def begin_period(
    session: Session, location_id: int, *, first: date, last: date, full_time: Decimal, by: Viewer, now: datetime
) -> ProductivityPeriod:
    """Open a period from the `first` to the `last` day; `full_time` are the weekly hours of a full position there. It
    rests on the newest relative values that there are. The same days again are quiet.

    Raises NotFound, Forbidden, Refused, and Invalid for `last` and `full_time`.
    """
    location = demand_place(session, location_id, by=by)
    _demand_days(first, last)
    _demand_full_time(full_time)
    standing = session.exec(
        select(ProductivityPeriod).where(
            ProductivityPeriod.location_id == location_id,
            ProductivityPeriod.first == first,
            ProductivityPeriod.last == last,
            col(ProductivityPeriod.removed_at).is_(None),
        )
    ).first()
    if standing is not None:
        return standing
    values_id = _newest(session, location.rollout_id)
    row = ProductivityPeriod(
        rollout_id=location.rollout_id, location_id=location_id, first=first, last=last, full_time=full_time,
        values_id=values_id, rvu=None if values_id is None else Decimal(0), by_id=by.person, at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    after = {"first": first.isoformat(), "last": last.isoformat()}
    record(
        session, f"{SUBJECT}.begun", (SUBJECT, key_of(row)), by=by, now=now, rollout_id=row.rollout_id,
        location_id=row.location_id, after=after,
    )  # fmt: skip
    return row


def change_period(
    session: Session,
    period_id: int,
    *,
    full_time: Decimal,
    values_id: int | None,
    seen: int | None,
    by: Viewer,
    now: datetime,
) -> ProductivityPeriod:
    """Say what a full position is, and which relative values the period rests on. The same again is quiet.

    Raises NotFound, Forbidden, Refused, Stale, and Invalid for `full_time` and `values`.
    """
    opened = open_period(session, period_id, by=by)
    row = opened.row
    if (row.full_time, row.values_id) == (full_time, values_id):
        return row
    opened = open_period(session, period_id, by=by, seen=seen)
    _demand_full_time(full_time)
    if values_id != row.values_id:
        _demand_values(session, row, values_id)
    before = {"full_time": f"{row.full_time:f}", "values": row.values_id}
    row.full_time, row.values_id = full_time, values_id
    sum_up(session, row)
    after = {"full_time": f"{full_time:f}", "values": values_id}
    return changed(session, opened, "changed", by=by, now=now, before=before, after=after)


def remove_period(session: Session, period_id: int, *, seen: int | None, by: Viewer, now: datetime) -> None:
    """Take a period away; its rows are kept. Raises NotFound (also where it is gone), Forbidden, Refused and Stale."""
    opened = open_period(session, period_id, by=by, seen=seen)
    opened.row.removed_at = now
    changed(session, opened, "removed", by=by, now=now)


def _demand_days(first: date, last: date) -> None:
    if last < first:
        raise Invalid({"last": "The last day comes after the first."})
    if share_of_year(first, last) > LONGEST:
        raise Invalid({"last": "At most one year."})


def _demand_full_time(full_time: Decimal) -> None:
    if not 0 < full_time <= WEEK:
        raise Invalid({"full_time": f"Hours a week, more than 0 and at most {WEEK}."})


def _demand_values(session: Session, row: ProductivityPeriod, values_id: int | None) -> None:
    if values_id is None:
        return
    found = session.get(RelativeValueFile, values_id)
    if found is None or found.rollout_id != row.rollout_id or found.removed_at is not None:
        raise Invalid({"values": "Choose a file of relative values of this rollout."})


def _newest(session: Session, rollout_id: int) -> int | None:
    statement = (
        select(RelativeValueFile.id)
        .where(RelativeValueFile.rollout_id == rollout_id, col(RelativeValueFile.removed_at).is_(None))
        .order_by(col(RelativeValueFile.year).desc(), col(RelativeValueFile.id).desc())
        .limit(1)
    )
    return session.exec(statement).first()
