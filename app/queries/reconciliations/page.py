"""One day whole: what is compared, what was counted and by whom, what hangs on it, and what the reader may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import (
    Issue,
    Occasion,
    Reconciliation,
    ReconciliationCount,
    ReconciliationFile,
    ReconciliationReturn,
    Rollout,
)
from app.plan.format.rhythm import Reconciliation as Asked
from app.plan.terms import Recurring
from app.queries.attached import readable_file
from app.queries.events import HistoryLine, history
from app.queries.people import Naming, holders, names_of
from app.queries.reconciliations.rows import DayRow, day_rows
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.rules.people.access import Permission, Viewer
from app.rules.reconciliations.access import may_check, may_close, may_count, may_read, may_reopen
from app.rules.reconciliations.days import DayState
from app.stored import playbook_of

Row = TypeVar("Row")
SUBJECT = "reconciliation"
"""What its events speak of, by the key of the occasion."""


@dataclass(frozen=True)
class Rights:
    """What the reader may do with the day as it stands. `counted_it`: it cannot be closed by the reader, who counted
    some of it.
    """

    count: bool = False
    hand_in: bool = False
    close: bool = False
    send_back: bool = False
    reopen: bool = False
    attach: bool = False
    redact: bool = False
    counted_it: bool = False


@dataclass(frozen=True)
class DayPage(Naming):
    """Everything the page of a day shows. `counts` are those that stand, by line, `replaced` those before them; what
    people wrote only where `detail` says that the reader may read it. `names` are people by key, `issues` numbers and
    keys of issues by the key.
    """

    reader: int
    rollout: RolloutFacts
    row: DayRow
    asked: Asked
    counts: Mapping[str, ReconciliationCount]
    replaced: tuple[ReconciliationCount, ...]
    files: tuple[ReconciliationFile, ...]
    returns: tuple[ReconciliationReturn, ...]
    names: Mapping[int, str]
    issues: Mapping[int, int]
    history: tuple[HistoryLine, ...]
    detail: bool
    rights: Rights
    who: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def place(self) -> PlaceFacts | None:
        return self.row.place

    @property
    def zone(self) -> str:
        return self.row.zone


def seen_day(session: Session, occasion_id: int, viewer: Viewer) -> Occasion:
    """The occasion of a day. Raises NotFound for none, and for one at a location that the person may not see."""
    found = session.get(Occasion, occasion_id)
    if found is None or found.kind != Recurring.RECONCILIATION:
        raise NotFound("day to reconcile")
    if not viewer.can(Permission.SEE_PLAN, rollout=found.rollout_id, location=found.location_id):
        raise NotFound("day to reconcile")
    return found


def day_page(session: Session, occasion_id: int, viewer: Viewer, now: datetime) -> DayPage:
    """The page of a day. The number of queries is fixed. Raises NotFound."""
    occasion = seen_day(session, occasion_id, viewer)
    extent = viewer.locations(occasion.rollout_id)
    rollout = facts_of(session, session.get_one(Rollout, occasion.rollout_id)).within(extent)
    at = rollout.as_of(now)
    (row,) = day_rows(session, rollout, at, col(Occasion.id) == occasion_id)
    asked = asked_of(session, rollout, occasion, row)
    place: dict[str, Any] = {"rollout": rollout.id, "location": occasion.location_id}
    detail = may_read(viewer, asked, place)
    counts = _of(session, ReconciliationCount, row.record)
    standing = {one.line: one for one in counts if one.replaced_at is None}
    files = tuple(one for one in _of(session, ReconciliationFile, row.record) if one.removed_at is None)
    returns = _of(session, ReconciliationReturn, row.record)
    people = holders(session, rollout.id, extent, at)
    involved = [row.counted_by, row.reviewed_by, *(one.by_id for rows in (counts, files, returns) for one in rows)]
    hand = viewer if rollout.state == "running" else viewer.reading()
    owner, verify = ((who.roles if who else ()) for who in (asked.owner, asked.verify or asked.owner))
    return DayPage(
        reader=viewer.person,
        rollout=rollout,
        row=row,
        asked=asked,
        counts=standing,
        replaced=tuple(one for one in counts if one.replaced_at is not None),
        files=files if detail else (),
        returns=returns,
        names=names_of(session, involved, people.known()),
        issues=_issues(session, [row.issue, *(one.issue_id for one in standing.values())]),
        history=tuple(history(session, SUBJECT, occasion_id)),
        detail=detail,
        rights=rights(hand, row, asked, place, standing),
        who=(people.names(owner, occasion.location_id), people.names(verify, occasion.location_id)),
    )


def asked_of(session: Session, rollout: RolloutFacts, occasion: Occasion, row: DayRow) -> Asked:
    """What is compared that day: by the version under which its record began, else by the one that it stands under.
    Raises NotFound where that has no such entry.
    """
    book = rollout.book_of(occasion)
    if row.record is not None:
        version = select(Reconciliation.playbook_version_id).where(Reconciliation.id == row.record)
        book = playbook_of(session, session.exec(version).one())
    if occasion.entry not in book.reconciliation:
        raise NotFound("day to reconcile")
    return book.reconciliation[occasion.entry]


def rights(
    hand: Viewer, row: DayRow, asked: Asked, place: dict[str, Any], counts: Mapping[str, ReconciliationCount]
) -> Rights:
    """What somebody may do with the day now, as the actions decide."""
    gone = row.place is not None and (row.place.left_at is not None or not row.place.planned)
    if row.state is DayState.AHEAD or gone:
        return Rights()
    handed_in, closed = row.facts.counted_at is not None, row.facts.reviewed_at is not None
    counters = {one.by_id for one in counts.values()} | ({row.counted_by} if row.counted_by else set())
    counts_it, checks = may_count(hand, asked, place), may_check(hand, asked, place)
    closes = may_close(hand, asked, place, counters)
    return Rights(
        count=counts_it and not closed,
        hand_in=counts_it and not handed_in,
        close=closes and handed_in and not closed,
        send_back=closes and handed_in and not closed,
        reopen=closed and may_reopen(hand, place),
        attach=(counts_it or checks) and not closed,
        redact=counts_it or checks,
        counted_it=checks and not closes and handed_in and not closed,
    )


def _of(session: Session, model: type[Row], record: int | None) -> tuple[Row, ...]:
    """The rows that hang on a record, in the order in which they were written."""
    table: Any = model
    return tuple(session.exec(select(table).where(table.reconciliation_id == (record or 0)).order_by(table.id)).all())


def _issues(session: Session, ids: Iterable[int | None]) -> dict[int, int]:
    wanted = {one for one in ids if one is not None}
    found = session.exec(select(Issue.id, Issue.number).where(col(Issue.id).in_(wanted)))
    return {id_ or 0: number for id_, number in found}


def file_of(session: Session, occasion_id: int, file_id: int, viewer: Viewer, now: datetime) -> ReconciliationFile:
    """A file of a day. Raises NotFound, also for one taken away, and Forbidden for who may not read it."""
    page = day_page(session, occasion_id, viewer, now)
    return readable_file(page.files, file_id, page.detail, "day")
