"""What was counted on a day, line by line: entered on a page, from a file or by a program, and corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlmodel import Session

from app.actions import texts
from app.actions.reconciliations.opening import (
    OpenDay,
    begin,
    changed,
    demand_not_closed,
    demand_version,
    open_day,
    row_id,
)
from app.actions.reconciliations.trouble import demand_reasons, open_trouble, say_corrected
from app.errors import Forbidden, Invalid
from app.models import Reconciliation, ReconciliationCount
from app.plan.format.rhythm import ReconciliationLine
from app.rules.people.access import Viewer
from app.rules.reconciliations.access import may_count
from app.rules.reconciliations.judging import Given, answer_of, within
from app.rules.tasks.answers import AnswerError

REASON_LIMIT: Final = 1_000
Values = tuple[Decimal | None, Decimal | None, Any, str]


def enter_counts(
    session: Session,
    occasion_id: int,
    given: Sequence[Given],
    *,
    source: str = "form",
    seen: int | None,
    by: Viewer,
    now: datetime,
) -> Reconciliation | None:
    """Enter the counts of one or several lines, in place of older ones, which are kept. The same again is quiet.

    `source` is form, file or api. A day that was handed in stays so: whatever is corrected then needs its reason at
    once. Returns the record, None where nothing was given and there is none. Raises NotFound, Forbidden, Stale, Refused
    on a day that is ahead or closed, and Invalid, whose fields are `left-<line>`, `right-`, `answer-` and `reason-`.
    """
    day = open_day(session, occasion_id, by=by, now=now)
    demand_counter(day, by)
    new = _new(day, given)
    if not new:
        return day.record
    demand_not_closed(day)
    demand_version(session, day, seen)
    day = begin(session, day)
    rows = {line: _keep(session, day, line, values, source, by, now) for line, values in new.items()}
    session.flush()
    counted = replace(day, counts={**day.counts, **rows})
    say_corrected(session, day, rows, by=by, now=now)
    if counted.begun().counted_at is not None:
        demand_reasons(counted)
        open_trouble(session, counted, by=by, now=now)
    corrected = [line for line in rows if line in day.counts]
    after = {"lines": [line for line in rows if line not in corrected], "corrected": corrected, "source": source}
    return changed(
        session, counted, "entered", by=by, now=now, after={key: value for key, value in after.items() if value}
    )


def demand_counter(day: OpenDay, by: Viewer) -> None:
    """Raises Forbidden for who may see the day and not count it."""
    if not may_count(by, day.asked, day.place):
        raise Forbidden("You may see this day, but counting it is not yours to do.")


def _new(day: OpenDay, given: Sequence[Given]) -> dict[str, Values]:
    """What is said that does not stand already, by line. Raises Invalid with everything that cannot be taken."""
    found: dict[str, Values] = {}
    faults: dict[str, str] = {}
    for one in given:
        line = day.asked.lines.get(one.line)
        if line is None or one.line in found:
            faults[f"line-{one.line}"] = "This day has no such line." if line is None else "This line is given twice."
            continue
        try:
            found[one.line] = _values(one, line)
        except Invalid as fault:
            faults |= fault.fields
    if faults:
        raise Invalid(faults)
    return {line: values for line, values in found.items() if not _stands(day, line, values)}


def _values(given: Given, line: ReconciliationLine) -> Values:
    reason = texts.prose(f"reason-{given.line}", given.reason, REASON_LIMIT, required=False)
    if line.answer is not None:
        try:
            return None, None, answer_of(line, given.answer), reason
        except AnswerError as fault:
            raise Invalid({f"answer-{given.line}": str(fault)}) from fault
    missing = {name: count for name, count in (("left", given.left), ("right", given.right)) if count is None}
    if missing:
        raise Invalid({f"{name}-{given.line}": "Both counts are needed." for name in missing})
    return given.left, given.right, None, reason


def _stands(day: OpenDay, line: str, values: Values) -> bool:
    known = day.counts.get(line)
    return known is not None and (known.left, known.right, known.answer, known.reason) == values


def _keep(
    session: Session, day: OpenDay, line: str, values: Values, source: str, by: Viewer, now: datetime
) -> ReconciliationCount:
    """The row that stands from now on; the one before it keeps when it was replaced, and its issue goes along."""
    old = day.counts.get(line)
    if old is not None:
        old.replaced_at = now
        session.add(old)
        session.flush()
    left, right, answer, reason = values
    row = ReconciliationCount(
        reconciliation_id=row_id(day),
        line=line,
        left=left,
        right=right,
        answer=answer,
        within=within(day.asked.lines[line], left, right, answer),
        reason=reason,
        source=source,
        issue_id=old.issue_id if old else None,
        by_id=by.person,
        at=now,
    )
    session.add(row)
    return row
