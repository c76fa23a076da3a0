"""The plan of a rollout as a list: filtered, by week, a hundred lines a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from sqlmodel import Session
from starlette.responses import Response

from app.queries.people import Holders, holders
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.counted import Counted
from app.queries.tasks.picking import Reader
from app.queries.tasks.plan import Cut, PlanPage, plan_page
from app.queries.tasks.views import views
from app.queries.tasks.wanted import wanted_evidence
from app.rules.clock import count, long_day, short_day
from app.rules.people.access import Permission
from app.rules.rollouts.weeks import week_of
from app.rules.tasks.filter_texts import query_of
from app.rules.tasks.filtering import ALL, PlanFilter
from app.rules.tasks.sentence import plan_sentence
from app.web.answers import see_other
from app.web.frame import in_rollout, rail, seeing_as_executive
from app.web.kept import Kept, by_the_minute
from app.web.site import Db, Desk, Now, RolloutGuard
from app.web.tasks.plan_filters import plan_filter, shown_filters
from app.web.tasks.plan_words import where_words
from app.web.tasks.rows import RowContext, shown_row
from app.web.tasks.undo import Flash
from app.web.templating import html

router = APIRouter()
PAGE = 100
MOST_ROWS = 200
FIRST = Cut(1, PAGE)
DONE = {
    "assigned": ("has a new owner", "have a new owner"),
    "unassigned": ("is back with its role", "are back with their roles"),
    "completed": ("is done", "are done"),
    "skipped": ("is set aside", "are set aside"),
}


@router.get("/rollouts/{slug}/plan")
@by_the_minute
def show(
    kept: Kept,
    desk: Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN))],
    wanted: Annotated[PlanFilter, Depends(plan_filter)],
    session: Db,
    now: Now,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    rows: Annotated[int, Query(ge=20, le=MOST_ROWS)] = PAGE,
    pick: Annotated[str, Query(max_length=4)] = "",
    did: Annotated[str, Query(max_length=30)] = "",
    done: Flash = None,
) -> Response:
    if not desk.rollout.has_plan:
        return see_other(f"/rollouts/{desk.rollout.slug}/progress")
    at = desk.rollout.as_of(now)
    return kept.answer(
        plan_answer(desk, wanted, session, at, cut=Cut(page, rows), pick=pick, flash=_flash(did) or done)
    )


def plan_answer(
    desk: Desk,
    wanted: PlanFilter,
    session: Session,
    now: datetime,
    *,
    cut: Cut = FIRST,
    pick: str = "",
    flash: dict[str, Any] | None = None,
    error: str = "",
    status: int = 200,
) -> Response:
    """The page; `error` is what is wrong with the name of a view to keep."""
    rollout, people = desk.rollout, holders(session, desk.rollout.id, desk.extent, now)
    found = plan_page(session, rollout, desk.extent, wanted, cut, now, Reader(desk.viewer, people))
    evidence = wanted_evidence(session, rollout, [task.row for task in found.tasks])
    context = RowContext(desk.viewer, rollout, now, evidence, people=people)
    address = f"/rollouts/{rollout.slug}/plan"
    return html(
        "tasks/plan.html",
        status,
        **in_rollout(desk, "Plan"),
        weeks=rail(rollout, now),
        when=when_words(rollout, now),
        say=plan_sentence(found.sums, wanted.state, where_words(rollout, wanted, people)),
        groups=_groups(context, found.tasks),
        filters=shown_filters(desk, wanted, people, now),
        pager=_pager(address, wanted, cut, found),
        said=count(found.total, "task") if found.total else "no task",
        address=address,
        query=query_of(wanted),
        filtered=wanted != PlanFilter(state=ALL),
        kept=[{"id": one.id, "name": one.name, "href": f"{address}?{one.query}"} for one in _views(session, desk)],
        kept_error=error,
        bulk=_bulk(desk, wanted, people, found, cut, pick),
        flash=flash,
        add_href=_adding(desk, wanted),
    )


def _adding(desk: Desk, wanted: PlanFilter) -> str:
    """The page that adds a task by hand, for those who may somewhere."""
    if desk.rollout.state != "running" or not desk.can_somewhere(Permission.CHECK_OFF):
        return ""
    return f"/rollouts/{desk.rollout.slug}/tasks/new" + (f"?location={wanted.location}" if wanted.location else "")


def _views(session: Session, desk: Desk) -> list[Any]:
    return list(views(session, desk.rollout.id, desk.viewer.person))


def when_words(rollout: RolloutFacts, now: datetime) -> str:
    today = rollout.today(now)
    week = week_of(today, rollout.start) if rollout.start else 0
    number = f"Week {week} of {rollout.playbook.length}, " if 0 < week <= rollout.playbook.length else ""
    return f"{number}{long_day(today, today)}"


def _groups(context: RowContext, tasks: Sequence[Counted]) -> list[dict[str, Any]]:
    start = context.rollout.start
    groups = []
    for no, members in groupby(tasks, key=lambda task: _week(task, start)):
        rows = [(task.row.id, shown_row(context, task)) for task in members]
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


def _pager(address: str, wanted: PlanFilter, cut: Cut, found: PlanPage) -> dict[str, Any] | None:
    """Where the page stands in the list, and the way to the others; none where everything is on one short page."""
    if found.total <= PAGE:
        return None
    pages = max(1, -(-found.total // cut.size))
    size = {"rows": str(cut.size)} if cut.size != PAGE else {}
    sizes = [(PAGE, ""), (MOST_ROWS, str(MOST_ROWS))]
    return {
        "page": cut.number,
        "pages": pages,
        "prev_href": f"{address}?{query_of(wanted, **size, page=str(cut.number - 1))}" if cut.number > 1 else None,
        "next_href": f"{address}?{query_of(wanted, **size, page=str(cut.number + 1))}" if cut.number < pages else None,
        "said": f"{cut.offset + 1} to {min(cut.offset + cut.size, found.total)} of {found.total:,}",
        "sizes": [(f"{n} a page", f"{address}?{query_of(wanted, rows=rows)}", n == cut.size) for n, rows in sizes],
    }


def _bulk(
    desk: Desk, wanted: PlanFilter, people: Holders, found: PlanPage, cut: Cut, pick: str
) -> dict[str, Any] | None:
    """The bar for many tasks at once: for whoever works in the rollout, where there is something to choose."""
    if seeing_as_executive(desk) or desk.rollout.state != "running" or not found.tasks:
        return None
    here = f"/rollouts/{desk.rollout.slug}/plan"
    number = {"page": str(cut.number)} if cut.number > 1 else {}
    number |= {"rows": str(cut.size)} if cut.size != PAGE else {}
    ways = [("None", ""), (f"This page ({len(found.tasks)})", "page"), (f"All {found.total:,}", "all")]
    return {
        "action": f"{here}/bulk",
        "pick": pick if pick in ("page", "all") else "",
        "ways": [
            (label, f"{here}?{query_of(wanted, **number, pick=value)}#choose", value == pick)
            for label, value in (ways if found.total > len(found.tasks) else ways[:2])
        ],
        "assigns": desk.can_somewhere(Permission.ASSIGN),
        "people": [(str(person), name) for person, name in people.known().items()],
    }


def _flash(did: str) -> dict[str, Any] | None:
    """What the step before has done: a known word and a number."""
    act, _, number = did.partition("-")
    if act not in DONE or not (number.isascii() and number.isdigit()):
        return None
    if not int(number):
        return {"text": "Nothing had to be changed."}
    return {"text": f"{count(int(number), 'task')} {DONE[act][int(number) != 1]}."}
