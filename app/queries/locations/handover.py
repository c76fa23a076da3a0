"""What a location is handed over with: what its last gate left open, and what comes next. The number of queries is
fixed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, func, select

from app.models import GateCondition, GateRecord, Issue, Person, SameIssue, ScheduledEntry, Task
from app.queries.gates.issues import nobodys
from app.queries.issues.list import IssueLine, issues_at, seen
from app.queries.locations.page import sketch_at
from app.queries.rollouts.board import Board
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.tasks.alone import is_open
from app.queries.tasks.counted import Counted, states_among
from app.queries.tasks.rows import rows_by_due
from app.rules.gates.handover import Phase, phase_after
from app.rules.gates.voting import Outcome
from app.rules.people.access import Extent
from app.rules.schedule.dated import UNDATABLE
from app.stored.handovers import handed_over

SHOWN: Final = 8


@dataclass(frozen=True)
class OpenCondition:
    """A condition or waiver (of `criterion`) that a gate of the location still carries, with who answers for it."""

    gate: str
    dated: int
    criterion: str
    what: str
    owner: str
    until: datetime


@dataclass(frozen=True)
class Handover:
    """A location that was handed over: by which gate (its key in the schedule, its title and its day), when and by
    whom; the phase that it goes into, the milestones of the network that are ahead of it, and what it takes along. Of
    `open_issues` the first are listed (`loose`: the keys of those that nobody took or was given), and of what is to be
    done after the day of the gate everything that is open, by its day.
    """

    dated: int
    title: str
    day: date
    outcome: Outcome
    at: datetime
    by: str
    phase: Phase | None
    milestones: tuple[tuple[str, date], ...]
    conditions: tuple[OpenCondition, ...]
    open_issues: int
    issues: tuple[IssueLine, ...]
    loose: frozenset[int]
    tasks: tuple[Counted, ...]


def handover(
    session: Session, rollout: RolloutFacts, place: PlaceFacts, extent: Extent, board: Board, now: datetime
) -> Handover | None:
    """The handover of a location as somebody sees it who sees `extent`; None before it, and once its go fell."""
    found = handed_over(session, rollout.book_at(place.id), place.id, place.zone, place.cutover_at, now)
    if found is None or found.dated.due is None:
        return None
    dated, decision, here, day = found.dated, found.decision, _here(place), found.dated.due
    issues = issues_at(session, rollout, extent, now, here, SHOWN)
    return Handover(
        dated=dated.id or 0,
        title=dated.title,
        day=day,
        outcome=Outcome(decision.outcome),
        at=decision.at,
        by=decision.name,
        phase=phase_at(rollout, place, day, now),
        milestones=_milestones(session, rollout, day),
        conditions=_conditions(session, place, now),
        open_issues=_number(session, rollout, extent, here),
        issues=issues,
        loose=_loose(session, issues),
        tasks=tuple(_tasks(session, rollout, place, board, day, now)),
    )


def _number(session: Session, rollout: RolloutFacts, extent: Extent, here: ColumnElement[bool]) -> int:
    unsolved = (*seen(rollout, extent), col(Issue.resolved_at).is_(None), here)
    return session.exec(select(func.count()).select_from(Issue).where(*unsolved)).one()


def _here(place: PlaceFacts) -> ColumnElement[bool]:
    """Reported there, or there too."""
    too = select(col(SameIssue.issue_id)).where(col(SameIssue.location_id) == place.id)
    return or_(col(Issue.location_id) == place.id, col(Issue.id).in_(too))


def _loose(session: Session, issues: Sequence[IssueLine]) -> frozenset[int]:
    found = session.exec(select(Issue.id).where(col(Issue.id).in_([one.id for one in issues]), nobodys()))
    return frozenset(key or 0 for key in found)


def phase_at(rollout: RolloutFacts, place: PlaceFacts, day: date, now: datetime) -> Phase | None:
    """The phase that a location goes into after the day of its last gate."""
    if rollout.start is None or place.cutover is None:
        return None
    return phase_after(_phases(rollout, place, rollout.start), place.cutover.date(), day, place.today(now))


def _phases(rollout: RolloutFacts, place: PlaceFacts, start: date) -> Iterator[Phase]:
    """The phases of the playbook as they are dated there; one without a day is none."""
    timeline = sketch_at(rollout, place, start)
    spot = timeline.sites[place.slug].spot
    for one in rollout.book_at(place.id).phases.values():
        try:
            days = timeline.span(one.when, spot)
        except UNDATABLE:
            continue
        if days is not None:
            yield Phase(one.title, *days)


def _milestones(session: Session, rollout: RolloutFacts, after: date) -> tuple[tuple[str, date], ...]:
    """Those of the whole network after a day, in order."""
    row = ScheduledEntry
    found = session.exec(
        select(row)
        .where(row.rollout_id == rollout.id, row.kind == "milestone", col(row.due) > after)
        .where(col(row.location_id).is_(None), row.wave == "")
        .order_by(col(row.due), col(row.position), col(row.id))
    )
    return tuple((one.title, one.due) for one in found if one.due is not None)


def _conditions(session: Session, place: PlaceFacts, now: datetime) -> tuple[OpenCondition, ...]:
    """What any gate of the location was let pass with, and what is neither met nor over."""
    found = session.exec(
        select(GateCondition, GateRecord.gate, GateRecord.dated_id, Person.name)
        .join(GateRecord, col(GateRecord.id) == col(GateCondition.record_id))
        .join(Person, col(Person.id) == col(GateCondition.owner_id))
        .where(
            GateRecord.location_id == place.id,
            col(GateCondition.accepted_at).is_not(None),
            col(GateCondition.met_at).is_(None),
            col(GateCondition.expired_at).is_(None),
            col(GateCondition.expires_at) > now,
        )
        .order_by(col(GateCondition.expires_at), col(GateCondition.id))
    )
    return tuple(
        OpenCondition(gate, dated, row.criterion, row.what, owner, row.expires_at) for row, gate, dated, owner in found
    )


def _tasks(
    session: Session, rollout: RolloutFacts, place: PlaceFacts, board: Board, after: date, now: datetime
) -> list[Counted]:
    """What is open there and due after a day: its own, its wave's, the network's."""
    meant = or_(col(Task.location_id) == place.id, col(Task.wave).in_(("", place.wave)))
    rows = rows_by_due(session, rollout.id, {place.id}, is_open(), meant, col(Task.due) > after)
    return states_among(rows, rollout, board.standing.waits, now)
