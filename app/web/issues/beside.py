"""Open issues on other pages: the board's, those of a location, those of somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col

from app.models import Issue
from app.queries.issues.list import IssueLine, issues_at, lines_of, sums_of
from app.queries.issues.mine import issues_of
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.clock import count, spelled
from app.rules.issues.standing import Ticking
from app.rules.people.access import Permission, Viewer
from app.web.frame import has_issues
from app.web.issues.list import report_address
from app.web.issues.rows import issues_sentence, shown_lines
from app.web.site import Desk

SHOWN: Final = 4


def issues_of_board(session: Session, desk: Desk, now: datetime) -> dict[str, Any] | None:
    """The first few of the whole rollout; None where the playbook says nothing about issues."""
    if not has_issues(desk.rollout):
        return None
    sums = sums_of(session, desk.rollout, desk.extent, now)
    everything = col(Issue.rollout_id) == desk.rollout.id
    lines = issues_at(session, desk.rollout, desk.extent, now, everything, SHOWN) if sums.open else ()
    return {
        "say": issues_sentence(sums, desk.rollout.zone, now),
        "lines": shown_lines(desk.viewer, desk.rollout, lines, now),
        "more": sums.open - len(lines),
        "href": f"/rollouts/{desk.rollout.slug}/issues",
        "report_href": report_address(desk),
    }


def issues_of_mine(
    session: Session, viewer: Viewer, rollouts: Sequence[RolloutFacts], now: datetime
) -> dict[str, Any] | None:
    """The first few that are the reader's, wherever they work; None where nothing is."""
    mine = issues_of(session, viewer)
    shown: list[dict[str, Any]] = []
    for rollout in rollouts:
        here = [issue for issue in mine if issue.rollout_id == rollout.id][: SHOWN - len(shown)]
        lines = lines_of(session, rollout, viewer.locations(rollout.id), here, now) if here else ()
        shown += shown_lines(viewer, rollout, lines, now)
    if not shown:
        return None
    more = sum(issue.rollout_id in {rollout.id for rollout in rollouts} for issue in mine) - len(shown)
    return {"lines": shown, "more": more, "href": f"/rollouts/{rollouts[0].slug}/issues"}


def _over(lines: Sequence[IssueLine], total: int) -> str:
    """`Two issues are past their time.`; of more than are shown at least so many. Empty where none is."""
    number = sum(line.standing.ticking is Ticking.BREACHED for line in lines)
    many = f"At least {spelled(number).lower()}" if number == len(lines) < total else spelled(number)
    return f"{many} {'issue is past its' if number == 1 else 'issues are past their'} time." if number else ""


def issues_of_place(session: Session, desk: Desk, place: PlaceFacts, now: datetime) -> dict[str, Any] | None:
    """The first few of a location; None where the playbook says nothing about issues."""
    if not has_issues(desk.rollout):
        return None
    total = desk.rollout.open_issues.get(place.id, 0)
    here = col(Issue.location_id) == place.id
    lines = issues_at(session, desk.rollout, desk.extent, now, here, SHOWN) if total else ()
    may = desk.can(Permission.RAISE_ISSUE, place.id)
    return {
        "say": count(total, "open issue") if total else "Nothing is open",
        "over": _over(lines, total),
        "lines": shown_lines(desk.viewer, desk.rollout, lines, now),
        "more": total - len(lines),
        "href": f"/rollouts/{desk.rollout.slug}/issues?location={place.slug}",
        "report_href": report_address(desk, place.slug) if may else "",
    }
