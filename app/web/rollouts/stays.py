"""A centre stands still or goes on, leaves the rollout or comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form
from sqlmodel import Session
from starlette.responses import Response

from app.actions.locations.joining import drop_location, planned_drop, planned_return, return_location, write_plan_again
from app.actions.locations.pauses import pause_location, resume_location
from app.actions.schedule.moves import Move
from app.errors import Invalid, Refused, Stale
from app.queries.rollouts.facts import PlaceFacts
from app.rules.clock import moment
from app.web.answers import see_other
from app.web.forms import Prose
from app.web.frame import in_rollout, rail
from app.web.moved import shown_move
from app.web.rollouts.cutovers import PlaceSlug
from app.web.rollouts.places import address_of, demand_running
from app.web.site import Db, Desk, Directing, Now
from app.web.templating import html

router = APIRouter()
Shown = Annotated[str, Form(max_length=64)]
Choice = Annotated[str, Form(max_length=10)]


def _frame(desk: Desk, place: PlaceFacts, here: str, now: datetime) -> dict[str, Any]:
    manage = ("Manage", address_of(desk, "manage"))
    name = (place.name, address_of(desk, "locations", place.slug))
    return {
        **in_rollout(desk, "Manage"),
        "weeks": rail(desk.rollout, now),
        "crumbs": [manage, name, (here, None)],
        "back": manage[1],
        "name": place.name,
    }


# --- standing still -------------------------------------------------------------------------------------------------


@router.get("/rollouts/{slug}/locations/{location}/pause")
def ask_pause(desk: Directing, location: PlaceSlug, now: Now) -> Response:
    demand_running(desk)
    return _show_pause(desk, desk.rollout.place(location), "", {}, now)


def _show_pause(
    desk: Desk,
    place: PlaceFacts,
    reason: str,
    errors: dict[str, str],
    now: datetime,
    refusal: Refused | None = None,
) -> Response:
    return html(
        "rollouts/place_pause.html",
        422 if errors else 409 if refusal else 200,
        **_frame(desk, place, "Go on" if place.paused else "Pause", now),
        address=address_of(desk, "locations", place.slug, "pause"),
        resume_address=address_of(desk, "locations", place.slug, "resumption"),
        paused=place.paused,
        since=moment(place.paused_at, place.zone, now) if place.paused_at else "",
        overdue=place.cutover_at is not None and place.cutover_at <= now,
        reason=reason,
        errors=errors,
        refusal=refusal,
    )


@router.post("/rollouts/{slug}/locations/{location}/pause")
def pause(desk: Directing, location: PlaceSlug, session: Db, now: Now, reason: Prose = "") -> Response:
    place = desk.rollout.place(location)
    try:
        pause_location(session, place.id, reason=reason, by=desk.viewer, now=now)
    except Invalid as fault:
        session.rollback()
        return _show_pause(desk, place, reason, fault.fields, now)
    except Refused as refusal:
        session.rollback()
        return _show_pause(desk, place, reason, {}, now, refusal)
    return see_other(address_of(desk, "locations", place.slug))


@router.post("/rollouts/{slug}/locations/{location}/resumption")
def resume(desk: Directing, location: PlaceSlug, session: Db, now: Now, then: Choice = "") -> Response:
    """Go on; `then` cutover: to the page on which its day is moved."""
    place = desk.rollout.place(location)
    resume_location(session, place.id, by=desk.viewer, now=now)
    return see_other(address_of(desk, "locations", place.slug, *(["cutover"] if then == "cutover" else [])))


# --- leaving and coming back ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Step:
    """Leaving or coming back: what does it, shows it, and says it."""

    plan: Callable[..., Move]
    do: Callable[..., object]
    path: str
    here: str
    act: str


_LEAVE = _Step(planned_drop, drop_location, "leave", "Let it leave", "Let {} leave")
_RETURN = _Step(planned_return, return_location, "rejoining", "Take it back in", "Take {} back in")


@router.get("/rollouts/{slug}/locations/{location}/leave")
def ask_leave(desk: Directing, location: PlaceSlug, session: Db, now: Now) -> Response:
    """What moves when it leaves; where it has left, what moves when it comes back."""
    demand_running(desk)
    place = desk.rollout.place(location, gone=True)
    step = _LEAVE if place.left_at is None else _RETURN
    try:
        return _show_step(desk, place, step, "", now, step.plan(session, place.id, by=desk.viewer, now=now))
    except Refused as refusal:
        return _show_step(desk, place, step, "", now, None, told=refusal)


@router.post("/rollouts/{slug}/locations/{location}/leave")
def leave(
    desk: Directing, location: PlaceSlug, session: Db, now: Now, reason: Prose = "", shown: Shown = ""
) -> Response:
    return _do(desk, desk.rollout.place(location), _LEAVE, session, now, reason, shown)


@router.post("/rollouts/{slug}/locations/{location}/rejoining")
def come_back(
    desk: Directing, location: PlaceSlug, session: Db, now: Now, reason: Prose = "", shown: Shown = ""
) -> Response:
    return _do(desk, desk.rollout.place(location, gone=True), _RETURN, session, now, reason, shown)


def _do(
    desk: Desk, place: PlaceFacts, step: _Step, session: Session, now: datetime, reason: str, shown: str
) -> Response:
    try:
        step.do(session, place.id, reason=reason, shown=shown, by=desk.viewer, now=now)
    except (Invalid, Refused, Stale) as refusal:
        session.rollback()
        errors = refusal.fields if isinstance(refusal, Invalid) else {}
        told = None if isinstance(refusal, Invalid) else refusal
        move = step.plan(session, place.id, by=desk.viewer, now=now)
        return _show_step(desk, place, step, reason, now, move, errors, told)
    return see_other(address_of(desk, "manage"))


def _show_step(
    desk: Desk, place: PlaceFacts, step: _Step, reason: str, now: datetime, move: Move | None,
    errors: dict[str, str] | None = None, told: Refused | Stale | None = None,
) -> Response:  # fmt: skip
    return html(
        "rollouts/place_leave.html",
        422 if errors else 409 if told else 200,
        **_frame(desk, place, step.here, now),
        address=address_of(desk, "locations", place.slug, step.path),
        left=moment(place.left_at, place.zone, now) if place.left_at else "",
        because=place.left,
        values={"reason": reason},
        errors=errors or {},
        refusal=told,
        move={**shown_move(move, desk.rollout, now), "act": step.act.format(place.name)} if move else None,
    )


@router.post("/rollouts/{slug}/locations/{location}/retry")
def retry(desk: Directing, location: PlaceSlug, session: Db, now: Now) -> Response:
    """Write the plan of an added centre again after the worker has given up."""
    write_plan_again(session, desk.rollout.place(location).id, by=desk.viewer, now=now)
    return see_other(address_of(desk, "manage"))
