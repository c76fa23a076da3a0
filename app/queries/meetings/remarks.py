"""Wins and concerns: listed, and those about one thing. The number of queries is fixed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlmodel import Session, col

from app.errors import NotFound
from app.models import Remark, Rollout
from app.queries.meetings.lines import NETWORK
from app.queries.meetings.remark_lines import RemarkLine, remark_lines
from app.queries.rollouts.facts import RolloutFacts, facts_of
from app.rules.meetings.remarks import Kind, Shown
from app.rules.people.access import Permission, Viewer


@dataclass(frozen=True)
class RemarksWanted:
    """Which remarks: how they stand, and a location's id or `network`."""

    shown: Shown = Shown.OPEN
    location: str = ""


@dataclass(frozen=True)
class RemarksPage:
    """One page, of `total` that the filter picks; `open` concerns and `wins` of everything that the reader sees."""

    lines: tuple[RemarkLine, ...]
    total: int
    open: int
    wins: int


def remarks_page(
    session: Session, rollout: RolloutFacts, viewer: Viewer, wanted: RemarksWanted, offset: int, size: int
) -> RemarksPage:
    """The remarks that a filter picks: open concerns the oldest first, everything else the newest first."""
    only = (*seen(rollout), *_picked(rollout, wanted))
    total = session.execute(select(func.count()).select_from(Remark).where(*only)).scalar() or 0
    order = col(Remark.id) if wanted.shown is Shown.OPEN else col(Remark.id).desc()
    lines = remark_lines(session, rollout, viewer, only, order, offset, size)
    still = func.sum(case((_is_open(), 1), else_=0))
    wins = func.sum(case((col(Remark.kind) == Kind.WIN.value, 1), else_=0))
    sums = session.execute(select(still, wins).where(*seen(rollout))).one()
    return RemarksPage(lines, total, sums[0] or 0, sums[1] or 0)


def remarks_after(
    session: Session, rollout: RolloutFacts, viewer: Viewer, wanted: RemarksWanted, after: int, limit: int
) -> tuple[RemarkLine, ...]:
    """At most `limit` remarks with an id above `after`, in the order of their ids."""
    only = (*seen(rollout), *_picked(rollout, wanted), col(Remark.id) > after)
    return remark_lines(session, rollout, viewer, only, col(Remark.id), 0, limit)


def remarks_on(
    session: Session, rollout: RolloutFacts, viewer: Viewer, kind: str, id_: int, most: int
) -> tuple[RemarkLine, ...]:
    """The last remarks about one thing; without a kind, about a location by its key and whatever is there."""
    about = [col(Remark.subject_kind) == kind, col(Remark.subject_id) == id_] if kind else [_still_at(id_)]
    return remark_lines(session, rollout, viewer, (*seen(rollout), *about), col(Remark.id).desc(), 0, most)


def _still_at(location: int) -> ColumnElement[bool]:
    """What a location has to say now: open concerns, and wins."""
    return (col(Remark.location_id) == location) & (_is_open() | (col(Remark.kind) == Kind.WIN.value))


def one_remark(session: Session, remark_id: int, viewer: Viewer) -> tuple[RolloutFacts, RemarkLine]:
    """A remark with its rollout. Raises NotFound, also for one that was taken back."""
    row = session.get(Remark, remark_id)
    if row is None or row.withdrawn_at is not None:
        raise NotFound("remark")
    if not viewer.can(Permission.SEE_PLAN, rollout=row.rollout_id, location=row.location_id):
        raise NotFound("remark")
    whole = facts_of(session, session.get_one(Rollout, row.rollout_id))
    rollout = whole.within(viewer.locations(whole.id))
    only = (col(Remark.id) == remark_id,)
    return rollout, remark_lines(session, rollout, viewer, only, col(Remark.id), 0, 1)[0]


def seen(rollout: RolloutFacts) -> Iterator[ColumnElement[bool]]:
    """Of a rollout, and at no location but those that it holds for the reader; what was taken back is nowhere."""
    here = col(Remark.location_id)
    yield col(Remark.rollout_id) == rollout.id
    yield or_(here.is_(None), here.in_([place.id for place in (*rollout.locations, *rollout.left)]))
    yield col(Remark.withdrawn_at).is_(None)


def _is_open() -> ColumnElement[bool]:
    return (col(Remark.kind) == Kind.CONCERN.value) & col(Remark.settled_at).is_(None)


def _picked(rollout: RolloutFacts, wanted: RemarksWanted) -> Iterator[ColumnElement[bool]]:
    if wanted.shown is Shown.OPEN:
        yield _is_open()
    elif wanted.shown is Shown.WINS:
        yield col(Remark.kind) == Kind.WIN.value
    elif wanted.shown is Shown.SETTLED:
        yield col(Remark.settled_at).is_not(None)
    if wanted.location == NETWORK:
        yield col(Remark.location_id).is_(None)
    elif wanted.location:
        places = (*rollout.locations, *rollout.left)
        yield col(Remark.location_id).in_([place.id for place in places if place.slug == wanted.location])
