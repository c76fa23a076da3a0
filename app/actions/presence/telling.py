"""Whoever is put on duty, or taken off, hears of it: one message for all that was changed at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from app.actions.deliveries.telling import Telling, tell
from app.actions.loading import key_of
from app.actions.occasions.opening import OpenOccasion
from app.models import Duty
from app.rules.people.access import Viewer
from app.rules.presence.words import spans_words


def tell_duties(
    session: Session, opened: OpenOccasion, rows: Sequence[Duty], *, by: Viewer, now: datetime, off: bool = False
) -> None:
    """Tell everybody whose duties these are; whoever made the change knows."""
    mine: dict[int, list[Duty]] = {}
    for row in rows:
        mine.setdefault(row.person_id, []).append(row)
    tell(
        session,
        [_telling(opened, person, duties, by, now, off) for person, duties in mine.items() if person != by.person],
        now=now,
    )


def _telling(opened: OpenOccasion, person: int, rows: Sequence[Duty], by: Viewer, now: datetime, off: bool) -> Telling:
    when = spans_words([(row.from_at, row.until_at) for row in rows], opened.zone, now)
    first = key_of(rows[0])
    return Telling(
        key=f"{'off' if off else 'on'}-{first}",
        kind="duty_off" if off else "duty",
        person=person,
        subject=("duty", first),
        rollout=opened.occasion.rollout_id,
        said=when,
        data={"by": by.name},
    )
