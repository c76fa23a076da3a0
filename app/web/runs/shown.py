"""The page of a run as values for its template."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.queries.runs.room import Room
from app.rules.clock import moment, zone_name
from app.rules.signoffs import is_fresh
from app.web.prose import prose
from app.web.runs.figures import decision_times, now_words, progress_words, standing, t_of
from app.web.runs.log import log_lines
from app.web.runs.own import own_card
from app.web.runs.rows import groups, next_row, pairs, running_row
from app.web.runs.told import conflict
from app.web.runs.words import BROADCASTS, clock_words, kind_words, where_words
from app.web.told import Told

NEXT: Final = 5
LOGGED: Final = 25
"""So many entries stand in the open; those before them are folded away."""


def shown_run(room: Room, told: Told, step: str, now: datetime) -> dict[str, Any]:
    """Everything the template of a run needs; `step` is the one that the form before was about."""
    log = log_lines(room, room.entries)
    back = room.found.goes_back
    return {
        "run": head(room),
        "standing": standing(room),
        "t": t_of(room),
        "progress": progress_words(room),
        "decide": decision_times(room),
        "own": own_card(room),
        "running": [running_row(room, one) for one in room.running],
        "next": [next_row(room, one) for one in room.ahead[:NEXT]] if not room.over else [],
        "groups": groups(room, room.lines),
        "other": {"title": "The way forward" if back else "The way back", "groups": groups(room, room.other)}
        if room.other
        else None,
        "pairs": pairs(room),
        "moved": _moved(room, now),
        "log": log[:LOGGED],
        "earlier": log[LOGGED:],
        "returned": _returned(room, now),
        "ended": _ended(room, now),
        "forms": _forms(room, told, now),
        "told": told,
        "conflict": conflict(room, told, step, now),
    }


def head(room: Room) -> dict[str, Any]:
    """What every page of a run says of it."""
    run = room.run
    where = where_words(room.rollout, room.place, run.wave)
    return {
        "id": room.id,
        "title": room.found.runbook.title,
        "name": f"{room.found.runbook.title}, {where}",
        "kind": kind_words(run),
        "live": run.live,
        "over": room.over,
        "now": "" if room.over else now_words(room),
        "messages": f"Messages are {BROADCASTS[run.broadcasts]}.",
        "href": f"/runs/{room.id}",
        "runbook": f"/runbooks/{run.dated_id}",
    }


def _moved(room: Room, now: datetime) -> dict[str, Any] | None:
    """That the plan has another T by now."""
    if room.moved_to is None:
        return None
    to, was = (clock_words(at, room.zone, now) for at in (room.moved_to, room.run.zero_at))
    return {"to": to, "was": was, "may": room.rights.lead}


def _returned(room: Room, now: datetime) -> dict[str, str] | None:
    """That it was decided to go back, by whom and why."""
    run = room.run
    if run.returning_at is None:
        return None
    by = f"{room.name(run.returning_by)}, {moment(run.returning_at, room.zone, now)}."
    return {"by": by, "reason": run.returning_reason if room.detail else ""}


def _ended(room: Room, now: datetime) -> dict[str, str] | None:
    run = room.run
    if run.ended_at is None:
        return None
    by = f"{room.name(run.ended_by)}, {moment(run.ended_at, room.zone, now)}."
    return {"by": by, "reason": run.outcome_reason if room.detail else ""}


def _forms(room: Room, told: Told, now: datetime) -> dict[str, Any]:
    """The forms about the whole run: a note, the way back, the end."""
    plan, rights = room.found.plan, room.rights
    people = room.found.playbook.people
    return {
        "note": rights.note,
        "back": {
            "title": plan.back_title,
            "prompt": prose(plan.prompt),
            "decides": people[plan.decide].title if plan.decide in people else plan.decide,
            "may": rights.go_back,
            "password": not is_fresh(room.proven_at, now) or bool(told.fault("back", "password")),
        }
        if rights.way_back
        else None,
        "retime": _retime(room, told) if rights.retime else None,
        "end": rights.lead and not room.over,
        "whole": room.can_end,
        "open": len(room.lines) - room.done,
    }


def _retime(room: Room, told: Told) -> dict[str, str]:
    """T of a rehearsal by the clock of its place, as the form that moves it has it."""
    there = room.run.zero_at.astimezone(ZoneInfo(room.zone))
    return {
        "day": told.value("retime", "day", f"{there:%Y-%m-%d}"),
        "time": told.value("retime", "time", f"{there:%H:%M}"),
        "zone": zone_name(room.zone, room.now),
    }
