"""Procedures of a period from a file: brought and shown first, then counted in the place of those before, or left out.

The file is read before the transaction of the change, which it would hold up: a year of lines takes seconds.
"""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO

from sqlalchemy import insert
from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.loading import key_of, load
from app.actions.productivity.opening import OpenPeriod, changed, open_period
from app.actions.productivity.reading import faults_as_kept, read_by
from app.actions.productivity.sums import sum_up
from app.errors import Invalid, NotFound, Refused
from app.models import ProcedureCount, ProcedureUpload
from app.rules.people.access import Viewer
from app.rules.productivity.procedures import Procedures, read_procedures
from app.stored.productivity import counted_uploads


def read_procedure_file(file: BinaryIO) -> Procedures:
    """The procedures of a file. Raises Invalid for `file`: unreadable, without its head, without any good line."""
    found = read_by(read_procedures, file)
    if not found.quantities and not found.other:
        first = f" Row {found.faults[0].row}: {found.faults[0].said}." if found.faults else ""
        raise Invalid({"file": f"No line of this file can be counted.{first}"})
    return found


def bring_procedures(
    session: Session, period_id: int, read: Procedures, *, file_name: str, sha256: str, by: Viewer, now: datetime
) -> ProcedureUpload:
    """Keep what was read, to be looked at: nothing of it counts yet. What was brought before and not counted is left
    out. The file that is shown, or counts, is quiet. Raises NotFound, Forbidden and Refused.
    """
    opened = open_period(session, period_id, by=by)
    standing = session.exec(
        select(ProcedureUpload)
        .where(ProcedureUpload.period_id == period_id, col(ProcedureUpload.replaced_at).is_(None))
        .order_by(col(ProcedureUpload.id).desc())
    ).all()
    same = next((row for row in standing if row.sha256 == sha256), None)
    if same is not None:
        return same
    for row in standing:
        if row.counted_at is None:
            _put_aside(session, row, now)
    kept = _store(session, opened, read, texts.file_name(file_name), sha256, by, now)
    after = {"upload": kept.id, "lines": kept.lines, "faulty": kept.faulty}
    changed(session, opened, "procedures_brought", by=by, now=now, after=after)
    return kept


def _store(
    session: Session, opened: OpenPeriod, read: Procedures, file_name: str, sha256: str, by: Viewer, now: datetime
) -> ProcedureUpload:
    row = ProcedureUpload(
        period_id=opened.id, file_name=file_name, sha256=sha256, lines=read.lines, technical=read.technical,
        codes=len(read.quantities), procedures=read.total, other=read.other, other_rvu=read.other_rvu,
        faulty=read.faulty, faults=faults_as_kept(read.faults), by_id=by.person, at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    key = key_of(row)
    counts = [{"upload_id": key, "code": code, "quantity": number} for code, number in read.quantities.items()]
    if counts:
        session.connection().execute(insert(ProcedureCount), counts)
    return row


def count_procedures(
    session: Session, upload_id: int, *, seen: int | None, by: Viewer, now: datetime
) -> ProcedureUpload:
    """The file counts from now on, in the place of the one before. Counted already is quiet.

    Raises NotFound, Forbidden, Refused (also for one that was left out) and Stale.
    """
    opened, row = _upload(session, upload_id, by)
    if row.replaced_at is not None:
        raise Refused("This file was left out, or another one was brought since.")
    if row.counted_at is not None:
        return row
    opened = open_period(session, opened.id, by=by, seen=seen)
    before = counted_uploads(session, [opened.id]).get(opened.id)
    if before is not None:
        _put_aside(session, before, now)
    row.counted_at, row.counted_by = now, by.person
    session.add(row)
    sum_up(session, opened.row)
    changed(
        session, opened, "procedures_counted", by=by, now=now, before={"upload": before.id} if before else None,
        after={"upload": row.id},
    )  # fmt: skip
    return row


def put_procedures(
    session: Session, period_id: int, read: Procedures, *, file_name: str, sha256: str, seen: int | None, by: Viewer,
    now: datetime,
) -> ProcedureUpload:  # fmt: skip
    """Bring procedures and count them at once: for a program, which has nothing to look at. The same again is quiet.

    Raises NotFound, Forbidden, Refused and Stale.
    """
    opened = open_period(session, period_id, by=by)
    counted = counted_uploads(session, [opened.id]).get(opened.id)
    if counted is not None and counted.sha256 == sha256:
        return counted
    open_period(session, period_id, by=by, seen=seen)
    row = bring_procedures(session, period_id, read, file_name=file_name, sha256=sha256, by=by, now=now)
    return count_procedures(session, key_of(row), seen=None, by=by, now=now)


def leave_out_procedures(session: Session, upload_id: int, *, by: Viewer, now: datetime) -> None:
    """A file that is shown is left out; one that counts, counts no more. Left out already is quiet.

    Raises NotFound, Forbidden and Refused.
    """
    opened, row = _upload(session, upload_id, by)
    if row.replaced_at is not None:
        return
    _put_aside(session, row, now)
    sum_up(session, opened.row)
    changed(session, opened, "procedures_left_out", by=by, now=now, before={"upload": row.id})


def _upload(session: Session, upload_id: int, by: Viewer) -> tuple[OpenPeriod, ProcedureUpload]:
    """A file and its period, both locked."""
    row = load(session, ProcedureUpload, upload_id, "file of procedures")
    try:
        opened = open_period(session, row.period_id, by=by)
    except NotFound:
        raise NotFound("file of procedures") from None
    return opened, row


def _put_aside(session: Session, row: ProcedureUpload, now: datetime) -> None:
    row.replaced_at = now
    session.add(row)
    session.flush()
