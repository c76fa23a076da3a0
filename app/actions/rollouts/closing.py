"""A rollout is closed, taken up again, and followed by the next one from its playbook and people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.events import record, stale
from app.actions.loading import count_version, key_of, load
from app.actions.people.memberships import role_terms
from app.actions.people.viewers import holds_everywhere
from app.actions.rollouts.drafting import fill, free_slug, judged
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Location, Membership, Person, PlaybookVersion, Rollout
from app.plan import Playbook
from app.plan.format.locations import unfit
from app.plan.terms import Access
from app.rules.clock import instant
from app.rules.people.access import Permission, Viewer
from app.stored import playbook_at

OF_ITS_OWN: Final = frozenset({"open", "hours", "holidays", "roll"})
"""What a location says of its calendar that holds in another year too."""


def close_rollout(session: Session, rollout_id: int, *, note: str, seen: int, by: Viewer, now: datetime) -> Rollout:
    """Close a running rollout: it is only read from then on, and on nobody's day. Closed already with the same note
    is quiet.

    Raises NotFound, Forbidden, Refused before it runs or where somebody has closed it with another note, Invalid
    without a note, and Stale.
    """
    rollout = _directed(session, rollout_id, by)
    if rollout.state not in ("running", "closed"):
        raise Refused("This rollout has not started yet.")
    note = texts.prose("note", note)
    if rollout.closed_at is not None and rollout.closed_note == note:
        return rollout
    if rollout.closed_at is not None:
        raise Refused(_closed_words(session, rollout, rollout.closed_at, now), (rollout.closed_note,))
    _demand_version(session, rollout, seen)
    rollout.closed_by, rollout.closed_at, rollout.closed_note = by.person, now, note
    return _recorded(session, rollout, "closed", by, now, {"note": note})


def _closed_words(session: Session, rollout: Rollout, at: datetime, now: datetime) -> str:
    who = session.get(Person, rollout.closed_by or 0)
    zone = playbook_at(session, rollout).calendar.zone
    return f"This rollout is closed already: {who.name if who else 'Somebody'} closed it, {instant(at, zone, now)}."


def reopen_rollout(session: Session, rollout_id: int, *, reason: str, seen: int, by: Viewer, now: datetime) -> Rollout:
    """Take a closed rollout up again, with all its dates as they were. Open already is quiet.

    Raises as `close_rollout`.
    """
    rollout = _directed(session, rollout_id, by)
    if rollout.state != "closed":
        return rollout
    reason = texts.prose("reason", reason)
    _demand_version(session, rollout, seen)
    before = {"note": rollout.closed_note}
    rollout.closed_by, rollout.closed_at, rollout.closed_note = None, None, ""
    return _recorded(session, rollout, "reopened", by, now, {"reason": reason}, before)


def next_rollout(
    session: Session,
    rollout_id: int,
    *,
    title: str,
    playbook_version_id: int,
    locations: bool = False,
    people_there: bool = False,
    by: Viewer,
    now: datetime,
) -> Rollout:
    """Draft the next rollout from the playbook of this one (or a newer version of it) and the people of its network.

    `locations`: with those that have not left, without their cutovers and closures; `people_there`: and who holds a
    role at them. What the newer version does not know is left out. Raises NotFound, Forbidden (also for somebody who
    would not direct the new one), Refused before this one runs, and Invalid.
    """
    before = _directed(session, rollout_id, by)
    if before.state not in ("running", "closed"):
        raise Refused("This rollout has not started yet.")
    title = texts.one_line("title", title)
    version = _version(session, before, playbook_version_id)
    rollout = Rollout(
        slug=free_slug(session, title), title=title, playbook_version_id=key_of(version), follows_id=rollout_id,
        created_by=by.person, created_at=now,
    )  # fmt: skip
    session.add(rollout)
    session.flush()
    places = dict(_locations(session, before, rollout, playbook_at(session, rollout))) if locations else {}
    people = list(_people(session, rollout_id, rollout, places if people_there else {}, by, now))
    session.add_all(people)
    session.flush()
    if not holds_everywhere(by, Permission.DIRECT) and not any(_directs(one, by) for one in people):
        raise Forbidden("You would not direct the new rollout. Ask somebody who directs all of them.")
    _recorded(session, before, "followed", by, now, {"rollout": rollout.slug, "title": title})
    return _recorded(session, rollout, "drafted", by, now, {"title": title, "follows": before.slug})


def _directs(one: Membership, by: Viewer) -> bool:
    return one.person_id == by.person and one.access == Access.DIRECTOR and one.location_id is None


def _version(session: Session, before: Rollout, version_id: int) -> PlaybookVersion:
    own = load(session, PlaybookVersion, before.playbook_version_id, "playbook")
    wanted = session.get(PlaybookVersion, version_id)
    if wanted is None or wanted.playbook_id != own.playbook_id or key_of(wanted) < key_of(own):
        raise Invalid({"playbook": "Choose the version of this rollout, or a newer one."})
    return wanted


def _locations(session: Session, before: Rollout, rollout: Rollout, playbook: Playbook) -> Iterator[tuple[int, int]]:
    """Copy the locations; yields the ids of each and of its copy. Raises Invalid for one that does not fit."""
    statement = select(Location).where(Location.rollout_id == before.id, col(Location.dropped_at).is_(None))
    for position, row in enumerate(session.exec(statement.order_by(col(Location.position), col(Location.id))).all()):
        facts = _facts(row, playbook)
        copy = Location(rollout_id=key_of(rollout), slug=row.slug, name="", zone="")
        fill(copy, judged(facts, playbook), facts, position)
        session.add(copy)
        session.flush()
        yield key_of(row), key_of(copy)


def _facts(row: Location, playbook: Playbook) -> dict[str, Any]:
    """The location as one row of a locations file for another rollout."""
    asked = playbook.attributes
    fitting = {
        name: value
        for name, value in row.attributes.items()
        if name in asked and not (asked[name].answer and unfit(asked[name].answer, value))
    }
    own = {"id": row.slug, "name": row.name, "zone": row.zone, "attributes": fitting}
    calendar = {name: value for name, value in row.calendar.items() if name in OF_ITS_OWN}
    return {**own, **calendar, **({"wave": row.wave} if playbook.waves else {})}


def _people(
    session: Session, before: int, rollout: Rollout, places: dict[int, int], by: Viewer, now: datetime
) -> Iterator[Membership]:
    """The memberships of the network, and of these places; roles that the playbook no longer has are left out."""
    statement = (
        select(Membership)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(Membership.rollout_id == before, col(Person.deactivated_at).is_(None))
    )
    for row in session.exec(statement.order_by(col(Membership.id))).all():
        if row.location_id is not None and row.location_id not in places:
            continue
        try:
            access, takes_over = role_terms(session, rollout, row.role, at_location=row.location_id is not None)
        except Invalid:
            continue
        yield Membership(
            person_id=row.person_id, rollout_id=rollout.id, role=row.role, access=access, steps_in=takes_over,
            location_id=places[row.location_id] if row.location_id is not None else None,
            created_by=by.person, created_at=now,
        )  # fmt: skip


def _directed(session: Session, rollout_id: int, by: Viewer) -> Rollout:
    rollout = load(session, Rollout, rollout_id, "rollout")
    if rollout_id not in by.rollouts():
        raise NotFound("rollout")
    if not by.can(Permission.DIRECT, rollout=rollout_id):
        raise Forbidden
    return rollout


def _demand_version(session: Session, rollout: Rollout, seen: int) -> None:
    if rollout.version != seen:
        raise stale(session, ("rollout", key_of(rollout)))


def _recorded(
    session: Session, rollout: Rollout, verb: str, by: Viewer, now: datetime, after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> Rollout:  # fmt: skip
    count_version(session, rollout)
    record(
        session, f"rollout.{verb}", ("rollout", key_of(rollout)), by=by, now=now, rollout_id=rollout.id,
        before=before, after=after,
    )  # fmt: skip
    return rollout
