"""The plan's filters as conditions of the database, but for the state, which hangs on other tasks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from app.models import Task
from app.queries.people import Holders
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.ownership import mine, owned_by, roles_own, unheld, unowned
from app.rules.people.access import Viewer
from app.rules.tasks.filtering import ME, NONE, SHARED, UNOWNED, PlanFilter


@dataclass(frozen=True)
class Reader:
    """Who reads the plan, and whom it may name: what the filter by person asks for."""

    viewer: Viewer
    people: Holders


def picked(
    session: Session, rollout: RolloutFacts, wanted: PlanFilter, reader: Reader | None, now: datetime
) -> Iterator[ColumnElement[bool]]:
    """What the filters let through. Unknown words match nothing, nor does a person without a `reader`."""
    if wanted.location:
        yield _at(rollout, wanted.location)
    if wanted.wave:
        yield _in_wave(rollout, wanted.wave)
    if wanted.workstream:
        yield _labelled(col(Task.workstream), wanted.workstream)
    if wanted.phase:
        yield _labelled(col(Task.phase), wanted.phase)
    if wanted.role:
        yield roles_own(rollout.playbook, frozenset({wanted.role}))
    if wanted.person:
        yield _whose(rollout, wanted, reader, now) if reader else false()
    yield from _dated(rollout, wanted)
    if wanted.critical:
        yield col(Task.critical).is_(True)
    if wanted.words:
        yield col(Task.title).in_(_titles(session, rollout.id, wanted.words.casefold()))


def _labelled(column: Mapped[str], label: str) -> ColumnElement[bool]:
    return column.in_(("", NONE)) if label == NONE else column == label


def _at(rollout: RolloutFacts, slug: str) -> ColumnElement[bool]:
    ids = [place.id for place in rollout.locations if place.slug == slug]
    own = col(Task.location_id).in_(ids)
    return or_(own, col(Task.location_id).is_(None)) if slug == SHARED else own


def _in_wave(rollout: RolloutFacts, wave: str) -> ColumnElement[bool]:
    ids = [place.id for place in rollout.locations if place.wave == wave]
    return or_(col(Task.location_id).in_(ids), and_(col(Task.location_id).is_(None), col(Task.wave) == wave))


def _whose(rollout: RolloutFacts, wanted: PlanFilter, reader: Reader, now: datetime) -> ColumnElement[bool]:
    if wanted.person == ME:
        return mine(rollout, reader.viewer, now)
    if wanted.person == UNOWNED:
        return unowned(rollout, unheld(rollout, reader.people), now)
    return owned_by(rollout, reader.people, wanted.person_id, now) if wanted.person_id else false()


def _dated(rollout: RolloutFacts, wanted: PlanFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.week and rollout.start is None:
        yield false()
    elif wanted.week and rollout.start:
        begins = rollout.start + timedelta(weeks=wanted.week - 1)
        yield (col(Task.due) >= begins) & (col(Task.due) < begins + timedelta(weeks=1))
    if wanted.since:
        yield col(Task.due) >= wanted.since
    if wanted.until:
        yield col(Task.due) <= wanted.until


def _titles(session: Session, rollout_id: int, words: str) -> list[str]:
    """The titles that hold the words in any case: databases differ in what they take for the same letter."""
    found = session.execute(select(col(Task.title)).where(col(Task.rollout_id) == rollout_id).distinct())
    return [title for title in found.scalars() if words in title.casefold()]
