"""The sentence that the review of a run opens with: how it ended, and what was blocked. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from app.plan.minutes import NO_TIME
from app.rules.clock import count, duration, spelled
from app.rules.rollouts.sentences import Part
from app.rules.runbooks.ledger import StepState
from app.rules.runbooks.review import Review

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)


def review_sentence(live: bool, outcome: str, found: Review) -> list[Part]:
    """How a run ended (`outcome` is finished, backed-out, abandoned, or empty while it is not over), in parts."""
    kind = "The live run" if live else "The rehearsal"
    return [*_ended(kind, outcome, found), Part(_blocked_words(found))]


def _ended(kind: str, outcome: str, found: Review) -> list[Part]:
    left = found.left
    if outcome == "abandoned":
        done = sum(line.state is StepState.DONE for line in found.lines)
        return [
            Part(f"{kind} was "),
            Part("abandoned", "void"),
            Part(f" with {done} of {len(found.lines)} steps done."),
        ]
    if outcome == "backed-out":
        if left is None:
            return [Part(f"{kind} "), Part("went back", "wait"), Part(".")]
        where = f"{time_words(left)} {'before' if left >= NO_TIME else 'after'}"
        return [Part(f"{kind} went back and was over "), Part(where, _mark(left)), Part(" it had to be back.")]
    if outcome != "finished":
        return [Part(f"{kind} is "), Part("not over", "running"), Part(".")]
    if left is None:
        return [Part(f"{kind} ended {_against_plan(found)}.")]
    where = f"{time_words(left)} {'inside' if left >= NO_TIME else 'after'}"
    return [
        Part(f"{kind} ended "),
        Part(where, _mark(left)),
        Part(f" {'its' if left >= NO_TIME else 'the end of its'} window."),
    ]


def _mark(left: timedelta) -> str:
    return "done" if left >= NO_TIME else "late"


def _against_plan(found: Review) -> str:
    if found.ended is None or found.planned_end is None:
        return "without a step that was done"
    later = found.ended - found.planned_end
    if abs(later) < _MINUTE:
        return "as planned"
    return f"{time_words(later)} {'later' if later > NO_TIME else 'earlier'} than planned"


def _blocked_words(found: Review) -> str:
    number = len(found.held_up)
    if not number:
        return " Nothing was blocked."
    many = f"{spelled(number)} {'step was' if number == 1 else 'steps were'}"
    return f" {many} blocked for {time_words(found.blocked)}."


def time_words(time: timedelta) -> str:
    """`52 minutes`, `2 h 10`; without a sign."""
    time = abs(time)
    if time < _MINUTE:
        return "less than a minute"
    return count(time // _MINUTE, "minute") if time < _HOUR else duration(time)
