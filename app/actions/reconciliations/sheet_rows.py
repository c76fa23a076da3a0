"""One row of a table of counts against its day: what it would enter, or why it cannot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.actions import texts
from app.actions.reconciliations.counting import REASON_LIMIT
from app.actions.reconciliations.sheet_days import Known, KnownDay
from app.errors import Invalid
from app.plan.format.rhythm import ReconciliationLine
from app.rules.reconciliations.judging import Given, answer_of, count_of, within
from app.rules.reconciliations.sheet import Row
from app.rules.tasks.answers import AnswerError


@dataclass(frozen=True)
class PlannedRow:
    """What a row would do: `outcome` is new, same or replaces; `within` whether the line is within its tolerance then.
    With `faults` nothing is entered, and `given` is None.
    """

    number: int
    place: str
    entry: str
    day: date | None
    line: str
    left: Decimal | None = None
    right: Decimal | None = None
    answer: str = ""
    reason: str = ""
    outcome: str = ""
    within: bool = True
    occasion: int = 0
    given: Given | None = None
    faults: tuple[str, ...] = ()


def planned_row(row: Row, known: Known) -> PlannedRow:
    """The row, with everything that is wrong with it."""
    slug, entry, line = row.cell("location"), row.cell("entry"), row.cell("line")
    place = known.places.get(slug, slug)
    day = known.days.get((slug, entry, row.day)) if row.day else None
    told: dict[str, Any] = {"number": row.number, "place": place, "entry": entry, "day": row.day, "line": line}
    faults = list(row.faults)
    if day is None:
        return PlannedRow(**told, faults=(*faults, *_unknown(row, known)))
    told |= {"entry": day.asked.title, "occasion": day.occasion}
    asked = day.asked.lines.get(line)
    if day.shut:
        faults.append(day.shut)
    if asked is None:
        faults.append(f"There is no line {line} that day. Its lines are {', '.join(day.asked.lines)}.")
        return PlannedRow(**told, faults=tuple(faults))
    told["line"] = asked.title
    return _valued(row, day, line, asked, told, faults)


def _unknown(row: Row, known: Known) -> list[str]:
    slug, entry = row.cell("location"), row.cell("entry")
    if slug and slug not in known.places:
        return [f"There is no location {slug}."]
    if entry and entry not in known.entries:
        return [f"There is no entry {entry}. Known are {', '.join(sorted(known.entries))}."]
    return ["Nothing is counted there that day."] if row.day and slug and entry else []


def _valued(
    row: Row, day: KnownDay, line: str, asked: ReconciliationLine, told: dict[str, Any], faults: list[str]
) -> PlannedRow:
    """The row with its values, compared with what stands."""
    left, right = (_count(row, name, asked, faults) for name in ("left", "right"))
    answer = _answer(row, asked, faults)
    reason = row.cell("reason")
    try:
        reason = texts.prose("reason", reason, REASON_LIMIT, required=False)
    except Invalid as fault:
        faults += [f"reason: {said}" for said in fault.fields.values()]
    told |= {"left": left, "right": right, "answer": row.cell("answer"), "reason": reason}
    if faults:
        return PlannedRow(**told, faults=tuple(faults))
    stands = day.counts.get(line)
    same = stands is not None and (stands.left, stands.right, stands.answer, stands.reason) == (
        left,
        right,
        answer,
        reason,
    )
    return PlannedRow(
        **told,
        outcome="new" if stands is None else "same" if same else "replaces",
        within=within(asked, left, right, answer),
        given=Given(line, left, right, row.cell("answer"), reason),
    )


def _count(row: Row, name: str, asked: ReconciliationLine, faults: list[str]) -> Decimal | None:
    text = row.cell(name)
    if asked.compare is None:
        if text:
            faults.append(f"{name}: this line asks for an answer.")
        return None
    if not text:
        faults.append(f"{name}: both counts are needed.")
        return None
    try:
        return count_of(text)
    except AnswerError as fault:
        faults.append(f"{name}: {fault}")
        return None


def _answer(row: Row, asked: ReconciliationLine, faults: list[str]) -> Any:
    text = row.cell("answer")
    if asked.answer is None:
        if text:
            faults.append("answer: this line compares two counts.")
        return None
    try:
        return answer_of(asked, text)
    except AnswerError as fault:
        faults.append(f"answer: {fault}")
        return None
