"""The meetings of a rollout: this week's and next week's, those of a month before, and what was missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import Session, col

from app.models import MeetingRecord, Occasion
from app.queries.meetings.lines import MeetingLine, Wanted, between, columns, is_missed, lines_of, of_rollout
from app.queries.rollouts.facts import RolloutFacts

MOST: Final = 100
"""Lines of one list."""
NAMED: Final = 5
"""Missed ones that are named."""
MONTH: Final = timedelta(days=28)


@dataclass(frozen=True)
class MeetingsPage:
    """`weeks` are those of this week and of the next; `before` those of four weeks, from `first` to `last`, the newest
    first; `missed` the last ones of which nothing was ever entered, of `total_missed`. `today` counts those of today,
    `pages` the months there are.
    """

    weeks: tuple[tuple[MeetingLine, ...], tuple[MeetingLine, ...]]
    more_ahead: bool
    before: tuple[MeetingLine, ...]
    more_before: bool
    first: date
    last: date
    missed: tuple[MeetingLine, ...]
    total_missed: int
    today: int
    pages: int


def meetings_page(session: Session, rollout: RolloutFacts, wanted: Wanted, page: int, now: datetime) -> MeetingsPage:
    """One page; `rollout` has only the locations that the reader may see."""
    today = rollout.today(now)
    monday = today - timedelta(days=today.weekday())
    last = monday - timedelta(days=1) - (page - 1) * MONTH
    first = last - MONTH + timedelta(days=1)
    ahead = _some(session, rollout, wanted, now, between(monday, monday + timedelta(days=13)), newest=False)
    before = _some(session, rollout, wanted, now, between(first, last), newest=True)
    missed = _some(session, rollout, wanted, now, is_missed(), newest=True, most=NAMED)
    counted = _sums(session, rollout, wanted, today)
    next_week = monday + timedelta(days=7)
    shown = ahead[:MOST]
    return MeetingsPage(
        weeks=(
            tuple(one for one in shown if one.slot.day < next_week),
            tuple(one for one in shown if one.slot.day >= next_week),
        ),
        more_ahead=len(ahead) > MOST,
        before=before[:MOST],
        more_before=len(before) > MOST,
        first=first,
        last=last,
        missed=missed[:NAMED],
        total_missed=counted[1],
        today=counted[0],
        pages=max(1, -(-(monday - (rollout.start or monday)).days // MONTH.days)),
    )


def _some(
    session: Session,
    rollout: RolloutFacts,
    wanted: Wanted,
    now: datetime,
    only: ColumnElement[bool],
    *,
    newest: bool,
    most: int = MOST,
) -> tuple[MeetingLine, ...]:
    """One more than fits, where there are more."""
    due, at, key = col(Occasion.due), col(Occasion.due_at), col(Occasion.id)
    order: tuple[Any, ...] = (due.desc(), at.desc(), key) if newest else (due, at, key)
    statement = columns().where(*of_rollout(rollout, wanted), only).order_by(*order).limit(most + 1)
    return lines_of(rollout, session.execute(statement).all(), now)


def _sums(session: Session, rollout: RolloutFacts, wanted: Wanted, today: date) -> tuple[int, int]:
    on_today = func.sum(case((col(Occasion.due) == today, 1), else_=0))
    missed = func.sum(case((is_missed(), 1), else_=0))
    statement = (
        select(on_today, missed)
        .select_from(Occasion)
        .outerjoin(MeetingRecord, col(MeetingRecord.occasion_id) == col(Occasion.id))
        .where(*of_rollout(rollout, wanted))
    )
    found = session.execute(statement).one()
    return found[0] or 0, found[1] or 0


def meetings_after(
    session: Session, rollout: RolloutFacts, wanted: Wanted, days: tuple[date, date], after: int, limit: int,
    now: datetime,
) -> tuple[MeetingLine, ...]:  # fmt: skip
    """At most `limit` of some days, those with an id above `after`, in the order of their ids. One query."""
    only = (between(*days), col(Occasion.id) > after)
    statement = columns().where(*of_rollout(rollout, wanted), *only).order_by(col(Occasion.id)).limit(limit)
    return lines_of(rollout, session.execute(statement).all(), now)
