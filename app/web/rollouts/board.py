"""The director's board."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.queries.rollouts.board import Board, Centre, board
from app.queries.rollouts.burn import burn
from app.queries.rollouts.gaps import Gap
from app.queries.rollouts.needs import Pressing, pressing
from app.queries.tasks.counted import Counted
from app.rules.clock import count, long_day, near_day, zone_name
from app.rules.people.access import Permission
from app.rules.rollouts.burn import BurnUp, in_words
from app.rules.rollouts.readiness import BarState
from app.rules.rollouts.sentences import board_sentence
from app.rules.tasks.filtering import SHARED, UNOWNED
from app.rules.tasks.progress import WORDS, State
from app.web.answers import is_fragment, see_other
from app.web.frame import in_rollout, rail
from app.web.held import NOBODY, away_words, owner_words
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
from app.web.site import Db, Desk, Now, RolloutGuard
from app.web.tasks.rows import RowContext, block_words
from app.web.templating import html

router = APIRouter()
SHOWN_NEEDS = 5
SHOWN_GAPS = 2


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
    waiting = pressing(session, seen, desk.extent, desk.viewer, now, SHOWN_NEEDS)
    curve = burn(session, desk.rollout, desk.extent, now)
    template = "rollouts/_board.html" if is_fragment(request) else "rollouts/board.html"
    values = shown(desk, seen, waiting, curve, now)
    issues = issues_of_board(session, desk, now)
    return kept.answer(html(template, **in_rollout(desk, "Board"), **values, issues=issues))


def shown(desk: Desk, seen: Board, waiting: Pressing, curve: BurnUp | None, now: datetime) -> dict[str, Any]:
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
        **_needs(desk, seen, waiting, now),
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


def _needs(desk: Desk, seen: Board, waiting: Pressing, now: datetime) -> dict[str, Any]:
    """Posts that nobody holds come first, two at most: their work waits for whoever reads this. Then the tasks, and at
    last what a coming leave will empty.
    """
    empty = [gap for gap in waiting.gaps if gap.since is None][:SHOWN_GAPS]
    coming = [gap for gap in waiting.gaps if gap.since is not None]
    tasks = waiting.first[: SHOWN_NEEDS - len(empty)]
    later = coming[: SHOWN_NEEDS - len(empty) - len(tasks)]
    items = [
        *(shown_gap(desk, gap, now) for gap in empty),
        *(shown_need(desk, seen, task, now=now) for task in tasks),
        *(shown_gap(desk, gap, now) for gap in later),
    ]
    if items:
        items[0]["do"] = {"label": items[0].pop("verb"), "href": items[0]["href"]}
    return {"needs": items, "needs_more": waiting.total + len(waiting.gaps) - len(items)}


def shown_gap(desk: Desk, gap: Gap, now: datetime) -> dict[str, Any]:
    """`Nobody holds Billing at Fenmoor`, with the work that hangs on it, and whose leave it is."""
    rollout, place = desk.rollout, desk.rollout.location(gap.location)
    role = rollout.playbook.people.get(gap.role)
    where = f" at {place.name}" if place else ""
    what = f"Nobody holds {role.title if role else 'this work'}{where}"
    today = place.today(now) if place else rollout.today(now)
    whose = " ".join(f"{away_words(away, today)}: {away.name}." for away in gap.away[:2])
    here = plan_address(
        rollout, person="" if gap.since else UNOWNED, location=place.slug if place else SHARED, role=gap.role
    )
    return {
        "when": "Unowned" if gap.since is None else f"From {near_day(gap.since, today)}",
        "by": count(gap.tasks, "open task"),
        "what": what,
        "href": here,
        "why": whose or "Nobody has the role, and no backup steps in.",
        "status": "blocked" if gap.since is None else "risk",
        "verb": "See the tasks",
    }


def shown_need(desk: Desk, seen: Board, task: Counted, *, now: datetime) -> dict[str, Any]:
    row = task.row
    place = desk.rollout.location(row.location_id)
    today = place.today(now) if place else desk.rollout.today(now)
    owner = owner_words(seen.holders, (row.owner_role,), row.location_id, row.assigned_to)
    held = owner if owner == NOBODY else f"held by {owner or 'somebody at another centre'}"
    where = place.name if place else "For all centres"
    context = RowContext(desk.viewer, desk.rollout, now, {})
    return {
        "when": WORDS[task.state] if task.state in (State.LATE, State.BLOCKED) else "Yours",
        "by": f"due {near_day(row.due, today)}" if row.due else "no date",
        "what": row.title,
        "href": f"/tasks/{row.id}",
        "why": f"{where}, {held}." + "".join(f" {words}." for words in block_words(context, task)),
        "status": task.state.value if task.state in (State.LATE, State.BLOCKED, State.RISK) else None,
        "verb": "Open the task",
    }


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
