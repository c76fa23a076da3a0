"""Periods of productivity: listed, read whole, opened, changed, with their worksheets and procedures."""

from __future__ import annotations

import json
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ConfigDict, Field
from starlette.responses import Response

from app.actions.productivity.periods import begin_period, change_period, remove_period
from app.actions.productivity.procedures import put_procedures
from app.actions.productivity.taking_over import take_over
from app.actions.productivity.worksheets import put_worksheets
from app.api.acts import Change
from app.api.callers import Db
from app.api.describing import changing, reading, versioned
from app.api.fields import LARGEST_ID, Day, Given, Line, PlaceSlug, RowId, RowKey, Whole
from app.api.guards import Guard, Reader, Seeing
from app.api.issues.change import Written
from app.api.paging import Page, Paged, cut_page
from app.api.productivity.shapes import ComparisonShown, PeriodItem, PeriodWhole
from app.api.productivity.whole import comparison, period_item, show_period, whole
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, answer
from app.errors import Invalid
from app.queries.productivity.comparison import benchmark_of, benchmarks, compared
from app.queries.productivity.overview import chosen_periods, periods_after
from app.queries.productivity.page import period_page
from app.request import Now
from app.rules.issues.identifiers import identifiers
from app.rules.people.access import Permission, Viewer
from app.rules.productivity.figures import Sheet
from app.rules.productivity.hours import HourKind, HoursLine
from app.rules.productivity.procedures import OTHER, Procedures, read_procedures

router = APIRouter(tags=["productivity"], route_class=StrictRoute)
Enterer = Annotated[Viewer, Depends(Guard(Permission.ENTER_FIGURES))]
Figure = Annotated[str, Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,6})?$", examples=["36"])]
"""A figure as a text, since numbers of JSON are not exact."""
SEEN: Final[dict[str, Any]] = {"response_model": PeriodWhole, "responses": versioned()}
ONE: Final = "/productivity-periods/{period_id}"
Chosen = Annotated[
    str,
    Query(
        pattern=r"^[0-9]{1,9}(,[0-9]{1,9}){0,11}$", examples=["3,4"],
        description="Periods by their ids, with commas between them, in the order in which they are compared.",
    ),
]  # fmt: skip
Against = Annotated[int, Field(ge=0, le=LARGEST_ID), Whole, Query(description="A benchmark; 0 for none.")]


class NewPeriod(Given):
    """A period of a year at most."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"first": "2026-01-01", "last": "2026-12-31", "full_time": "36"}]}
    )

    first: Day
    last: Day
    full_time: Figure = Field(description="Weekly hours of a full position.")


class Details(Given):
    """What a period rests on."""

    full_time: Figure
    values: RowKey | None = Field(description="A file of relative values; null for none.")


class HoursGiven(Given):
    """A line of hours."""

    kind: HourKind = Field(strict=False)
    times: Figure
    hours: Figure
    shared_by: Figure = "1"
    within: bool = False
    note: Line = ""

    def line(self) -> HoursLine:
        return HoursLine(
            self.kind, Decimal(self.times), Decimal(self.hours), Decimal(self.shared_by), self.within, self.note
        )


class WorksheetGiven(Given):
    """The worksheet of one radiologist."""

    name: Line
    weekly: Figure
    worked: Figure = "1"
    lines: list[HoursGiven] = Field(max_length=40)

    def sheet(self) -> Sheet:
        lines = tuple(one.line() for one in self.lines)
        return Sheet(self.name, Decimal(self.weekly), Decimal(self.worked), lines)


class WorksheetsGiven(Given):
    worksheets: list[WorksheetGiven] = Field(max_length=500)
    no_patient: bool = Field(False, description="No name and no note names a patient, whatever it is like.")

    def sheets(self) -> list[Sheet]:
        """Raises Invalid for a text that looks like a patient's, and never repeats it."""
        texts = [text for one in self.worksheets for text in (one.name, *(line.note for line in one.lines))]
        if not self.no_patient and any(identifiers(text) for text in texts):
            raise Invalid({"worksheets": "A name or a note looks like a patient's. Leave it out, or say `no_patient`."})
        return [one.sheet() for one in self.worksheets]


class ProcedureGiven(Given):
    """Procedures of one code; TC among the modifiers leaves them out."""

    code: Annotated[str, Field(pattern=r"^[0-9A-Z]{5}$", examples=["71010"])]
    modifier: Annotated[str, Field(pattern=r"^([0-9A-Z]{2}( [0-9A-Z]{2}){0,3})?$")] = ""
    quantity: int = Field(ge=0, le=100_000_000)


class ProceduresGiven(Given):
    """All procedures of the period."""

    lines: list[ProcedureGiven] = Field(max_length=50_000)
    other: int = Field(0, ge=0, le=100_000_000, description="Procedures that are known as a sum only.")
    other_rvu: Figure = Field("0", description="The work RVU of those together.")

    def read(self) -> Procedures:
        rows = [[one.code, one.modifier, str(one.quantity), ""] for one in self.lines if one.code != OTHER]
        if self.other:
            rows.append([OTHER, "", str(self.other), self.other_rvu])
        try:
            return read_procedures([["code", "modifier", "quantity", "total work rvu"], *rows])
        except ValueError:
            raise Invalid({"lines": "Give one line at least."}) from None


class TakenOver(Written):
    """Why they correct figures that stand among the metrics."""

    reason: Line = ""


class PeriodChange(Change):
    """Somebody is about to change a period of which they saw a version."""

    def present(self) -> tuple[PeriodWhole, int]:
        page = period_page(self.session, self.id, self.viewer)
        return whole(page), page.row.version

    def shown(self, status: int = 200) -> Response:
        return show_period(self.request, self.session, self.id, self.viewer, status=status)


async def changing_period(
    request: Request, period_id: RowId, seen: IfMatch, viewer: Enterer, session: Db, now: Now
) -> PeriodChange:
    return PeriodChange(request, session, period_id, viewer, now, seen.version)


Held = Annotated[PeriodChange, Depends(changing_period)]


@router.get(
    "/rollouts/{slug}/productivity-periods", summary="Periods of productivity", response_model=Page[PeriodItem],
    responses=reading(),
)  # fmt: skip
def list_periods(desk: Seeing, page: Paged, session: Db) -> Response:
    """At the locations that you may see, in the order in which they were opened."""
    after = page.after("period")
    found = periods_after(session, desk.rollout, after, page.limit + 1) if after <= LARGEST_ID else []
    return cut_page(page, "period", PeriodItem, found, lambda one: one.id, period_item)


@router.get(
    "/rollouts/{slug}/productivity-comparison", summary="Periods side by side", response_model=ComparisonShown,
    responses=reading(),
)  # fmt: skip
def compare(request: Request, desk: Seeing, session: Db, periods: Chosen, benchmark: Against = 0) -> Response:
    """Each with its basis, the band of a benchmark in which its indices lie, and why it does not compare."""
    against = benchmark_of(benchmarks(session, desk.rollout), benchmark or None)
    chosen = chosen_periods(session, desk.rollout, [int(one) for one in periods.split(",")])
    return answer(request, comparison(compared(chosen, against)))


@router.get(ONE, summary="One period", response_model=PeriodWhole, responses=reading())
def show(request: Request, period_id: RowId, viewer: Reader, session: Db) -> Response:
    """With each figure on the way to its indices."""
    return show_period(request, session, period_id, viewer)


@router.post(
    "/rollouts/{slug}/locations/{location}/productivity-periods", summary="Open a period", status_code=201,
    response_model=PeriodWhole, responses=changing(),
)  # fmt: skip
def begin(request: Request, given: NewPeriod, desk: Seeing, location: PlaceSlug, session: Db, now: Now) -> Response:
    """The same days again are the same period. It rests on the newest relative values that there are."""
    place = desk.rollout.place(location)
    row = begin_period(
        session, place.id, first=given.first, last=given.last, full_time=Decimal(given.full_time), by=desk.viewer,
        now=now,
    )  # fmt: skip
    at = f"/api/v1/productivity-periods/{row.id}"
    return show_period(request, session, row.id or 0, desk.viewer, status=201, location=at)


@router.put(ONE, summary="Change what a period rests on", **SEEN)
def change(held: Held, given: Details) -> Response:
    """The same again is quiet."""
    return held.make_seen(change_period, full_time=Decimal(given.full_time), values_id=given.values)


@router.delete(ONE, summary="Take a period away", status_code=204, response_class=Response, responses=versioned())
def remove(held: Held) -> Response:
    """It stands in no list and no comparison any more."""
    held.run(lambda: remove_period(held.session, held.id, seen=held.seen, by=held.viewer, now=held.now))
    return Response(status_code=204)


@router.put(f"{ONE}/worksheets", summary="Put the worksheets of a period", **SEEN)
def put_sheets(held: Held, given: WorksheetsGiven) -> Response:
    """All of them, in the place of those before, which are kept. The same again is quiet."""
    return held.make_seen(put_worksheets, given.sheets())


@router.put(f"{ONE}/procedures", summary="Put the procedures of a period", **SEEN)
def put_counts(held: Held, given: ProceduresGiven) -> Response:
    """All of them, counted at once, in the place of those before. The same again is quiet."""
    digest = sha256(json.dumps(given.model_dump(), sort_keys=True).encode()).hexdigest()
    return held.make_seen(put_procedures, given.read(), file_name="api", sha256=digest)


@router.put(f"{ONE}/metrics", summary="Take the figures of a period over into the metrics", **SEEN)
def into_metrics(held: Held, given: TakenOver) -> Response:
    """Hours, full positions, work RVU and procedures of a year, with what they rest on. The same again is quiet."""
    return held.make_seen(take_over, **given.checked())
