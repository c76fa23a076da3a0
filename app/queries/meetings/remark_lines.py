"""Wins and concerns as lines: what was said about what, as far as the reader may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from app.models import Issue, Occasion, Person, Remark, Task
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.meetings.remarks import Kind, Subject, may_read
from app.rules.people.access import Permission, Viewer


@dataclass(frozen=True)
class About:
    """The thing that a remark is about: what it is, its key, and its title (empty: it is there no more)."""

    kind: str
    id: int
    title: str


@dataclass(frozen=True)
class RemarkLine:
    """One remark. `said` and `outcome` are None for those who may not read them. `may_settle`, `own` and `may_redact`
    say what the reader may do.
    """

    id: int
    kind: Kind
    place: PlaceFacts | None
    about: About | None
    said: str | None
    by: int
    by_name: str
    at: datetime
    settled_at: datetime | None
    settled_name: str
    outcome: str | None
    redacted_at: datetime | None
    may_settle: bool
    own: bool
    may_redact: bool


def remark_lines(
    session: Session, rollout: RolloutFacts, viewer: Viewer, only: Sequence[Any], order: Any, offset: int, size: int
) -> tuple[RemarkLine, ...]:
    """The remarks for which the conditions hold. Four queries."""
    settler: Any = aliased(Person)
    statement = (
        select_rows(Remark, Person.name, settler.name)
        .join(Person, col(Person.id) == col(Remark.by_id))
        .outerjoin(settler, settler.id == col(Remark.settled_by))
        .where(*only)
    )
    rows = session.exec(statement.order_by(order).offset(offset).limit(size)).all()
    titles = _titles(session, [row for row, *_ in rows])
    return tuple(_line(rollout, viewer, row, by, settled or "", titles) for row, by, settled in rows)


def _line(
    rollout: RolloutFacts, viewer: Viewer, row: Remark, by: str, settled: str, titles: dict[tuple[str, int], str]
) -> RemarkLine:
    reads = may_read(viewer, row.rollout_id, row.location_id, row.by_id)
    place = rollout.location(row.location_id)
    hand = viewer if rollout.state == "running" and not (place and place.left_at) else viewer.reading()
    at: dict[str, Any] = {"rollout": row.rollout_id, "location": row.location_id}
    about = None
    if row.subject_kind and row.subject_id is not None:
        key = (row.subject_kind, row.subject_id)
        about = About(*key, titles.get(key, ""))
    still = row.kind == Kind.CONCERN and row.settled_at is None
    own = row.by_id == viewer.person and not hand.reads_only
    return RemarkLine(
        id=row.id or 0, kind=Kind(row.kind), place=place, about=about, said=row.said if reads else None, by=row.by_id,
        by_name=by, at=row.at, settled_at=row.settled_at, settled_name=settled,
        outcome=row.outcome if reads and row.settled_at else None, redacted_at=row.redacted_at,
        may_settle=still and hand.can(Permission.RAISE_ISSUE, **at), own=own,
        may_redact=reads and (own or hand.can(Permission.ASSIGN, **at)),
    )  # fmt: skip


def _titles(session: Session, rows: Sequence[Remark]) -> dict[tuple[str, int], str]:
    """What the remarks are about, by kind and key. Three queries."""
    found: dict[tuple[str, int], str] = {}
    for model, kinds in _MODELS:
        ids = {row.subject_id for row in rows if row.subject_kind in kinds}
        titled = session.execute(select(col(model.id), col(model.title)).where(col(model.id).in_(ids))).all()
        found |= {(kind, id_): title for kind in kinds for id_, title in titled}
    return found


_MODELS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Task, (Subject.TASK.value,)),
    (Issue, (Subject.ISSUE.value,)),
    (Occasion, (Subject.RECONCILIATION.value, Subject.MEETING.value)),
)
