"""Worksheets of a period: the hours of each radiologist, put, replaced and removed; what stood before is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.actions import texts
from app.actions.loading import key_of, load
from app.actions.productivity.opening import OpenPeriod, changed, open_period
from app.errors import Invalid, NotFound, Refused
from app.models import Worksheet, WorksheetLine
from app.rules.people.access import Viewer
from app.rules.productivity.figures import Sheet, sheet_faults
from app.stored.productivity import Sheets, standing_sheets

NAME_LIMIT: Final = 120
NOTE_LIMIT: Final = 200
MOST_LINES: Final = 40
MOST_SHEETS: Final = 500


def put_worksheet(
    session: Session,
    period_id: int,
    sheet: Sheet,
    *,
    worksheet_id: int | None = None,
    seen: int | None,
    by: Viewer,
    now: datetime,
) -> Worksheet:
    """Put a worksheet, in the place of the one of that id if one is given. The same again is quiet.

    Raises NotFound, Forbidden, Refused, Stale, and Invalid with the fields of `sheet_faults`, `name` and `note-<n>`.
    """
    opened = open_period(session, period_id, by=by)
    standing = _standing(session, period_id)
    checked = _checked(sheet)
    old = _one_of(standing, worksheet_id) if worksheet_id is not None else None
    same = next((row for row, known in standing if known == checked and old in (None, row)), None)
    if same is not None:
        return same
    opened = open_period(session, period_id, by=by, seen=seen)
    if any(known.name == checked.name and row is not old for row, known in standing):
        raise Invalid({"name": "There is a worksheet with this name already."})
    if len(standing) >= MOST_SHEETS and old is None:
        raise Invalid({"name": f"At most {MOST_SHEETS} worksheets in one period."})
    position = old.position if old else 1 + max((row.position for row, _ in standing), default=0)
    if old is not None:
        _replace(session, old, now)
    row = _store(session, opened, position, checked, by, now)
    verb, before = ("worksheet_put", None) if old is None else ("worksheet_replaced", {"worksheet": old.id})
    changed(session, opened, verb, by=by, now=now, before=before, after={"worksheet": row.id})
    return row


def put_worksheets(
    session: Session, period_id: int, sheets: Sequence[Sheet], *, seen: int | None, by: Viewer, now: datetime
) -> list[Worksheet]:
    """Put these worksheets in the place of all that stand, all or none. The same again is quiet. Raises as
    `put_worksheet`; of several faulty ones the first is told.
    """
    opened = open_period(session, period_id, by=by)
    checked = [_checked(one) for one in sheets]
    if len({one.name for one in checked}) != len(checked) or len(checked) > MOST_SHEETS:
        raise Invalid({"name": f"Each radiologist once, and at most {MOST_SHEETS} of them."})
    standing = _standing(session, period_id)
    if [known for _, known in standing] == checked:
        return [row for row, _ in standing]
    opened = open_period(session, period_id, by=by, seen=seen)
    for row, _ in standing:
        _replace(session, row, now)
    rows = [_store(session, opened, number, one, by, now) for number, one in enumerate(checked, start=1)]
    before = {"worksheets": len(standing)}
    changed(session, opened, "worksheets_put", by=by, now=now, before=before, after={"worksheets": len(rows)})
    return rows


def remove_worksheet(
    session: Session, period_id: int, worksheet_id: int, *, seen: int | None, by: Viewer, now: datetime
) -> None:
    """Take a worksheet away. Gone already is quiet. Raises NotFound, Forbidden, Refused and Stale."""
    open_period(session, period_id, by=by)
    row = load(session, Worksheet, worksheet_id, "worksheet")
    if row.period_id != period_id:
        raise NotFound("worksheet")
    if row.replaced_at is not None:
        return
    opened = open_period(session, period_id, by=by, seen=seen)
    _replace(session, row, now)
    changed(session, opened, "worksheet_removed", by=by, now=now, before={"worksheet": worksheet_id})


def _standing(session: Session, period_id: int) -> Sheets:
    return standing_sheets(session, [period_id]).get(period_id, [])


def _one_of(standing: Sheets, worksheet_id: int) -> Worksheet:
    found = next((row for row, _ in standing if row.id == worksheet_id), None)
    if found is None:
        raise Refused("This worksheet was replaced or removed in the meantime. Open it again.")
    return found


def _checked(sheet: Sheet) -> Sheet:
    name = texts.one_line("name", sheet.name, NAME_LIMIT)
    faults = sheet_faults(sheet)
    if len(sheet.lines) > MOST_LINES:
        faults["lines"] = f"At most {MOST_LINES} lines."
    lines = []
    for number, line in enumerate(sheet.lines):
        try:
            field = f"note-{number}"
            note = texts.one_line(field, line.note, NOTE_LIMIT) if line.note.strip() else ""
            lines.append(replace(line, note=note))
        except Invalid as fault:
            faults |= fault.fields
    if faults:
        raise Invalid(faults)
    return replace(sheet, name=name, lines=tuple(lines))


def _replace(session: Session, row: Worksheet, now: datetime) -> None:
    row.replaced_at = now
    session.add(row)
    session.flush()


def _store(session: Session, opened: OpenPeriod, position: int, sheet: Sheet, by: Viewer, now: datetime) -> Worksheet:
    row = Worksheet(
        period_id=opened.id, position=position, name=sheet.name, weekly=sheet.weekly, worked=sheet.worked,
        by_id=by.person, at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(
        WorksheetLine(
            worksheet_id=key_of(row), position=number, kind=line.kind.value, times=line.times, hours=line.hours,
            shared_by=line.shared_by, within=line.within, note=line.note,
        )
        for number, line in enumerate(sheet.lines)
    )  # fmt: skip
    session.flush()
    return row
