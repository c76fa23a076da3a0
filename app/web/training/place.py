"""Training at one centre: the page, and the forms that plan sessions, buddies and go-live day."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form
from sqlmodel import Session
from starlette.responses import Response

from app.actions.training.pairing import pair_everybody
from app.actions.training.roster import roster_shift, set_roster
from app.actions.training.sessions import plan_proposed
from app.actions.training.sitting import Sitting
from app.queries.rollouts.facts import PlaceFacts
from app.queries.training.place import PlacePage, place_page
from app.rules.training.demand import minutes_of
from app.web.forms import Line
from app.web.frame import in_rollout, rail
from app.web.kept import Kept, by_the_minute
from app.web.rollouts.cutovers import PlaceSlug
from app.web.site import Db, Desk, Now, Seeing
from app.web.tasks.forms import Key, key_of
from app.web.templating import html
from app.web.told import NOTHING, Told
from app.web.training.answers import answered
from app.web.training.fields import instant_of, whole_number
from app.web.training.shown import shown_place

router = APIRouter()
MOST_AT_ONCE = 20
Figure = Annotated[str, Form(max_length=12)]
Ids = Annotated[list[Key], Form(max_length=5_000)]


def base_of(desk: Desk, place: PlaceFacts) -> str:
    return f"/rollouts/{desk.rollout.slug}/locations/{place.slug}/training"


@router.get("/rollouts/{slug}/locations/{location}/training")
@by_the_minute
def show(kept: Kept, desk: Seeing, location: PlaceSlug, session: Db, now: Now) -> Response:
    return kept.answer(training_page(desk, session, desk.rollout.place(location), now))


def training_page(desk: Desk, session: Session, place: PlaceFacts, now: datetime, told: Told = NOTHING) -> Response:
    """The page, with what is said of a form that was sent from it."""
    at = desk.rollout.as_of(now)
    page = place_page(session, desk.rollout, place, desk.viewer, at)
    base = base_of(desk, place)
    return html(
        "training/place.html",
        told.status,
        **in_rollout(desk, "Rhythm"),
        weeks=rail(desk.rollout, now),
        crumbs=[("Training", f"/rollouts/{desk.rollout.slug}/training"), (place.name, None)],
        **shown_place(page, at),
        base=base,
        import_href=f"/rollouts/{desk.rollout.slug}/training/staff?location={place.slug}" if page.may_keep else "",
        trainers=[(str(key), name) for key, name in page.trainers],
        told=told,
        token=secrets.token_urlsafe(12),
        suggested=_suggested(page, at),
    )


def _suggested(page: PlacePage, now: datetime) -> str:
    """The day that a form begins with: the last working day before training is due, or tomorrow."""
    dues = [one.days.due for one in page.counted.trainings if one.days.due]
    tomorrow = page.place.today(now) + timedelta(days=1)
    return (max(min(dues) - timedelta(days=1), tomorrow) if dues else tomorrow).isoformat()


@router.post("/rollouts/{slug}/locations/{location}/training/sessions")
def plan(
    desk: Seeing,
    location: PlaceSlug,
    session: Db,
    now: Now,
    entry: Line = "",
    day: Line = "",
    time: Line = "",
    minutes: Figure = "",
    seats: Figure = "",
    room: Line = "",
    trainer: Key = "",
    sessions: Figure = "",
    token: Line = "",
) -> Response:
    """One session, or several behind each other on the same day."""
    place = desk.rollout.place(location)
    typed = {"day": day, "time": time, "minutes": minutes, "seats": seats, "room": room, "trainer": trainer,
             "sessions": sessions}  # fmt: skip

    def act() -> object:
        length, times = whole_number("minutes", minutes), min(whole_number("sessions", sessions) or 1, MOST_AT_ONCE)
        first = instant_of(day, time, place.zone)
        sitting = Sitting(first, length, room, whole_number("seats", seats), key_of(trainer))
        step = timedelta(minutes=length or _usual(desk, entry))
        starts = [first + number * step for number in range(times)]
        return plan_proposed(session, place.id, entry, starts, sitting, token=token, by=desk.viewer, now=now)

    page = partial(training_page, desk, session, place, now)
    return answered(session, f"plan-{entry}", typed, act, page, f"{base_of(desk, place)}#training-{entry}")


def _usual(desk: Desk, entry: str) -> int:
    found = next((one for one in desk.rollout.playbook.sessions if one.id == entry), None)
    return minutes_of(found.takes if found else None)


@router.post("/rollouts/{slug}/locations/{location}/training/buddies")
def pair_all(desk: Seeing, location: PlaceSlug, session: Db, now: Now, entry: Line = "") -> Response:
    place = desk.rollout.place(location)
    act = partial(pair_everybody, session, place.id, entry, by=desk.viewer, now=now)
    page = partial(training_page, desk, session, place, now)
    return answered(session, f"buddies-{entry}", {}, act, page, f"{base_of(desk, place)}#training-{entry}")


@router.post("/rollouts/{slug}/locations/{location}/training/roster")
def keep_roster(
    desk: Seeing,
    location: PlaceSlug,
    session: Db,
    now: Now,
    works: Ids = [],  # noqa: B006 (FastAPI copies it)
) -> Response:
    place = desk.rollout.place(location)
    chosen: dict[str, Any] = {"works": works}
    act = partial(set_roster, session, place.id, [key_of(one) or 0 for one in works], by=desk.viewer, now=now)
    page = partial(training_page, desk, session, place, now)
    return answered(session, "roster", chosen, act, page, f"{base_of(desk, place)}#cover")


@router.post("/rollouts/{slug}/locations/{location}/training/shift")
def keep_shift(
    desk: Seeing, location: PlaceSlug, session: Db, now: Now, shift: Line = "", works: Figure = "yes"
) -> Response:
    place = desk.rollout.place(location)
    act = partial(roster_shift, session, place.id, shift, works=works == "yes", by=desk.viewer, now=now)
    page = partial(training_page, desk, session, place, now)
    return answered(session, "roster", {}, act, page, f"{base_of(desk, place)}#cover")
