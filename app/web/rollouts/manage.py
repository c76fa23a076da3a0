"""What whoever directs a rollout does with it as a whole: its centres, its end, and the one after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.queries.rollouts.draft import failed_plans
from app.queries.rollouts.facts import PlaceFacts, rollout_lines
from app.rules.clock import count, instant, short_day, spelled
from app.rules.people.access import Viewer
from app.web.frame import in_rollout, rail, shares
from app.web.rollouts.beside import ways_of
from app.web.rollouts.centres import stands_words
from app.web.rollouts.places import address_of
from app.web.site import Db, Desk, Directing, Now
from app.web.templating import html

router = APIRouter()


@router.get("/rollouts/{slug}/manage")
def show(desk: Directing, session: Db, now: Now) -> Response:
    rollout = desk.rollout
    failed = failed_plans(session, rollout.id)
    return html(
        "rollouts/manage.html",
        **in_rollout(desk, "Manage"),
        weeks=rail(rollout, now),
        say=_say(desk),
        running=rollout.state == "running",
        has_plan=rollout.has_plan,
        goes_live=rollout.goes_live,
        places=[_place(desk, place, failed, now) for place in rollout.locations],
        left=[_left(desk, place, now) for place in rollout.left],
        add=address_of(desk, "locations", "new"),
        close=address_of(desk, "close"),
        follow=address_of(desk, "next"),
        shared=address_of(desk, "shared") if shares(rollout) else "",
        chain=chain_of(session, desk.viewer, rollout.id),
    )


def _say(desk: Desk) -> str:
    places = desk.rollout.locations
    still = [place for place in places if place.paused]
    head = f"{spelled(len(places))} {'centre belongs' if len(places) == 1 else 'centres belong'} to this rollout"
    if not still:
        return f"{head}."
    return f"{head}; {still[0].name if len(still) == 1 else count(len(still), 'centre')} " + (
        "stands still." if len(still) == 1 else "stand still."
    )


def _place(desk: Desk, place: PlaceFacts, failed: dict[str, str], now: datetime) -> dict[str, Any]:
    here = ("locations", place.slug)
    wave = desk.rollout.playbook.waves.get(place.wave)
    unknown = [one.title for id_, one in desk.rollout.playbook.attributes.items() if id_ not in place.attributes]
    return {
        "name": place.name,
        "href": address_of(desk, *here),
        "wave": wave.title if wave else "",
        "opens": instant(place.cutover_at, place.zone, now) if place.cutover_at else "no day yet",
        "stands": stands_words(place, now) if desk.rollout.has_plan else "",
        "unknown": unknown,
        "failed": failed.get(place.slug, "") if not place.planned else "",
        "retry": address_of(desk, *here, "retry"),
        "ways": ways_of(desk, place),
    }


def _left(desk: Desk, place: PlaceFacts, now: datetime) -> dict[str, str]:
    day = short_day(place.today(place.left_at), place.today(now)) if place.left_at else ""
    return {
        "name": place.name,
        "said": f"left {day}: {place.left}",
        "href": address_of(desk, "locations", place.slug),
    }


def chain_of(session: Session, viewer: Viewer, rollout_id: int) -> list[dict[str, str]]:
    """The rollout before this one and those after it, as far as the reader sees them."""
    extent = viewer.rollouts()
    lines = rollout_lines(session, None if extent.everywhere else sorted(extent.ids))
    own = next((line for line in lines if line.id == rollout_id), None)
    before = [line for line in lines if own and line.id == own.follows]
    after = [line for line in lines if line.follows == rollout_id]
    return [
        {
            "text": line.title,
            "end": end,
            "href": f"/rollouts/{line.slug}/{'manage' if line.state != 'draft' else 'progress'}",
        }
        for found, end in ((before, "came before"), (after, "follows this one"))
        for line in found
    ]
