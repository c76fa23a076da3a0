"""A rollout ends, is taken up again, and is followed by the next one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form
from sqlmodel import Session
from starlette.responses import Response

from app.actions.rollouts.closing import close_rollout, next_rollout, reopen_rollout
from app.errors import Invalid, Refused, Stale
from app.models import Rollout
from app.queries.playbooks import versions
from app.queries.rollouts.board import board
from app.rules.clock import count, moment
from app.rules.tasks.progress import State
from app.web.answers import see_other
from app.web.forms import LARGEST_ID, Line, Prose, Seen
from app.web.frame import in_rollout, rail
from app.web.rollouts.centres import plan_address
from app.web.rollouts.manage import chain_of
from app.web.rollouts.places import address_of
from app.web.setup.start import Chosen
from app.web.site import Db, Desk, Directing, Now
from app.web.templating import html

router = APIRouter()
Ticked = Annotated[str, Form(max_length=10)]


def _frame(desk: Desk, here: str, now: datetime) -> dict[str, Any]:
    crumbs = [("Manage", address_of(desk, "manage")), (here, None)]
    return {**in_rollout(desk, "Manage"), "weeks": rail(desk.rollout, now), "crumbs": crumbs}


@router.get("/rollouts/{slug}/close")
def ask(desk: Directing, session: Db, now: Now) -> Response:
    return _show(desk, session, "", {}, "", now)


def _show(desk: Desk, session: Session, note: str, errors: dict[str, str], stale: str, now: datetime) -> Response:
    rollout = desk.rollout
    return html(
        "rollouts/close.html",
        422 if errors else 409 if stale else 200,
        **_frame(desk, "Close", now),
        address=address_of(desk, "close"),
        again=address_of(desk, "reopening"),
        follow=address_of(desk, "next"),
        back=address_of(desk, "manage"),
        state=rollout.state,
        title=rollout.title,
        version=rollout.version,
        closed_when=moment(rollout.closed_at, rollout.zone, now) if rollout.closed_at else "",
        closed_note=rollout.closed_note,
        still=_still_open(desk, session, now) if rollout.has_plan else [],
        chain=chain_of(session, desk.viewer, rollout.id),
        note=note,
        errors=errors,
        stale=stale,
    )


def _still_open(desk: Desk, session: Session, now: datetime) -> list[dict[str, Any]]:
    """Places with work that is not done, each with how much."""
    seen = board(session, desk.rollout, desk.extent, desk.rollout.as_of(now))
    names = {centre.place.id: centre.place for centre in seen.centres}
    found: dict[int | None, dict[State, int]] = {}
    for group in seen.standing.groups:
        if group.state is not State.DONE:
            here = found.setdefault(group.location_id, {})
            here[group.state] = here.get(group.state, 0) + len(group.entries)
    lines = []
    for key in [*names, None]:
        states = found.get(key, {})
        if states:
            slug = names[key].slug if key is not None else "shared"
            grave = [f"{states[state]} {state.value}" for state in (State.LATE, State.BLOCKED) if state in states]
            lines.append(
                {
                    "text": names[key].name if key is not None else "For all centres",
                    "end": ", ".join([f"{count(sum(states.values()), 'task')} open", *grave]),
                    "href": plan_address(desk.rollout, location=slug, state="open"),
                }
            )
    return lines


@router.post("/rollouts/{slug}/close")
def close(desk: Directing, session: Db, now: Now, seen: Seen, note: Prose = "") -> Response:
    try:
        close_rollout(session, desk.rollout.id, note=note, seen=seen, by=desk.viewer, now=now)
    except Invalid as fault:
        session.rollback()
        return _show(desk, session, note, fault.fields, "", now)
    except (Refused, Stale) as refusal:
        session.rollback()
        return _show(desk, session, note, {}, str(refusal), now)
    return see_other(address_of(desk, "close"))


@router.post("/rollouts/{slug}/reopening")
def take_up_again(desk: Directing, session: Db, now: Now, seen: Seen, reason: Prose = "") -> Response:
    try:
        reopen_rollout(session, desk.rollout.id, reason=reason, seen=seen, by=desk.viewer, now=now)
    except Invalid as fault:
        session.rollback()
        return _show(desk, session, reason, fault.fields, "", now)
    except Stale as refusal:
        session.rollback()
        return _show(desk, session, reason, {}, str(refusal), now)
    return see_other(address_of(desk, "manage"))


@router.get("/rollouts/{slug}/next")
def ask_next(desk: Directing, session: Db, now: Now) -> Response:
    own = str(desk.rollout.playbook_version_id)
    return _show_next(desk, session, {"title": "", "playbook": own, "locations": "", "people": ""}, {}, now)


def _show_next(desk: Desk, session: Session, values: dict[str, str], errors: dict[str, str], now: datetime) -> Response:
    own = desk.rollout.playbook_version_id
    found = [one for one in versions(session, desk.rollout.playbook.id) if one.row >= own]
    return html(
        "rollouts/next.html",
        422 if errors else 200,
        **_frame(desk, "The next one", now),
        address=address_of(desk, "next"),
        title=desk.rollout.title,
        has_plan=desk.rollout.has_plan,
        playbooks=[
            {"value": one.row, "label": f"{one.title}, {one.version}", "hint": "as now" if one.row == own else "newer"}
            for one in found
        ],
        places=len(desk.rollout.locations),
        values=values,
        errors=errors,
        summary=[{"href": f"#f-{name}", "text": text} for name, text in errors.items()],
    )


@router.post("/rollouts/{slug}/next")
def follow(
    desk: Directing, session: Db, now: Now, title: Line = "", playbook: Chosen = LARGEST_ID, locations: Ticked = "",
    people: Ticked = "",
) -> Response:  # fmt: skip
    values = {"title": title, "playbook": str(playbook), "locations": locations, "people": people}
    try:
        draft: Rollout = next_rollout(
            session, desk.rollout.id, title=title, playbook_version_id=playbook, locations=bool(locations),
            people_there=bool(locations and people), by=desk.viewer, now=now,
        )  # fmt: skip
    except Invalid as fault:
        session.rollback()
        return _show_next(desk, session, values, fault.fields, now)
    return see_other(f"/rollouts/{draft.slug}/set-up/start")
