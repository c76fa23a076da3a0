"""The days of a whole rollout: a line for each place, a few places a page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.queries.reconciliations.network import PLACES, NetworkDays, NetworkLine, network_days
from app.rules.clock import short_day
from app.rules.reconciliations.days import DayState
from app.web.answers import see_other
from app.web.forms import Filter
from app.web.frame import as_of, in_rollout, rail
from app.web.kept import Kept, by_the_minute
from app.web.reconciliations.upload import upload_address
from app.web.reconciliations.words import STATES, sums_sentence, sums_words
from app.web.rhythm.ways import RECONCILIATION, rhythm_ways
from app.web.site import Db, Desk, Now, Seeing
from app.web.templating import html

router = APIRouter()


@router.get("/rollouts/{slug}/reconciliation")
@by_the_minute
def show(
    kept: Kept,
    desk: Seeing,
    session: Db,
    now: Now,
    entry: Filter = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    if not desk.rollout.has_plan:
        return see_other(f"/rollouts/{desk.rollout.slug}/progress")
    at = desk.rollout.as_of(now)
    found = network_days(session, desk.rollout, desk.extent, entry, page, at)
    answer = html("reconciliations/list.html", **in_rollout(desk, "Rhythm"), **shown(desk, entry, found, page, at))
    return kept.answer(answer)


def shown(desk: Desk, entry: str, found: NetworkDays, page: int, now: datetime) -> dict[str, Any]:
    """Everything the template needs."""
    rollout, address = desk.rollout, f"/rollouts/{desk.rollout.slug}/reconciliation"
    today = rollout.today(now)
    entries = rollout.playbook.reconciliation
    return {
        "weeks": rail(rollout, now),
        "when": as_of(rollout, now),
        "say": sums_sentence(found.sums, "here", " of the last three weeks"),
        "waiting": found.sums.waiting,
        "subnav": rhythm_ways(desk, RECONCILIATION),
        "address": address,
        "asks": bool(entries),
        "filters": {
            "value": entry,
            "options": [("", "All"), *((id_, one.title) for id_, one in entries.items())] if len(entries) > 1 else [],
        },
        "lines": [_line(desk, one, now) for one in found.lines],
        "first": short_day(found.first, today),
        "upload": upload_address(desk),
        "pager": _pager(address, entry, page, found),
    }


def _line(desk: Desk, one: NetworkLine, now: datetime) -> dict[str, Any]:
    """One place: its strip with the sentence that says the same, and what became of those days."""
    place = one.place
    today = place.today(now) if place else desk.rollout.today(now)
    slug, name = (place.slug, place.name) if place else ("network", "The whole network")
    marks = [STATES[day.state][0] for day in one.days if day.state is not DayState.NOT_ASKED]
    said = sums_words(one.runs) if marks else "none asked for" if one.days else ""
    return {
        "name": name,
        "href": f"/rollouts/{desk.rollout.slug}/locations/{slug}/reconciliation",
        "title": one.title,
        "marks": marks,
        "said": f"{one.runs.closed} of {one.runs.due} closed" if marks else said,
        "label": f"{name}: {said}",
        "ahead": f"next {short_day(one.ahead, today)}" if one.ahead else "",
        "due": one.runs.due,
        "run": f"{one.runs.run}+" if one.open_ended else str(one.runs.run),
        "missed": one.runs.missed,
        "variance": one.runs.variance,
        "waiting": one.runs.waiting,
        "paused": bool(place and place.paused),
    }


def _pager(address: str, entry: str, page: int, found: NetworkDays) -> dict[str, Any] | None:
    pages = max(1, -(-found.total // PLACES))
    if pages == 1:
        return None
    first = (page - 1) * PLACES
    return {
        "page": page,
        "pages": pages,
        "prev_href": _address(address, entry, page - 1) if page > 1 else None,
        "next_href": _address(address, entry, page + 1) if page < pages else None,
        "said": f"{first + 1} to {min(first + PLACES, found.total)} of {found.total:,} centres",
    }


def _address(address: str, entry: str, page: int) -> str:
    asked = {"entry": entry, "page": str(page) if page > 1 else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{address}?{query}" if query else address
