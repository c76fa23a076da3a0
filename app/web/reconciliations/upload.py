"""Counts from a file: chosen, shown row by row with what is wrong, and entered in one step."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Query, Request, UploadFile
from sqlmodel import Session
from starlette.responses import Response

from app.actions.reconciliations.sheet_rows import PlannedRow
from app.actions.reconciliations.sheets import SheetPlan, enter_sheet, planned_sheet
from app.errors import Refused
from app.queries.reconciliations.rows import at_places, day_rows, lately
from app.queries.rollouts.facts import RolloutFacts
from app.rules.clock import count, short_day
from app.rules.people.access import Permission
from app.rules.reconciliations.access import may_count
from app.rules.reconciliations.days import DayState
from app.rules.reconciliations.sheet import COLUMNS, MOST_ROWS, Row, SheetError, read_sheet
from app.rules.reconciliations.words import figure
from app.web.answers import see_other
from app.web.frame import in_rollout, rail
from app.web.issues.identifiers import Confirmed, warned
from app.web.reconciliations.words import STATES
from app.web.rhythm.ways import RECONCILIATION, rhythm_ways
from app.web.site import AllowingGuard, Db, Desk, Now
from app.web.templating import html

router = APIRouter()
LARGEST: Final = 2_000_000
SHOWN: Final = 200
OUTCOMES: Final = {"new": "new", "replaces": "in place of what stands", "same": "as it stands"}
Whole = Annotated[str, Form(max_length=LARGEST)]
Shown = Annotated[str, Form(max_length=64)]
Choice = Annotated[str, Form(max_length=10)]
Place = Annotated[str, Query(pattern=r"^[a-z0-9-]{0,80}$")]


def counts_somewhere(desk: Desk) -> bool:
    """Whether the reader counts any day anywhere, by what they may do or by being named."""
    places: list[int | None] = [None, *(place.id for place in desk.rollout.locations)]
    entries = desk.rollout.playbook.reconciliation.values()
    at = ({"rollout": desk.rollout.id, "location": place} for place in places)
    return any(may_count(desk.viewer, one, place) for place in at for one in entries)


GUARD = AllowingGuard(
    Permission.RECONCILE, "You may see this rollout, but counting is not yours to do.", counts_somewhere
)
Counting = Annotated[Desk, Depends(GUARD)]


def upload_address(desk: Desk, location: str = "") -> str:
    """The page that takes a file; empty for those who count nothing, and where nothing is counted any more."""
    if desk.rollout.state != "running" or not counts_somewhere(desk):
        return ""
    return f"/rollouts/{desk.rollout.slug}/reconciliation/file" + (f"?location={location}" if location else "")


@router.get("/rollouts/{slug}/reconciliation/file")
def ask(desk: Counting, now: Now, location: Place = "") -> Response:
    return _page(desk, location, now)


@router.get("/rollouts/{slug}/reconciliation/template")
def template(desk: Counting, session: Db, now: Now, location: Place = "") -> Response:
    """A table with a row for every line that is to be counted now, of one location or of all that the reader sees."""
    rollout = desk.rollout
    name = f"counts-{rollout.slug}{f'-{location}' if location else ''}.csv"
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_to_count(desk, session, location, now))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.getvalue().encode(), media_type="text/csv; charset=utf-8", headers=headers)


def _to_count(desk: Desk, session: Session, location: str, now: datetime) -> list[list[str]]:
    """What is open today, line by line; its location, entry, day and line are filled in."""
    rollout: RolloutFacts = desk.rollout
    key = None if location in ("", "network") else rollout.place(location).id
    at = at_places(rollout, [key]) if location else None
    found = []
    for row in day_rows(session, rollout, now, lately(rollout, now), at=at):
        asked = rollout.book_at(row.place.id if row.place else None).reconciliation.get(row.entry)
        place = {"rollout": rollout.id, "location": row.place.id if row.place else None}
        if row.state is not DayState.OPEN or asked is None or not may_count(desk.viewer, asked, place):
            continue
        slug = row.place.slug if row.place else "network"
        found += [[slug, row.entry, row.day.isoformat(), line, "", "", "", ""] for line in asked.lines]
    return found[:MOST_ROWS]


@router.post("/rollouts/{slug}/reconciliation/file")
def take(
    request: Request,
    desk: Counting,
    session: Db,
    now: Now,
    file: UploadFile | None = None,
    text: Whole = "",
    shown: Shown = "",
    whole: Choice = "",
    confirmed: Confirmed = "",
    location: Place = "",
) -> Response:
    """Show what the file would enter; enter it once that was shown."""
    if file is not None and file.filename:
        text = _text_of(file)
        shown = ""
    try:
        rows = read_sheet(text)
        plan = planned_sheet(session, desk.rollout.id, rows, by=desk.viewer, now=now)
    except (SheetError, Refused) as fault:
        return _page(desk, location, now, 422, fault=str(fault))
    found = warned(_texts(rows), confirmed)
    if plan.faulty or found or not shown:
        return _page(desk, location, now, 422 if plan.faulty or (found and shown) else 200, plan=plan, text=text,
                     warning=found, whole=whole)  # fmt: skip
    try:
        enter_sheet(session, desk.rollout.id, rows, shown=shown, hand_in_too=whole == "yes", by=desk.viewer, now=now)
    except Refused as refusal:
        session.rollback()
        return _page(desk, location, now, 409, plan=plan, text=text, fault=refusal.reason, whole=whole)
    at = f"/locations/{location}" if location else ""
    return see_other(f"/rollouts/{desk.rollout.slug}{at}/reconciliation")


def _text_of(file: UploadFile) -> str:
    """The file as text; what is no UTF-8 is read as the usual encoding of old spreadsheets."""
    data = file.file.read(LARGEST + 1)
    if len(data) > LARGEST:
        return ""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _texts(rows: Sequence[Row]) -> dict[str, str]:
    """What people wrote, by row."""
    return {f"row-{row.number}": f"{row.cell('reason')}\n{row.cell('answer')}".strip() for row in rows}


def _page(
    desk: Desk, location: str, now: datetime, status: int = 200, *, plan: SheetPlan | None = None, text: str = "",
    fault: str = "", warning: Sequence[Mapping[str, Any]] = (), whole: str = "",
) -> Response:  # fmt: skip
    base = f"/rollouts/{desk.rollout.slug}"
    query = f"?location={location}" if location else ""
    return html(
        "reconciliations/file.html",
        status,
        **in_rollout(desk, "Rhythm"),
        weeks=rail(desk.rollout, now),
        crumbs=[(RECONCILIATION, f"{base}/reconciliation"), ("Counts from a file", None)],
        subnav=rhythm_ways(desk, RECONCILIATION),
        action=f"{base}/reconciliation/file{query}",
        template_href=f"{base}/reconciliation/template{query}",
        columns=", ".join(COLUMNS),
        most=MOST_ROWS,
        open_word=STATES[DayState.OPEN][1].lower(),
        fault=fault,
        warning=warning,
        text=text,
        whole=whole,
        plan=_planned(plan, desk.rollout.today(now)) if plan else None,
    )


def _planned(plan: SheetPlan, today: date) -> dict[str, Any]:
    """The rows of a table: those with faults first, then what would be entered, the first ones of each."""
    good = [row for row in plan.rows if not row.faults]
    return {
        "shown": plan.fingerprint,
        "faulty": [
            {"number": row.number, "what": " ".join(filter(None, (row.place, row.entry, row.line))),
             "faults": " ".join(row.faults)}
            for row in plan.faulty[:SHOWN]
        ],
        "more_faulty": max(len(plan.faulty) - SHOWN, 0),
        "good": [_good(row, today) for row in good[:SHOWN]],
        "more_good": max(len(good) - SHOWN, 0),
        "said": f"{count(len(plan.new), 'line')} of {count(plan.days, 'day')}",
        "new": len(plan.new),
        "wrong": count(len(plan.faulty), "row"),
    }  # fmt: skip


def _good(row: PlannedRow, today: date) -> dict[str, Any]:
    """A row that can be entered."""
    return {
        "number": row.number,
        "what": f"{row.place}, {row.line}",
        "when": short_day(row.day, today) if row.day else "",
        "left": figure(row.left) or row.answer,
        "right": figure(row.right),
        "within": row.within,
        "outcome": OUTCOMES[row.outcome],
        "reason": row.reason,
    }
