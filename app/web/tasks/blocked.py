"""A block as values for the task's page: what it says, and the form that asks for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from app.queries.tasks.counted import Counted
from app.queries.tasks.page import TaskPage
from app.queries.tasks.said import Stop
from app.rules.clock import moment, near_day
from app.rules.tasks.blocks import awaited_words, over_words
from app.rules.tasks.progress import WORDS, State
from app.web.tasks.rows import titled
from app.web.tasks.told import TaskTold

FIELDS: Final = ("reason", "waits_for", "waits_task", "waits_person", "expected", "find")
_NONE: Final = {"value": "", "label": "None of these", "hint": ""}


def stop_words(page: TaskPage, stop: Stop, now: datetime) -> dict[str, Any]:
    """The notice of a block: why, what it waits for and until when; loud once that day has passed."""
    today = page.today(now)
    reason = stop.reason.rstrip(".") if page.detail else "It is blocked"
    said = [f"{stop.by}, {moment(stop.at, page.zone, now)}."]
    waits = awaited_words(_what(page, stop), stop.expected, today)
    if waits:
        said.insert(0, f"It {waits}." if waits.startswith("waits") else f"{waits[0].upper()}{waits[1:]}.")
    done = page.awaited is not None and page.awaited.state is State.DONE
    return {
        "kind": "bad",
        "bold": f"{reason}.",
        "text": " ".join(said),
        "over": over_words(stop.expected, today),
        "loud": "What it waits for is done. Say that it can go on, or what is in the way now." if done else "",
    }


def _what(page: TaskPage, stop: Stop) -> str:
    if not page.detail:
        return ""
    return f"“{titled(page.awaited)}”" if page.awaited else stop.waits_for or ("another task" if stop.task else "")


def block_form(page: TaskPage, told: TaskTold, now: datetime) -> dict[str, Any]:
    """The values of the form, as typed; the tasks that its search found, and the one that was chosen."""
    opened = told.typed.get("reason") is not None
    typed = told.typed if opened else _standing(page)
    found = list(told.offered or ())
    if page.awaited and page.awaited.row.id not in {one.row.id for one in found}:
        found.append(page.awaited)
    return {
        "open": opened,
        **{name: typed.get(name, "") for name in FIELDS},
        "errors": told.errors if opened else {},
        "people": [(str(one.person), one.name) for one in page.readers],
        "tasks": [*(_choice(page, one, now) for one in found), *([_NONE] if found else [])],
        "searched": told.offered is not None,
    }


def _standing(page: TaskPage) -> dict[str, str]:
    """What stands now, to be changed rather than written anew."""
    stop = page.stop
    if stop is None or not page.detail:
        return {}
    return {
        "reason": stop.reason,
        "waits_for": "" if stop.task or stop.person else stop.waits_for,
        "waits_task": str(page.awaited.row.id) if page.awaited else "",
        "waits_person": str(stop.person or ""),
        "expected": stop.expected.isoformat() if stop.expected else "",
    }


def _choice(page: TaskPage, one: Counted, now: datetime) -> dict[str, str]:
    place = page.rollout.location(one.row.location_id)
    today = place.today(now) if place else page.rollout.today(now)
    due = f", due {near_day(one.row.due, today)}" if one.row.due else ""
    where = place.name if place else "for all centres"
    return {"value": str(one.row.id), "label": titled(one), "hint": f"{where}{due}, {WORDS[one.state].lower()}"}
