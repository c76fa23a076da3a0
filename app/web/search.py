"""Search over everything that one may see: a page, and the lines of the palette."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.queries.search import RETIRED, Found, Ground, Kind, search
from app.rules.people.access import Permission, Viewer
from app.web.answers import is_fragment
from app.web.forms import Filter
from app.web.frame import framed
from app.web.site import AccountGuard, Db, Guard, Now
from app.web.templating import html

router = APIRouter()
ON_A_PAGE: Final = 20
IN_THE_PALETTE: Final = 6
TITLES: Final = {
    Kind.TASK: "Tasks",
    Kind.LOCATION: "Centres",
    Kind.PERSON: "People",
    Kind.GATE: "Gates",
    Kind.ROLLOUT: "Rollouts",
    Kind.PLAYBOOK: "Playbooks",
}
ICONS: Final = {
    Kind.TASK: "check",
    Kind.LOCATION: "place",
    Kind.PERSON: "people",
    Kind.GATE: "flag",
    Kind.ROLLOUT: "rollout",
    Kind.PLAYBOOK: "playbook",
}


@router.get("/search")
def show(
    request: Request, viewer: Annotated[Viewer, Depends(Guard())], session: Db, now: Now, q: Filter = ""
) -> Response:
    fragment = is_fragment(request)
    limit = IN_THE_PALETTE if fragment else ON_A_PAGE
    accounts = AccountGuard(Permission.MANAGE_PEOPLE).allows(viewer)
    found = search(session, viewer, q, limit=limit, accounts=accounts, now=now)
    groups = [
        {"id": kind.value, "title": TITLES[kind], "items": [shown(viewer, one, accounts) for one in results]}
        for kind, results in found.items()
        if results
    ]
    if fragment:
        return html("search/_found.html", groups=groups)
    return html("search/show.html", **framed(viewer, ""), q=q, groups=groups)


def shown(viewer: Viewer, one: Found, accounts: bool) -> dict[str, Any]:
    """A result as its line says it: the title, its place, and where it leads."""
    return {
        "title": one.title,
        "place": place_of(one),
        "href": address_of(viewer, one, accounts),
        "icon": ICONS[one.kind],
        "status": one.state if one.state != RETIRED else None,
    }


def place_of(one: Found) -> str:
    """Where it is; for a person what they are there, too."""
    if one.kind is Kind.PLAYBOOK:
        return f"version {one.note}"
    if one.ground is None:
        return "no role in a rollout"
    if one.kind is Kind.ROLLOUT:
        return "running" if one.ground.running else "being set up"
    if one.kind is Kind.LOCATION:
        return one.ground.title
    where = one.place.name if one.place else one.ground.title
    if one.state == RETIRED:
        return f"{where}, no longer in the playbook"
    return f"{one.note}, {where}" if one.kind is Kind.PERSON else where


def address_of(viewer: Viewer, one: Found, accounts: bool) -> str:
    if one.kind is Kind.PLAYBOOK:
        return f"/playbooks/{one.name}/{one.note}"
    if one.ground is None:
        return "/people"
    base = f"/rollouts/{one.ground.slug}"
    there = one.place.slug if one.place else ""
    if one.kind is Kind.TASK:
        return f"/tasks/{one.id}"
    if one.kind is Kind.GATE:
        return f"/gates/{one.id}"
    if one.kind is Kind.PERSON and (accounts or keeps_people(viewer, one.ground)):
        return f"{base}/people"
    if not one.ground.running:
        return f"{base}/progress"
    return f"{base}/plan?location={there}" if there else f"{base}/board"


def keeps_people(viewer: Viewer, ground: Ground) -> bool:
    return viewer.can(Permission.MANAGE_PEOPLE, rollout=ground.id)
