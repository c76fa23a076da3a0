"""The sentence that the gates of a rollout open with: what closed again, what is voted on, what comes next. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.rules.clock import in_days, spelled
from app.rules.rollouts.sentences import Part


@dataclass(frozen=True)
class Ahead:
    """A gate that comes, by its title and place, on a day there."""

    title: str
    where: str
    day: date
    today: date


def gates_sentence(open_: int, closed: int, ahead: Sequence[Ahead]) -> list[Part]:
    """`Two votes are open. The next gate is Go or no-go at Alder, in 3 days.`"""
    if closed:
        head = [
            Part(f"{spelled(closed)} {'gate is' if closed == 1 else 'gates are'} "),
            Part("closed again", "notready"),
        ]
        return [*head, Part(f"{_open_too(open_)}.")]
    late = [one for one in ahead if one.day < one.today]
    if late:
        return _late(late, open_, _next(ahead))
    next_ = _next(ahead)
    if open_:
        return [Part(f"{spelled(open_)} {'vote is' if open_ == 1 else 'votes are'} open", "running"), Part(f".{next_}")]
    return [Part(f"No vote is open.{next_}")]


def _open_too(open_: int) -> str:
    if not open_:
        return ""
    return f"; {spelled(open_).lower()} {'vote is' if open_ == 1 else 'votes are'} open"


def _late(late: Sequence[Ahead], open_: int, next_: str) -> list[Part]:
    """`Go or no-go, Alder, is not decided: it was due 2 days ago; one vote is open. The next gate is …`"""
    first = min(late, key=lambda one: one.day)
    rest = f": it was due {in_days(first.day, first.today)}{_open_too(open_)}.{next_}"
    if len(late) == 1:
        return [Part(f"{first.title}, {first.where}, is "), Part("not decided", "late"), Part(rest)]
    oldest = f": the first of them was due {in_days(first.day, first.today)}{_open_too(open_)}.{next_}"
    return [Part(f"{spelled(len(late))} gates are "), Part("not decided", "late"), Part(oldest)]


def _next(ahead: Sequence[Ahead]) -> str:
    coming = [one for one in ahead if one.day >= one.today]
    if not coming:
        return ""
    first = min(coming, key=lambda one: one.day)
    same = sum(one.day == first.day for one in coming)
    near = in_days(first.day, first.today)
    if same == 1:
        return f" The next gate is {first.title}, {first.where}, {near}."
    return f" The next {spelled(same).lower()} gates are held {near}."
