"""The rota: who is on duty now, what is wrong with it before it happens, and its weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.responses import Response

from app.errors import Invalid
from app.queries.presence.mentors import mentorships, pairable
from app.queries.presence.now import addresses, today_of
from app.queries.presence.rota import Post, Rota, Window, rota, week_of
from app.queries.presence.troubles import troubles
from app.rules.clock import long_day, short_day
from app.rules.people.access import Permission, Viewer
from app.rules.presence.rights import may_assign
from app.web.forms import Filter, demanded_day
from app.web.frame import in_rollout, rail
from app.web.kept import Kept, by_the_minute
from app.web.presence.address import rota_of, week_at
from app.web.presence.grid import Week, grids
from app.web.presence.lines import now_lines, rota_sentence, trouble_lines
from app.web.presence.pairs import pair_form, pair_lines
from app.web.rhythm.ways import PRESENCE, rhythm_ways
from app.web.site import Db, Desk, Now, RolloutGuard
from app.web.templating import html
from app.web.told import NOTHING, Told

router = APIRouter()
Seeing = Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN))]


@router.get("/rollouts/{slug}/rota")
@by_the_minute
def show(kept: Kept, desk: Seeing, session: Db, now: Now, week: Filter = "", location: Filter = "") -> Response:
    return kept.answer(rota_page(desk, session, now, week=week, location=location))


def rota_page(
    desk: Desk, session: Session, now: datetime, told: Told = NOTHING, *, week: str = "", location: str = ""
) -> Response:
    """The page, with what is said of a form that was sent from it."""
    at = desk.rollout.as_of(now)
    window = week_of(_day(week) or desk.rollout.today(at))
    since = min(at, window.since)
    known = rota(session, desk.rollout, desk.extent, since=since)
    return html(
        "presence/rota.html",
        told.status,
        **in_rollout(desk, "Rhythm"),
        weeks=rail(desk.rollout, now),
        ways=rhythm_ways(desk, PRESENCE),
        **_standing(desk, session, known, at),
        **_week(desk, known, window, location, at),
        **_pairs(desk, session, at, told),
        goes_live=desk.rollout.goes_live,
        told=told,
        address=rota_of(desk),
    )


def hand_of(desk: Desk) -> Viewer:
    """The reader as somebody who may change things: in a rollout that runs."""
    return desk.viewer if desk.rollout.state == "running" else desk.viewer.reading()


def assigns(desk: Desk, post: Post) -> bool:
    """Whether the reader says who is on duty there."""
    return may_assign(hand_of(desk), desk.rollout.id, post.location, post.roles)


def _day(text: str) -> date | None:
    """The day of an address; one that is none is today's."""
    try:
        return demanded_day("week", text) if text else None
    except Invalid:
        return None


def _standing(desk: Desk, session: Session, known: Rota, now: datetime) -> dict[str, Any]:
    today = today_of(known, now)
    found = troubles(known, now)
    mails = addresses(session, {line.person for line in today if _reaches(desk, line.post)})
    proposing = any(assigns(desk, gap.post) for gap in found.gaps)
    there = desk.rollout.today(now)
    return {
        "when": long_day(there, there),
        "say": rota_sentence(known, today, found, now),
        "now_lines": now_lines(desk, known, today, mails, now),
        "troubles": trouble_lines(desk, found, assigns, now),
        "propose": f"{rota_of(desk)}/proposal" if proposing else "",
        "covers": bool(desk.rollout.playbook.coverage),
    }


def _reaches(desk: Desk, post: Post) -> bool:
    """Whether the reader may know how to reach who is on duty: who reads texts there; for what the network shares, who
    does so anywhere, since it is there for them.
    """
    place = {"rollout": desk.rollout.id, "location": post.location}
    if desk.viewer.can(Permission.SEE_DETAIL, **place, named=post.roles):
        return True
    return post.location is None and desk.can_somewhere(Permission.SEE_DETAIL)


def _week(desk: Desk, known: Rota, window: Window, location: str, now: datetime) -> dict[str, Any]:
    posts = _of_place(known.posts, location)
    monday, today = window.first, desk.rollout.today(now)
    places = dict.fromkeys((post.place.slug, post.place.name) for post in known.posts if post.place)
    return {
        "week_title": f"{short_day(monday, today)} to {short_day(window.last, today)}",
        "week": monday.isoformat(),
        "this_week": "" if window == week_of(today) else week_at(desk, today, location),
        "before": week_at(desk, week_of(_back(monday)).first, location),
        "after": week_at(desk, week_of(_on(window.last)).first, location),
        "grids": grids(Week(desk, replace(known, posts=tuple(posts)), window, now), posts),
        "location": location,
        "places": [("", "All centres"), *sorted(places, key=lambda one: one[1])] if len(places) > 1 else [],
    }


def _of_place(posts: Sequence[Post], location: str) -> Sequence[Post]:
    chosen = [post for post in posts if post.place is None or post.place.slug == location]
    return chosen if any(post.place for post in chosen) else posts


def _back(day: date) -> date:
    return date.fromordinal(max(day.toordinal() - 1, 1))


def _on(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _pairs(desk: Desk, session: Session, now: datetime, told: Told) -> dict[str, Any]:
    lines = mentorships(session, desk.rollout, desk.extent, desk.viewer)
    offered = pairable(session, desk.rollout, hand_of(desk), now)
    return {"pairs": pair_lines(desk, lines, now), "pairing": pair_form(desk, offered, told)}
