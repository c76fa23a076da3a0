"""The worksheets and the files of procedures that count."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlmodel import Session, col, select

from app.models import ProcedureUpload, Worksheet, WorksheetLine
from app.rules.productivity.figures import Sheet
from app.rules.productivity.hours import HourKind, HoursLine

Sheets = list[tuple[Worksheet, Sheet]]


def standing_sheets(session: Session, periods: Collection[int]) -> dict[int, Sheets]:
    """By period its worksheets in their order, each with what the rules take."""
    standing: tuple[Any, ...] = (col(Worksheet.period_id).in_(periods), col(Worksheet.replaced_at).is_(None))
    rows = session.exec(select(Worksheet).where(*standing).order_by(col(Worksheet.position))).all()
    lines: dict[int, list[HoursLine]] = {}
    of_lines = select(WorksheetLine).join(Worksheet, col(Worksheet.id) == WorksheetLine.worksheet_id).where(*standing)
    for line in session.exec(of_lines.order_by(col(WorksheetLine.worksheet_id), col(WorksheetLine.position))):
        lines.setdefault(line.worksheet_id, []).append(
            HoursLine(HourKind(line.kind), line.times, line.hours, line.shared_by, line.within, line.note)
        )
    found: dict[int, Sheets] = {}
    for row in rows:
        sheet = Sheet(row.name, row.weekly, row.worked, tuple(lines.get(row.id or 0, ())))
        found.setdefault(row.period_id, []).append((row, sheet))
    return found


def counted_uploads(session: Session, periods: Collection[int]) -> dict[int, ProcedureUpload]:
    """By period the file of procedures that counts."""
    rows = select(ProcedureUpload).where(
        col(ProcedureUpload.period_id).in_(periods),
        col(ProcedureUpload.counted_at).is_not(None),
        col(ProcedureUpload.replaced_at).is_(None),
    )
    return {row.period_id: row for row in session.exec(rows)}
