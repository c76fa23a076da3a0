"""The days of one place, as a calendar and as a list, five weeks at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.plan.calendars import WEEKDAY_NAMES
from app.queries.people import ELSEWHERE
from app.queries.reconciliations.place import WEEKS, EntryDays, PlaceDays, place_days
from app.queries.reconciliations.rows import DayRow
from app.queries.rollouts.facts import PlaceFacts
from app.rules.clock import long_day, short_day
from app.rules.reconciliations.days import DayState, Runs
from app.rules.rollouts.sentences import Part
from app.web.answers import see_other
from app.web.forms import Slug, day_of
from app.web.frame import in_rollout, rail
from app.web.kept import Kept, by_the_minute
from app.web.reconciliations.upload import upload_address
from app.web.reconciliations.words import STATES, day_href, run_words, state_words, sums_sentence, sums_words
from app.web.rhythm.ways import RECONCILIATION, rhythm_ways
from app.web.site import Db, Desk, Now, Seeing
from app.web.templating import html

router = APIRouter()
NETWORK = "network"
QUIET = (DayState.CLEAN, DayState.NOT_ASKED)
TELLING = (DayState.OPEN, DayState.COUNTED, DayState.VARIANCE, DayState.MISSED)
"""Days that ask for somebody, or that somebody may ask about."""


@router.get("/rollouts/{slug}/locations/{location}/reconciliation")
@by_the_minute
def show(
    kept: Kept,
    desk: Seeing,
    location: Slug,
    session: Db,
    now: Now,
    until: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """`until`: any day of the last of the five weeks."""
    if not desk.rollout.has_plan:
        return see_other(f"/rollouts/{desk.rollout.slug}/progress")
    place = None if location == NETWORK else desk.rollout.place(location, gone=True)
    at = desk.rollout.as_of(now)
    found = place_days(session, desk.rollout, place, desk.extent, day_of("until", until), at)
    page = html("reconciliations/place.html", **in_rollout(desk, "Rhythm"), **shown(desk, place, found, at))
    return kept.answer(page)


def shown(desk: Desk, place: PlaceFacts | None, found: PlaceDays, now: datetime) -> dict[str, Any]:
    """Everything the template needs."""
    rollout = desk.rollout
    base = f"/rollouts/{rollout.slug}"
    slug, name = (place.slug, place.name) if place else (NETWORK, "The whole network")
    today = place.today(now) if place else rollout.today(now)
    address = f"{base}/locations/{slug}/reconciliation"
    return {
        "weeks": rail(rollout, now),
        "crumbs": [(RECONCILIATION, f"{base}/reconciliation"), (name, f"{base}/locations/{slug}" if place else None)],
        "subnav": rhythm_ways(desk, RECONCILIATION),
        "name": name,
        "when": long_day(today, today),
        "say": _say(name, found),
        "paused": place.paused if place else "",
        "entries": [_entry(one, found, today) for one in found.entries],
        "window": f"{short_day(found.first, today)} to {short_day(found.last, today)}",
        "earlier": f"{address}?until={(found.first - timedelta(days=1)).isoformat()}" if found.earlier else "",
        "later": f"{address}?until={(found.last + timedelta(days=7 * WEEKS)).isoformat()}" if found.later else "",
        "upload": upload_address(desk, slug),
    }


def _say(name: str, found: PlaceDays) -> list[Part]:
    runs = Runs()
    for one in found.entries:
        runs = runs.and_of(one.runs)
    return sums_sentence(runs, f"at {name}", f" at {name}")


def _entry(one: EntryDays, found: PlaceDays, today: date) -> dict[str, Any]:
    return {
        "id": one.entry,
        "title": one.title,
        "said": sums_words(one.runs),
        "run": run_words(one.runs.run),
        "stretch": f"{short_day(one.first, today)} to {short_day(one.last, today)}",
        **_calendar(one, found, today),
        "days": [_line(row, found, today) for row in reversed(one.rows) if row.state in TELLING],
        "quiet": [_line(row, found, today) for row in reversed(one.rows) if row.state in QUIET],
    }


def _calendar(one: EntryDays, found: PlaceDays, today: date) -> dict[str, Any]:
    """The weeks of the window, with a column for every weekday on which it is ever counted."""
    rows = {row.day: row for row in one.rows}
    columns = sorted({day.weekday() for day in (*rows, *one.closed)})
    mondays = [found.first + timedelta(days=7 * number) for number in range(WEEKS)]
    weeks = [
        {
            "label": _week(monday),
            "days": [_cell(monday + timedelta(days=at), rows, one.closed, today) for at in columns],
        }
        for monday in mondays
    ]
    return {"weekdays": [WEEKDAY_NAMES[at][:3] for at in columns], "weeks": weeks if columns else []}


def _week(monday: date) -> str:
    return f"{monday:%-d} {monday:%b}"


def _cell(day: date, rows: Mapping[date, DayRow], closed: Mapping[date, str], today: date) -> dict[str, Any] | None:
    """A day of the calendar; nothing where none is counted."""
    said: dict[str, Any] = {"day": str(day.day), "why": "", "href": "", "status": "", "today": day == today}
    if day in closed:
        return {**said, "word": "Closed", "why": closed[day]}
    if day not in rows:
        return None
    row = rows[day]
    status, word = STATES[row.state]
    paused = row.facts.paused and row.state is DayState.NOT_ASKED
    late = row.state is DayState.MISSED and row.facts.counted_at is not None
    why = "stands still" if paused else "entered later" if late else ""
    ahead = row.state is DayState.AHEAD
    return {**said, "status": status, "word": word, "why": why, "href": "" if ahead else day_href(row)}


def _line(row: DayRow, found: PlaceDays, today: date) -> dict[str, Any]:
    """A day in the list."""

    def name(person: int | None) -> str:
        return found.names.get(person, ELSEWHERE) if person is not None else ""

    return {
        "day": short_day(row.day, today),
        "href": day_href(row),
        "status": STATES[row.state][0],
        "label": state_words(row),
        "outside": ", ".join(found.outside.get(row.record or 0, ())),
        "counted": name(row.counted_by),
        "reviewed": name(row.reviewed_by) or ("waits for review" if row.facts.waits_for_review else ""),
    }
