"""Forms that pair centres: a mentor, a visit, that it took place, that it is over."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session
from starlette.responses import Response

from app.actions.presence.mentors import end_mentorship, hold_mentorship, pair_locations
from app.errors import Forbidden, Invalid, NotFound
from app.models import Mentorship, Rollout
from app.rules.people.access import Permission, Viewer
from app.web.answers import see_other
from app.web.forms import Line, RowId, day_of
from app.web.issues.identifiers import Confirmed, warned
from app.web.presence.address import rota_of
from app.web.presence.pairs import FORM
from app.web.presence.rota import Seeing, rota_page
from app.web.site import Db, Desk, Guard, Now
from app.web.tasks.forms import Day, Key, Typed, key_of
from app.web.told import NOTHING, Told, attempted

router = APIRouter()
Choice = Annotated[str, Form(max_length=80)]
From = Annotated[str, Form(alias="from", max_length=80)]
Arranging = Annotated[Viewer, Depends(Guard(Permission.ASSIGN))]


@router.post("/rollouts/{slug}/mentors")
def pair(
    desk: Seeing,
    session: Db,
    now: Now,
    kind: Choice = "",
    location: Choice = "",
    live: From = "",
    person: Key = "",
    day: Day = "",
    note: Typed = "",
    token: Line = "",
    confirmed: Confirmed = "",
) -> Response:
    """Say that one centre learns from another."""
    if not desk.can_somewhere(Permission.ASSIGN):
        raise Forbidden("Whoever assigns work at both centres pairs them.")
    typed = {"kind": kind, "location": location, "from": live, "person": person, "day": day, "note": note}
    found = warned({"note": note}, confirmed)
    if found:
        return rota_page(desk, session, now, Told(FORM, warning=found, typed=typed))

    def act() -> object:
        return pair_locations(
            session, _place(desk, "location", location), kind=kind, from_location_id=_place(desk, "from", live),
            person_id=key_of(person), day=day_of("day", day), note=note, token=token, by=desk.viewer, now=now,
        )  # fmt: skip

    told = attempted(session, act, Told(FORM, typed=typed))
    return see_other(f"{rota_of(desk)}#mentors") if told is NOTHING else rota_page(desk, session, now, told)


def _place(desk: Desk, field: str, slug: str) -> int:
    found = next((place for place in desk.rollout.locations if place.slug == slug), None)
    if found is None:
        raise Invalid({field: "Choose a centre."})
    return found.id


@router.post("/mentorships/{mentorship_id}/holding")
def hold(mentorship_id: RowId, viewer: Arranging, session: Db, now: Now) -> Response:
    hold_mentorship(session, mentorship_id, by=viewer, now=now)
    return _back(session, mentorship_id)


@router.post("/mentorships/{mentorship_id}/end")
def end(mentorship_id: RowId, viewer: Arranging, session: Db, now: Now) -> Response:
    end_mentorship(session, mentorship_id, by=viewer, now=now)
    return _back(session, mentorship_id)


def _back(session: Session, mentorship_id: int) -> Response:
    row = session.get(Mentorship, mentorship_id)
    rollout = session.get(Rollout, row.rollout_id) if row else None
    if rollout is None:
        raise NotFound("mentorship")
    return see_other(f"/rollouts/{rollout.slug}/rota#mentors")
