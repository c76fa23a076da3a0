"""A rota is proposed, looked at, and accepted as a whole; and duties that the dates left behind are called off."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form
from pydantic import AfterValidator
from sqlmodel import Session
from starlette.responses import Response

from app.actions.presence.duties import Turn, accept_turns, call_off_outside
from app.errors import Forbidden
from app.queries.presence.proposal import Proposed, proposal
from app.queries.presence.rota import rota
from app.rules.clock import count
from app.web.answers import see_other
from app.web.forms import RowId
from app.web.frame import in_rollout, rail
from app.web.issues.identifiers import Confirmed, warned
from app.web.presence.address import rota_of
from app.web.presence.rota import Seeing, assigns, rota_page
from app.web.presence.words import when, where
from app.web.rhythm.ways import PRESENCE, rhythm_ways
from app.web.site import Db, Desk, Now
from app.web.tasks.forms import Typed
from app.web.templating import html
from app.web.told import NOTHING, Told, attempted

router = APIRouter()
GIVEN = re.compile(r"[0-9]{1,9}/[0-9]{4}-[0-9]{2}-[0-9]{2}(\.[0-9]{1,4})?/[0-9]{1,9}", re.ASCII)


def _turn(text: str) -> str:
    """`12/2027-02-08/7`: a cover, a turn, a person. Raises ValueError."""
    if not GIVEN.fullmatch(text):
        raise ValueError("names no turn")
    return text


Give = Annotated[list[Annotated[str, Form(max_length=40), AfterValidator(_turn)]], Form(max_length=400)]


@router.get("/rollouts/{slug}/rota/proposal")
def show(desk: Seeing, session: Db, now: Now) -> Response:
    _demand_some(desk, session)
    return _page(desk, session, now, NOTHING)


@router.post("/rollouts/{slug}/rota/proposal")
def accept(desk: Seeing, session: Db, now: Now, give: Give = []) -> Response:  # noqa: B006 (FastAPI copies it)
    """Everybody whom the form names is put on duty, or nobody: then the proposal is made anew."""
    _demand_some(desk, session)
    turns = [Turn(int(occasion), turn, int(person)) for occasion, turn, person in (one.split("/") for one in give)]
    told = attempted(session, lambda: accept_turns(session, turns, by=desk.viewer, now=now), Told("proposal"))
    return see_other(rota_of(desk)) if told is NOTHING else _page(desk, session, now, told)


@router.post("/rollouts/{slug}/rota/{occasion_id}/outside/calling-off")
def call_off(
    desk: Seeing, occasion_id: RowId, session: Db, now: Now, reason: Typed = "", confirmed: Confirmed = ""
) -> Response:
    """Call off every duty of a cover on days that it has left."""
    form = f"outside-{occasion_id}"
    found = warned({"reason": reason}, confirmed)
    if found:
        return rota_page(desk, session, now, Told(form, warning=found, typed={"reason": reason}))

    def act() -> object:
        return call_off_outside(session, occasion_id, reason=reason, by=desk.viewer, now=now)

    told = attempted(session, act, Told(form, typed={"reason": reason}))
    return see_other(rota_of(desk)) if told is NOTHING else rota_page(desk, session, now, told)


def _demand_some(desk: Desk, session: Session) -> None:
    """Raises Forbidden for who puts nobody on duty anywhere."""
    known = rota(session, desk.rollout, desk.extent)
    if not any(assigns(desk, post) for post in known.posts):
        raise Forbidden("You may see who is on duty, but not change it.")


def _page(desk: Desk, session: Session, now: datetime, told: Told) -> Response:
    known = rota(session, desk.rollout, desk.extent, since=now)
    found = proposal(known, lambda post: assigns(desk, post), now)
    return html(
        "presence/proposal.html",
        told.status,
        **in_rollout(desk, "Rhythm"),
        weeks=rail(desk.rollout, now),
        ways=rhythm_ways(desk, PRESENCE),
        crumbs=[("On duty", rota_of(desk)), ("Proposed rota", None)],
        lines=[_line(desk, one, now) for one in found.lines],
        people=len({one.hand.person for one in found.lines}),
        left=count(found.open_, "day or shift", "days or shifts") if found.open_ else "",
        rest=found.more,
        address=rota_of(desk),
        told=told,
    )


def _line(desk: Desk, one: Proposed, now: datetime) -> dict[str, Any]:
    return {
        "give": f"{one.post.occasion}/{one.turn}/{one.hand.person}",
        "cover": one.post.title,
        "where": where(desk.rollout, one.post),
        "when": when([(slot.from_at, slot.until_at) for slot in one.slots], one.post.zone, now),
        "name": one.hand.name,
        "id": one.hand.person,
        "backup": one.hand.backup,
    }
