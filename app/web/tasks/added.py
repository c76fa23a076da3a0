"""A task that no playbook foresaw: the page that adds it."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from sqlmodel import Session
from starlette.responses import Response

from app.actions.tasks.added import add_task
from app.errors import Invalid, NotFound
from app.queries.tasks.offered import owner_choices
from app.rules.people.access import Permission
from app.web.answers import see_other
from app.web.forms import Line, day_of
from app.web.frame import in_rollout, rail
from app.web.rollouts.centres import plan_address
from app.web.site import AllowingGuard, Db, Desk, Now
from app.web.tasks.forms import Day, Typed, key_of
from app.web.templating import html

router = APIRouter()
SHARED = ""

GUARD = AllowingGuard(Permission.CHECK_OFF, "You may see this rollout, but work in it is not yours to do.")
Working = Annotated[Desk, Depends(GUARD)]


@router.get("/rollouts/{slug}/tasks/new")
def ask(desk: Working, session: Db, now: Now, location: Annotated[str, Query(max_length=80)] = "") -> Response:
    places = _places(desk)
    chosen = location if location in dict(places) else places[0][0]
    return _form(desk, session, {"location": chosen}, {}, 200, now)


@router.post("/rollouts/{slug}/tasks")
def add(
    desk: Working,
    session: Db,
    now: Now,
    title: Line = "",
    how: Typed = "",
    due: Day = "",
    location: Line = "",
    owner: Line = "",
    workstream: Line = "",
    token: Line = "",
) -> Response:
    typed = {"title": title, "how": how, "due": due, "location": location, "owner": owner, "workstream": workstream}
    kind, _, name = owner.partition(":")
    try:
        task = add_task(
            session, desk.rollout.id, title=title, how=how, due=day_of("due", due), location_id=_place(desk, location),
            role=name if kind == "role" else "", person=_person(kind, name), workstream=workstream, token=token,
            by=desk.viewer, now=now,
        )  # fmt: skip
    except Invalid as fault:
        session.rollback()
        return _form(desk, session, typed, fault.fields, 422, now)
    return see_other(f"/tasks/{task.id}")


def _person(kind: str, name: str) -> int | None:
    return key_of(name) if kind == "person" and name.isascii() and name.isdigit() and len(name) <= 10 else None


def _place(desk: Desk, slug: str) -> int | None:
    """The location at an address; none for what is for all. Raises NotFound."""
    if slug == SHARED:
        return None
    found = next((place.id for place in desk.rollout.locations if place.slug == slug), None)
    if found is None:
        raise NotFound("location")
    return found


def _places(desk: Desk) -> list[tuple[str, str]]:
    """Where the reader may add work."""
    at = [(place.slug, place.name) for place in desk.rollout.locations if desk.can(Permission.CHECK_OFF, place.id)]
    return [*at, (SHARED, "For all centres")] if desk.can(Permission.CHECK_OFF) else at


def _form(
    desk: Desk, session: Session, typed: dict[str, str], errors: dict[str, str], status: int, now: Now
) -> Response:
    rollout = desk.rollout
    roles, people = owner_choices(session, rollout, _place(desk, typed["location"]))
    values: dict[str, Any] = {"title": "", "how": "", "due": "", "owner": "", "workstream": "", **typed}
    return html(
        "tasks/new.html",
        status,
        **in_rollout(desk, "Plan"),
        weeks=rail(rollout, now),
        crumbs=[("Plan", plan_address(rollout)), ("Add a task", None)],
        base=f"/rollouts/{rollout.slug}/tasks",
        values=values,
        errors=errors,
        places=_places(desk),
        roles=roles,
        people=people,
        workstreams=[("", "None"), *((id_, one.title) for id_, one in rollout.playbook.workstreams.items())],
        token=secrets.token_urlsafe(12),
    )
