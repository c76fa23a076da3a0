"""The issues of a rollout, soonest breach first, fifty lines a page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from app.queries.issues.list import IssuesPage, issues_page
from app.queries.rollouts.facts import RolloutFacts
from app.rules.clock import count, long_day, zone_name
from app.rules.issues.filtering import ALL, NETWORK, OPEN, SOLVED, STATES, IssueFilter, query_of
from app.rules.people.access import Permission
from app.rules.rollouts.sentences import Part
from app.web.forms import Filter
from app.web.frame import in_rollout, rail
from app.web.issues.rows import issues_sentence, shown_lines
from app.web.kept import Kept, by_the_minute
from app.web.site import Db, Desk, Now, RolloutGuard
from app.web.templating import html

router = APIRouter()
PAGE = 50


async def issue_filter(
    q: Filter = "", location: Filter = "", severity: Filter = "", kind: Filter = "", state: Filter = OPEN
) -> IssueFilter:
    """The filter of an address; a state that is none is that of open ones."""
    return IssueFilter(q, location, severity, kind, state if state in STATES else OPEN)


@router.get("/rollouts/{slug}/issues")
@by_the_minute
def show(
    kept: Kept,
    desk: Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN))],
    wanted: Annotated[IssueFilter, Depends(issue_filter)],
    session: Db,
    now: Now,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    at = desk.rollout.as_of(now)
    found = issues_page(session, desk.rollout, desk.extent, wanted, (page - 1) * PAGE, PAGE, at)
    return kept.answer(html("issues/list.html", **in_rollout(desk, "Issues"), **shown(desk, wanted, found, page, at)))


def shown(desk: Desk, wanted: IssueFilter, found: IssuesPage, page: int, now: datetime) -> dict[str, Any]:
    """Everything the template needs."""
    rollout, address = desk.rollout, f"/rollouts/{desk.rollout.slug}/issues"
    there = rollout.today(now)
    return {
        "weeks": rail(rollout, now),
        "when": f"{long_day(there, there)}, {_clock(rollout.zone, now)}",
        "say": _say(wanted, found, rollout, now),
        "unconfirmed": found.sums.unconfirmed,
        "solved_href": f"{address}?state={SOLVED}",
        "address": address,
        "report_href": report_address(desk, wanted.location),
        "lines": shown_lines(desk.viewer, rollout, found.lines, now),
        "said": _said(wanted, found.total),
        "filtered": wanted != IssueFilter(),
        "filters": _filters(desk, wanted, now),
        "pager": _pager(address, wanted, found.total, page),
        "law": rollout.playbook.issues is not None,
    }


def report_address(desk: Desk, location: str = "", task: int | None = None) -> str:
    """The page that reports an issue; empty for those who may not, and where nobody would be told."""
    may = desk.can_somewhere(Permission.RAISE_ISSUE) and desk.rollout.playbook.issues is not None
    if not may or desk.rollout.state != "running":
        return ""
    given = [f"location={location}"] if location and location != NETWORK else []
    given += [f"task={task}"] if task else []
    return f"/rollouts/{desk.rollout.slug}/issues/new" + (f"?{'&'.join(given)}" if given else "")


def _say(wanted: IssueFilter, found: IssuesPage, rollout: RolloutFacts, now: datetime) -> list[Part]:
    """How things stand; under a filter first how much of it is shown."""
    everything = issues_sentence(found.sums, rollout.zone, now)
    if wanted == IssueFilter():
        return everything
    return [Part(f"{count(found.total, 'issue') if found.total else 'No issue'} here. Of all: "), *everything]


def _clock(zone: str, now: datetime) -> str:
    return f"{now.astimezone(ZoneInfo(zone)):%H:%M} {zone_name(zone, now)}"


def _said(wanted: IssueFilter, total: int) -> str:
    number = count(total, "issue") if total else "no issue"
    return f"{number}, soonest breach first" if wanted.state != SOLVED else f"{number}, the last solved first"


def _filters(desk: Desk, wanted: IssueFilter, now: datetime) -> dict[str, Any]:
    playbook = desk.rollout.playbook
    severities = playbook.issues.severities if playbook.issues else {}
    kinds = playbook.issues.types if playbook.issues else {}
    places = [(place.slug, place.name) for place in desk.rollout.opening_order(now)]
    return {
        "wanted": wanted,
        "states": [(OPEN, "Open"), (SOLVED, "Solved"), (ALL, "All")],
        "locations": [("", "All"), *places, (NETWORK, "The whole network")],
        "severities": [("", "Any"), *((id_, str(no))
                       for no, (id_, one) in enumerate(severities.items(), start=1))],
        "kinds": [("", "Any"), *((id_, one.title) for id_, one in kinds.items())],
    }  # fmt: skip


def _pager(address: str, wanted: IssueFilter, total: int, page: int) -> dict[str, Any] | None:
    pages = max(1, -(-total // PAGE))
    if pages == 1:
        return None
    first = (page - 1) * PAGE
    return {
        "page": page,
        "pages": pages,
        "prev_href": f"{address}?{query_of(wanted, page=str(page - 1))}" if page > 1 else None,
        "next_href": f"{address}?{query_of(wanted, page=str(page + 1))}" if page < pages else None,
        "said": f"{first + 1} to {min(first + PAGE, total)} of {total:,}",
    }
