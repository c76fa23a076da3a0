"""The director's board."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.queries.rollouts.board import Board, Centre, board
from app.queries.rollouts.burn import burn
from app.rules.clock import count, long_day, zone_name
from app.rules.people.access import Permission
from app.rules.rollouts.burn import BurnUp, in_words
from app.rules.rollouts.readiness import BarState
from app.rules.rollouts.sentences import board_sentence
from app.web.answers import is_fragment, see_other
from app.web.frame import in_rollout, rail
from app.web.issues.beside import issues_of_board
from app.web.kept import Kept, by_the_minute
from app.web.rollouts.centres import (
    called,
    clock_of,
    next_opening,
    plan_address,
    readiness_address,
    shown_place,
    shown_shared,
    standing,
)
from app.web.rollouts.needing import needs
from app.web.site import Db, Desk, Now, RolloutGuard
from app.web.templating import html

router = APIRouter()


@router.get("/rollouts/{slug}/board")
@by_the_minute
def show(
    kept: Kept,
    request: Request,
    desk: Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN))],
    session: Db,
    now: Now,
) -> Response:
    if not desk.rollout.has_plan:
        return see_other(f"/rollouts/{desk.rollout.slug}/progress")
    now = desk.rollout.as_of(now)
    seen = board(session, desk.rollout, desk.extent, now)
    curve = burn(session, desk.rollout, desk.extent, now)
    template = "rollouts/_board.html" if is_fragment(request) else "rollouts/board.html"
    values = {**shown(desk, seen, curve, now), **needs(session, desk, seen, now)}
    issues = issues_of_board(session, desk, now)
    return kept.answer(html(template, **in_rollout(desk, "Board"), **values, issues=issues))


def shown(desk: Desk, seen: Board, curve: BurnUp | None, now: datetime) -> dict[str, Any]:
    """Everything the board's template needs."""
    places = [shown_place(seen, centre, now) for centre in seen.centres]
    shared = shown_shared(seen)
    first = next_opening(seen)
    return {
        "address": f"/rollouts/{desk.rollout.slug}/board",
        "when": when_words(desk, now),
        "instant": now.isoformat(),
        "say": board_sentence([standing(centre, now) for centre in called(seen)]),
        "more": in_the_way(seen, first),
        "clock": clock_of(first, now) if first else None,
        "weeks": rail(desk.rollout, now),
        "columns": [column.title for column in seen.columns],
        "places": [*places, shared] if shared else places,
        "manage": f"/rollouts/{desk.rollout.slug}/manage" if desk.can(Permission.DIRECT) else "",
        "counts": f"{count(len(places), 'centre')}, {count(len(seen.columns), 'workstream')}. Counts are tasks done.",
        "needs_href": plan_address(desk.rollout, state="trouble"),
        "burn": shown_burn(curve),
    }


def when_words(desk: Desk, now: datetime) -> str:
    rollout = desk.rollout
    there = rollout.today(now)
    weeks = rail(rollout, now)
    current = next((week.no for week in weeks if week.when == "now"), None)
    week = f" Week {current} of {len(weeks)}." if current else ""
    clock = f"{now.astimezone(ZoneInfo(rollout.zone)):%H:%M} {zone_name(rollout.zone, now)}"
    return f"{long_day(there, there)}, {clock}.{week}"


def in_the_way(seen: Board, centre: Centre | None) -> list[dict[str, Any]]:
    """The line under the sentence: the first two criteria that veto, and who holds their work."""
    if centre is None or centre.roll is None:
        return []
    bars = [bar for bar in centre.roll.bars if bar.state is BarState.VETO]
    parts: list[dict[str, Any]] = []
    for bar in bars[:2]:
        parts.append({"text": ", and " if parts else "In the way: "})
        parts.append({"text": bar.title, "href": readiness_address(seen.rollout, centre.place, bar.id)})
        names = seen.held_by(centre, bar)
        held = f", held by {' and '.join(names[:2])}" if names else ""
        parts.append({"text": f" ({bar.said}{held})"})
    if parts:
        parts.append({"text": f", and {len(bars) - 2} more." if len(bars) > 2 else "."})
    return parts


def shown_burn(curve: BurnUp | None) -> dict[str, Any] | None:
    if curve is None:
        return None
    last = len(curve.points) - 1
    points = [
        {
            "label": f"week {point.week}" if point.week == last else str(point.week) if point.week else "start",
            "planned": point.planned,
            "done": point.done,
            "forecast": point.forecast,
        }
        for point in curve.points
    ]
    return {"points": points, "now": curve.now, "note": curve.said, "said": in_words(curve)}
