"""All periods of a rollout, a comparison of those that are chosen, and what is kept for the whole of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from sqlmodel import Session
from starlette.responses import Response

from app.actions.productivity.periods import begin_period
from app.errors import Invalid
from app.models import Benchmark, RelativeValueFile
from app.queries.productivity.comparison import benchmark_of, benchmarks, compared
from app.queries.productivity.facts import PeriodFacts
from app.queries.productivity.overview import PAGE, Overview, chosen_periods, overview
from app.queries.productivity.page import value_files
from app.queries.rollouts.facts import PlaceFacts
from app.rules.clock import count
from app.rules.people.access import Permission
from app.rules.productivity.cells import figure
from app.rules.productivity.figures import WEEK
from app.web.answers import see_other
from app.web.forms import LARGEST_ID, Line, demanded_day
from app.web.frame import in_rollout, rail
from app.web.productivity.compared import shown_comparison
from app.web.productivity.shown import shown_faults
from app.web.productivity.words import index_words, period_words, plain, rounded
from app.web.rhythm.ways import PRODUCTIVITY, rhythm_ways
from app.web.site import AllowingGuard, Db, Desk, Now, Seeing
from app.web.templating import html
from app.web.told import NOTHING, Told, attempted

router = APIRouter()
MOST_COMPARED: Final = 12
Key = Annotated[int, Query(ge=1, le=LARGEST_ID)]
Chosen = Annotated[list[Key], Query(max_length=MOST_COMPARED)]
Page = Annotated[int, Query(ge=1, le=100_000)]
Pick = Annotated[str, Query(pattern=r"^[0-9]{0,9}$")]

GUARD = AllowingGuard(Permission.ENTER_FIGURES, "You may see this rollout, but entering figures is not yours to do.")
Entering = Annotated[Desk, Depends(GUARD)]


@router.get("/rollouts/{slug}/productivity")
def show(
    desk: Seeing,
    session: Db,
    now: Now,
    period: Chosen = [],  # noqa: B006 (FastAPI copies it)
    benchmark: Pick = "",
    page: Page = 1,
) -> Response:
    if not desk.rollout.has_plan:
        return see_other(f"/rollouts/{desk.rollout.slug}/progress")
    return overview_page(desk, session, now, chosen=period, benchmark=int(benchmark or 0) or None, number=page)


def overview_page(
    desk: Desk, session: Session, now: datetime, told: Told = NOTHING, *, chosen: Sequence[int] = (),
    benchmark: int | None = None, number: int = 1,
) -> Response:  # fmt: skip
    """The page, with what is said of a form that was sent from it."""
    rollout = desk.rollout
    found = overview(session, rollout, page=number)
    marks, files = benchmarks(session, rollout), value_files(session, rollout)
    against = benchmark_of(marks, benchmark)
    side = compared(chosen_periods(session, rollout, chosen), against) if chosen else None
    places, keeps = entered_at(desk), rollout.state == "running" and desk.can(Permission.ENTER_FIGURES)
    return html(
        "productivity/overview.html",
        told.status,
        **in_rollout(desk, "Rhythm"),
        weeks=rail(rollout, now),
        subnav=rhythm_ways(desk, PRODUCTIVITY),
        say=_say(found),
        address=f"/rollouts/{rollout.slug}/productivity",
        rows=[_row(one, rollout.slug, chosen) for one in found.periods],
        pager=_pager(f"/rollouts/{rollout.slug}/productivity", found.total, number),
        compared=shown_comparison(side) if side else None,
        marks=[(str(one.id), f"{one.name}, relative values of {one.rvu_year}") for one in marks],
        benchmark=benchmark or "",
        places=[(one.slug, one.name) for one in places],
        keeps=keeps,
        files=[_file(one) for one in files],
        benchmarks=[_benchmark(one) for one in marks],
        told=told,
    )


def entered_at(desk: Desk) -> list[PlaceFacts]:
    """The locations whose figures the reader enters; none where nothing is changed any more."""
    if desk.rollout.state != "running":
        return []
    return [one for one in desk.rollout.locations if desk.can(Permission.ENTER_FIGURES, one.id)]


def _say(found: Overview) -> str:
    if not found.total:
        return "No period is measured yet."
    sites = len({one.place.id for one in found.periods})
    return f"{count(found.total, 'period')} at {count(sites, 'centre')}." if found.total <= PAGE else (
        f"{found.total:,} periods."
    )  # fmt: skip


def _row(one: PeriodFacts, slug: str, chosen: Sequence[int]) -> dict[str, Any]:
    figures = one.figures
    return {
        "id": one.id,
        "chosen": one.id in chosen,
        "href": f"/rollouts/{slug}/locations/{one.place.slug}/productivity/{one.id}",
        "name": one.place.name,
        "period": period_words(one.row.first, one.row.last),
        "year": str(one.values.year) if one.values else "",
        "hours": plain(figures.hours),
        "positions": rounded(figures.positions),
        "rvu": rounded(figures.performed.rvu, 0),
        "procedures": f"{figures.performed.procedures:,}",
        "indices": [
            index_words("productivity", figures.indices.productivity),
            index_words("availability", figures.indices.availability),
            index_words("intensity", figures.indices.intensity),
        ],
        "unsure": bool(figures.performed.unvalued),
    }


def _file(one: RelativeValueFile) -> dict[str, Any]:
    return {"id": one.id, "name": one.file_name, "year": one.year, "codes": count(one.codes, "code"),
            "faulty": count(one.faulty, "row") if one.faulty else "",
            **shown_faults(one.faults, one.faulty)}  # fmt: skip


def _benchmark(one: Benchmark) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "source": one.source, "year": one.rvu_year, "kinds": "; ".join(one.kinds)}


def _pager(address: str, total: int, page: int) -> dict[str, Any] | None:
    pages = max(1, -(-total // PAGE))
    if pages == 1:
        return None

    def at(number: int) -> str:
        return f"{address}?{urlencode({'page': number})}"

    return {
        "page": page,
        "pages": pages,
        "prev_href": at(page - 1) if page > 1 else None,
        "next_href": at(page + 1) if page < pages else None,
        "newest": True,
    }


@router.post("/rollouts/{slug}/productivity/periods")
def begin(
    desk: Entering,
    session: Db,
    now: Now,
    location: Line = "",
    first: Line = "",
    last: Line = "",
    full_time: Line = "",
) -> Response:
    typed = {"location": location, "first": first, "last": last, "full_time": full_time}
    begun: list[int] = []

    def act() -> None:
        place = desk.rollout.named(location)
        if place is None:
            raise Invalid({"location": "Choose a centre."})
        days = [demanded_day(name, text) for name, text in (("first", first), ("last", last))]
        weekly = figure(full_time, WEEK)
        if weekly is None:
            raise Invalid({"full_time": f"A figure up to {WEEK}, such as 36."})
        row = begin_period(session, place.id, first=days[0], last=days[1], full_time=weekly, by=desk.viewer, now=now)
        begun.append(row.id or 0)

    told = attempted(session, act, Told(form="begin", typed=typed))
    if told is not NOTHING:
        return overview_page(desk, session, now, told)
    return see_other(f"/rollouts/{desk.rollout.slug}/locations/{location}/productivity/{begun[0]}")
