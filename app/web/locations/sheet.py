"""The page of a location to print and hang up: two weeks of dates, whom to call for what, and the list to tick off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from starlette.responses import Response

from app.queries.locations.page import Post, location_page
from app.queries.locations.soon import Soon, soon
from app.queries.rollouts.facts import PlaceFacts
from app.rules.clock import count, instant, long_day, short_day, t_count
from app.rules.people.access import Permission
from app.web.answers import see_other
from app.web.forms import Slug
from app.web.frame import in_rollout
from app.web.locations.dates import shown_coming
from app.web.rollouts.centres import wave_title
from app.web.site import Db, Desk, Now, RolloutGuard
from app.web.templating import html

router = APIRouter()
DAYS: Final = 14
MOST_DATES: Final = 18
MOST_POSTS: Final = 16
MOST_TASKS: Final = 34
"""Two sheets of paper hold so many lines."""


@router.get("/rollouts/{slug}/locations/{location}/print")
def show(
    desk: Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN))], location: Slug, session: Db, now: Now
) -> Response:
    if not desk.rollout.has_plan:
        return see_other(f"/rollouts/{desk.rollout.slug}/progress")
    place, now = desk.rollout.place(location), desk.rollout.as_of(now)
    page = location_page(session, desk.rollout, place, now, told=False)
    today = place.today(now)
    tasks = soon(session, desk.rollout, place, today + timedelta(days=DAYS), now)
    dates = [day for day in shown_coming(page.coming, place, now) if day["lines"]]
    return html(
        "locations/print.html",
        **in_rollout(desk, "Site"),
        name=place.name,
        wave=wave_title(desk.rollout, place),
        t=t_count(place.cutover, now) if place.cutover else "",
        opens=instant(place.cutover_at, place.zone, now) if place.cutover_at else "no date to open yet",
        as_of=long_day(today, today),
        until=short_day(today + timedelta(days=DAYS), today),
        dates=_first_lines(dates, MOST_DATES),
        posts=[_post(post) for post in page.posts[:MOST_POSTS]],
        posts_left=max(len(page.posts) - MOST_POSTS, 0),
        tasks=[_task(one, place, now) for one in tasks[:MOST_TASKS]],
        tasks_left=max(len(tasks) - MOST_TASKS, 0),
        said=count(len(tasks), "task"),
        back=f"/rollouts/{desk.rollout.slug}/locations/{place.slug}",
    )


def _first_lines(dates: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """The first days whose lines fit."""
    found: list[dict[str, Any]] = []
    lines = 0
    for day in dates:
        lines += len(day["lines"])
        if lines > most and found:
            break
        found.append(day)
    return found


def _post(post: Post) -> dict[str, Any]:
    """A role and whom to ask for: names only. Whoever stands in is named with the role, not with a reason."""
    names = [one.name for one in post.holders]
    first = " or ".join(names[:2])
    more = f" or {len(names) - 2} more" if len(names) > 2 else ""
    return {"role": post.role.title or post.role.id, "names": f"{first}{more}" if first else "nobody at the moment"}


def _task(one: Soon, place: PlaceFacts, now: datetime) -> dict[str, Any]:
    today = place.today(now)
    late = one.due is not None and one.due < today
    return {
        "title": one.title,
        "due": ("late since " if late else "by ") + short_day(one.due, today) if one.due else "",
        "critical": one.critical,
        "lines": one.lines,
    }
