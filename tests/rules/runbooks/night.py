"""Steps of an invented night, in minutes from T: what the tests of runs have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.plan.format.runbooks import Step
from app.rules.runbooks.actuals import Actual
from app.rules.runbooks.forecast import Forecast, forecast
from app.rules.runbooks.graph import Graph
from app.rules.runbooks.plans import RunPlan
from app.rules.runbooks.steps import Before, RunStep

T = datetime(2027, 2, 8, 13, tzinfo=UTC)
LENGTHS = ("takes", "wait", "undo_within", "back_out_takes")


def at(minute: float) -> datetime:
    return T + timedelta(minutes=minute)


def before(link: str) -> Before:
    """`a`, `start of a`, `a + 5` (minutes)."""
    name, _, lag = link.partition(" + ")
    return Before(name.removeprefix("start of "), name.startswith("start of "), timedelta(minutes=int(lag or 0)))


def step(name: str, takes: float = 10, after: str = "", done_after: str = "", **keys: Any) -> RunStep:
    """Links are divided by commas; lengths and `at` (its hour) are in minutes."""
    keys |= {word: timedelta(minutes=keys[word]) for word in LENGTHS if word in keys}
    if "at" in keys:
        keys["not_before"] = at(keys.pop("at"))
    asked = Step(id=name, title=name.capitalize(), back_out=f"Take {name} back.")
    keys |= {"after": _links(after), "done_after": _links(done_after), "takes": timedelta(minutes=takes)}
    return RunStep(id=name, number=0, title=name.capitalize(), asked=asked, **keys)


def _links(text: str) -> tuple[Before, ...]:
    return tuple(before(one) for one in text.split(", ") if one)


def numbered(*steps: RunStep) -> tuple[RunStep, ...]:
    return tuple(replace(one, number=number) for number, one in enumerate(steps, start=1))


def run(*steps: RunStep, back: Sequence[RunStep] = (), **keys: Any) -> RunPlan:
    """A live run with T = 0; with `back` it has a way back that is to end 15 minutes before T, margin 15 minutes."""
    if back:
        way: dict[str, Any] = {"back_title": "Back", "margin": timedelta(minutes=15), "done_by": at(-15)}
        keys = way | keys | {"way_back": numbered(*back)}
    plain: dict[str, Any] = {"title": "Night", "zero": T, "live": True, "straight": False, "steps": numbered(*steps)}
    return RunPlan(**(plain | keys))


def started(minute: float, **keys: Any) -> Actual:
    return Actual(started=at(minute), **keys)


def finished(begin: float, end: float) -> Actual:
    return Actual(started=at(begin), finished=at(end))


def skipped(minute: float) -> Actual:
    return Actual(skipped=at(minute))


def foreseen(*steps: RunStep, now: float | None = None, **actuals: Actual) -> Forecast:
    when = None if now is None else at(now)
    return forecast(Graph(numbered(*steps)), actuals, when, zero=T)


def times(found: Forecast) -> dict[str, tuple[float, float]]:
    """When each step begins and ends, in minutes from T."""
    return {name: (minute(span.begin), minute(span.end)) for name, span in found.spans.items()}


def slack(found: Forecast) -> dict[str, float]:
    return {name: spare.total_seconds() / 60 for name, spare in found.slack.items()}


def minute(moment: datetime) -> float:
    return (moment - T).total_seconds() / 60
