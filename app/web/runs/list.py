"""All runbooks of a rollout, wave by wave: when each is run, how often it was rehearsed, what runs now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import Response

from app.queries.rollouts.facts import RolloutFacts
from app.queries.runs.list import RunbookLine, runbook_lines
from app.rules.clock import count, instant, plain_day, short_day, spelled
from app.rules.rollouts.sentences import Part
from app.web.answers import see_other
from app.web.frame import as_of, in_rollout, rail
from app.web.kept import Kept, by_the_minute
from app.web.runs.words import COLOURS, OUTCOMES, kind_words, times_words, where_words
from app.web.site import Db, Desk, Now, Seeing
from app.web.templating import html

router = APIRouter()


@router.get("/rollouts/{slug}/runbooks")
@by_the_minute
def show(kept: Kept, desk: Seeing, session: Db, now: Now) -> Response:
    if not desk.rollout.has_plan:
        return see_other(f"/rollouts/{desk.rollout.slug}/progress")
    at = desk.rollout.as_of(now)
    desk = Desk(desk.viewer, desk.rollout.within(desk.extent), desk.alarm)
    lines = runbook_lines(session, desk.rollout, at)
    return kept.answer(html("runs/list.html", **in_rollout(desk, "Runbooks"), **shown(desk, lines, at)))


def shown(desk: Desk, lines: Sequence[RunbookLine], now: datetime) -> dict[str, Any]:
    """Everything the template needs."""
    rollout = desk.rollout
    return {
        "weeks": rail(rollout, now),
        "when": as_of(rollout, now),
        "say": sentence(rollout, lines, now),
        "pager": None,
        "groups": [
            {
                "id": f"wave-{wave or 'network'}",
                "title": where_words(rollout, None, wave),
                "rows": [_row(rollout, one, now) for one in found],
            }
            for wave, found in groupby(lines, key=lambda one: one.wave)
        ],
    }


def sentence(rollout: RolloutFacts, lines: Sequence[RunbookLine], now: datetime) -> list[Part]:
    """What runs now and how it stands; else what is next, and whether it was ever rehearsed."""
    going = [one for one in lines if one.open is not None and one.position is not None]
    if len(going) > 1:
        worst = max((one.position.colour for one in going if one.position), key=list(COLOURS).index)
        status, _ = COLOURS[worst]
        return [Part(f"{spelled(len(going))} runs", status), Part(" are on now.")]
    for one in going:
        if one.open is not None and one.position is not None:
            first, rest = one.position.says
            head = f"{kind_words(one.open)} of {_named(rollout, one)}: "
            return [Part(head), Part(first, COLOURS[one.position.colour][0]), Part(rest)]
    ahead = [one for one in lines if not one.done and one.zero is not None and one.zero > now]
    if not ahead:
        return [Part("Nothing is to be run now." if lines else "No night is run from here.")]
    first_up = min(ahead, key=lambda one: one.zero or now)
    said = f"Next is {_named(rollout, first_up)}, {instant(first_up.zero or now, _zone(rollout, first_up), now)}; "
    if not first_up.rehearsals:
        return [Part(said), Part("nobody has rehearsed it", "risk"), Part(".")]
    return [Part(f"{said}it was rehearsed {times_words(len(first_up.rehearsals))}.")]


def _named(rollout: RolloutFacts, one: RunbookLine) -> str:
    return f"{one.title} at {one.place.name}" if one.place else one.title


def _zone(rollout: RolloutFacts, one: RunbookLine) -> str:
    return one.place.zone if one.place else rollout.zone


def _row(rollout: RolloutFacts, one: RunbookLine, now: datetime) -> dict[str, Any]:
    zone = _zone(rollout, one)
    today = now.astimezone(ZoneInfo(zone)).date()
    t = instant(one.zero, zone, now) if one.zero else short_day(one.due, today) if one.due else "No date yet"
    return {
        "title": one.title,
        "href": f"/runbooks/{one.id}",
        "where": where_words(rollout, one.place, one.wave),
        "t": t,
        "state": _state(one, zone, now),
        "rehearsed": _rehearsed_words(one),
    }


def _state(one: RunbookLine, zone: str, now: datetime) -> dict[str, Any]:
    """A mark and words, with a link to the run where there is one."""
    run = one.open
    if run is not None and one.position is not None:
        status, label = COLOURS[one.position.colour]
        text = f"{kind_words(run)}: {''.join(one.position.says)}"
        return {"status": status, "label": f"Running, {label.lower()}", "text": text, "href": f"/runs/{run.id}"}
    live = one.live
    if live is not None and live.ended_at is not None:
        status, label = OUTCOMES[live.outcome]
        return {"status": status, "label": f"Live run {label.lower()}", "text": instant(live.ended_at, zone, now),
                "href": f"/runs/{live.id}"}  # fmt: skip
    if one.rehearsals:
        return {"status": "track", "label": "Rehearsed", "text": "", "href": ""}
    return {"status": "todo", "label": "Not run", "text": "", "href": ""}


def _rehearsed_words(one: RunbookLine) -> str:
    """`Rehearsed twice, the last on 12 January: inside its window, 1 step blocked.`"""
    if not one.rehearsals:
        return "Never rehearsed." if not one.runs else "Never rehearsed to its end."
    last = one.rehearsals[-1]
    window = "inside its window" if last.inside else "after its window"
    blocked = f"{count(last.blocked, 'step')} blocked" if last.blocked else "nothing blocked"
    since = ", before its steps changed" if last.outdated else ""
    often = "once, on" if len(one.rehearsals) == 1 else f"{times_words(len(one.rehearsals))}, the last on"
    return f"Rehearsed {often} {plain_day(last.day)}: {window}, {blocked}{since}."
