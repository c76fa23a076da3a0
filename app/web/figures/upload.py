"""Figures from a file: chosen, shown row by row with what is wrong, and entered in one step."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, UploadFile
from sqlmodel import Session
from starlette.responses import Response

from app.actions.metrics.sheets import SheetPlan, SheetRow, enter_sheet, planned_sheet, read_file
from app.actions.tables import table_rows
from app.errors import Invalid, Refused
from app.plan.format.metrics import Metric
from app.plan.terms import Scope
from app.queries.figures.lines import shared_waves
from app.rules.clock import count
from app.rules.metrics.access import may_enter
from app.rules.metrics.periods import cadence_of, last_complete, period_words
from app.rules.metrics.sheet import COLUMNS, MOST_ROWS, NETWORK, WAVE, Row, SheetError
from app.rules.training.exported import cell
from app.web.answers import see_other
from app.web.figures.at import Entering, enters_somewhere
from app.web.figures.words import figure_words, plain_figure
from app.web.frame import in_rollout, rail
from app.web.issues.identifiers import Confirmed, warned
from app.web.rhythm.ways import FIGURES, rhythm_ways
from app.web.site import Db, Desk, Now
from app.web.tasks.forms import Typed
from app.web.templating import html

router = APIRouter()
LARGEST: Final = 4_000_000
SHOWN: Final = 200
OUTCOMES: Final = {"new": "new", "corrected": "in place of what stands", "same": "as it stands"}
Whole = Annotated[str, Form(max_length=LARGEST)]
Shown = Annotated[str, Form(max_length=64)]
TOO_LARGE: Final = "This file is too large. Send it in parts of 4 MB."


def upload_address(desk: Desk) -> str:
    """The page that takes a file; empty for those who enter nothing, and where nothing is entered any more."""
    if desk.rollout.state != "running" or not enters_somewhere(desk):
        return ""
    return f"/rollouts/{desk.rollout.slug}/figures/upload"


@router.get("/rollouts/{slug}/figures/upload")
def ask(desk: Entering, now: Now) -> Response:
    return _page(desk, now)


@router.get("/rollouts/{slug}/figures/template")
def template(desk: Entering, now: Now) -> Response:
    """A table with a row for every metric that the reader enters, over its latest days; the figures are still empty."""
    text = "\r\n".join(",".join(cell(one) for one in row) for row in [COLUMNS, *_to_read(desk, now)]) + "\r\n"
    headers = {"Content-Disposition": f'attachment; filename="figures-{desk.rollout.slug}.csv"'}
    return Response(text.encode(), media_type="text/csv; charset=utf-8", headers=headers)


def _to_read(desk: Desk, now: datetime) -> Iterator[tuple[str, ...]]:
    rollout = desk.rollout
    shared = [(NETWORK, Scope.NETWORK), *((f"{WAVE}{wave}", Scope.WAVE) for wave in shared_waves(rollout.playbook))]
    places: list[tuple[str, Scope, int | None, date]] = [
        (place.slug, Scope.LOCATION, place.id, place.today(now)) for place in rollout.locations
    ]
    places += [(name, scope, None, rollout.today(now)) for name, scope in shared]
    left = MOST_ROWS
    for name, scope, key, today in places:
        for metric in rollout.book_at(key).figures.values():
            if left and metric.scope is scope and _enters(desk, metric, key):
                cadence = cadence_of(metric.every)
                days = [day.isoformat() for day in last_complete(cadence, today)] if cadence else ["", ""]
                yield name, metric.id, *days, "", "", "", ""
                left -= 1


def _enters(desk: Desk, metric: Metric, key: int | None) -> bool:
    at = {"rollout": desk.rollout.id, "location": key}
    return metric.formula is None and may_enter(desk.viewer, metric, at)


@router.post("/rollouts/{slug}/figures/upload")
def take(
    desk: Entering,
    session: Db,
    now: Now,
    file: UploadFile | None = None,
    text: Whole = "",
    shown: Shown = "",
    reason: Typed = "",
    confirmed: Confirmed = "",
) -> Response:
    """Show what the file would enter; enter it once that was shown."""
    try:
        if file is not None and file.filename:
            text, shown = _text_of(file), ""
        rows = read_file(io.BytesIO(text.encode()))
        plan = planned_sheet(session, desk.rollout.id, rows, reason=reason, by=desk.viewer, now=now)
    except (SheetError, Refused, Invalid) as fault:
        said = " ".join(fault.fields.values()) if isinstance(fault, Invalid) else str(fault)
        return _page(desk, now, 422, fault=said)
    found = warned(_texts(rows, reason), confirmed)
    faulty = bool(plan.of("faulty"))
    if faulty or found or not shown:
        status = 422 if faulty or (found and shown) else 200
        return _page(desk, now, status, plan=plan, text=text, warning=found, reason=reason)
    return _enter(desk, session, now, rows, plan, text, shown, reason)


def _enter(
    desk: Desk,
    session: Session,
    now: datetime,
    rows: Sequence[Row],
    plan: SheetPlan,
    text: str,
    shown: str,
    reason: str,
) -> Response:
    try:
        enter_sheet(session, desk.rollout.id, rows, shown=shown, reason=reason, by=desk.viewer, now=now)
    except (Refused, Invalid) as refusal:
        session.rollback()
        return _page(desk, now, 409, plan=plan, text=text, fault=str(refusal), reason=reason)
    return see_other(f"/rollouts/{desk.rollout.slug}/figures")


def _text_of(file: UploadFile) -> str:
    """The table as text, so that a form can hold it until it is entered. Raises Invalid for what is no table."""
    if len(file.file.read(LARGEST + 1)) > LARGEST:
        raise Invalid({"file": TOO_LARGE})
    text = io.StringIO(newline="")
    csv.writer(text).writerows(table_rows(file.file))
    if len(text.getvalue()) > LARGEST:
        raise Invalid({"file": TOO_LARGE})
    return text.getvalue()


def _texts(rows: Sequence[Row], reason: str) -> dict[str, str]:
    """What people wrote, by row."""
    found = {f"row-{row.number}": f"{row.cell('note')}\n{row.cell('reason')}".strip() for row in rows}
    return {**found, "reason": reason}


def _page(
    desk: Desk, now: datetime, status: int = 200, *, plan: SheetPlan | None = None, text: str = "", fault: str = "",
    warning: Sequence[Mapping[str, Any]] = (), reason: str = "",
) -> Response:  # fmt: skip
    base = f"/rollouts/{desk.rollout.slug}/figures"
    return html(
        "figures/file.html",
        status,
        **in_rollout(desk, "Rhythm"),
        weeks=rail(desk.rollout, now),
        crumbs=[(FIGURES, base), ("Figures from a file", None)],
        subnav=rhythm_ways(desk, FIGURES),
        action=f"{base}/upload",
        template_href=f"{base}/template",
        columns=", ".join(COLUMNS),
        most=MOST_ROWS,
        fault=fault,
        warning=warning,
        text=text,
        reason=reason,
        plan=_planned(plan) if plan else None,
    )


def _planned(plan: SheetPlan) -> dict[str, Any]:
    """The rows of a table: those with faults first, then what would be entered, the first ones of each."""
    faulty, good = plan.of("faulty"), [row for row in plan.rows if row.outcome != "faulty"]
    new, corrected, same = (len(plan.of(outcome)) for outcome in ("new", "corrected", "same"))
    return {
        "shown": plan.plan.fingerprint,
        "faulty": [
            {"number": row.row.number, "what": f"{row.row.cell('location')}, {row.row.cell('metric')}",
             "faults": " ".join(row.faults)}
            for row in faulty[:SHOWN]
        ],
        "more_faulty": max(len(faulty) - SHOWN, 0),
        "wants_reason": bool(faulty) and all(row.wants_reason for row in faulty),
        "corrects": corrected > 0 or any(row.wants_reason for row in faulty),
        "good": [_good(row) for row in good[:SHOWN]],
        "more_good": max(len(good) - SHOWN, 0),
        "said": f"{count(new, 'new figure')}, {corrected} in place of others, {same} as they stand",
        "do": f"Enter {count(new + corrected, 'figure')}",
        "new": new + corrected,
        "wrong": count(len(faulty), "row"),
    }  # fmt: skip


def _good(row: SheetRow) -> dict[str, Any]:
    """A row that can be entered."""
    planned, place = row.planned, row.planned.place if row.planned else None
    if planned is None or planned.metric is None or place is None:
        raise ValueError("a row without a plan cannot be entered")
    given, stands = planned.given, planned.stands
    return {
        "number": row.row.number,
        "what": f"{place.location.name if place.location else row.row.cell('location')}, {planned.metric.title}",
        "days": period_words((given.first, given.last)),
        "value": figure_words(given.value, planned.metric.unit),
        "size": plain_figure(given.size),
        "outcome": OUTCOMES[row.outcome],
        "was": figure_words(stands.value, stands.unit) if stands and row.outcome == "corrected" else "",
        "why": row.row.cell("reason") or row.row.cell("note"),
    }
