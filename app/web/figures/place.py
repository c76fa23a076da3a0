"""The figures of one place: the page, and the form that takes several metrics of one period at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from app.errors import Invalid
from app.queries.figures.lines import FigureLine
from app.queries.figures.place import PlaceFigures, place_figures
from app.rules.clock import long_day
from app.rules.metrics.periods import Cadence, cadence_of, is_period, last_complete, latest_periods, period_words
from app.rules.metrics.readings import Stretch
from app.web.answers import see_other
from app.web.figures.at import SeeingThere, Spot
from app.web.figures.frozen import shown_baseline
from app.web.figures.shown import said_of, shown_groups, shown_readings
from app.web.figures.upload import upload_address
from app.web.forms import Filter, demanded_day
from app.web.frame import in_rollout, rail
from app.web.rhythm.ways import FIGURES, rhythm_ways
from app.web.site import Db, Now
from app.web.templating import html
from app.web.told import NOTHING, Told

router = APIRouter()
OFFERED: Final[Mapping[str, int]] = {"day": 10, "week": 12, "month": 12}
BETWEEN: Final = ".."


@dataclass(frozen=True)
class Chosen:
    """The days that were asked for: `period` as one text, or both days of their own."""

    period: str = ""
    first: str = ""
    last: str = ""

    def stretch(self) -> Stretch | None:
        """Nothing where none were asked for. Raises Invalid."""
        first, _, last = self.period.partition(BETWEEN) if self.period else (self.first, "", self.last)
        if not (first or last):
            return None
        return demanded_day("first", first), demanded_day("last", last)


def chosen(period: Filter = "", first: Filter = "", last: Filter = "") -> Chosen:
    return Chosen(period, first, last)


@router.get("/rollouts/{slug}/locations/{location}/figures")
def show(
    spot: SeeingThere, session: Db, now: Now, period: Filter = "", first: Filter = "", last: Filter = "",
    entered: Annotated[str, Query(pattern=r"^[0-9]{0,6}$")] = "",
) -> Response:  # fmt: skip
    if not spot.desk.rollout.has_plan:
        return see_other(f"/rollouts/{spot.desk.rollout.slug}/progress")
    asked = Chosen(period, first, last)
    try:
        days = asked.stretch()
    except Invalid as fault:
        told = Told(form="period", errors=fault.fields, typed={"first": first, "last": last})
        return answer(spot, session, None, told, now)
    return answer(spot, session, days, NOTHING, now, entered=entered)


def answer(
    spot: Spot, session: Session, days: Stretch | None, told: Told, now: datetime, entered: str = ""
) -> Response:
    """The page with the form of these days, else of the latest that are due."""
    at = spot.desk.rollout.as_of(now)
    page = place_figures(session, spot.desk.rollout, spot.place, spot.wave, days, spot.desk.viewer, at)
    if days is None:
        days = usual_period(page.lines, page.today)
        page = place_figures(session, spot.desk.rollout, spot.place, spot.wave, days, spot.desk.viewer, at)
    values = {**in_rollout(spot.desk, "Rhythm"), **shown(spot, page, days, told, at), "entered": entered}
    return html("figures/place.html", told.status, **values)


def usual_period(lines: Iterable[FigureLine], today: date) -> Stretch | None:
    """The period that most metrics wait for, the shorter one before the longer; else the latest that is over."""
    known = list(lines)
    due = Counter(line.due for line in known if line.due and line.enters)
    if due:
        return min(due, key=lambda days: (-due[days], days[1] - days[0]))
    rhythms = [cadence for line in known if line.enters and (cadence := cadence_of(line.metric.every))]
    return last_complete(Counter(rhythms).most_common(1)[0][0], today) if rhythms else None


def shown(spot: Spot, page: PlaceFigures, days: Stretch | None, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the template needs."""
    desk, base = spot.desk, f"/rollouts/{spot.desk.rollout.slug}"
    here = f"{base}/locations/{spot.slug}" if spot.place else None
    return {
        "weeks": rail(desk.rollout, now),
        "crumbs": [(FIGURES, f"{base}/figures"), (spot.name, here)],
        "subnav": rhythm_ways(desk, FIGURES),
        "name": spot.name,
        "when": long_day(page.today, page.today),
        "say": said_of(page),
        "told": told,
        "groups": shown_groups(spot, page, now),
        "baseline": shown_baseline(spot, page, now),
        "form": _form(spot, page, days, told) if spot.open and page.enters else None,
        "upload": upload_address(desk),
    }


def _form(spot: Spot, page: PlaceFigures, days: Stretch | None, told: Told) -> dict[str, Any]:
    """The days that one can choose among, and a row for every metric that is read over those that were chosen."""
    offered = dict.fromkeys(_offered(page))
    if days is not None:
        offered = dict.fromkeys([days, *offered]) if days not in offered else offered
    return {
        "address": spot.address(),
        "action": spot.address("readings"),
        "wave": spot.wave,
        "period": value_of(days) if days else "",
        "period_words": period_words(days) if days else "",
        "options": [(value_of(one), _option(one, page)) for one in offered],
        "first": told.value("period", "first", days[0].isoformat() if days else ""),
        "last": told.value("period", "last", days[1].isoformat() if days else ""),
        "readings": shown_readings(page, _lines(page, days), days, told) if days else [],
    }


def _offered(page: PlaceFigures) -> Iterable[Stretch]:
    """The latest periods of every rhythm that anything is read in."""
    rhythms = dict.fromkeys(
        cadence for line in page.lines if line.enters and (cadence := cadence_of(line.metric.every))
    )
    for cadence in rhythms:
        yield from latest_periods(cadence, page.today, OFFERED[cadence.unit])


def _option(days: Stretch, page: PlaceFigures) -> str:
    words = period_words(days)
    wait = sum(line.due == days and line.enters for line in page.lines)
    return f"{words[0].upper()}{words[1:]}{f', {wait} to enter' if wait else ''}"


def _lines(page: PlaceFigures, days: Stretch | None) -> list[FigureLine]:
    """Those that are read over such days, or have a figure of just these; over days of no rhythm every one."""
    mine = [line for line in page.lines if line.enters]
    if days is None:
        return mine
    read = {row.metric for row in page.readings if (row.first, row.last) == days}
    fits = [line for line in mine if line.metric.id in read or _fits(cadence_of(line.metric.every), days)]
    return fits or mine


def _fits(cadence: Cadence | None, days: Stretch) -> bool:
    return cadence is None or is_period(cadence, days)


def value_of(days: Stretch) -> str:
    return f"{days[0].isoformat()}{BETWEEN}{days[1].isoformat()}"
