"""What both the queries and the actions read, in one way: playbooks, who holds which role, who is away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from app.errors import NotFound
from app.models import Duty, Leave, Location, Membership, Occasion, Person, PlaybookVersion, Rollout, Task, Upgrade
from app.plan import Playbook
from app.plan.terms import Scope
from app.rules.people.access import Viewer
from app.rules.people.responsibility import Away, Member, OnDuty
from app.rules.playbooks import parsed

# Parsed once a process: the text under a hash never changes. Sixty-four versions are more than one installation runs.
_KEPT: Final[dict[str, Playbook]] = {}
_KEEP: Final = 64


def playbook_of(session: Session, version_id: int) -> Playbook:
    """The playbook of a stored version, whose text is fetched only when it is new here. Raises NotFound."""
    sha = session.exec(select(PlaybookVersion.sha256).where(PlaybookVersion.id == version_id)).one_or_none()
    if sha is None:
        raise NotFound("playbook")
    return _kept(session, version_id, sha)


def _kept(session: Session, version_id: int, sha: str) -> Playbook:
    if sha not in _KEPT:
        text = session.exec(select(PlaybookVersion.text).where(PlaybookVersion.id == version_id)).one()
        while len(_KEPT) >= _KEEP:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[sha] = parsed(text)
    return _KEPT[sha]


def playbook_at(session: Session, rollout: Rollout, location: Location | None = None) -> Playbook:
    """The playbook that holds at a location of a rollout, or for its network."""
    return playbook_of(session, (location and location.playbook_version_id) or rollout.playbook_version_id)


def playbook_under(session: Session, rollout: Rollout, location: Location | None, row: Task | Occasion) -> Playbook:
    """The playbook that a row stands under: that of its place, or the one under which it was done before that."""
    if row.playbook_version_id is not None:
        return playbook_of(session, row.playbook_version_id)
    return playbook_at(session, rollout, location)


def playbooks_in(session: Session, rollout: Rollout) -> Mapping[int, Playbook]:
    """Every version that something in a rollout stands under, by its key. One query, one more for each new one."""
    pinned = select(Location.playbook_version_id).where(Location.rollout_id == rollout.id)
    left = select(Upgrade.from_id).where(Upgrade.rollout_id == rollout.id)
    used = or_(
        PlaybookVersion.id == rollout.playbook_version_id,
        col(PlaybookVersion.id).in_(pinned),
        col(PlaybookVersion.id).in_(left),
    )
    found = session.exec(select(PlaybookVersion.id, PlaybookVersion.sha256).where(used)).all()
    return {key or 0: _kept(session, key or 0, sha) for key, sha in found}


def members_among(session: Session, *where: Any) -> list[Member]:
    """The roles and rights that people in use have, those given first in front. One query."""
    columns: Any = (
        Membership.person_id,
        Person.name,
        Membership.role,
        Membership.access,
        Membership.rollout_id,
        Membership.location_id,
        Membership.steps_in,
    )
    statement = select(*columns).join(Person, col(Person.id) == col(Membership.person_id))
    statement = statement.where(*where, col(Person.deactivated_at).is_(None)).order_by(col(Membership.id))
    return [Member(*row) for row in session.exec(statement)]


def leaves_among(session: Session, *where: Any) -> list[Away]:
    """The leaves that were not called off, the first to begin first. A cover whose account is out of use is none."""
    cover: Any = aliased(Person)
    statement = (
        select(Leave, Person.name, cover.id, cover.name)
        .join(Person, col(Person.id) == col(Leave.person_id))
        .outerjoin(cover, (cover.id == Leave.cover_id) & cover.deactivated_at.is_(None))
        .where(col(Leave.ended_at).is_(None), *where)
        .order_by(col(Leave.from_at), col(Leave.id))
    )
    return [
        Away(
            row.id or 0, row.person_id, name, row.first, row.last, row.from_at, row.until_at, cover_id, cover_name or ""
        )
        for row, name, cover_id, cover_name in session.exec(statement)
    ]


def on_duty_at(session: Session, rollout_id: int, now: datetime) -> list[OnDuty]:
    """Every duty of a rollout that runs now, whoever is on leave included; one of a wave at each of its locations. One
    query.
    """
    of_wave = (Occasion.scope == Scope.WAVE) & (Location.rollout_id == rollout_id) & (Location.wave == Occasion.wave)
    statement = (
        select(Duty.person_id, Duty.entry, Duty.location_id, Location.id)
        .join(Occasion, col(Occasion.id) == col(Duty.occasion_id))
        .join(Person, col(Person.id) == col(Duty.person_id))
        .outerjoin(Location, of_wave)  # type: ignore[arg-type]
        .where(Duty.rollout_id == rollout_id, Duty.from_at <= now, Duty.until_at > now, col(Duty.ended_at).is_(None))
        .where(col(Person.deactivated_at).is_(None))
        .order_by(col(Duty.from_at), col(Duty.id))
    )
    return [
        OnDuty(person, rollout_id, entry, here if here is not None else of_wave_there)
        for person, entry, here, of_wave_there in session.exec(statement)
    ]


def roles_held(
    session: Session, viewer: Viewer, *, rollout: int, location: int | None, wave: str = ""
) -> frozenset[str]:
    """The roles that somebody holds where something happens: at its location, at those of its wave, or anywhere in the
    rollout. One query for a wave.
    """
    if location is not None or not wave:
        return viewer.roles(rollout, location)
    inside = session.exec(select(Location.id).where(Location.rollout_id == rollout, Location.wave == wave))
    return frozenset(role for place in inside for role in viewer.roles(rollout, place))
