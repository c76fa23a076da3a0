"""The lessons of a rollout, those that wait first, within what the reader may know. The number of queries is fixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlmodel import Session, col, select

from app.models import Lesson, Proposal
from app.queries.people import ELSEWHERE, Holders, holders
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.lessons.filtering import NETWORK, LessonFilter
from app.rules.lessons.standing import Outcome, State, reads, state_of
from app.rules.people.access import Viewer


@dataclass(frozen=True)
class LessonLine:
    """One lesson. `said` is empty for whoever may not read it there; no `place` and not `elsewhere`: of the whole
    network; `proposal` is the key and the number of the one that carries it.
    """

    id: int
    number: int
    said: str
    state: State
    place: PlaceFacts | None
    elsewhere: bool
    zone: str
    subject: str
    subject_id: int | None
    by_id: int
    by: str
    at: datetime
    proposal: tuple[int, int] | None
    told_at: datetime | None
    version: int


@dataclass(frozen=True)
class LessonsPage:
    """One page of the list, of `total` that the filter picks; `sums` count everything that the reader may know of."""

    lines: tuple[LessonLine, ...]
    total: int
    sums: dict[State, int]


def lessons_page(
    session: Session, rollout: RolloutFacts, viewer: Viewer, wanted: LessonFilter, offset: int, size: int, now: datetime
) -> LessonsPage:
    """The lessons that a filter picks: those that wait first, then the newest."""
    sums = sums_of(session, rollout, viewer)
    only = [*seen(rollout, viewer), *picked(rollout, wanted)]
    counted = select(func.count()).select_from(Lesson).outerjoin(Proposal, _CARRIED).where(*only)
    total = session.exec(counted).one()
    statement = select(Lesson, Proposal).outerjoin(Proposal, _CARRIED).where(*only).order_by(*_ORDER)
    found = session.exec(statement.offset(offset).limit(size)).all() if total else ()
    return LessonsPage(lines_of(session, rollout, viewer, found, now), total, sums)


def lessons_after(
    session: Session, rollout: RolloutFacts, viewer: Viewer, wanted: LessonFilter, after: int, limit: int, now: datetime
) -> tuple[LessonLine, ...]:
    """At most `limit` lessons with a key above `after`, in the order of their keys."""
    only = [*seen(rollout, viewer), *picked(rollout, wanted), col(Lesson.id) > after]
    statement = select(Lesson, Proposal).outerjoin(Proposal, _CARRIED).where(*only)
    found = session.exec(statement.order_by(col(Lesson.id)).limit(limit)).all()
    return lines_of(session, rollout, viewer, found, now) if found else ()


_CARRIED: Any = col(Proposal.id) == col(Lesson.proposal_id)
_ORDER: Any = (
    case((col(Lesson.outcome) == "", 0), (col(Proposal.outcome) == "", 1), else_=2),
    col(Lesson.id).desc(),
)


def seen(rollout: RolloutFacts, viewer: Viewer) -> Iterator[ColumnElement[bool]]:
    """Of this rollout, and at a location that the reader may see, or passed on to everybody."""
    yield col(Lesson.rollout_id) == rollout.id
    extent = viewer.locations(rollout.id)
    if not extent.everywhere:
        place = col(Lesson.location_id)
        yield or_(place.is_(None), place.in_(extent.ids), col(Lesson.told_at).is_not(None))


def picked(rollout: RolloutFacts, wanted: LessonFilter) -> Iterator[ColumnElement[bool]]:
    """What a filter leaves."""
    if wanted.state:
        yield _in_state(State(wanted.state))
    if wanted.location == NETWORK:
        yield col(Lesson.location_id).is_(None)
    elif wanted.location:
        places = (*rollout.locations, *rollout.left)
        yield col(Lesson.location_id).in_([place.id for place in places if place.slug == wanted.location])


def _in_state(state: State) -> ColumnElement[bool]:
    if state is State.WAITING:
        return col(Lesson.outcome) == ""
    if state in (State.NOTED, State.DISMISSED):
        return col(Lesson.outcome) == state.value
    decided = "" if state is State.PROPOSED else state.value
    return and_(col(Lesson.outcome) == Outcome.PROPOSED, col(Proposal.outcome) == decided)


def sums_of(session: Session, rollout: RolloutFacts, viewer: Viewer) -> dict[State, int]:
    """How many lessons there are in each state. One query."""
    statement = (
        select(Lesson.outcome, Proposal.outcome, func.count())
        .outerjoin(Proposal, _CARRIED)
        .where(*seen(rollout, viewer))
        .group_by(col(Lesson.outcome), col(Proposal.outcome))
    )
    sums = dict.fromkeys(State, 0)
    for outcome, decided, number in session.exec(statement):
        sums[state_of(outcome, decided or "")] += number
    return sums


def lines_of(
    session: Session, rollout: RolloutFacts, viewer: Viewer, found: Sequence[tuple[Lesson, Proposal | None]],
    now: datetime,
) -> tuple[LessonLine, ...]:  # fmt: skip
    """Stored lessons as lines."""
    people = holders(session, rollout.id, viewer.locations(rollout.id), now)
    return tuple(_line(rollout, viewer, lesson, proposal, people) for lesson, proposal in found)


def _line(
    rollout: RolloutFacts, viewer: Viewer, lesson: Lesson, proposal: Proposal | None, people: Holders
) -> LessonLine:
    place = rollout.location(lesson.location_id)
    told = lesson.told_at is not None
    return LessonLine(
        id=lesson.id or 0,
        number=lesson.number,
        said=lesson.said if reads(viewer, rollout.id, lesson.location_id, told) else "",
        state=state_of(lesson.outcome, proposal.outcome if proposal else ""),
        place=place,
        elsewhere=lesson.location_id is not None and place is None,
        zone=place.zone if place else rollout.zone,
        subject=lesson.subject_kind if place or lesson.location_id is None else "",
        subject_id=lesson.subject_id if place or lesson.location_id is None else None,
        by_id=lesson.by_id if lesson.by_id in people.known() else 0,
        by=people.known().get(lesson.by_id, ELSEWHERE),
        at=lesson.at,
        proposal=(proposal.id or 0, proposal.number) if proposal else None,
        told_at=lesson.told_at,
        version=lesson.version,
    )
