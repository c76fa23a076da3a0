"""One turn of a cover: who has it, and the forms that put people on duty, take them off, and replace them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path
from sqlmodel import Session
from starlette.responses import Response

from app.actions.presence.duties import assign_duty, call_off_duties, substitute
from app.errors import Forbidden, Invalid
from app.queries.presence.rota import Rota, rota
from app.queries.presence.turn import TurnPage, turn_page
from app.rules.people.access import Permission
from app.web.answers import see_other
from app.web.forms import RowId, day_of
from app.web.frame import in_rollout, rail
from app.web.issues.identifiers import Confirmed, warned
from app.web.presence.address import rota_of, turn_at, week_at
from app.web.presence.rota import Seeing, assigns
from app.web.presence.turn_words import choice_options, day_options, held_lines, missing_lines
from app.web.presence.words import asked, stretch, when, where
from app.web.rhythm.ways import PRESENCE, rhythm_ways
from app.web.site import Db, Desk, Now, RolloutGuard
from app.web.tasks.forms import Day, Key, Typed, key_of
from app.web.templating import html
from app.web.told import NOTHING, Told, attempted

router = APIRouter()
TurnName = Annotated[str, Path(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(\.[0-9]{1,4})?$")]
Doing = Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN))]
Duties = Annotated[list[Key], Form(max_length=400)]
ASSIGN, CHANGE = "assign", "change"


@router.get("/rollouts/{slug}/rota/{occasion_id}/{turn}")
def show(desk: Seeing, occasion_id: RowId, turn: TurnName, session: Db, now: Now) -> Response:
    return _page(desk, session, occasion_id, turn, now, NOTHING)


@router.post("/rollouts/{slug}/rota/{occasion_id}/{turn}/assignment")
def assign(
    desk: Doing, occasion_id: RowId, turn: TurnName, session: Db, now: Now, person: Key = "", day: Day = ""
) -> Response:
    """Put somebody on duty for the turn, or for one day of it."""
    told = Told(ASSIGN, typed={"person": person, "day": day})

    def act() -> object:
        return assign_duty(
            session, occasion_id, person_id=_person(person), turn=turn, day=day_of("day", day), by=desk.viewer, now=now
        )

    return _attempt(desk, session, occasion_id, turn, now, told, act)


@router.post("/rollouts/{slug}/rota/{occasion_id}/{turn}/calling-off")
def call_off(
    desk: Doing, occasion_id: RowId, turn: TurnName, session: Db, now: Now, duty: Duties = [], reason: Typed = "",  # noqa: B006
    confirmed: Confirmed = "",
) -> Response:  # fmt: skip
    """Take people off the duties that were ticked, and say why."""
    told = Told(CHANGE, typed={"duty": duty, "reason": reason})
    found = warned({"reason": reason}, confirmed)
    if found:
        return _page(desk, session, occasion_id, turn, now, Told(CHANGE, warning=found, typed=told.typed))

    def act() -> object:
        return call_off_duties(session, [key_of(one) or 0 for one in duty], reason=reason, by=desk.viewer, now=now)

    return _attempt(desk, session, occasion_id, turn, now, told, act)


@router.post("/rollouts/{slug}/rota/{occasion_id}/{turn}/substitution")
def replace(
    desk: Doing, occasion_id: RowId, turn: TurnName, session: Db, now: Now, duty: Duties = [], person: Key = "",  # noqa: B006
) -> Response:  # fmt: skip
    """Somebody takes over the duties that were ticked."""
    told = Told(CHANGE, typed={"duty": duty, "person": person})

    def act() -> object:
        duties = [key_of(one) or 0 for one in duty]
        return substitute(session, duties, person_id=_person(person), by=desk.viewer, now=now)

    return _attempt(desk, session, occasion_id, turn, now, told, act)


def _person(text: str) -> int:
    found = key_of(text)
    if found is None:
        raise Invalid({"person": "Choose somebody."})
    return found


def _attempt(
    desk: Desk, session: Session, occasion_id: int, turn: str, now: datetime, told: Told, act: Callable[[], object]
) -> Response:
    """Make one change, then back to the turn; a refusal shows it with what was typed."""
    known = _known(desk, session)
    page = turn_page(known, occasion_id, turn, now)
    if not assigns(desk, page.post):
        raise Forbidden("You may see who is on duty here, but not change it.")
    told = attempted(session, act, told)
    if told is NOTHING:
        return see_other(turn_at(desk, occasion_id, turn))
    return _page(desk, session, occasion_id, turn, now, told)


def _known(desk: Desk, session: Session) -> Rota:
    return rota(session, desk.rollout, desk.extent)


def _page(desk: Desk, session: Session, occasion_id: int, turn: str, now: datetime, told: Told) -> Response:
    at = desk.rollout.as_of(now)
    known = _known(desk, session)
    page = turn_page(known, occasion_id, turn, at)
    return html("presence/turn.html", told.status, **_shown(desk, known, page, told, at, now))


def _shown(desk: Desk, known: Rota, page: TurnPage, told: Told, at: datetime, now: datetime) -> dict[str, Any]:
    post, zone = page.post, page.post.zone
    spans = [(slot.from_at, slot.until_at) for slot in page.slots]
    address, place = turn_at(desk, post.occasion, page.turn), where(desk.rollout, post)
    return {
        **in_rollout(desk, "Rhythm"),
        "weeks": rail(desk.rollout, now),
        "ways": rhythm_ways(desk, PRESENCE),
        "crumbs": [
            ("On duty", rota_of(desk)),
            (post.title, week_at(desk, page.slots[0].day)),
            (where(desk.rollout, post), None),
        ],
        "title": f"{post.title}, {place}",
        "when": when(spans, zone, at),
        "asked": asked(post),
        "stretch": stretch(post, post.today(at)),
        "how": post.cover.asked.how,
        "held": held_lines(known, page, at),
        "missing": missing_lines(page, at),
        "over": not page.coming,
        "may": assigns(desk, post),
        "people": choice_options(desk, known, page),
        "days": day_options(page, at),
        "address": address,
        "told": told,
    }
