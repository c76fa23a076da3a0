"""The plan of a rollout as a timeline: names left, weeks right; folded to its places, or one place with its tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from app.queries.people import holders
from app.queries.rollouts.timeline import Timelines, timelines
from app.queries.tasks.picking import Reader
from app.rules.clock import count
from app.rules.people.access import Permission
from app.rules.rollouts.chain import Chain
from app.rules.rollouts.end_sentence import Trouble, chain_words, end_sentence
from app.rules.rollouts.timelines import Window, last_week, window
from app.rules.rollouts.weeks import phase_weeks, week_of
from app.rules.schedule.sketch import Opening, Shade, shades, sketch
from app.rules.tasks.filter_texts import FIELDS, query_of
from app.rules.tasks.filtering import ALL, PlanFilter
from app.rules.tasks.waiting import Spot
from app.web.answers import see_other
from app.web.forms import LARGEST_ID, Filter, Whole
from app.web.frame import in_rollout
from app.web.kept import Kept, by_the_minute
from app.web.rollouts.bars import Ruler
from app.web.rollouts.lines import Asked, overview, place_view
from app.web.site import Db, Desk, Now, RolloutGuard
from app.web.tasks.plan import when_words
from app.web.tasks.plan_filters import plan_filter, shown_filters
from app.web.templating import html

router = APIRouter()
AHEAD: Final = 6
Number = Annotated[str, Query(max_length=4)]


@dataclass(frozen=True)
class Weeks:
    """The weeks that an address asks for; 0 where it does not."""

    first: int
    last: int


async def asked_weeks(from_: Annotated[str, Query(max_length=4, alias="from")] = "", to: Number = "") -> Weeks:
    return Weeks(_number(from_), _number(to))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


async def timeline_filter(wanted: Annotated[PlanFilter, Depends(plan_filter)], state: Filter = ALL) -> PlanFilter:
    """The filter of the list; where the address names no state, what is done is drawn too."""
    return replace(wanted, state=state)


@router.get("/rollouts/{slug}/plan/timeline")
@by_the_minute
def show(
    kept: Kept,
    desk: Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN))],
    wanted: Annotated[PlanFilter, Depends(timeline_filter)],
    weeks: Annotated[Weeks, Depends(asked_weeks)],
    session: Db,
    now: Now,
    group: Annotated[str, Query(max_length=100)] = "",
    entry: Annotated[int, Query(ge=0, le=LARGEST_ID), Whole] = 0,
) -> Response:
    rollout = desk.rollout
    if not rollout.has_plan or rollout.start is None:
        return see_other(f"/rollouts/{rollout.slug}/progress")
    now = rollout.as_of(now)
    people = holders(session, rollout.id, desk.extent, now)
    found = timelines(session, rollout, desk.extent, wanted, now, Reader(desk.viewer, people))
    ruler = _ruler(desk, wanted, found, weeks, now)
    asked = Asked(desk, wanted, ruler, group, entry, _keeping(weeks))
    groups = place_view(asked, found) if wanted.location else overview(asked, found)
    page = html(
        "rollouts/timeline.html",
        **in_rollout(desk, "Plan"),
        when=when_words(rollout, now),
        instant=now.isoformat(),
        say=end_sentence(*found.last, rollout.today(now), _trouble(desk, wanted, found)),
        chain=_chain(desk, found, now),
        groups=groups,
        lines=sum(len(one["rows"]) for one in groups),
        scale=_scale(desk, ruler, wanted, now),
        filters=shown_filters(desk, wanted, people, now),
        zoom=_zoom(desk, ruler, wanted, found),
        hidden=_hidden(wanted),
        address=f"/rollouts/{rollout.slug}/plan/timeline",
        list_href=f"/rollouts/{rollout.slug}/plan?{query_of(wanted)}",
        filtered=wanted != PlanFilter(state=ALL),
    )
    return kept.answer(page)


def _keeping(weeks: Weeks) -> dict[str, str]:
    return {"from": str(weeks.first or ""), "to": str(weeks.last or "")}


def _hidden(wanted: PlanFilter) -> list[tuple[str, str]]:
    """Filters that the list offers and the timeline's bar does not: they stay in the address."""
    shown, given = ("location", "wave", "workstream", "state"), dict(parse_qsl(query_of(wanted)))
    return [(name, given[name]) for name in FIELDS if name in given and name not in shown]


def _ruler(desk: Desk, wanted: PlanFilter, found: Timelines, weeks: Weeks, now: datetime) -> Ruler:
    rollout = desk.rollout
    place = next((one for one in rollout.locations if one.slug == wanted.location), None)
    today = place.today(now) if place else rollout.today(now)
    start, length = rollout.start or today, rollout.playbook.length
    shown = window(start, length, today, found.last[0], (weeks.first, weeks.last))
    return Ruler(shown, today, now, place.zone if place else rollout.zone)


def _trouble(desk: Desk, wanted: PlanFilter, found: Timelines) -> list[Trouble]:
    if not wanted.location:
        names = {place.id: place.name for place in desk.rollout.locations}
        return [Trouble(names.get(one.location_id or 0, "the network"), one.late) for one in found.folded]
    late = sum(task.state.value in ("late", "blocked") for task in found.tasks)
    name = next((place.name for place in desk.rollout.locations if place.slug == wanted.location), "the network")
    return [Trouble(name, late)]


def _chain(desk: Desk, found: Timelines, now: datetime) -> str:
    longest: Chain[Spot] | None = found.chains.longest
    if longest is None:
        return "No task waits for another, so there is no longest chain."
    today, waits = desk.rollout.today(now), found.chains.waits_for
    last, still = _title(desk, longest.work[-1]), _title(desk, waits) if waits else ""
    return chain_words(len(longest.work), longest.days, longest.slack, last, longest.ends, today, still)


def _title(desk: Desk, spot: Spot) -> str:
    entry = desk.rollout.playbook.entries.get(spot.entry)
    return entry.title if entry else spot.entry


def _scale(desk: Desk, ruler: Ruler, wanted: PlanFilter, now: datetime) -> dict[str, Any]:
    """The head of the chart and what lies behind it: weeks, phases, learning time, freezes, today."""
    rollout, shown = desk.rollout, ruler.window
    phases = phase_weeks(rollout.playbook)
    today = week_of(ruler.today, shown.start)
    step = max(1, -(-shown.weeks // 20))
    there = now.astimezone(ZoneInfo(ruler.zone))
    weeks = [
        {
            "no": no,
            "day": _begins(shown, no).day,
            "month": _month(shown, no),
            "x": shown.week(no),
            "now": no == today,
            "phase": phases.get(no, ""),
            "named": (no - shown.first) % step == 0,
        }
        for no in range(shown.first, shown.last + 1)
    ]
    return {
        "weeks": weeks,
        "shades": [one for one in (_shade(ruler, shade) for shade in _shades(desk, wanted)) if one],
        "today": shown.moment(there) if shown.first <= today <= shown.last else None,
    }


def _begins(shown: Window, no: int) -> date:
    return Window(shown.start, no, no).begins


def _month(shown: Window, no: int) -> str:
    """`Sep` on the first week and where a month begins."""
    from_ = _begins(shown, no)
    return f"{from_:%b}" if no == shown.first or from_.month != _begins(shown, no - 1).month else ""


def _shades(desk: Desk, wanted: PlanFilter) -> Sequence[Shade]:
    rollout = desk.rollout
    if rollout.start is None:
        return ()
    openings = [Opening(one.slug, one.wave, one.cutover) for one in rollout.locations if one.cutover]
    place = next((one for one in rollout.locations if one.slug == wanted.location), None)
    waves = {place.wave} if place else {wanted.wave} if wanted.wave else set(rollout.playbook.waves)
    found = shades(sketch(rollout.playbook, rollout.start, openings), wanted.location)
    return [one for one in found if not one.wave or one.wave in waves]


def _shade(ruler: Ruler, shade: Shade) -> dict[str, Any] | None:
    bar = ruler.window.bar(shade.first, shade.last)
    return {"kind": shade.kind, "title": shade.title, "x": bar[0], "width": bar[1]} if bar else None


def _zoom(desk: Desk, ruler: Ruler, wanted: PlanFilter, found: Timelines) -> dict[str, Any]:
    """Which weeks are shown, and the ways to other ones."""
    shown, rollout = ruler.window, desk.rollout
    length = rollout.playbook.length
    last = last_week(shown.start, length, ruler.today, found.last[0])
    today = max(week_of(ruler.today, shown.start), 1)
    first, end = (shown.first, shown.last), shown.last
    near = (max(today - 1, 1), min(today + AHEAD - 2, last))

    def to(first: int, end: int) -> str:
        weeks = {"from": str(first or ""), "to": str(end or "")}
        return f"/rollouts/{rollout.slug}/plan/timeline?" + query_of(wanted, **weeks)

    ways = [
        ("The rollout", to(0, 0), first != (1, max(length, min(today, last)))),
        (f"{count(near[1] - near[0] + 1, 'week')} around today", to(*near), near[0] <= near[1] and first != near),
        ("All to the last date", to(1, last), last > length and first != (1, last)),
        ("Earlier", to(max(shown.first - shown.weeks, 1), shown.first - 1), shown.first > 1),
        ("Later", to(end + 1, min(end + shown.weeks, last)), end < last),
    ]
    return {
        "first": shown.first,
        "last": shown.last,
        "options": [(str(no), str(no)) for no in range(1, last + 1)],
        "said": f"Weeks {shown.first} to {shown.last}" if shown.weeks > 1 else f"Week {shown.first}",
        "ways": [(label, href) for label, href, open_ in ways if open_],
    }
