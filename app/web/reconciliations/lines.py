"""The lines of a day as values for its template: what is asked, what stands, and what was typed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.models import ReconciliationCount
from app.plan.format.answers import Answer
from app.plan.format.rhythm import ReconciliationLine
from app.queries.reconciliations.page import DayPage
from app.rules.clock import moment
from app.rules.reconciliations.judging import typed_in_words
from app.rules.reconciliations.words import answer_words, figure, percent_words, signed, tolerance_words, variance_of
from app.web.prose import prose
from app.web.tasks.answers import asked_field
from app.web.told import Told


def shown_line(page: DayPage, id_: str, line: ReconciliationLine, told: Told, now: datetime) -> dict[str, Any]:
    """One line: its fields as they were typed, else as they stand, and how far apart the counts are."""
    row = page.counts.get(id_)
    typed = told.typed if told.form == "counts" else {}
    left, right = line.compare or ("", "")
    return {
        "id": id_,
        "title": line.title,
        "how": prose(line.how),
        "critical": line.critical,
        "unit": line.unit,
        "left": left,
        "right": right,
        "tolerance": tolerance_words(line) if line.compare else "",
        "values": {
            "left": typed.get(f"left-{id_}", _plain(row, "left")),
            "right": typed.get(f"right-{id_}", _plain(row, "right")),
            "reason": typed.get(f"reason-{id_}", _reason(page, row)),
        },
        "asked": _asked(page, id_, line, row, told) if line.answer else None,
        "errors": {name: told.errors.get(f"{name}-{id_}") for name in ("left", "right", "answer", "reason")},
        "asks_reason": (row is not None and not row.within) or f"reason-{id_}" in told.errors,
        "row": shown_row(page, line, row, now) if row else None,
    }


def _plain(row: ReconciliationCount | None, name: str) -> str:
    """A count as somebody would type it."""
    value = getattr(row, name) if row else None
    return "" if value is None else f"{value:f}"


def _reason(page: DayPage, row: ReconciliationCount | None) -> str:
    return row.reason if row and page.detail else ""


def _asked(page: DayPage, id_: str, line: ReconciliationLine, row: ReconciliationCount | None, told: Told) -> Any:
    """The field that asks; a table is told in words."""
    answer = line.answer or Answer()
    if answer.type == "table":
        answer = Answer(type="text")
    value = told.typed.get(f"answer-{id_}") if told.form == "counts" else None
    if value is None and row is not None:
        value = row.answer
    return asked_field(answer, line.title, value, told.errors.get(f"answer-{id_}"), f"answer-{id_}", None)


def shown_row(page: DayPage, line: ReconciliationLine, row: ReconciliationCount, now: datetime) -> dict[str, Any]:
    """What stands for a line, or stood before it was corrected."""
    found = variance_of(line, row.left, row.right)
    unit = f" {line.unit}" if line.unit else ""
    hidden = typed_in_words(line) and not page.detail
    return {
        "left": f"{figure(row.left)}{unit}" if line.compare else "",
        "right": f"{figure(row.right)}{unit}" if line.compare else "",
        "answer": "" if line.compare else "given" if hidden else answer_words(line, row.answer),
        "within": row.within,
        "status": "clean" if row.within else "variance",
        "label": "Within tolerance" if row.within and line.compare else "As it should be" if row.within else "Outside",
        "variance": _variance(line, found) if found else "",
        "reason": row.reason if page.detail else "",
        "by": f"{page.name(row.by_id)}, {moment(row.at, page.zone, now)}",
        "source": {"file": "from a file", "api": "by a program"}.get(row.source, ""),
        "issue": _issue(page, row.issue_id),
    }


def _variance(line: ReconciliationLine, found: Any) -> str:
    """`−12 (−2.91%), 4.12 allowed`"""
    if not found.amount:
        return "no difference"
    unit = f" {line.unit}" if line.unit else ""
    share = f" ({percent_words(found.percent)})" if found.percent else ""
    allowed = f"{figure(found.allowed.normalize())}{unit} allowed" if found.allowed else "none allowed"
    return f"{signed(found.amount)}{unit}{share}, {allowed}"


def _issue(page: DayPage, issue: int | None) -> dict[str, str] | None:
    if issue is None or issue not in page.issues:
        return None
    return {"href": f"/issues/{issue}", "text": f"Issue {page.issues[issue]}"}
