"""The sentence over the timeline: whether the end still holds, and what is wrong on the way to it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.rules.clock import count, long_day, spelled
from app.rules.rollouts.sentences import Part
from app.rules.tasks.progress import State


@dataclass(frozen=True)
class Trouble:
    """How many tasks of a place are late, and how many of them blocked."""

    name: str
    late: int


def end_sentence(last: date | None, first_last: date | None, today: date, trouble: Sequence[Trouble]) -> list[Part]:
    """`The end still holds: Friday 5 March. Two tasks are late or blocked at Kestrel Ridge.`"""
    if last is None:
        return [Part("Nothing in this plan has a date yet.")]
    return [*_end(last, first_last, today), *_trouble([one for one in trouble if one.late])]


def _end(last: date, first_last: date | None, today: date) -> list[Part]:
    day = long_day(last, today)
    days = (last - first_last).days if first_last else 0
    if days > 0:
        later = Part(f"{count(days, 'day')} later", State.LATE.value)
        return [Part("The plan now ends "), later, Part(f", on {day}. ")]
    if days < 0:
        return [Part(f"The plan now ends {count(-days, 'day')} earlier, on {day}. ")]
    return [Part(f"The end still holds: {day}. ")]


def _trouble(trouble: Sequence[Trouble]) -> list[Part]:
    late = sum(one.late for one in trouble)
    if not late:
        return [Part("Nothing is late or blocked.")]
    where = trouble[0].name if len(trouble) == 1 else f"{len(trouble)} places"
    at = "" if where == "" else f" {'at' if len(trouble) == 1 else 'in'} {where}"
    tasks = f"{spelled(late)} task{'' if late == 1 else 's'}"
    return [Part(f"{tasks} {'is' if late == 1 else 'are'} late or blocked", State.LATE.value), Part(f"{at}.")]


def chain_words(tasks: int, days: int, slack: int, last: str, ends: date, today: date, waits: str = "") -> str:
    """`Longest chain: 6 tasks, 43 days of work, 4 days of slack; it ends with “Go-live” on Friday 5 March.`

    `waits` is the first work on it that is not done; empty where all of it is.
    """
    spare = f"{count(slack, 'day')} of slack" if slack else "no slack"
    work = f"{count(tasks, 'task')}, {count(days, 'day')} of work, {spare}"
    return f"Longest chain: {work}; {_end_words(last, ends, today, waits)}."


def _end_words(last: str, ends: date, today: date, waits: str) -> str:
    with_ = f"with “{last}” on {long_day(ends, today)}"
    if ends >= today:
        return f"it ends {with_}"
    return f"it was to end {with_}, and still waits for “{waits}”" if waits else f"it ended {with_}, and is done"
