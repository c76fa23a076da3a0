"""The public link of a location's help desk: what its form needs, and what whoever manages it sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from app.errors import NotFound
from app.models import Intake, Issue, Location, Person, Rollout
from app.plan import Playbook
from app.plan.format.issues import Recipient, Rung
from app.queries.people import Holders, holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.people.access import Extent
from app.stored import playbook_of


@dataclass(frozen=True)
class Door:
    """What somebody who opens a help-desk link may know: the place, and the kinds of trouble by their titles."""

    location: str
    zone: str
    kinds: tuple[tuple[str, str], ...]


def door(session: Session, token: str) -> Door:
    """The door behind a link. Raises NotFound for none, one that has ended, or where nobody would answer: the rollout
    is not running, the location has left it, or its playbook says nothing about issues. Two queries.
    """
    statement = (
        select(Location, Rollout)
        .join(Intake, col(Intake.location_id) == col(Location.id))
        .join(Rollout, col(Rollout.id) == col(Location.rollout_id))
        .where(Intake.token == token, col(Intake.ended_at).is_(None))
    )
    found = session.exec(statement).first()
    if found is None or found[1].state != "running" or found[0].dropped_at is not None:
        raise NotFound("help desk")
    place, rollout = found
    playbook = playbook_of(session, place.playbook_version_id or rollout.playbook_version_id)
    if playbook.issues is None:
        raise NotFound("help desk")
    kinds = tuple((id_, one.title or id_) for id_, one in playbook.issues.types.items())
    return Door(place.name, place.zone, kinds)


@dataclass(frozen=True)
class Staffed:
    """A role that hears of a report as soon as it is made, and who answers for it now."""

    title: str
    people: tuple[str, ...]


@dataclass(frozen=True)
class HelpDesk:
    """A location's link, if it has one, with who made it and when; how many reports came from outside; who hears."""

    id: int | None
    token: str
    by: str
    at: datetime | None
    reports: int
    last: datetime | None
    staffed: tuple[Staffed, ...]


def standing_links(session: Session, places: Iterable[PlaceFacts]) -> dict[int, tuple[Intake, str]]:
    """The links that are open by location, each with who made it. One query."""
    made = (
        select(Intake, Person.name)
        .join(Person, col(Person.id) == col(Intake.by_id))
        .where(col(Intake.location_id).in_([place.id for place in places]), col(Intake.ended_at).is_(None))
    )
    return {row.location_id: (row, name) for row, name in session.exec(made)}


def help_desk(session: Session, rollout: RolloutFacts, place: PlaceFacts, now: datetime) -> HelpDesk:
    """The help desk of a location. Four queries, one more for a new playbook."""
    made = standing_links(session, [place]).get(place.id)
    came = select(func.count(), func.max(Issue.opened_at))
    reports, last = session.exec(came.where(Issue.location_id == place.id, Issue.source == "help desk")).one()
    playbook = playbook_of(session, place.playbook_version_id or rollout.playbook_version_id)
    people = holders(session, rollout.id, Extent(False, frozenset({place.id})), now)
    staffed = tuple(_staffed(playbook, people, place))
    if made is None:
        return HelpDesk(None, "", "", None, reports, last, staffed)
    row, name = made
    return HelpDesk(row.id, row.token, name, row.at, reports, last, staffed)


def _staffed(playbook: Playbook, people: Holders, place: PlaceFacts) -> list[Staffed]:
    roles: dict[str, None] = {}
    for rung in _first_rungs(playbook):
        for to in rung.to:
            roles |= dict.fromkeys(_roles(playbook, to))
    found = []
    for role in roles:
        known = playbook.people.get(role)
        names = tuple(one.name for one in people.of(role, place.id))
        found.append(Staffed(known.title if known and known.title else role, names))
    return found


def _first_rungs(playbook: Playbook) -> list[Rung]:
    """The rungs told at the opening of an issue of the severity that a report from outside has."""
    if playbook.issues is None:
        return []
    severity = playbook.issues.severities.get(playbook.issues.default)
    ladder = (severity.ladder if severity else ()) or playbook.issues.ladder
    return [one for one in ladder if one.at is not None and one.at.share is None and one.at.after is None]


def _roles(playbook: Playbook, to: Recipient) -> tuple[str, ...]:
    if to.kind == "role":
        return (to.name,)
    owner = playbook.coverage[to.name].owner if to.kind == "duty" and to.name in playbook.coverage else None
    return owner.roles if owner else ()
