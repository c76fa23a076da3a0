"""The coming times of one meeting at one place, for a calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col

from app.models import Occasion
from app.queries.meetings.lines import MeetingLine, between, columns, lines_of, of_rollout, same_meeting
from app.queries.rollouts.facts import RolloutFacts

MOST: Final = 400
_FAR: Final = timedelta(days=800)


def coming_times(session: Session, rollout: RolloutFacts, occasion: Occasion, now: datetime) -> tuple[MeetingLine, ...]:
    """This time of a meeting and those after it, from today on, at most `MOST`; without a written hour there is
    nothing for a calendar.
    """
    place = rollout.location(occasion.location_id)
    today = place.today(now) if place else rollout.today(now)
    statement = columns().where(
        *of_rollout(rollout),
        *same_meeting(occasion),
        between(today, today + _FAR), col(Occasion.due_at).is_not(None),
    )  # fmt: skip
    rows = session.execute(statement.order_by(col(Occasion.due_at), col(Occasion.id)).limit(MOST)).all()
    return lines_of(rollout, rows, now)
