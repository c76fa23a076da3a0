"""What training means for one person: sessions that they hold or come to soon, and recordings that they owe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.models import Enrolment, Location, Rollout, StaffMember, TrainingSession
from app.queries.rollouts.facts import facts_of
from app.queries.training.facts import training_facts
from app.rules.people.access import Extent, Permission, Viewer
from app.rules.training.standing import Standing
from app.stored import playbook_of

SOON: Final = timedelta(days=7)
UNCLOSED: Final = timedelta(days=14)
"""How long a session stands on the list whose attendance nobody has noted."""


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


@dataclass(frozen=True)
class MyRecording:
    """A recording that they owe, until the catch-up day."""

    title: str
    place: str
    until: date | None
    href: str


@dataclass(frozen=True)
class MyTraining:
    """Sessions in the order in which they begin, and recordings."""

    sessions: tuple[MySession, ...] = ()
    recordings: tuple[MyRecording, ...] = ()


def sessions_of(session: Session, viewer: Viewer, now: datetime) -> MyTraining:
    """Sessions of the next seven days that the person leads, manages at their own places or is enrolled in, those that
    are over and not closed, and recordings owed. The number of queries grows with the rollouts, never with the rows.
    """
    own = _own_staff(session, viewer)
    enrolled = _enrolled(session, [one.id or 0 for one in own])
    rows = session.exec(
        select(TrainingSession, Location, Rollout)
        .join(Location, col(Location.id) == col(TrainingSession.location_id))
        .join(Rollout, col(Rollout.id) == col(TrainingSession.rollout_id))
        .where(
            col(TrainingSession.called_off_at).is_(None),
            col(TrainingSession.held_at).is_(None),
            col(TrainingSession.starts_at) > now - UNCLOSED,
            col(TrainingSession.starts_at) < now + SOON,
            col(Rollout.closed_at).is_(None),
            col(Location.dropped_at).is_(None),
        )
        .order_by(col(TrainingSession.starts_at), col(TrainingSession.id))
    ).all()
    titles = _titles(session, {rollout.id or 0: rollout for _, _, rollout in rows})
    found = [
        _shown(row, place, titles, part, now)
        for row, place, _rollout in rows
        if (part := _part(viewer, row, row.id in enrolled, titles, now))
    ]
    return MyTraining(tuple(found), tuple(_recordings(session, viewer, own)))


Titles = dict[tuple[int, str], tuple[str, tuple[str, ...]]]
"""Title and owners of each training, by rollout and entry."""


def _titles(session: Session, rollouts: dict[int, Rollout]) -> Titles:
    found: Titles = {}
    for key, rollout in rollouts.items():
        for one in playbook_of(session, rollout.playbook_version_id).sessions:
            found[key, one.id] = one.title, one.owner.roles if one.owner else ()
    return found


def _part(viewer: Viewer, row: TrainingSession, enrolled: bool, titles: Titles, now: datetime) -> str:
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


def _shown(row: TrainingSession, place: Location, titles: Titles, part: str, now: datetime) -> MySession:
    title, _owners = titles.get((row.rollout_id, row.entry), (row.entry, ()))
    return MySession(
        row.id or 0, part, title, place.name, place.zone, row.starts_at, row.minutes, row.place, f"/training/{row.id}"
    )


def _own_staff(session: Session, viewer: Viewer) -> list[StaffMember]:
    found = select(StaffMember).where(StaffMember.person_id == viewer.person, col(StaffMember.left_at).is_(None))
    return list(session.exec(found.order_by(col(StaffMember.id))))


def _enrolled(session: Session, staff: list[int]) -> set[int]:
    found = select(Enrolment.session_id).where(col(Enrolment.staff_id).in_(staff), col(Enrolment.ended_at).is_(None))
    return set(session.exec(found).all())


def _recordings(session: Session, viewer: Viewer, own: list[StaffMember]) -> list[MyRecording]:
    found = []
    for rollout_id in dict.fromkeys(one.rollout_id for one in own):
        rollout = facts_of(session, session.get_one(Rollout, rollout_id)).within(Extent(True, frozenset()))
        mine = [one for one in own if one.rollout_id == rollout_id]
        places = [place for place in rollout.locations if place.id in {one.location_id for one in mine}]
        if rollout.state != "running" or not places:
            continue
        facts = training_facts(session, rollout, places)
        for place in places:
            lines = [line for line in facts.staff.get(place.id, ()) if line.person == viewer.person]
            for line in lines:
                for demand in facts.demands(place):
                    owes = line.role in demand.audience and facts.progress(line, demand).standing is Standing.RECORDING
                    if owes:
                        until = facts.days_of(place, demand).catch_up
                        found.append(MyRecording(demand.title, place.name, until, f"/training/people/{line.id}"))
    return found


def day_of(one: MySession) -> date:
    """The day of a session at its place."""
    return one.starts_at.astimezone(ZoneInfo(one.zone)).date()
