"""Days from the facts of their pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.contents import file_facts
from app.api.reconciliations import shapes
from app.api.tags import answer
from app.models import ReconciliationCount, ReconciliationFile, ReconciliationReturn
from app.plan.format.rhythm import ReconciliationLine
from app.queries.reconciliations.page import DayPage, day_page
from app.queries.reconciliations.rows import DayRow
from app.queries.rollouts.facts import RolloutFacts
from app.rules.people.access import Viewer
from app.rules.reconciliations.judging import typed_in_words
from app.rules.reconciliations.words import variance_of


def show_day(
    request: Request, session: Session, occasion_id: int, viewer: Viewer, now: datetime, *, status: int = 200
) -> Response:
    """The day as it is now, with the tag of its version. Raises NotFound."""
    session.flush()
    session.expire_all()
    page = day_page(session, occasion_id, viewer, now)
    return answer(request, whole(page), version=page.row.version, status=status)


def day_item(rollout: RolloutFacts, row: DayRow) -> shapes.DayItem:
    """A day of a list."""
    return shapes.DayItem(**_facts(rollout, row))


def _facts(rollout: RolloutFacts, row: DayRow) -> dict[str, Any]:
    facts = row.facts
    return {
        "id": row.occasion,
        "rollout": rollout.slug,
        "location": row.place.slug if row.place else None,
        "entry": row.entry,
        "title": row.title,
        "day": row.day,
        "state": row.state,
        "due_at": row.due_at,
        "late_at": facts.late_at,
        "missed_at": facts.missed_at,
        "counted_at": facts.counted_at,
        "counted_by": row.counted_by,
        "reviewed_at": facts.reviewed_at,
        "reviewed_by": row.reviewed_by,
        "clean": facts.clean,
        "waits_for_review": facts.waits_for_review,
        "issue": row.issue,
        "version": row.version,
    }


def whole(page: DayPage) -> shapes.DayWhole:
    """Everything that the page of a day shows."""
    standing = [page.counts[line] for line in page.asked.lines if line in page.counts]
    return shapes.DayWhole(
        **_facts(page.rollout, page.row),
        detail=page.detail,
        may_count=page.rights.count,
        may_hand_in=page.rights.hand_in,
        may_close=page.rights.close,
        may_reopen=page.rights.reopen,
        lines=[_asked(id_, line) for id_, line in page.asked.lines.items()],
        counts=[_count(page, one) for one in (*standing, *page.replaced)],
        returns=[_return(page, one) for one in page.returns],
        files=[_file(page, one) for one in page.files],
    )


def _asked(id_: str, line: ReconciliationLine) -> shapes.AskedLine:
    left, right = line.compare or (None, None)
    return shapes.AskedLine(
        id=id_,
        title=line.title,
        left=left,
        right=right,
        tolerance=line.tolerance.text if line.compare else None,
        answer=line.answer.type if line.answer else None,
        options=list(line.answer.options) if line.answer else [],
        unit=line.unit,
        critical=line.critical,
    )


def _count(page: DayPage, one: ReconciliationCount) -> shapes.CountLine:
    line = page.asked.lines.get(one.line)
    found = variance_of(line, one.left, one.right) if line else None
    hidden = not page.detail and (line is None or typed_in_words(line))
    return shapes.CountLine(
        id=one.id or 0,
        line=one.line,
        left=f"{one.left:f}" if one.left is not None else None,
        right=f"{one.right:f}" if one.right is not None else None,
        answer=None if hidden else one.answer,
        variance=f"{found.amount:f}" if found else None,
        percent=f"{found.percent:.4f}" if found and found.percent is not None else None,
        within=one.within,
        reason=one.reason if page.detail else None,
        source=one.source,
        issue=one.issue_id,
        at=one.at,
        by=one.by_id,
        by_name=page.name(one.by_id),
        replaced_at=one.replaced_at,
    )


def _return(page: DayPage, one: ReconciliationReturn) -> shapes.ReturnLine:
    reason = one.reason if page.detail else None
    return shapes.ReturnLine(
        id=one.id or 0, kind=one.kind, reason=reason, at=one.at, by=one.by_id, by_name=page.name(one.by_id)
    )


def _file(page: DayPage, one: ReconciliationFile) -> shapes.DayFile:
    facts = file_facts(one, f"/api/v1/reconciliations/{page.row.occasion}/files/{one.id}/content", page.name(one.by_id))
    return shapes.DayFile(line=one.line, by=one.by_id, **facts)
