"""Readings of metrics: listed, and entered many at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ConfigDict, Field
from starlette.responses import Response

from app.actions.metrics.planned import Given as GivenReading
from app.actions.metrics.planned import Planned, planned_readings
from app.actions.metrics.recording import record_readings
from app.api.callers import Db, asks_dry
from app.api.describing import changing, reading
from app.api.fields import LARGEST_ID, Day, Given, Line, Prose, Word
from app.api.figures.shapes import EnteredReadings, PlannedReading, Reading
from app.api.guards import Desk, Seeing
from app.api.paging import Page, Paged, cut_page
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.errors import Invalid
from app.models import MetricReading
from app.plan.language.dates import parse_iso_date
from app.plan.problems import Wrong
from app.queries.figures.after import ReadingFilter, readings_after
from app.request import Now
from app.rules.issues.identifiers import identifiers
from app.rules.metrics.access import may_read_texts
from app.rules.metrics.judging import checked_figure
from app.rules.metrics.sheet import NETWORK

router = APIRouter(tags=["metrics"], route_class=StrictRoute)
KIND: Final = "readings"
MOST_AT_ONCE: Final = 5_000
DayWord = Annotated[str, Query(max_length=10, pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", examples=["2027-02-08"])]
Figure = Annotated[str, Field(pattern=r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$")]
"""A figure as a text, since numbers of JSON are not exact."""


def reading_filter(
    desk: Seeing,
    location: Annotated[Word, Query(description="A location's id, or `network`.")] = "",
    metric: Annotated[Word, Query(description="The id of a metric of the playbook.")] = "",
    first: Annotated[DayWord, Query(alias="from", description="The first day.")] = "",
    last: Annotated[DayWord, Query(alias="to", description="The last day.")] = "",
    replaced: Annotated[bool, Query(description="Also those that another figure took the place of.")] = False,
) -> tuple[Desk, ReadingFilter]:
    """Before which rollout, and which of its readings. Raises Invalid for a place or a day that there is not."""
    network = location == NETWORK
    place = None if network else desk.rollout.named(location)
    return desk, ReadingFilter(place, network, metric, _day("from", first), _day("to", last), replaced)


def _day(name: str, text: str) -> date | None:
    try:
        return parse_iso_date(text) if text else None
    except Wrong:
        raise Invalid({name: "Give a day, as 2027-02-08."}) from None


@router.get(
    "/rollouts/{slug}/readings", summary="Readings of metrics", response_model=Page[Reading], responses=reading()
)
def list_readings(
    asked: Annotated[tuple[Desk, ReadingFilter], Depends(reading_filter)], page: Paged, session: Db
) -> Response:
    """At the places that you may see, in the order in which they were entered."""
    desk, wanted = asked
    after = page.after(KIND)
    found = (
        readings_after(session, desk.rollout, desk.extent, wanted, after, page.limit + 1) if after <= LARGEST_ID else []
    )
    return cut_page(page, KIND, Reading, found, lambda row: row.id or 0, lambda row: reading_of(desk, row))


def reading_of(desk: Desk, row: MetricReading) -> Reading:
    place = desk.rollout.location(row.location_id)
    metric = desk.rollout.book_at(row.location_id).figures.get(row.metric)
    at = {"rollout": desk.rollout.id, "location": row.location_id}
    reads = metric is not None and may_read_texts(desk.viewer, metric, at)
    return Reading(
        id=row.id or 0, location=place.slug if place else None, wave=row.wave, metric=row.metric, first=row.first,
        last=row.last, value=f"{row.value:f}", of=None if row.size is None else f"{row.size:f}", unit=row.unit,
        definition=row.definition, counts=row.counts, basis=row.basis, note=row.note if reads else None,
        reason=row.reason if reads else None, source=row.source, by=row.by_id, at=row.at, replaced_at=row.replaced_at,
        withdrawn_by=row.withdrawn_by, withdrawn_reason=row.withdrawn_reason if reads else None,
    )  # fmt: skip


class ReadingRow(Given):
    """One figure of a metric."""

    location: Line = Field(description="A location's id, or `network`.")
    wave: Line = Field("", description="With `network`: the id of a wave, for what is read once for its locations.")
    metric: Line
    first: Day
    last: Day
    value: Figure = Field(description="As a text: `45.5`; percentages as `8`.")
    of: Figure | None = Field(None, description="Of how many things it is the figure.")
    note: Prose = ""
    reason: Prose = Field("", description="Why it takes the place of the figure that stands.")
    basis: dict[str, str | list[str]] = Field(default_factory=dict, description="Facts that must agree to compare.")


class Readings(Given):
    """All of the figures are entered, or none."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "rows": [
                        {
                            "location": "alder", "metric": "ar-days", "first": "2027-01-04", "last": "2027-01-10",
                            "value": "45.5",
                        }
                    ]
                }
            ]
        }
    )  # fmt: skip

    rows: list[ReadingRow] = Field(min_length=1, max_length=MOST_AT_ONCE)
    reason: Prose = Field("", description="That of every correction that brings none of its own.")
    dry: bool = Field(False, description="Enter nothing: say what would be entered, and which figures cannot.")
    no_patient: bool = Field(False, description="Nothing in a note or a reason names a patient, whatever it is like.")


@router.post(
    "/rollouts/{slug}/readings", summary="Enter readings of metrics", response_model=EnteredReadings,
    responses=changing(),
)  # fmt: skip
@asks_dry
def enter(request: Request, given: Readings, desk: Seeing, session: Db, now: Now) -> Response:
    """In one step, all or none; the same again is quiet. 409 names the figures that cannot be taken."""
    if not given.no_patient:
        _demand_no_patient(given)
    rows = [_given(at, one) for at, one in enumerate(given.rows, start=1)]
    told: dict[str, Any] = {"reason": given.reason, "by": desk.viewer, "now": now}
    plan = planned_readings(session, desk.rollout.id, rows, **told)
    if not given.dry:
        record_readings(session, desk.rollout.id, rows, shown=plan.fingerprint, source="api", **told)
    planned = [_planned(at, row) for at, row in enumerate(plan.rows, start=1)]
    return answer(request, EnteredReadings(done=not given.dry, rows=planned))


def _given(number: int, one: ReadingRow) -> GivenReading:
    """Raises Invalid for a figure that cannot be one."""
    numbers: list[Decimal | None] = []
    for name, text in (("value", one.value), ("of", one.of)):
        try:
            numbers.append(None if text is None else checked_figure(Decimal(text)))
        except ValueError as fault:
            raise Invalid({f"rows.{number}.{name}": str(fault)}) from None
    return GivenReading(
        one.metric, one.first, one.last, numbers[0] or Decimal(0), "" if one.location == NETWORK else one.location,
        one.wave, numbers[1], one.note, one.reason, one.basis,
    )  # fmt: skip


def _demand_no_patient(given: Readings) -> None:
    """Raises Invalid, naming the rows and never repeating what was sent."""
    texts = {f"rows.{at}": f"{one.note}\n{one.reason}" for at, one in enumerate(given.rows, start=1)}
    faults = {name: "This looks like a patient's. Leave it out, or say `no_patient`."
              for name, text in {**texts, "reason": given.reason}.items() if identifiers(text)}  # fmt: skip
    if faults:
        raise Invalid(faults)


def _planned(number: int, row: Planned) -> PlannedReading:
    stands = f"{row.stands.value:f}" if row.stands else None
    return PlannedReading(row=number, outcome=row.outcome, stands=stands, faults=dict(row.faults))
