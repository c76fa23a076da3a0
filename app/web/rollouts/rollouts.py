"""The first page of everybody, and the list of rollouts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.responses import Response

from app.queries.rollouts.facts import RolloutLine, rollout_lines
from app.rules.clock import long_day
from app.rules.people.access import Permission, Viewer
from app.web.answers import see_other
from app.web.frame import framed
from app.web.site import Db, Guard, Now, somewhere
from app.web.templating import html

router = APIRouter()
STATES = {
    "draft": ("todo", "Being set up"),
    "starting": ("running", "Starting"),
    "running": ("track", "Running"),
    "closed": ("done", "Closed"),
}


def visible(session: Session, viewer: Viewer) -> list[RolloutLine]:
    extent = viewer.rollouts()
    return rollout_lines(session, None if extent.everywhere else sorted(extent.ids))


@router.get("/")
def home(viewer: Annotated[Viewer, Depends(Guard())], session: Db) -> Response:
    """Where a person's day begins: the board, the readiness, their own tasks, or the list of several rollouts."""
    lines = visible(session, viewer)
    lines = [line for line in lines if line.state != "closed"] or lines
    if not lines:
        keeps_people = viewer.can(Permission.MANAGE_PEOPLE) and not somewhere(viewer, Permission.SEE_PLAN)
        return see_other("/people" if keeps_people else "/rollouts")
    if oversees(viewer):
        return see_other("/rollouts" if len(lines) > 1 else f"/rollouts/{lines[0].slug}/board")
    if not somewhere(viewer, Permission.RAISE_ISSUE):
        return see_other("/rollouts" if len(lines) > 1 else f"/rollouts/{lines[0].slug}/readiness")
    return see_other("/today")


def oversees(viewer: Viewer) -> bool:
    """Directors and managers, of one rollout or of all."""
    return somewhere(viewer, Permission.STOP_ESCALATION)


@router.get("/rollouts")
def show(viewer: Annotated[Viewer, Depends(Guard())], session: Db, now: Now) -> Response:
    lines = sorted(visible(session, viewer), key=lambda line: line.state == "closed")
    titles = {line.id: line.title for line in lines}
    return html(
        "rollouts/index.html",
        **framed(viewer, "Rollouts"),
        rollouts=[_line(viewer, line, titles, now.date()) for line in lines],
        may_draft=viewer.rollouts().everywhere and viewer.can(Permission.DIRECT),
    )


def _line(viewer: Viewer, line: RolloutLine, titles: Mapping[int, str], today: date) -> dict[str, Any]:
    """One rollout; `titles` are those of the rollouts that the reader sees."""
    status, label = STATES[line.state]
    page = "board" if oversees(viewer) else "readiness"
    words = [f"from {long_day(line.start, today)}" if line.start else "no start day yet"]
    words += [f"follows {titles[line.follows]}"] if line.follows is not None and line.follows in titles else []
    return {
        "title": line.title,
        "href": f"/rollouts/{line.slug}/{page if line.state in ('running', 'closed') else 'progress'}",
        "start": ", ".join(words),
        "status": status,
        "label": label,
    }
