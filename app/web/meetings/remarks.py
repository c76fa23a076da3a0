"""Wins and concerns of a rollout: what is open, what went well, what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from app.queries.meetings.lines import NETWORK
from app.queries.meetings.remark_lines import RemarkLine
from app.queries.meetings.remarks import RemarksPage, RemarksWanted, remarks_page
from app.rules.clock import count, spelled
from app.rules.meetings.remarks import Shown
from app.rules.rollouts.sentences import Part
from app.web.forms import Filter
from app.web.frame import as_of, in_rollout, rail
from app.web.kept import Kept, by_the_minute
from app.web.meetings.beside import beside_line, may_say
from app.web.meetings.words import NETWORK_WORDS
from app.web.rhythm.ways import MEETINGS, rhythm_ways
from app.web.site import Db, Desk, Now, Seeing
from app.web.templating import html

router = APIRouter()
PAGE: Final = 50


async def wanted_remarks(shown: Filter = Shown.OPEN, location: Filter = "") -> RemarksWanted:
    """The filter of an address; one that is none is that of open concerns."""
    return RemarksWanted(Shown(shown) if shown in tuple(Shown) else Shown.OPEN, location)


@router.get("/rollouts/{slug}/remarks")
@by_the_minute
def show_all(
    kept: Kept,
    desk: Seeing,
    wanted: Annotated[RemarksWanted, Depends(wanted_remarks)],
    session: Db,
    now: Now,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    now = desk.rollout.as_of(now)
    found = remarks_page(session, desk.rollout, desk.viewer, wanted, (page - 1) * PAGE, PAGE)
    address = f"/rollouts/{desk.rollout.slug}/remarks"
    values = {
        "weeks": rail(desk.rollout, now),
        "when": as_of(desk.rollout, now),
        "say": sentence(found),
        "subnav": rhythm_ways(desk, MEETINGS),
        "address": address,
        "new_href": f"{address}/new" if any(may_say(desk, place) for place in (None, *desk.rollout.locations)) else "",
        "filters": _filters(desk, wanted),
        "said": count(found.total, "line"),
        "lines": [_listed(desk, line, now) for line in found.lines],
        "open_only": wanted == RemarksWanted(),
        "pager": _pager(address, wanted, found.total, page),
    }
    return kept.answer(html("meetings/remarks.html", **in_rollout(desk, "Rhythm"), **values))


def sentence(found: RemarksPage) -> list[Part]:
    wins = f"{spelled(found.wins)} {'win' if found.wins == 1 else 'wins'}"
    if not found.open:
        return [Part(f"{wins} so far, and no concern is open." if found.wins else "Nobody has said anything yet.")]
    head = Part(f"{spelled(found.open)} {'concern is' if found.open == 1 else 'concerns are'} open", "risk")
    return [head, Part(f"; {wins.lower()} so far.")]


def _filters(desk: Desk, wanted: RemarksWanted) -> dict[str, Any]:
    places = [(place.slug, place.name) for place in desk.rollout.locations]
    titles = {Shown.OPEN: "Open concerns", Shown.WINS: "Wins", Shown.SETTLED: "Settled", Shown.ALL: "All"}
    return {
        "wanted": wanted,
        "shown": [(one.value, titles[one]) for one in Shown],
        "locations": [("", "All"), *places, (NETWORK, NETWORK_WORDS)],
    }


def _listed(desk: Desk, line: RemarkLine, now: datetime) -> dict[str, Any]:
    where = line.place.name if line.place else NETWORK_WORDS
    found = beside_line(desk, line, now)
    return {**found, "end": f"{where}, {found['end']}"}


def _pager(address: str, wanted: RemarksWanted, total: int, page: int) -> dict[str, Any] | None:
    pages = max(1, -(-total // PAGE))
    if pages == 1:
        return None
    asked = {"shown": wanted.shown.value, "location": wanted.location}
    query = urlencode({name: value for name, value in asked.items() if value})
    first = (page - 1) * PAGE
    return {
        "page": page,
        "pages": pages,
        "prev_href": f"{address}?{query}&page={page - 1}" if page > 1 else None,
        "next_href": f"{address}?{query}&page={page + 1}" if page < pages else None,
        "said": f"{first + 1} to {min(first + PAGE, total)} of {total:,}",
    }
