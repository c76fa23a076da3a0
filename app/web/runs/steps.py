"""What is planned of a step, in words: its T, what it is marked with, who holds and who checks it, its group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final, TypeVar

from app.plan.format.frame import Role
from app.plan.format.who import Who
from app.plan.minutes import NO_TIME, length
from app.queries.people import Holders
from app.rules.clock import NBSP, count, duration, t_clock
from app.rules.runbooks.ledger import Told
from app.rules.runbooks.steps import RunStep
from app.web.held import listed
from app.web.runs.words import clock_words, numbers_words

Line = TypeVar("Line")
MINUTE: Final = timedelta(minutes=1)


def t_words(at: datetime, zero: datetime) -> str:
    """`T−06:00`, `T+1 d 02:00`; `T` itself."""
    clock = t_clock(zero, at)
    if not clock.days and clock.clock == "00:00":
        return "T"
    return f"T{clock.sign}{f'{clock.days}{NBSP}d ' if clock.days else ''}{clock.clock}"


def marks_of(step: RunStep, zone: str, now: datetime) -> list[str]:
    """What has to be known of a step before it begins."""
    asked = step.asked
    marks = [
        "Point of no return" if step.no_return else "",
        "Critical" if step.critical else "",
        f"Not before {clock_words(step.not_before, zone, now)}" if step.not_before else "",
        f"Every {duration(length(asked.repeat.every))}" if asked.repeat else "",
        "Waits for something" if asked.wait_until else "",
        "Message" if asked.broadcast else "",
        f"Taken back within {duration(step.undo_within)}" if step.undo_within else "",
        "May be left out" if asked.optional and not step.critical else "",
        "Perhaps not here" if step.unclear else "",
    ]
    return [mark for mark in marks if mark]


def checked_words(asked: Who | None, people: Holders, location: int | None, titles: Mapping[str, Role]) -> str:
    """`checked by Chiara Amato`, or by the title of the role; empty where nobody checks it."""
    return f"checked by {who_words(asked, people, location, titles)}" if asked else ""


def who_words(asked: Who | None, people: Holders, location: int | None, titles: Mapping[str, Role]) -> str:
    """Who holds the roles by name, else the titles of the roles."""
    roles = asked.roles if asked else ()
    names = people.names(roles, location)
    return listed(names) or " or ".join(titles[role].title if role in titles else role for role in roles)


def takes_words(step: RunStep) -> str:
    """`30 min`; of a repeated step how many rounds at least."""
    rounds = step.asked.repeat.at_least if step.asked.repeat else 1
    said = duration(step.takes)
    return f"{said}, {count(rounds, 'round')}" if rounds > 1 else said


def grouped(lines: Iterable[Line], planned: Callable[[Line], RunStep]) -> list[tuple[str, Sequence[Line]]]:
    """Steps as they follow each other, under the titles of the groups around them: `Copy the data: Images`."""
    found = groupby(lines, key=lambda one: planned(one).group)
    return [(": ".join(group), list(inside)) for group, inside in found]


def numbered(steps: Iterable[RunStep]) -> dict[str, int]:
    """The number of each step, by its id."""
    return {step.id: step.number for step in steps}


def after_words(step: RunStep, numbers: Mapping[str, int], open_: Callable[[str], bool]) -> str:
    """`after 12, 13`: what it waits for of what is not over; empty for nothing."""
    waits = sorted({numbers[one.step] for one in step.after if one.step in numbers and open_(one.step)})
    return f"after {numbers_words(waits)}" if waits else ""


def plan_line(
    step: RunStep, begin: datetime, zero: datetime, who: str, checked: str, zone: str, now: datetime
) -> dict[str, Any]:
    """A step as planned, as the macro `step` takes it."""
    return {
        "no": step.number,
        "title": step.title,
        "marks": marks_of(step, zone, now),
        "who": who,
        "beside": checked,
        "time": t_words(begin, zero),
        "under": takes_words(step),
        "gate": step.no_return or bool(step.asked.gate),
    }


_SPOKEN: Final = 100


def minutes_used(told: Told, step: RunStep, now: datetime) -> dict[str, Any]:
    """The minutes used of those planned, as `meter` takes them; `over` says by how much it is longer."""
    began, until = told.started or now, told.blocked or now
    used, takes = max(until - began - told.lost, NO_TIME) // MINUTE, step.takes // MINUTE
    longer = used - takes
    # Many minutes are told as hours.
    spoken = max(used, takes) >= _SPOKEN
    return {
        "time": duration(used * MINUTE) if spoken else str(used),
        "of": f"of {duration(step.takes) if spoken else f'{takes} min'}",
        "share": min(100, round(100 * used / takes)) if takes else 100,
        "said": f"{used} of {takes} minutes",
        "family": "warn" if longer > 0 else "run",
        "over": f"{duration(longer * MINUTE)} over" if longer > 0 else "",
    }
