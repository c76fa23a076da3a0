"""Views of a plan that somebody keeps under a name, for themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, func, select

from app.actions import texts
from app.actions.events import record
from app.actions.loading import load
from app.errors import Invalid, NotFound, Refused
from app.models import SavedFilter
from app.rules.people.access import Permission, Viewer

NAME_LIMIT: Final = 60
QUERY_LIMIT: Final = 2_000
MOST: Final = 50


def save_filter(session: Session, rollout_id: int, *, name: str, query: str, by: Viewer, now: datetime) -> SavedFilter:
    """Keep a view under a name. The same again is quiet; the name of another view is refused (Invalid).

    `query` is the part of the plan's address behind the question mark. Raises NotFound, Invalid and Refused.
    """
    if not by.can(Permission.SEE_PLAN, rollout=rollout_id):
        raise NotFound("rollout")
    name = texts.one_line("name", name, NAME_LIMIT)
    if len(query) > QUERY_LIMIT:
        raise Invalid({"name": "This view filters by more than can be kept."})
    found = _named(session, rollout_id, name, by)
    if found is not None:
        if found.query != query:
            raise _taken(name)
        return found
    _demand_room(session, rollout_id, by)
    row = SavedFilter(person_id=by.person, rollout_id=rollout_id, name=name, query=query, at=now)
    _store(session, row, name)
    return _recorded(session, "saved", row, by, now)


def rename_filter(session: Session, filter_id: int, *, name: str, by: Viewer, now: datetime) -> SavedFilter:
    """Call one's own view something else. The same again is quiet. Raises NotFound and Invalid."""
    row = _own(session, filter_id, by)
    name = texts.one_line("name", name, NAME_LIMIT)
    if row.name == name:
        return row
    if _named(session, row.rollout_id, name, by) is not None:
        raise _taken(name)
    row.name = name
    _store(session, row, name)
    return _recorded(session, "renamed", row, by, now)


def delete_filter(session: Session, filter_id: int, *, by: Viewer, now: datetime) -> None:
    """Keep one's own view no longer. Raises NotFound."""
    row = _own(session, filter_id, by)
    _recorded(session, "deleted", row, by, now)
    session.delete(row)


def _own(session: Session, filter_id: int, by: Viewer) -> SavedFilter:
    row = load(session, SavedFilter, filter_id, "view")
    if row.person_id != by.person or not by.can(Permission.SEE_PLAN, rollout=row.rollout_id):
        raise NotFound("view")
    return row


def _named(session: Session, rollout_id: int, name: str, by: Viewer) -> SavedFilter | None:
    own = select(SavedFilter).where(SavedFilter.person_id == by.person, SavedFilter.rollout_id == rollout_id)
    return session.exec(own.where(SavedFilter.name == name)).first()


def _demand_room(session: Session, rollout_id: int, by: Viewer) -> None:
    kept = select(func.count()).where(SavedFilter.person_id == by.person, SavedFilter.rollout_id == rollout_id)
    if session.exec(kept).one() >= MOST:
        raise Refused(f"You keep {MOST} views already. Delete one first.")


def _store(session: Session, row: SavedFilter, name: str) -> None:
    """Two forms at once may take the same name: the second is told."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:
        raise _taken(name) from error


def _taken(name: str) -> Invalid:
    return Invalid({"name": f"You have a view called {name} already. Choose another name."})


def _recorded(session: Session, verb: str, row: SavedFilter, by: Viewer, now: datetime) -> SavedFilter:
    """One's own affair: recorded on the person, for nobody else."""
    session.flush()
    facts = {"view": row.id, "name": row.name, "query": row.query}
    record(session, f"person.view_{verb}", ("person", by.person), by=by, now=now, after=facts)
    return row
