"""A line outside its tolerance becomes an issue on its clock, with the numbers attached; a correction is said there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlmodel import Session

from app.actions.issues.reporting import report_from_work
from app.actions.issues.talking import say
from app.actions.loading import key_of
from app.actions.reconciliations.opening import OpenDay
from app.errors import Invalid
from app.models import ReconciliationCount
from app.plan.format.rhythm import ReconciliationLine
from app.plan.terms import TITLE_LIMIT
from app.rules.clock import long_day
from app.rules.people.access import Permission, Viewer
from app.rules.reconciliations.judging import typed_in_words
from app.rules.reconciliations.words import answer_words, figure, percent_words, signed, tolerance_words, variance_of

WANTED: Final = "Say why this is outside its tolerance."


def demand_reasons(day: OpenDay) -> None:
    """Raises Invalid for every line outside its tolerance of which nobody has said why."""
    missing = [line for line, row in day.counts.items() if not row.within and not row.reason]
    if missing:
        raise Invalid({f"reason-{line}": WANTED for line in missing})


def open_trouble(session: Session, day: OpenDay, *, by: Viewer, now: datetime) -> None:
    """An issue for each line outside its tolerance that has none yet, as the playbook names its severity."""
    for id_, line in day.asked.lines.items():
        row = day.counts.get(id_)
        severity = line.on_fail or day.asked.on_fail
        if row is None or row.within or row.issue_id is not None or not severity:
            continue
        issue = report_from_work(
            session, day.opened.occasion.rollout_id, location_id=day.opened.occasion.location_id,
            title=_title(day, line, row), details=_details(day, line, row), severity=severity, by=by, now=now,
        )  # fmt: skip
        row.issue_id = key_of(issue) if issue else None
        session.add(row)
        session.flush()


def say_corrected(
    session: Session, day: OpenDay, rows: Mapping[str, ReconciliationCount], *, by: Viewer, now: datetime
) -> None:
    """A note on the issue of each line that was corrected (`day` is how it was before); it is not closed by that."""
    if not by.can(Permission.RAISE_ISSUE, **day.place):
        return
    for id_, row in rows.items():
        if row.issue_id is not None and id_ in day.counts:
            line = day.asked.lines[id_]
            now_is = "within its tolerance" if row.within else "still outside its tolerance"
            text = f"Corrected: {counted_words(line, row)}. It is {now_is} now."
            say(session, row.issue_id, text=text, by=by, now=now)


def counted_words(line: ReconciliationLine, row: ReconciliationCount) -> str:
    """`Submitted 412, Received 409`; an answer as it was given, unless it was written in words."""
    if line.compare is None:
        return "another answer" if typed_in_words(line) else answer_words(line, row.answer)
    left, right = (figure(count) for count in (row.left, row.right))
    return f"{line.compare[0]} {left}, {line.compare[1]} {right}"


def _title(day: OpenDay, line: ReconciliationLine, row: ReconciliationCount) -> str:
    """What differs, by how much; within the length of a title."""
    found = variance_of(line, row.left, row.right)
    said = (
        f"differs by {signed(found.amount)}{f' {line.unit}' if line.unit else ''}"
        if found
        else "is not as it should be"
    )
    return f"{day.asked.title}: {line.title} {said}"[:TITLE_LIMIT]


def _details(day: OpenDay, line: ReconciliationLine, row: ReconciliationCount) -> str:
    """Everything that was counted, as a list. What was typed is data here as everywhere."""
    unit = f" {line.unit}" if line.unit else ""
    lines = [f"{day.asked.title}, {long_day(day.day, day.day)} {day.day.year}: {line.title}."]
    found = variance_of(line, row.left, row.right)
    if line.compare is not None and found is not None:
        share = f" ({percent_words(found.percent)})" if found.percent is not None else ""
        lines += [
            f"{line.compare[0]}: {figure(row.left)}{unit}",
            f"{line.compare[1]}: {figure(row.right)}{unit}",
            f"Variance: {signed(found.amount)}{unit}{share}",
            f"Tolerance: {tolerance_words(line)}",
        ]
    else:
        lines.append(f"Answer: {answer_words(line, row.answer)}")
    lines.append(f"Reason: {row.reason}")
    return "\n\n".join(lines)
