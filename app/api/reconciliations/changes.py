"""Days, changed: counted, handed in, closed, given back; and the counts of many days in one step."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field
from starlette.responses import Response

from app.actions.reconciliations.counting import enter_counts
from app.actions.reconciliations.handing import hand_in
from app.actions.reconciliations.redacting import redact_day
from app.actions.reconciliations.reviewing import reopen_day, review_day, send_back
from app.actions.reconciliations.sheets import enter_sheet, planned_sheet
from app.api.callers import Db, asks_dry
from app.api.describing import changing, versioned
from app.api.fields import Given, Line, Prose, RowKey
from app.api.guards import Seeing
from app.api.issues.change import Written
from app.api.reading import StrictRoute
from app.api.reconciliations.change import Acting, Checking, Counting, Managing
from app.api.reconciliations.shapes import DayWhole, EnteredLines, PlannedLine
from app.api.tags import answer
from app.errors import Invalid
from app.request import Now
from app.rules.issues.identifiers import identifiers
from app.rules.reconciliations.judging import Given as Counted
from app.rules.reconciliations.judging import count_of
from app.rules.reconciliations.sheet import MOST_ROWS, rows_of_cells

router = APIRouter(tags=["reconciliations"], route_class=StrictRoute)
SEEN: Final[dict[str, Any]] = {"response_model": DayWhole, "responses": versioned()}
Count = Annotated[str, Field(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$")]
"""A count as a text, since numbers of JSON are not exact."""


class LineCount(Given):
    """What was counted for one line: both counts, or an answer."""

    line: Line
    left: Count | None = Field(None, description="What the first source counted, as a text: `1204.50`.")
    right: Count | None = None
    answer: Prose | None = Field(None, description="As it would be typed; several choices one a line.")
    reason: Prose = Field("", description="Why it is outside its tolerance; wanted when the day is handed in.")


class Counts(Given):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"lines": [{"line": "claims", "left": "412", "right": "409", "reason": "x"}]}]}
    )

    lines: list[LineCount] = Field(min_length=1, max_length=200)
    no_patient: bool = Field(
        False, description="Nothing in a reason or an answer names a patient, whatever it is like."
    )


class Why(Written):
    reason: Prose


class Redaction(Given):
    """A text that should never have been written."""

    part: Literal["count", "return", "file"]
    id: RowKey


@router.put("/reconciliations/{occasion_id}/counts", summary="Enter counts of a day", **SEEN)
def count(change: Counting, given: Counts) -> Response:
    """Of one or several lines, in place of older ones, which are kept. The same again is quiet."""
    if not given.no_patient:
        _demand_no_patient({one.line: f"{one.reason}\n{one.answer or ''}" for one in given.lines})
    return change.make_seen(enter_counts, [_counted(one) for one in given.lines], source="api")


def _counted(one: LineCount) -> Counted:
    left, right = (None if text is None else count_of(text) for text in (one.left, one.right))
    return Counted(one.line, left, right, one.answer or "", one.reason)


def _demand_no_patient(texts: dict[str, str]) -> None:
    """Raises Invalid, naming the lines and never repeating what was sent."""
    faults = {name: "This looks like a patient's. Leave it out, or say `no_patient`." for name, text in texts.items()
              if identifiers(text)}  # fmt: skip
    if faults:
        raise Invalid(faults)


@router.put("/reconciliations/{occasion_id}/hand-in", summary="Hand a day in", **SEEN)
def hand_in_day(change: Counting) -> Response:
    """Every line is counted, and whatever is outside its tolerance has its reason. Handed in already is quiet."""
    return change.make_seen(hand_in)


@router.put("/reconciliations/{occasion_id}/closing", summary="Close a day", **SEEN)
def close(change: Checking) -> Response:
    """As a second person, never one of whom a count stands. Closed already is quiet."""
    return change.make_seen(review_day)


@router.put("/reconciliations/{occasion_id}/return", summary="Send a day back", **SEEN)
def give_back(change: Checking, given: Why) -> Response:
    """It is counted and handed in anew. Given back already is quiet."""
    return change.make_seen(send_back, **given.checked())


@router.put("/reconciliations/{occasion_id}/reopening", summary="Open a closed day again", **SEEN)
def reopen(change: Managing, given: Why) -> Response:
    """For directors and managers. Open already is quiet."""
    return change.make_seen(reopen_day, **given.checked())


@router.put(
    "/reconciliations/{occasion_id}/redaction", summary="Take a text of a day away for good", response_model=DayWhole,
    responses=changing(),
)  # fmt: skip
def redact(act: Acting, given: Redaction) -> Response:
    """In whatever version it is: the reason of a count, why the day was given back, or a file with its name."""
    return act.make(redact_day, part=given.part, row_id=given.id)


class SheetRow(LineCount):
    """One line of one day."""

    location: Line = Field(description="A location's id, or `network`.")
    entry: Line
    day: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class Sheet(Given):
    """All of the rows are entered, or none."""

    rows: list[SheetRow] = Field(min_length=1, max_length=MOST_ROWS)
    hand_in: bool = Field(False, description="Hand in the days that are whole by it.")
    dry: bool = Field(False, description="Enter nothing: say what would be entered, and which rows cannot.")
    no_patient: bool = False


@router.post(
    "/rollouts/{slug}/reconciliations/counts", summary="Enter counts of many days", response_model=EnteredLines,
    responses=changing(),
)  # fmt: skip
@asks_dry
def count_many(request: Request, given: Sheet, desk: Seeing, session: Db, now: Now) -> Response:
    """In one step, whatever stands there; 409 names the rows that cannot be taken."""
    if not given.no_patient:
        texts = {f"rows.{at}": f"{one.reason}\n{one.answer or ''}" for at, one in enumerate(given.rows, start=1)}
        _demand_no_patient(texts)
    found = rows_of_cells((at, _cells(one), False) for at, one in enumerate(given.rows, start=1))
    plan = planned_sheet(session, desk.rollout.id, found, by=desk.viewer, now=now)
    if not given.dry:
        enter_sheet(session, desk.rollout.id, found, shown=plan.fingerprint, hand_in_too=given.hand_in, source="api",
                    by=desk.viewer, now=now)  # fmt: skip
    rows = [
        PlannedLine(row=one.number, day=one.occasion or None, outcome=one.outcome, within=one.within,
                    faults=list(one.faults))
        for one in plan.rows
    ]  # fmt: skip
    return answer(request, EnteredLines(done=not given.dry, rows=rows))


def _cells(one: SheetRow) -> dict[str, str]:
    return {name: value or "" for name, value in one.model_dump().items()}
