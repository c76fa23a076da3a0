"""What a session of a training means for one person: theirs to hold, theirs to close, or theirs to come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from app.models import Location, Rollout, TrainingSession
from app.rules.people.access import Permission, Viewer
from app.stored import playbook_of


@dataclass(frozen=True)
class MySession:
    """A session for Today. `part` is `hold` (it is theirs to hold), `close` (it is over and nobody noted who was
    there) or `attend`; `href` is its page.
    """

    id: int
    part: str
    title: str
    place: str
    zone: str
    starts_at: datetime
    minutes: int
    room: str
    href: str


Titles = dict[tuple[int, str], tuple[str, tuple[str, ...]]]
"""Title and owners of each training, by rollout and entry."""


def titles_of(session: Session, rollouts: dict[int, Rollout]) -> Titles:
    """Those of rollouts, by their keys."""
    found: Titles = {}
    for key, rollout in rollouts.items():
        for one in playbook_of(session, rollout.playbook_version_id).sessions:
            found[key, one.id] = one.title, one.owner.roles if one.owner else ()
    return found


def part_in(viewer: Viewer, row: TrainingSession, enrolled: bool, titles: Titles, now: datetime) -> str:
    """Their part in a session, as `MySession` says it; empty: none."""
    over = row.starts_at + timedelta(minutes=row.minutes) <= now
    _title, owners = titles.get((row.rollout_id, row.entry), ("", ()))
    if _holds(viewer, row, owners):
        return "close" if row.starts_at <= now else "hold"
    return "attend" if enrolled and not over else ""


def _holds(viewer: Viewer, row: TrainingSession, owners: tuple[str, ...]) -> bool:
    """Whoever teaches it; without a teacher those who own the training, or who keep the staff list of that place only:
    whoever oversees the whole network would see every session there is.
    """
    if row.trainer_id is not None:
        return viewer.answers_for(row.trainer_id)
    place = row.location_id
    named = any(grant.role in owners and grant.covers(row.rollout_id, place) for grant in viewer.grants)
    local = viewer.locations(row.rollout_id, Permission.CHECK_OFF)
    return named or (not local.everywhere and place is not None and place in local)


def session_shown(row: TrainingSession, place: Location, titles: Titles, part: str, now: datetime) -> MySession:
    """A session as Today shows it."""
    title, _owners = titles.get((row.rollout_id, row.entry), (row.entry, ()))
    return MySession(
        row.id or 0, part, title, place.name, place.zone, row.starts_at, row.minutes, row.place, f"/training/{row.id}"
    )


def day_of(one: MySession) -> date:
    """The day of a session at its place."""
    return one.starts_at.astimezone(ZoneInfo(one.zone)).date()
