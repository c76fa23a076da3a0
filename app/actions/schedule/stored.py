"""What is stored of a plan at some places, and whether anybody has recorded anything of it: what a replan compares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlmodel import Session, col

from app.models import (
    Answer,
    Assignment,
    Block,
    Comment,
    Completion,
    Duty,
    Evidence,
    GateDecision,
    GateRecord,
    Issue,
    MeetingAction,
    MeetingRecord,
    Occasion,
    Pin,
    Reconciliation,
    Rollout,
    Run,
    ScheduledEntry,
    SelectionChoice,
    SelectionRecord,
    Signature,
    Skip,
    Task,
)
from app.plan.terms import EntryKind
from app.rules.schedule.moves import Dates, Rows, Stored, named
from app.stored.gates import go_stands


def stored_rows(session: Session, rollout: Rollout, keys: Sequence[int], place: str, now: datetime) -> Iterator[Stored]:
    yield from _tasks(session, rollout, keys, place)
    yield from _entries(session, rollout, keys, place, now)


Row = type[Task | ScheduledEntry | Occasion]
_PLACED = ("id", "entry", "wave", "value", "title", "begins", "due", "due_at", "late_at")


def _columns(model: Row) -> list[Any]:
    return [getattr(model, name) for name in _PLACED]


def _at(model: Row, rollout: Rollout, keys: Sequence[int]) -> list[Any]:
    place = col(model.location_id).in_(keys) if keys else col(model.location_id).is_(None)
    return [col(model.rollout_id) == rollout.id, place]


def _tasks(session: Session, rollout: Rollout, keys: Sequence[int], place: str) -> Iterator[Stored]:
    finished = exists().where(Completion.task_id == Task.id) | exists().where(Skip.task_id == Task.id)  # type: ignore[arg-type]
    statement = (
        select(*_columns(Task), col(Task.owner_role), touched(), finished, col(Pin.id))
        .outerjoin(Pin, col(Pin.task_id) == col(Task.id))
        .where(*_at(Task, rollout, keys), col(Task.added).is_(False), col(Task.retired_at).is_(None))
    )
    for *common, role, used, done, pin in session.execute(statement):
        row, entry, wave, value, title, *dates = common
        fixed = pin is not None and value != ""
        key = (place, entry, wave, value)
        yield Stored(row, Rows.TASK, key, title, role, Dates(*dates), bool(done), bool(used), fixed)


def touched() -> ColumnElement[bool]:
    """Somebody has recorded anything of a task, or refers to it: another text or another day is no such thing."""
    referring: tuple[Any, ...] = (
        Assignment.task_id, Pin.task_id, Block.task_id, Block.waits_for_task, Comment.task_id, Completion.task_id,
        Skip.task_id, Answer.task_id, Evidence.task_id, Signature.task_id, Issue.task_id, MeetingAction.task_id,
    )  # fmt: skip
    return or_(col(Task.begun), *(exists().where(column == col(Task.id)).correlate(Task) for column in referring))


def recorded() -> ColumnElement[bool]:
    """Somebody has recorded something of an occasion."""
    keys: tuple[Any, ...] = (Reconciliation.occasion_id, MeetingRecord.occasion_id)
    return or_(*(exists().where(column == col(Occasion.id)) for column in keys))


def begun() -> ColumnElement[bool]:
    """Somebody has recorded something of a gate, a runbook or a selection."""
    keys: tuple[Any, ...] = (GateRecord.dated_id, Run.dated_id, SelectionRecord.dated_id)
    return or_(*(exists().where(column == col(ScheduledEntry.id)) for column in keys))


def _entries(session: Session, rollout: Rollout, keys: Sequence[int], place: str, now: datetime) -> Iterator[Stored]:
    """A gate is over while a go stands, a runbook once a live run of it has finished; a selection once its set is
    chosen or its time is over, as all else is. So a review that was held is not moved; one that was deferred is, and
    so is a runbook whose night is put off, however late that is said.
    """
    goes_on = exists().where(
        col(GateRecord.dated_id) == col(ScheduledEntry.id),
        col(GateDecision.record_id) == col(GateRecord.id),
        go_stands(now),
    )
    ran = exists().where(
        col(Run.dated_id) == col(ScheduledEntry.id), col(Run.live).is_(True), col(Run.outcome) == "finished"
    )
    chosen = exists().where(
        col(SelectionRecord.dated_id) == col(ScheduledEntry.id),
        col(SelectionChoice.record_id) == col(SelectionRecord.id),
        col(SelectionChoice.replaced_at).is_(None),
        col(SelectionChoice.settled_at).is_not(None),
    )
    columns = (*_columns(ScheduledEntry), col(ScheduledEntry.kind), goes_on | ran | chosen, begun())
    for *common, kind, done, held in session.execute(select(*columns).where(*_at(ScheduledEntry, rollout, keys))):
        row, entry, wave, value, title, *dates = common
        stands = Dates(*dates)
        past = stands.late_at is not None and stands.late_at <= now
        over = bool(done) or (past and kind not in (EntryKind.GATE, EntryKind.RUNBOOK))
        key = (place, entry, wave, value)
        # What the plan no longer has stays in the history once its hour has passed.
        yield Stored(row, Rows.ENTRY, key, title, "", stands, over, over or past or bool(held), False)


def stored_occasions(
    session: Session, rollout: Rollout, keys: Sequence[int], place: str, now: datetime
) -> Iterator[Stored]:
    """What is over stays, and so does what somebody has recorded anything of: the rest goes with its day.

    Cover and catching up are stretches: they are over when they end, and what is planned inside moves with nobody.
    """
    planned = exists().where(Duty.occasion_id == Occasion.id)  # type: ignore[arg-type]
    statement = select(*_columns(Occasion), col(Occasion.kind), recorded(), planned).where(
        *_at(Occasion, rollout, keys)
    )
    for *common, kind, kept, manned in session.execute(statement):
        row, entry, wave, value, title, *dates = common
        stands = Dates(*dates)
        over = bool(kept) or (stands.late_at is not None and stands.late_at <= now)
        key = (place, named(entry, kind), wave, value)
        yield Stored(row, Rows.OCCASION, key, title, "", stands, over, over or bool(manned), False)
