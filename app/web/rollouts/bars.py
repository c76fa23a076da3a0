"""Lines of the timeline: a name, what is said of it, and shapes measured in percent of the weeks that are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.queries.rollouts.folded import Days, Folded
from app.queries.rollouts.timeline import Mark
from app.queries.tasks.counted import Counted
from app.rules.clock import count, near_day, short_day, zone_name
from app.rules.rollouts.timelines import Window, filled, key_of
from app.rules.tasks.progress import WORDS, State
from app.web.tasks.rows import titled

KEY_WORDS: Final = {"done": "Done", "run": "Running", "late": "Late", "next": "To come", "many": "Several tasks"}
KIND_WORDS: Final = {"gate": "gate", "milestone": "milestone", "training": "training", "runbook": "runbook"}


@dataclass(frozen=True)
class Ruler:
    """What every line is measured with: the weeks shown, today and now, and the zone of the place."""

    window: Window
    today: date
    now: datetime
    zone: str


def line(ruler: Ruler, id_: str, name: str, key: str, days: Days, **more: Any) -> dict[str, Any]:
    """A line with its bar, as far as it lies within the weeks shown; `more` are further values of the macro."""
    due = days.due
    bar = ruler.window.bar(days.begins, due) if due else None
    return {
        "id": id_,
        "name": name,
        "href": None,
        "key": key,
        "word": KEY_WORDS[key],
        "said": days_words(days, ruler.today),
        "bar": bar,
        "gone": _gone(ruler, key, days),
        "parts": [],
        "base": _base(ruler, days),
        "first": days_words(Days(days.first_begins, days.first_due, None, None), ruler.today),
        "chain": [],
        "gates": [],
        "flags": [],
        "select": None,
        "selected": False,
        "waits": "",
        "late": key == "late",
        "rails": [],
        "arms": [],
        **more,
    }


def _gone(ruler: Ruler, key: str, days: Days) -> tuple[float, float] | None:
    """The part of a running or late bar that lies behind us."""
    if key not in ("run", "late") or days.due is None:
        return None
    begins = days.begins or days.due
    return ruler.window.bar(begins, min(days.due, ruler.today)) if begins <= ruler.today else None


def _base(ruler: Ruler, days: Days) -> tuple[float, float] | None:
    """The thin line of the plan as first written, where it differs from what holds now."""
    if days.first_due is None or (days.first_begins or days.first_due, days.first_due) == (
        days.begins or days.due,
        days.due,
    ):
        return None
    return ruler.window.bar(days.first_begins, days.first_due)


def days_words(days: Days, today: date) -> str:
    """`12 to 18 Nov`, `19 Nov`, `no date`."""
    if days.due is None:
        return "no date"
    last = _day(days.due, today)
    if days.begins is None or days.begins >= days.due:
        return last
    same = (days.begins.month, days.begins.year) == (days.due.month, days.due.year)
    return f"{days.begins.day if same else _day(days.begins, today)} to {last}"


def _day(day: date, today: date) -> str:
    return short_day(day, today).split(" ", 1)[1]


def task_line(ruler: Ruler, task: Counted, first: Days | None) -> dict[str, Any]:
    """One task."""
    row = task.row
    days = first or Days(row.begins, row.due, None, None)
    begun = (row.begins or row.due or date.max) <= ruler.today
    made = line(ruler, f"row-{row.id}", titled(task), key_of(task.state, begun), days, href=f"/tasks/{row.id}")
    made["said"] = f"{made['said']}{_lateness(task, ruler.today)}"
    made["word"] = WORDS[task.state]
    return made


def _lateness(task: Counted, today: date) -> str:
    if task.state is State.BLOCKED:
        return ", blocked"
    if task.state is State.LATE and task.row.due is not None:
        days = (today - task.row.due).days
        return f", {count(days, 'day')} late" if days > 0 else ", late"
    return ""


def place_line(ruler: Ruler, id_: str, name: str, folded: Iterable[Folded], href: str) -> dict[str, Any]:
    """Many tasks as one bar, filled by what of each week is done and what is late."""
    days, counts = Days(None, None, None, None), Counter[tuple[date | None, State]]()
    for one in folded:
        days, counts = days.around(one.days), counts + one.due
    every = Folded(None, "", counts, days)
    done, late = every.count(State.DONE), every.late
    made = line(ruler, id_, name, "many", days, href=href, late=bool(late))
    made["said"] = f"{done} of {every.total} done{f', {late} late' if late else ''}" if counts else "nothing here"
    if made["bar"]:
        made["parts"] = filled(ruler.window, counts, made["bar"])
    return made


def mark_line(ruler: Ruler, id_: str, mark: Mark) -> dict[str, Any]:
    """A gate or another dated entry on a line of its own: a diamond for a day, a bar for a stretch."""
    past = mark.days.due is not None and mark.days.due < ruler.today
    href = f"/gates/{mark.id}" if mark.kind == "gate" else None
    made = line(ruler, id_, mark.title, "next", mark.days, href=href)
    made["word"] = f"{KIND_WORDS[mark.kind]}, its day has passed" if past else KIND_WORDS[mark.kind]
    made["said"] = when_words(ruler, mark)
    if mark.days.due is not None and (mark.kind == "gate" or mark.days.begins in (None, mark.days.due)):
        made |= {"bar": None, "gone": None, "gates": [diamond(ruler, mark)]}
        made["gates"] = [one for one in made["gates"] if one]
    return made


def when_words(ruler: Ruler, mark: Mark) -> str:
    """The day, and the written time in the zone of the place."""
    if mark.due_at is None or mark.days.due is None:
        return days_words(mark.days, ruler.today)
    there = mark.due_at.astimezone(ZoneInfo(ruler.zone))
    return f"{_day(there.date(), ruler.today)}, {there:%H:%M} {zone_name(ruler.zone, mark.due_at)}"


def diamond(ruler: Ruler, mark: Mark) -> dict[str, Any] | None:
    """A gate on its day; None outside of the weeks shown."""
    due = mark.days.due
    if due is None or not ruler.window.begins <= due <= ruler.window.ends:
        return None
    bar = ruler.window.bar(None, due) or (0.0, 0.0)
    past = "yes" if due < ruler.today else "no"
    return {"x": round(bar[0] + bar[1] / 2, 2), "past": past, "title": f"{mark.title}, {near_day(due, ruler.today)}"}


def pennant(ruler: Ruler, opening: date | None) -> float | None:
    """Where the day of a first patient begins."""
    if opening is None or not ruler.window.begins <= opening <= ruler.window.ends:
        return None
    return ruler.window.place(opening)
