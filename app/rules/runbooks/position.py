"""Where a run stands: its colour by one rule, the sentence over it, and every reason. Pure.

As tools for cutovers have it, the colour follows where the forecast end, the last safe decision and the point of no
return fall.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.plan.minutes import NO_TIME
from app.rules.clock import count, duration
from app.rules.runbooks.actuals import UNTOUCHED, Actuals
from app.rules.runbooks.back_out import BackOut, no_way_back
from app.rules.runbooks.forecast import Forecast
from app.rules.runbooks.plans import RunPlan

NEAR: Final = timedelta(minutes=30)
RED: Final = (
    "Red: the last safe decision is past while the point of no return is still ahead and nobody has decided to go on, "
    "or the run is forecast to end after its window."
)
AMBER: Final = (
    "Amber: that decision is still open less than 30 minutes before it; the point of no return is forecast after T, "
    "while it is still ahead; a step on the longest chain is blocked; less than 30 minutes (or than the plan itself "
    "had) are in hand to the end of the window."
)
DECIDED: Final = (
    "It is decided to go on when every critical step before the point of no return is done that belongs to whoever "
    "decides on the way back."
)
PLAIN: Final = "With neither a window nor a way back, amber means forecast to end later than planned."
BACKING: Final = (
    "While backing out, red means that it ends after the time to be back by, amber that it ends within the margin "
    "before that time."
)
NONE: Final = "Green: none of these."
RULE: Final = f"{RED} {AMBER} {DECIDED} {PLAIN} {BACKING} {NONE}"
NO_WAY_BACK: Final = "There is no way back any more."
GOES_ON: Final = "It is decided to go on."
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)


class Colour(StrEnum):
    """How a run stands."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True)
class Position:
    """`says` is the sentence in two parts, of which the first is emphasised; `reasons` are whole sentences, the gravest
    first, none when green. `note` is what holds besides.
    """

    colour: Colour
    says: tuple[str, str]
    reasons: tuple[str, ...] = ()
    note: str = ""


_Reason = tuple[Colour, str, str]
"""What it makes of the run, and its sentence in two parts."""


def rule_of(plan: RunPlan, goes_back: bool) -> str:
    """As much of the rule as speaks of such a run."""
    if goes_back:
        return f"{BACKING} {NONE}"
    decided = [DECIDED] if plan.decide and plan.no_return is not None else []
    plain = [PLAIN] if plan.window is None and not plan.back_title else []
    return " ".join([RED, AMBER, *decided, *plain, NONE])


def position(plan: RunPlan, found: Forecast, actuals: Actuals, back: BackOut | None) -> Position:
    """Where a run that goes forward stands by `RULE`; `back` as of now, None for a runbook without a way back."""
    passed = no_way_back(plan, actuals)
    over = all(actuals.get(step.id, UNTOUCHED).over for step in plan.steps)
    decided = decided_to_go_on(plan, actuals)
    ahead = None if passed or over or decided else back
    reasons = sorted(_reasons(plan, found, actuals, ahead, passed), key=lambda reason: reason[0] is not Colour.RED)
    note = "" if back is None else NO_WAY_BACK if passed else GOES_ON if decided and not over else ""
    return _position(reasons, _on_time(plan, found, ahead), note)


def decided_to_go_on(plan: RunPlan, actuals: Actuals) -> bool:
    """Whether every critical step before the point of no return that belongs to whoever decides on the way back is
    done; a runbook without such a step has no such decision.
    """
    point = plan.no_return
    asked = [
        step
        for step in plan.steps
        if step.critical and step.asked.owner is not None and plan.decide in step.asked.owner.roles
        and point is not None and step.number < point.number
    ]  # fmt: skip
    return bool(asked) and all(actuals.get(step.id, UNTOUCHED).finished is not None for step in asked)


def backing_out(plan: RunPlan, found: Forecast, at: Callable[[datetime], str]) -> Position:
    """Where a run stands that is backing out: `found` is the forecast of its way back, `at` words an instant."""
    if plan.done_by is None:
        return _position([], ("Backing out", f" until {at(found.end)}."))
    left = plan.done_by - found.end
    where = f"before {at(plan.done_by)}" if left >= NO_TIME else f"after {at(plan.done_by)}"
    says = (f"Back out ends {_words(left)}", f" {where}.")
    colour = Colour.RED if left < NO_TIME else Colour.AMBER if left < plan.margin else Colour.GREEN
    return _position([] if colour is Colour.GREEN else [(colour, *says)], says)


def _position(reasons: list[_Reason], on_time: tuple[str, str], note: str = "") -> Position:
    if not reasons:
        return Position(Colour.GREEN, on_time, (), note)
    colour, emphasised, rest = reasons[0]
    return Position(colour, (emphasised, rest), tuple(one + other for _, one, other in reasons), note)


def _reasons(plan: RunPlan, found: Forecast, actuals: Actuals, back: BackOut | None, passed: bool) -> Iterator[_Reason]:
    """In the order of the rule; `back` only while there is a way back."""
    if back is not None and back.safe_for is not None and back.safe_for < NEAR:
        yield _last_safe(back.safe_for)
    if plan.window and (left := plan.window[1] - found.end) < NO_TIME:
        yield Colour.RED, f"{_words(left).capitalize()} over", " the window."
    for step in plan.steps:
        if step.id in found.chain and actuals.get(step.id, UNTOUCHED).blocked:
            yield Colour.AMBER, "Blocked", f": “{step.title}”, and the end waits for it."
    if not passed and not plan.straight and (point := plan.no_return) is not None:
        late = found.spans[point.id].begin - plan.zero
        if late >= _MINUTE and not actuals.get(point.id, UNTOUCHED).over:
            yield Colour.AMBER, f"{_words(late).capitalize()} after T", f": the forecast of “{point.title}”."
    if plan.window and plan.window[1] - found.end >= NO_TIME and (left := _left(plan.window[1], found)) < _near(plan):
        yield Colour.AMBER, f"{_words(left).capitalize()} in hand", " to the end of the window."
    if not plan.window and back is None and (late := found.end - plan.planned.end) >= _MINUTE:
        yield Colour.AMBER, f"{_words(late).capitalize()} later", " than planned."


def _left(limit: datetime, found: Forecast) -> timedelta:
    """What is in hand by the clock: the seconds of a minute that has begun are not shown, and count for nothing."""
    return -((found.end - limit) // _MINUTE) * _MINUTE


def _near(plan: RunPlan) -> timedelta:
    """What is little in hand: a plan that has less is not amber for it."""
    planned = plan.window[1] - plan.planned.end if plan.window else NEAR
    return min(NEAR, max(planned, NO_TIME))


def _last_safe(left: timedelta) -> _Reason:
    if left < NO_TIME:
        return Colour.RED, "Past the last safe decision", "."
    return Colour.AMBER, f"Last safe decision in {_words(left)}", "."


def _on_time(plan: RunPlan, found: Forecast, back: BackOut | None) -> tuple[str, str]:
    if plan.window:
        return "On time", f", {_words(_left(plan.window[1], found))} in hand."
    if back is not None:
        return "On time", f", last safe decision in {_words(back.safe_for)}." if back.safe_for is not None else "."
    early = plan.planned.end - found.end
    return "On time", f", {_words(early)} before the plan." if early >= _MINUTE else "."


def _words(time: timedelta) -> str:
    """`52 minutes`, `2 h 10`; without a sign."""
    time = abs(time)
    if time < _MINUTE:
        return "less than a minute"
    return count(time // _MINUTE, "minute") if time < _HOUR else duration(time)
