"""One worksheet as a form: a new one, one like another, or one that is changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.actions.productivity.worksheets import MOST_LINES, put_worksheet
from app.errors import Invalid, NotFound
from app.queries.productivity.page import PeriodPage, period_page
from app.rules.people.access import Viewer
from app.rules.productivity.cells import figure
from app.rules.productivity.figures import WEEK, Sheet
from app.rules.productivity.hours import COUNTED, KIND_WORDS, WHOLE, HoursLine
from app.rules.productivity.worksheets import LineFault, read_line
from app.web.answers import see_other
from app.web.forms import RowId
from app.web.issues.identifiers import warned
from app.web.productivity.page import Enterer, address_of, entered, framed_period
from app.web.productivity.words import stale_words, typed
from app.web.setup.locations import Form as TypedForm
from app.web.setup.locations import Typed, version_of
from app.web.site import Db, Now
from app.web.templating import html
from app.web.told import NOTHING, Told, attempted

router = APIRouter()
EMPTY_LINES: Final = 3
COLUMNS: Final = ("kind", "times", "hours", "shared_by", "within", "note")
KINDS: Final = [
    (kind.value, f"{word} ({'counts' if kind in COUNTED else 'does not count'})") for kind, word in KIND_WORDS.items()
]


@router.get("/productivity/{period_id}/worksheets/new")
def ask_new(period_id: RowId, viewer: Enterer, session: Db, now: Now, like: int = 0) -> Response:
    """An empty worksheet, or one with the lines of another radiologist (`like`)."""
    page = entered(period_page(session, period_id, viewer))
    sheet = next((one for row, one in page.facts.sheets if row.id == like), None)
    typed_ = _of_sheet(sheet) | {"name": ""} if sheet else {"weekly": typed(page.row.full_time), "worked": "1"}
    return _sheet_page(page, viewer, now, "new", typed_)


@router.get("/productivity/{period_id}/worksheets/{worksheet_id}")
def ask(period_id: RowId, worksheet_id: RowId, viewer: Enterer, session: Db, now: Now) -> Response:
    page = entered(period_page(session, period_id, viewer))
    sheet = next((one for row, one in page.facts.sheets if row.id == worksheet_id), None)
    if sheet is None:
        raise NotFound("worksheet")
    return _sheet_page(page, viewer, now, str(worksheet_id), _of_sheet(sheet))


def _of_sheet(sheet: Sheet) -> dict[str, Any]:
    """A worksheet as it would be typed."""
    lines = [
        {"kind": line.kind.value, "times": typed(line.times), "hours": typed(line.hours),
         "shared_by": typed(line.shared_by), "within": "yes" if line.within else "no", "note": line.note}
        for line in sheet.lines
    ]  # fmt: skip
    return {"name": sheet.name, "weekly": typed(sheet.weekly), "worked": typed(sheet.worked), "lines": lines}


def _sheet_page(
    page: PeriodPage, viewer: Viewer, now: datetime, which: str, said: Mapping[str, Any], told: Told = NOTHING
) -> Response:
    """The form of a worksheet; refused, with what was typed."""
    empty = dict.fromkeys(COLUMNS, "") | {"within": "no"}
    lines = [*said.get("lines", ()), *([empty] * EMPTY_LINES)][:MOST_LINES]
    title = "Another worksheet" if which == "new" else str(said.get("name", "")) or "Worksheet"
    return html(
        "productivity/worksheet.html",
        told.status,
        **framed_period(page, viewer, now, title),
        to=f"/productivity/{page.facts.id}/worksheets/{which}",
        said={"name": "", "weekly": "", "worked": "", **said, "lines": lines},
        errors=told.errors,
        refusal=f"{stale_words(told.stale)} Keep it again if yours is right." if told.stale else told.refusal,
        warning=told.warning,
        kinds=KINDS,
        others=[(row.id, one.name) for row, one in page.facts.sheets] if which == "new" and page.detail else [],
    )


@router.post("/productivity/{period_id}/worksheets/new")
def put_new(form: TypedForm, period_id: RowId, viewer: Enterer, session: Db, now: Now) -> Response:
    return _put(form, period_id, None, viewer, session, now)


@router.post("/productivity/{period_id}/worksheets/{worksheet_id}")
def put(form: TypedForm, period_id: RowId, worksheet_id: RowId, viewer: Enterer, session: Db, now: Now) -> Response:
    return _put(form, period_id, worksheet_id, viewer, session, now)


def _put(
    form: Typed, period_id: int, worksheet_id: int | None, viewer: Viewer, session: Session, now: datetime
) -> Response:
    page, said, seen = entered(period_page(session, period_id, viewer)), _said(form), version_of(form)
    which = str(worksheet_id or "new")
    notes = {f"note-{number}": line["note"] for number, line in enumerate(said["lines"])}
    if found := warned({"name": said["name"], **notes}, next(iter(form.get("no_patient", ())), "")):
        return _sheet_page(page, viewer, now, which, said, Told(warning=found))

    def act() -> object:
        sheet = _read(said)
        return put_worksheet(session, period_id, sheet, worksheet_id=worksheet_id, seen=seen, by=viewer, now=now)

    told = attempted(session, act, Told())
    page = period_page(session, period_id, viewer)
    if told is NOTHING:
        return see_other(f"{address_of(page)}#hours")
    return _sheet_page(page, viewer, now, which, said, told)


def _said(form: Typed) -> dict[str, Any]:
    """What was typed; lines without a kind and figures are left out."""
    columns = {name: form.get(name, ()) for name in COLUMNS}
    rows = [
        {name: (values[number] if number < len(values) else "") for name, values in columns.items()}
        for number in range(len(columns["kind"]))
    ]
    lines = [row for row in rows if any(row[name] for name in ("kind", "times", "hours", "note"))]
    return {name: next(iter(form.get(name, ())), "") for name in ("name", "weekly", "worked")} | {"lines": lines}


def _read(said: Mapping[str, Any]) -> Sheet:
    """Raises Invalid with the fields of the worksheet, those of a line with its number."""
    faults: dict[str, str] = {}
    weekly, worked = figure(said["weekly"], WEEK), figure(said["worked"] or "1", 1)
    if weekly is None:
        faults["weekly"] = f"A figure up to {WEEK}, such as 36."
    if worked is None:
        faults["worked"] = "A share from 0 to 1, such as 0.75."
    lines: list[HoursLine] = []
    for number, row in enumerate(said["lines"]):
        try:
            lines.append(read_line(**row))
        except LineFault as fault:
            faults |= {f"{name}-{number}": text for name, text in fault.fields.items()}
    if faults:
        raise Invalid(faults)
    return Sheet(said["name"], weekly or WHOLE, WHOLE if worked is None else worked, tuple(lines))
