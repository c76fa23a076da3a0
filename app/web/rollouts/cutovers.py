"""Moving a location's cutover: the page that shows what moves with it, and the step that does it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Path, Query
from starlette.responses import Response

from app.actions.schedule.moves import Move, move_cutover, planned_cutover_move
from app.errors import Invalid, Refused, Stale
from app.queries.rollouts.facts import PlaceFacts
from app.rules.clock import instant, zone_name
from app.web.answers import see_other
from app.web.forms import Prose
from app.web.frame import in_rollout, rail
from app.web.moved import shown_move
from app.web.site import Db, Desk, Directing, Now
from app.web.templating import html

router = APIRouter()
PlaceSlug = Annotated[str, Path(max_length=100)]
Part = Annotated[str, Form(max_length=10)]
AskedPart = Annotated[str, Query(max_length=10)]


@router.get("/rollouts/{slug}/locations/{location}/cutover")
def ask(
    desk: Directing, location: PlaceSlug, session: Db, now: Now, day: AskedPart = "", time: AskedPart = "",
    back: AskedPart = "",
) -> Response:  # fmt: skip
    place = desk.rollout.place(location)
    typed = {"day": day, "time": time, "back": back, "reason": ""}
    if not day and not back:
        return _show(desk, place, typed, now)
    try:
        move = planned_cutover_move(session, place.id, cutover=_written(typed), by=desk.viewer, now=now)
    except Invalid as fault:
        return _show(desk, place, typed, now, errors=fault.fields)
    except Refused as refusal:
        return _show(desk, place, typed, now, refusal=refusal)
    return _show(desk, place, typed, now, move)


@router.post("/rollouts/{slug}/locations/{location}/cutover")
def move(
    desk: Directing, location: PlaceSlug, session: Db, now: Now, day: Part = "", time: Part = "", back: Part = "",
    reason: Prose = "", shown: Annotated[str, Form(max_length=64)] = "",
) -> Response:  # fmt: skip
    place = desk.rollout.place(location)
    typed = {"day": day, "time": time, "back": back, "reason": reason}
    written = _written(typed)
    try:
        move_cutover(session, place.id, cutover=written, reason=reason, shown=shown, by=desk.viewer, now=now)
    except (Invalid, Refused, Stale) as refusal:
        session.rollback()
        errors = refusal.fields if isinstance(refusal, Invalid) else {}
        if "cutover" in errors:
            return _show(desk, place, typed, now, errors=errors)
        again = planned_cutover_move(session, place.id, cutover=written, by=desk.viewer, now=now)
        return _show(desk, place, typed, now, again, errors, None if isinstance(refusal, Invalid) else refusal)
    return see_other(f"/rollouts/{desk.rollout.slug}/locations/{place.slug}")


def _written(typed: dict[str, str]) -> str | None:
    """As in a locations file; None for the day of the wave."""
    return None if typed["back"] else f"{typed['day']} {typed['time']}".strip()


def _show(
    desk: Desk, place: PlaceFacts, typed: dict[str, str], now: datetime, found: Move | None = None,
    errors: dict[str, str] | None = None, refusal: Refused | Stale | None = None,
) -> Response:  # fmt: skip
    status = 422 if errors else 409 if refusal else 200
    planned = place.cutover
    start = {"day": f"{planned:%Y-%m-%d}", "time": f"{planned:%H:%M}"} if planned else {}
    values: dict[str, Any] = typed if typed["day"] or typed["back"] else {**typed, **start}
    return html(
        "moves/cutover.html",
        status,
        **in_rollout(desk, "Board"),
        weeks=rail(desk.rollout, now),
        crumbs=[("Board", f"/rollouts/{desk.rollout.slug}/board"),
                (place.name, f"/rollouts/{desk.rollout.slug}/locations/{place.slug}")],
        address=f"/rollouts/{desk.rollout.slug}/locations/{place.slug}/cutover",
        title=place.name,
        more=_planned_words(place, now),
        zone=zone_name(place.zone, now.astimezone(ZoneInfo(place.zone))),
        by_hand=place.moved,
        values=values,
        errors=errors or {},
        refusal=refusal,
        move=shown_move(found, desk.rollout, now) if found else None,
    )  # fmt: skip


def _planned_words(place: PlaceFacts, now: datetime) -> str:
    """`Planned for Mon 8 Feb, 07:00 Central; first planned for Mon 1 Feb, 07:00 Central.`"""
    if place.cutover_at is None:
        return "It has no day yet."
    first = place.first_cutover_at if place.first_cutover_at != place.cutover_at else None
    before = f"; first planned for {instant(first, place.zone, now)}" if first else ""
    return f"Planned for {instant(place.cutover_at, place.zone, now)}{before}."
