"""When each step of a run will begin and end, which steps decide when all is over, and how much the others may slip.

The critical path method (Kelley and Walker, 1959) with all four kinds of links: once forward for the times, once
backward for the slack. Its critical path is called the longest chain, as in a plan of days. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.rules.runbooks.actuals import Actuals
from app.rules.runbooks.graph import BEGIN, END, INSTANTS, Graph
from app.rules.runbooks.slack import chain_to, slack_of
from app.rules.runbooks.times import Times, utc


@dataclass(frozen=True, slots=True)
class Span:
    """When a step begins and ends: as it happened, else as forecast; in UTC."""

    begin: datetime
    end: datetime


@dataclass(frozen=True)
class Forecast:
    """`chain` is the longest chain, the steps that decide when the run ends, the first of them first. `slack` is how
    much later a step, its beginning with its end, could lie without moving that end: nothing on the chain.
    """

    spans: Mapping[str, Span]
    end: datetime
    chain: tuple[str, ...]
    slack: Mapping[str, timedelta]


def forecast(graph: Graph, actuals: Actuals, now: datetime | None = None, *, zero: datetime | None = None) -> Forecast:
    """The forecast at `now`; without it, and without anything that has happened, the planned times.

    `zero` is when, where there is no `now`, a step begins that waits for nothing and has no hour of its own. A skipped
    step takes no time, and whoever waits for it waits for what it waited for. Raises `ValueError` where such a step,
    or a run without steps, has neither.
    """
    times = Times(graph, actuals, now, zero)
    spans = {step.id: _span(place, times) for place, step in enumerate(graph.steps)}
    end = max((span.end for span in spans.values()), default=times.now or times.zero)
    if end is None:
        raise ValueError("nothing says when a run without steps ends")
    last = next((place for place, span in enumerate(spans.values()) if span.end == end), None)
    chain = () if last is None else tuple(graph.steps[place].id for place in chain_to(last, times))
    return Forecast(spans, end, chain, dict(zip(spans, slack_of(times, end), strict=True)))


def _span(place: int, times: Times) -> Span:
    act = times.acts[place]
    if act.skipped is not None:
        return Span(utc(act.started or act.skipped), utc(act.skipped))
    return Span(times.at[INSTANTS * place + BEGIN], times.at[INSTANTS * place + END])
