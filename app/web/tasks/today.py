"""The champion's day, made for a phone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from starlette.responses import Response

from app.queries.comments import calls_of
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.signoffs import ToSign, to_sign
from app.queries.tasks.today import Awaited, MyTask, Today, today
from app.rules.clock import count, in_days, long_day, moment, near_day
from app.rules.people.access import Permission, Viewer
from app.rules.signoffs import VERIFY
from app.rules.tasks.filtering import ME
from app.rules.tasks.progress import State
from app.web.frame import in_rollout, overseeing, rail, signed_in
from app.web.issues.beside import issues_of_mine
from app.web.issues.list import report_address
from app.web.kept import Kept, by_the_minute
from app.web.rhythm.mine import rounds
from app.web.rollouts.centres import plan_address
from app.web.site import Db, Desk, Guard, Now
from app.web.tasks.remarks import shown_call
from app.web.tasks.rows import RowContext, shown_row
from app.web.tasks.undo import Flash
from app.web.templating import html

router = APIRouter()


@router.get("/today")
@by_the_minute
def show(kept: Kept, viewer: Annotated[Viewer, Depends(Guard())], session: Db, now: Now, done: Flash) -> Response:
    day = today(session, viewer, now)
    calls = [shown_call(one, now) for one in calls_of(session, viewer)]
    signs = [sign_line(one, day.rollouts, now) for one in to_sign(session, viewer)]
    beside = {
        "rounds": rounds(session, viewer, day.rollouts, now),
        "calls": calls,
        "signs": signs,
        "issues": issues_of_mine(session, viewer, day.rollouts, now),
    }
    return kept.answer(html("tasks/today.html", **_frame(viewer, day), **shown(viewer, day, now), **beside, flash=done))


def _frame(viewer: Viewer, day: Today) -> dict[str, Any]:
    """The frame of the rollout where the person has most to do; without one, the bare frame."""
    if not day.rollouts:
        return {"viewer": signed_in(viewer), "nav": [], "tabs": [], "report_href": "", "oversees": False}
    first = day.due[0].rollout if day.due else day.rollouts[0]
    desk = Desk(viewer, first)
    mine = [
        place.slug
        for place in first.locations
        if viewer.can(Permission.RAISE_ISSUE, rollout=first.id, location=place.id)
    ]
    here = report_address(desk, mine[0] if len(mine) == 1 else "")
    return {**in_rollout(desk, "Today"), "report_href": here, "oversees": overseeing(desk)}


def shown(viewer: Viewer, day: Today, now: datetime) -> dict[str, Any]:
    zone = ZoneInfo(day.places[0].zone if day.places else day.rollouts[0].zone if day.rollouts else "UTC")
    there = now.astimezone(zone)
    first = day.first
    several = len(day.places) != 1
    return {
        "name": day.places[0].name if len(day.places) == 1 else "My tasks",
        "when": f"{long_day(there.date(), there.date())}, {there:%H:%M}",
        "instant": now.isoformat(),
        "weeks": rail(day.rollouts[0], now) if day.rollouts else [],
        "say": opening_words(day, now),
        "tell": left_words(day),
        "stands_in": stands_in_words(viewer),
        "done_of": (day.totals.done, day.totals.done + day.totals.due),
        "totals": day.totals,
        "more": {name: getattr(day.totals, name) - len(getattr(day, name)) for name in ("due", "soon", "done")},
        "more_href": plan_address(day.rollouts[0], person=ME) if day.rollouts else "",
        "now_card": now_card(first) if first else None,
        "due": [_row(viewer, one, now, several) for one in day.due],
        "soon": [_row(viewer, one, now, several) for one in day.soon],
        "done": [_row(viewer, one, now, several) for one in day.done],
        "awaited": [awaited_line(one) for one in day.awaited] + [handed_in_line(one) for one in day.handed_in],
        "belongs": bool(day.rollouts),
    }


def _row(viewer: Viewer, one: MyTask, now: datetime, with_place: bool) -> dict[str, Any]:
    context = RowContext(viewer, one.rollout, now, {one.task.row.id: one.evidence}, with_place)
    return shown_row(context, one.task)


def opening_words(day: Today, now: datetime) -> str:
    """How long until the first patient of the next centre of the reader's."""
    places = day.places or tuple(place for rollout in day.rollouts for place in rollout.locations)
    openings = [(place.cutover, place.name, place.today(now)) for place in places]
    ahead = sorted((at, name, there) for at, name, there in openings if at is not None and at > now)
    if not ahead:
        return "Your centre is live." if day.places and all(place.cutover_at for place in day.places) else "Today."
    opening, name, today_there = ahead[0]
    days = (opening.date() - today_there).days
    to = "to first patient" + (f" at {name}" if len(places) > 1 else "")
    return f"{count(days, 'day')} {to}." if days else f"First patient {in_days(opening.date(), today_there)}."


def left_words(day: Today) -> str:
    """`5 things today, 2 of them late.`"""
    if not day.totals.due:
        return "Nothing is due today." if not day.totals.done else "All done for today."
    late = day.totals.late
    if day.totals.due == late == 1:
        return "1 thing today, and it is late."
    return f"{count(day.totals.due, 'thing')} today{f', {late} of them late.' if late else '.'}"


def stands_in_words(viewer: Viewer) -> str:
    """`You stand in for Ivo Tanaka.`"""
    names = [name for grant in viewer.grants for name in grant.instead_of or ()]
    found = list(dict.fromkeys(names))
    return f"You stand in for {' and '.join(found[:3])}." if found else ""


def now_card(one: MyTask) -> dict[str, Any]:
    row = one.task.row
    late = one.task.state is State.LATE
    when = near_day(row.due, one.today) if row.due else "no date"
    wanted = {"photo": "Take the photo", "file": "Attach the file", "link": "Add the link"}
    return {
        "status": "late" if late else "risk" if one.task.state is State.RISK else "run",
        "when": f"Late since {when}" if late else f"Due {when}",
        "about": one.place.name if one.place else "for all centres",
        "what": row.title,
        "do": [{"label": wanted.get(one.evidence, "Open the task"), "href": f"/tasks/{row.id}"}],
    }


def awaited_line(one: Awaited) -> dict[str, Any]:
    row = one.task.row
    held = ", ".join(one.names[:2]) or "nobody holds it"
    due = f", {near_day(row.due, one.today)}" if row.due else ""
    return {
        "text": row.title,
        "href": f"/tasks/{row.id}",
        "end": f"{held}{due}",
        "status": one.task.state.value if one.task.state in (State.LATE, State.BLOCKED) else None,
    }


def sign_line(one: ToSign, rollouts: tuple[RolloutFacts, ...], now: datetime) -> dict[str, Any]:
    """Completed work that waits for the reader's own check or signature."""
    rollout = next((each for each in rollouts if each.id == one.rollout_id), None)
    place = rollout.location(one.location_id) if rollout else None
    people = rollout.playbook.people if rollout else {}
    roles = " or ".join(people[role].title for role in one.wanted.roles if role in people)
    checks = one.wanted.kind == VERIFY
    zone = place.zone if place else rollout.zone if rollout else "UTC"
    return {
        "title": one.title,
        "href": f"/tasks/{one.task_id}#signatures",
        "meta": f"{place.name if place else 'For all centres'}, finished {moment(one.at, zone, now)}, as {roles}",
        "action": f"/tasks/{one.task_id}/{'verification' if checks else 'signature'}",
        "version": one.version,
        "verb": "I have checked it" if checks else "I sign for it",
    }


def handed_in_line(one: MyTask) -> dict[str, Any]:
    return {"text": one.task.row.title, "href": f"/tasks/{one.task.row.id}", "end": "to be checked by a second person"}
