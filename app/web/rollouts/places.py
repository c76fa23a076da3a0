"""A centre joins a running rollout, or more is said of one: the form, what it brings with it, and the step itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from app.actions.locations.facts import planned_facts, state_facts
from app.actions.locations.joining import add_location, planned_addition
from app.actions.schedule.moves import Move
from app.errors import Invalid, Refused, Stale
from app.queries.rollouts.draft import stated_locations
from app.queries.rollouts.facts import PlaceFacts
from app.rules.clock import instant
from app.rules.people.staffing import slots
from app.web.answers import see_other
from app.web.frame import in_rollout, rail
from app.web.moved import shown_move
from app.web.rollouts.cutovers import PlaceSlug
from app.web.setup.location_rows import Row, attribute_fields, rows_of_form, rows_of_stated, stated_row
from app.web.setup.locations import Form, Typed, shown_row, zone_names
from app.web.setup.people import Line, accounted, holding_of, lines_of, marked
from app.web.site import Db, Desk, Directing, Now
from app.web.templating import html

router = APIRouter()
HERE: Final = "here"
Told = Refused | Stale | None


def address_of(desk: Desk, *parts: str) -> str:
    return "/".join((f"/rollouts/{desk.rollout.slug}", *parts))


def typed(form: Typed, name: str) -> str:
    """The first text of a field, trimmed."""
    return next(iter(form.get(name, ())), "").strip()


@router.get("/rollouts/{slug}/locations/new")
def ask_new(desk: Directing, now: Now) -> Response:
    demand_running(desk)
    return _show_new(desk, Row({"zone": desk.rollout.zone}), (), "", now)


def demand_running(desk: Desk) -> None:
    """Raises Refused where the plan is not changed any more, or not yet."""
    if desk.rollout.state != "running":
        closed = desk.rollout.state == "closed"
        raise Refused("This rollout is closed." if closed else "This rollout does not run yet.")


@router.post("/rollouts/{slug}/locations/new")
def add(form: Form, desk: Directing, session: Db, now: Now) -> Response:
    """Show what the centre would bring with it; add it once that was shown."""
    row = next(iter(rows_of_form(_of_place(form), desk.rollout.playbook)), None)
    lines, reason = lines_of(form), typed(form, "reason")
    stated = stated_row(row, desk.rollout.playbook, {}) if row else None
    if row is None or stated is None:
        row = row or Row({"zone": desk.rollout.zone}, {"name": "Say what it is called."})
        return _show_new(desk, row, lines, reason, now, errors=row.errors)
    try:
        move = planned_addition(session, desk.rollout.id, stated, by=desk.viewer, now=now)
    except Invalid as fault:
        return _show_new(desk, row, lines, reason, now, errors=fault.fields)
    shown = "" if "again" in form else typed(form, "shown")
    if not shown:
        return _show_new(desk, row, lines, reason, now, move=move)
    try:
        people = [holding_of(session, desk, line, now) for line in accounted(session, lines)]
        add_location(
            session, desk.rollout.id, stated, reason=reason, shown=shown, people=people, by=desk.viewer, now=now
        )
    except Invalid as fault:
        session.rollback()
        lines = lines if "reason" in fault.fields else marked(lines)
        return _show_new(desk, row, lines, reason, now, move=move, errors=fault.fields)
    except (Refused, Stale) as refusal:
        session.rollback()
        return _show_new(desk, row, lines, reason, now, move=move, told=refusal)
    return see_other(address_of(desk, "manage"))


def _of_place(form: Typed) -> Typed:
    """The form without the names of people, whose lines are numbered from 1 on."""
    return {name: values for name, values in form.items() if name == "name-0" or not name.startswith("name-")}


def _show_new(
    desk: Desk, row: Row, lines: Sequence[Line], reason: str, now: datetime, *, move: Move | None = None,
    errors: dict[str, str] | None = None, told: Told = None,
) -> Response:  # fmt: skip
    playbook = desk.rollout.playbook
    name = row.typed.get("name", "")
    return html(
        "rollouts/place_new.html",
        422 if errors else 409 if told else 200,
        **_frame(desk, "Add a centre", now),
        address=address_of(desk, "locations", "new"),
        row=shown_row(row, 0, desk),
        waves=[(id_, wave.title) for id_, wave in playbook.waves.items()],
        attributes=attribute_fields(playbook),
        zones=zone_names(),
        roles=_roles(desk, lines),
        reason=reason,
        errors=errors or {},
        summary=_summary(errors or {}),
        refusal=told,
        move={**shown_move(move, desk.rollout, now), "act": f"Add {name}"} if move else None,
        opens=_opens(move, row, now) if move else "",
        name=name,
    )


def _opens(move: Move, row: Row, now: datetime) -> str:
    """When the new centre goes live, by its wave or its own cutover."""
    at = next((after for slug, _, after in move.found.cutovers if slug == row.typed["id"]), None)
    return instant(at, row.typed["zone"] or "UTC", now) if at else ""


def _roles(desk: Desk, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The roles at a centre, each with the lines typed for it, or an empty one."""
    found: list[dict[str, Any]] = []
    number = 1
    for slot in slots(desk.rollout.playbook, {HERE: HERE}):
        if slot.location != HERE:
            continue
        given = [line for line in lines if line.role == slot.role] or [Line(slot.role, "")]
        shown = []
        for line in given:
            shown.append({"no": number, "name": line.name, "email": line.email, "error": line.error or None})
            number += 1
        found.append({"role": slot.role, "title": slot.title, "lines": shown})
    return found


def _summary(errors: dict[str, str]) -> list[dict[str, str]]:
    anchors = {"reason": "#f-reason", "locations": "#f-name-0", "role": "#main", "people": "#main"}
    return [{"href": anchors.get(name, f"#f-{name}-0"), "text": text} for name, text in errors.items()]


def _frame(desk: Desk, here: str, now: datetime, place: PlaceFacts | None = None) -> dict[str, Any]:
    crumbs: list[tuple[str, str | None]] = [("Manage", address_of(desk, "manage"))]
    if place is not None:
        crumbs.append((place.name, address_of(desk, "locations", place.slug)))
    return {**in_rollout(desk, "Manage"), "weeks": rail(desk.rollout, now), "crumbs": [*crumbs, (here, None)]}


@router.get("/rollouts/{slug}/locations/{location}/facts")
def ask_facts(desk: Directing, location: PlaceSlug, session: Db, now: Now) -> Response:
    demand_running(desk)
    place = desk.rollout.place(location)
    stated = [one for one in stated_locations(session, desk.rollout.id) if one["id"] == place.slug]
    return _show_facts(desk, place, rows_of_stated(stated, desk.rollout.playbook)[0], "", now)


@router.post("/rollouts/{slug}/locations/{location}/facts")
def state(form: Form, desk: Directing, location: PlaceSlug, session: Db, now: Now) -> Response:
    """Show what other facts would bring with them; keep them once that was shown, or where they bring nothing."""
    place = desk.rollout.place(location)
    row = next(iter(rows_of_form(form, desk.rollout.playbook)), Row())
    row.typed |= {"id": place.slug, "zone": place.zone, "wave": place.wave, "cutover": ""}
    row.typed.setdefault("name", "")
    reason, shown = typed(form, "reason"), "" if "again" in form else typed(form, "shown")
    stated = stated_row(row, desk.rollout.playbook, {})
    if stated is None:
        return _show_facts(desk, place, row, reason, now, errors=row.errors)
    facts = {"attributes": stated["attributes"], "by": desk.viewer}
    move: Move | None = None
    try:
        move = planned_facts(session, place.id, **facts, now=now)
        if not move.found.is_quiet and not shown:
            return _show_facts(desk, place, row, reason, now, move=move)
        shown = shown or move.fingerprint
        state_facts(session, place.id, name=stated["name"], reason=reason, shown=shown, now=now, **facts)
    except Invalid as fault:
        session.rollback()
        return _show_facts(desk, place, row, reason, now, move=move, errors=fault.fields)
    except (Refused, Stale) as refusal:
        session.rollback()
        return _show_facts(desk, place, row, reason, now, move=move, told=refusal)
    return see_other(address_of(desk, "locations", place.slug))


def _show_facts(
    desk: Desk, place: PlaceFacts, row: Row, reason: str, now: datetime, *, move: Move | None = None,
    errors: dict[str, str] | None = None, told: Told = None,
) -> Response:  # fmt: skip
    return html(
        "rollouts/place_facts.html",
        422 if errors else 409 if told else 200,
        **_frame(desk, "What is known of it", now, place),
        address=address_of(desk, "locations", place.slug, "facts"),
        name=place.name,
        row=shown_row(row, 0, desk),
        attributes=attribute_fields(desk.rollout.playbook),
        unknown=[id_ for id_ in desk.rollout.playbook.attributes if id_ not in place.attributes],
        reason=reason,
        errors=errors or {},
        summary=_summary(errors or {}),
        refusal=told,
        move=shown_move(move, desk.rollout, now) if move else None,
    )
