"""The meetings of a rollout: this week and next, the last ones with what became of them, and what was missed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from app.queries.meetings.lines import NETWORK, MeetingLine, Wanted
from app.queries.meetings.list import MeetingsPage, meetings_page
from app.rules.clock import count, short_day, spelled
from app.rules.meetings.states import MeetingState
from app.rules.rollouts.sentences import Part
from app.web.answers import see_other
from app.web.forms import Filter
from app.web.frame import as_of, in_rollout, rail
from app.web.kept import Kept, by_the_minute
from app.web.meetings.words import shown_line, when_words
from app.web.rhythm.ways import MEETINGS, rhythm_ways
from app.web.site import Db, Desk, Now, Seeing
from app.web.templating import html

router = APIRouter()
_TO_COME = (MeetingState.AHEAD, MeetingState.TODAY, MeetingState.NOW)


async def wanted_meetings(meeting: Filter = "", location: Filter = "") -> Wanted:
    """The filter of an address."""
    return Wanted(meeting, location)


@router.get("/rollouts/{slug}/meetings")
@by_the_minute
def show(
    kept: Kept,
    desk: Seeing,
    wanted: Annotated[Wanted, Depends(wanted_meetings)],
    session: Db,
    now: Now,
    page: Annotated[int, Query(ge=1, le=1_000)] = 1,
) -> Response:
    if not desk.rollout.has_plan:
        return see_other(f"/rollouts/{desk.rollout.slug}/progress")
    at = desk.rollout.as_of(now)
    found = meetings_page(session, desk.rollout, wanted, page, at)
    return kept.answer(html("meetings/list.html", **in_rollout(desk, "Rhythm"), **shown(desk, wanted, found, page, at)))


def shown(desk: Desk, wanted: Wanted, found: MeetingsPage, page: int, now: datetime) -> dict[str, Any]:
    """Everything the template needs."""
    rollout, address = desk.rollout, f"/rollouts/{desk.rollout.slug}/meetings"
    today = rollout.today(now)
    return {
        "weeks": rail(rollout, now),
        "when": as_of(rollout, now),
        "say": sentence(found, now),
        "subnav": rhythm_ways(desk, MEETINGS),
        "address": address,
        "remarks_href": f"/rollouts/{rollout.slug}/remarks",
        "has_meetings": bool(rollout.playbook.meetings),
        "filtered": wanted != Wanted(),
        "filters": _filters(desk, wanted),
        "this_week": _rows(desk, found.weeks[0], now) if page == 1 else [],
        "next_week": _rows(desk, found.weeks[1], now) if page == 1 else [],
        "more_ahead": found.more_ahead,
        "missed": _rows(desk, found.missed, now) if page == 1 else [],
        "missed_said": _missed_words(found),
        "before": _rows(desk, found.before, now),
        "before_said": f"{short_day(found.first, today)} to {short_day(found.last, today)}",
        "more_before": found.more_before,
        "first_page": page == 1,
        "pager": _pager(address, wanted, page, found),
    }


def _rows(desk: Desk, lines: Iterable[MeetingLine], now: datetime) -> list[dict[str, Any]]:
    return [shown_line(desk.rollout, line, now) for line in lines]


def sentence(found: MeetingsPage, now: datetime) -> list[Part]:
    """What meets today or next, and how many were missed."""
    ahead = next((one for week in found.weeks for one in week if one.state in _TO_COME), None)
    if found.today:
        words = [Part(f"{spelled(found.today)} {'meeting' if found.today == 1 else 'meetings'} today")]
    elif ahead:
        words = [Part(f"No meeting today; the next is {ahead.title}, {when_words(ahead.slot, now)}")]
    else:
        words = [Part("No meeting today, and none next week")]
    if not found.total_missed:
        return [*words, Part(".")]
    verb = "was" if found.total_missed == 1 else "were"
    return [*words, Part("; "), Part(f"{count(found.total_missed, 'meeting')} {verb} missed", "missed"), Part(".")]


def _missed_words(found: MeetingsPage) -> str:
    others = found.total_missed - len(found.missed)
    return f"the last {len(found.missed)} of {found.total_missed}" if others > 0 else ""


def _filters(desk: Desk, wanted: Wanted) -> dict[str, Any]:
    rollout = desk.rollout
    places = [(place.slug, place.name) for place in rollout.locations]
    return {
        "wanted": wanted,
        "meetings": [("", "All"), *((id_, one.title) for id_, one in rollout.playbook.meetings.items())],
        "locations": [("", "All"), *places, (NETWORK, "The whole network")],
    }


def _pager(address: str, wanted: Wanted, page: int, found: MeetingsPage) -> dict[str, Any] | None:
    if found.pages == 1:
        return None
    return {
        "page": page,
        "pages": found.pages,
        "prev_href": _address(address, wanted, page + 1) if page < found.pages else None,
        "next_href": _address(address, wanted, page - 1) if page > 1 else None,
        "said": f"Four weeks, {page} of {found.pages} back",
    }


def _address(address: str, wanted: Wanted, page: int) -> str:
    asked = {"meeting": wanted.entry, "location": wanted.location, "page": str(page) if page > 1 else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{address}?{query}" if query else address
