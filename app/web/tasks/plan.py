"""The plan of a rollout as a list: filtered, by week, a hundred lines a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.counted import Counted
from app.queries.tasks.plan import Cut, plan_page
from app.queries.tasks.wanted import wanted_evidence
from app.rules.access import Permission
from app.rules.clock import count, short_day
from app.rules.filtering import ALL, NONE, OPEN, SHARED, TROUBLED, PlanFilter
from app.rules.progress import WORDS, State
from app.rules.weeks import week_of
from app.web.answers import see_other
from app.web.forms import Filter
from app.web.frame import in_rollout, rail
from app.web.site import Db, Desk, Now, RolloutGuard
from app.web.tasks.rows import RowContext, shown_row
from app.web.templating import html

router = APIRouter()
PAGE = 100


def plan_filter(
    location: Filter = "",
    workstream: Filter = "",
    state: Filter = OPEN,
    week: Annotated[str, Query(max_length=4)] = "",
    q: Filter = "",
) -> PlanFilter:
    number = int(week) if week.isascii() and week.isdigit() else 0
    return PlanFilter(location, workstream, state, number, q)


@router.get("/rollouts/{slug}/plan")
def show(
    desk: Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN))],
    wanted: Annotated[PlanFilter, Depends(plan_filter)],
    session: Db,
    now: Now,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    rollout = desk.rollout
    if rollout.state != "running":
        return see_other(f"/rollouts/{rollout.slug}/progress")
    found = plan_page(session, rollout, desk.extent, wanted, Cut(page, PAGE), now)
    rows = [task.row for task in found.tasks]
    context = RowContext(desk.viewer, rollout, now, wanted_evidence(session, rollout.playbook, rows))
    return html(
        "tasks/plan.html",
        **in_rollout(desk, "Plan"),
        weeks=rail(rollout, now),
        groups=_groups(context, found.tasks),
        filters=_filters(desk, wanted, now),
        pager=_pager(rollout, wanted, page, found.total),
        said=count(found.total, "task") if found.total else "no task",
        address=f"/rollouts/{rollout.slug}/plan",
        filtered=wanted != PlanFilter(state=ALL),
    )


def _groups(context: RowContext, tasks: Sequence[Counted]) -> list[dict[str, Any]]:
    start = context.rollout.start
    groups = []
    for no, members in groupby(tasks, key=lambda task: _week(task, start)):
        rows = [shown_row(context, task) for task in members]
        groups.append({"id": f"week-{no}" if no is not None else "undated", **_heading(no, start), "rows": rows})
    return groups


def _week(task: Counted, start: date | None) -> int | None:
    return week_of(task.row.due, start) if task.row.due and start else None


def _heading(no: int | None, start: date | None) -> dict[str, str]:
    if no is None or start is None:
        return {"title": "No date", "note": "never late"}
    begins = start + timedelta(weeks=no - 1)
    title = f"Week {no}" if no > 0 else f"{count(1 - no, 'week')} before the start"
    return {"title": title, "note": f"from {short_day(begins, start)}"}


def _filters(desk: Desk, wanted: PlanFilter, now: datetime) -> dict[str, Any]:
    playbook = desk.rollout.playbook
    seen = [place for place in desk.rollout.opening_order(now) if place.id in desk.extent]
    states = [(OPEN, "Open"), (TROUBLED, "Late, blocked or at risk"), (ALL, "All")]
    more = [(state.value, WORDS[state]) for state in State]
    return {
        "states": [*states, *more],
        "locations": [("", "All"), *((place.slug, place.name) for place in seen), (SHARED, "For all centres")],
        "workstreams": [("", "All"), *((id_, one.title) for id_, one in playbook.workstreams.items()), (NONE, "None")],
        "weeks": [("", "All"), *((str(no), f"Week {no}") for no in range(1, playbook.length + 1))],
        "wanted": wanted,
    }


def _pager(rollout: RolloutFacts, wanted: PlanFilter, page: int, total: int) -> dict[str, Any] | None:
    pages = max(1, -(-total // PAGE))
    if pages == 1:
        return None
    return {
        "page": page,
        "pages": pages,
        "prev_href": _page_address(rollout, wanted, page - 1) if page > 1 else None,
        "next_href": _page_address(rollout, wanted, page + 1) if page < pages else None,
    }


def _page_address(rollout: RolloutFacts, wanted: PlanFilter, page: int) -> str:
    given = {
        "location": wanted.location,
        "workstream": wanted.workstream,
        "state": wanted.state,
        "week": str(wanted.week or ""),
        "q": wanted.words,
        "page": str(page),
    }
    return f"/rollouts/{rollout.slug}/plan?" + urlencode({name: value for name, value in given.items() if value})
