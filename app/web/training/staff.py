"""The staff list of a centre: shown a page at a time, added to by hand, taken away as a file."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from app.actions.training.staff import Entry, add_staff
from app.models import StaffMember
from app.queries.rollouts.facts import PlaceFacts
from app.queries.training.staff import StaffList, staff_list
from app.rules.clock import count
from app.rules.training.exported import staff_file
from app.web.forms import Filter, Line
from app.web.frame import in_rollout, rail
from app.web.rollouts.cutovers import PlaceSlug
from app.web.site import Db, Desk, Now, Seeing
from app.web.templating import html
from app.web.told import NOTHING, Told
from app.web.training.answers import answered
from app.web.training.place import base_of

router = APIRouter()
PAGE = 100


@router.get("/rollouts/{slug}/locations/{location}/training/staff")
def show(
    desk: Seeing,
    location: PlaceSlug,
    session: Db,
    now: Now,
    q: Filter = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    return list_page(desk, session, desk.rollout.place(location), now, q=q, number=page)


def list_page(
    desk: Desk, session: Session, place: PlaceFacts, now: datetime, told: Told = NOTHING, q: str = "", number: int = 1
) -> Response:
    """The page, with what is said of the form on it."""
    first = (number - 1) * PAGE
    found = staff_list(session, desk.rollout, place, desk.viewer, words=q, offset=first, limit=PAGE)
    base, roles = base_of(desk, place), role_titles(desk)
    return html(
        "training/staff.html",
        told.status,
        **in_rollout(desk, "Rhythm"),
        weeks=rail(desk.rollout, now),
        crumbs=[("Training", f"/rollouts/{desk.rollout.slug}/training"), (place.name, base), ("Staff list", None)],
        say=f"{count(found.total, 'person', 'people')} {'work' if found.total != 1 else 'works'} at {place.name}."
        if not q else f"{count(found.total, 'person', 'people')} like that at {place.name}.",
        base=base,
        q=q,
        rows=[_row(one, found, roles) for one in found.lines],
        day=bool(place.cutover),
        pager=_pager(f"{base}/staff", q, found.total, number),
        may_keep=found.may_keep,
        roles=list(roles.items()),
        import_href=f"/rollouts/{desk.rollout.slug}/training/staff?location={place.slug}",
        told=told,
        token=secrets.token_urlsafe(12),
    )  # fmt: skip


def role_titles(desk: Desk) -> dict[str, str]:
    """The roles of many people, with their titles."""
    return {id_: role.title or id_ for id_, role in desk.rollout.playbook.people.items() if role.staff}


def _row(one: StaffMember, found: StaffList, roles: dict[str, str]) -> dict[str, Any]:
    return {
        "href": f"/training/people/{one.id}",
        "name": one.name,
        "number": one.number,
        "role": roles.get(one.role, one.role),
        "shift": one.shift,
        "email": one.email,
        "works": one.id in found.works,
    }


def _pager(address: str, q: str, total: int, page: int) -> dict[str, Any] | None:
    pages = max(1, -(-total // PAGE))
    if pages == 1:
        return None

    def at(number: int) -> str:
        return f"{address}?{urlencode({**({'q': q} if q else {}), 'page': number})}"

    return {
        "page": page,
        "pages": pages,
        "prev_href": at(page - 1) if page > 1 else None,
        "next_href": at(page + 1) if page < pages else None,
        "said": f"{(page - 1) * PAGE + 1} to {min(page * PAGE, total)} of {total:,}",
    }


@router.get("/rollouts/{slug}/locations/{location}/training/staff.csv")
def export(desk: Seeing, location: PlaceSlug, session: Db) -> Response:
    """The list as it can be brought in again."""
    place = desk.rollout.place(location)
    found = staff_list(session, desk.rollout, place, desk.viewer)
    rows = [
        {
            "number": one.number, "name": one.name, "role": one.role, "email": one.email, "shift": one.shift,
            "location": place.slug, "go_live": "yes" if one.id in found.works else "no",
        }
        for one in found.lines
    ]  # fmt: skip
    name = f"staff-{desk.rollout.slug}-{place.slug}.csv"
    # Spreadsheets take a file for UTF-8 when it begins with this mark.
    return Response(
        "\ufeff" + staff_file(rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post("/rollouts/{slug}/locations/{location}/training/staff")
def add(
    desk: Seeing,
    location: PlaceSlug,
    session: Db,
    now: Now,
    number: Line = "",
    name: Line = "",
    role: Line = "",
    email: Line = "",
    shift: Line = "",
    token: Line = "",
) -> Response:
    place = desk.rollout.place(location)
    typed = {"number": number, "name": name, "role": role, "email": email, "shift": shift}
    entry = Entry(number, name, role, email, shift)
    act = partial(add_staff, session, place.id, entry, token=token, by=desk.viewer, now=now)
    page = partial(list_page, desk, session, place, now)
    return answered(session, "add", typed, act, page, f"{base_of(desk, place)}/staff")
