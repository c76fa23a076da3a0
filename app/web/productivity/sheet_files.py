"""All worksheets of a period from a file: shown first, then put in the place of those before."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, UploadFile
from pydantic import AfterValidator
from starlette.responses import Response

from app.actions.productivity.reading import read_by
from app.actions.productivity.worksheets import put_worksheets
from app.actions.training.sheets import text_of
from app.errors import Invalid, Refused, Stale
from app.queries.productivity.page import PeriodPage, period_page
from app.rules.clock import count
from app.rules.people.access import Viewer
from app.rules.productivity.figures import Performed, figures_of
from app.rules.productivity.worksheets import Worksheets, read_worksheets
from app.web.answers import see_other
from app.web.forms import LARGEST_ID, RowId, prose
from app.web.issues.identifiers import Confirmed, warned
from app.web.productivity.bringing import opened_file
from app.web.productivity.page import Enterer, address_of, entered, framed_period
from app.web.productivity.shown import shown_faults
from app.web.productivity.words import plain, rounded, stale_words
from app.web.site import Db, Now
from app.web.templating import html

router = APIRouter()
LARGEST: Final = 600_000
Table = Annotated[str, Form(max_length=LARGEST), AfterValidator(prose)]
Shown = Annotated[int, Form(ge=0, le=LARGEST_ID)]
"""The version of the period for which the file was shown; 0 before it was."""


@router.get("/productivity/{period_id}/worksheets")
def ask(period_id: RowId, viewer: Enterer, session: Db, now: Now) -> Response:
    return _page(entered(period_page(session, period_id, viewer)), viewer, now)


@router.post("/productivity/{period_id}/worksheets")
def take(
    period_id: RowId,
    viewer: Enterer,
    session: Db,
    now: Now,
    file: UploadFile | None = None,
    text: Table = "",
    shown: Shown = 0,
    confirmed: Confirmed = "",
) -> Response:
    """Show what the file would put; put it once that was shown."""
    page = entered(period_page(session, period_id, viewer))
    try:
        if not text:
            text, shown = _text_of(file), 0
        read = read_by(read_worksheets, io.BytesIO(text.encode()))
    except Invalid as fault:
        return _page(page, viewer, now, fault=fault.fields["file"], status=422)
    found = warned(_texts(read), confirmed)
    if read.faults or found or not shown:
        status = 422 if read.faults or (found and shown) else 200
        return _page(page, viewer, now, read=read, text=text, warning=found, status=status)
    try:
        put_worksheets(session, period_id, read.sheets, seen=shown, by=viewer, now=now)
        session.flush()
    except (Refused, Stale, Invalid) as refusal:
        session.rollback()
        page = period_page(session, period_id, viewer)
        said = stale_words(refusal) if isinstance(refusal, Stale) else str(refusal)
        return _page(page, viewer, now, read=read, text=text, fault=said, status=409)
    return see_other(f"{address_of(page)}#hours")


def _text_of(file: UploadFile | None) -> str:
    """The file as a table of text. Raises Invalid for `file`."""
    _, content = opened_file(file)
    data = content.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Invalid({"file": f"At most {LARGEST // 1_000} kB."})
    return text_of(data)


def _texts(read: Worksheets) -> dict[str, str]:
    """What people wrote, by radiologist."""
    return {f"sheet-{number}": "\n".join((one.name, *(line.note for line in one.lines)))
            for number, one in enumerate(read.sheets)}  # fmt: skip


def _page(
    page: PeriodPage, viewer: Viewer, now: datetime, *, read: Worksheets | None = None, text: str = "",
    fault: str = "", warning: Sequence[Mapping[str, Any]] = (), status: int = 200,
) -> Response:  # fmt: skip
    return html(
        "productivity/worksheets.html",
        status,
        **framed_period(page, viewer, now, "Worksheets from a file"),
        fault=fault,
        warning=warning,
        text=text,
        read=_read(page, read) if read else None,
        standing=count(len(page.facts.sheets), "worksheet") if page.facts.sheets else "",
    )


def _read(page: PeriodPage, read: Worksheets) -> dict[str, Any]:
    """What a file would put: hours and full positions of each, or what is wrong with it."""
    found: dict[str, Any] = {"said": count(len(read.sheets), "worksheet"), "rows": [], "total": []}
    if not read.faults:
        figures = figures_of(read.sheets, Performed(), full_time=page.row.full_time, year=page.facts.figures.year)
        found["rows"] = [[one.sheet.name, count(len(one.sheet.lines), "line"), plain(one.hours), rounded(one.positions)]
                         for one in figures.sheets]  # fmt: skip
        found["total"] = ["All", "", plain(figures.hours), rounded(figures.positions)]
    return {**found, "wrong": count(read.faulty, "row"), **shown_faults(
        [(one.row, one.said) for one in read.faults], read.faulty)}  # fmt: skip
