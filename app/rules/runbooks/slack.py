"""The longest chain of a run, and how much later everything beside it may lie. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.plan.minutes import NO_TIME
from app.rules.runbooks.graph import BEGIN, END, FREE, INSTANTS, Source
from app.rules.runbooks.times import NEVER, Times


def chain_to(last: int, times: Times) -> list[int]:
    """Places of the steps of which each held the next one up, to the last; before the first of them is none, but now,
    an hour, or what has happened. Of several the one with the lower number. A step whose end waits for what began with
    it stands there once, where it begins. Where the last one was skipped, it is when that was said that counts: nothing
    held it up.
    """
    if times.acts[last].skipped is not None:
        return [last]
    places: list[int] = []
    instant: int | None = INSTANTS * last + END
    while instant is not None:
        places.append(instant // INSTANTS)
        instant = _binding(instant, times)
    return list(dict.fromkeys(reversed(places)))


def _binding(instant: int, times: Times) -> int | None:
    """The instant that another one had to wait for; None where it was no step's."""
    place, which = divmod(instant, INSTANTS)
    act = times.acts[place]
    if which == FREE:
        return instant - FREE + END
    if which == BEGIN:
        return None if act.fixed else _holding(instant, times.graph.begin_after[place], times)
    if act.finished is not None:
        return None
    if times.at[instant] == times.own_end(place):
        return instant - END
    return _holding(instant, times.graph.end_after[place], times)


def _holding(instant: int, sources: list[Source], times: Times) -> int | None:
    at = times.at
    return min((source for source, lag in sources if at[source] + lag == at[instant]), default=None)


def slack_of(times: Times, end: datetime) -> Iterator[timedelta]:
    """How much later each step, its beginning with its end, could lie while the run still ends at `end`."""
    late = _latest(times, end)
    for place, act in enumerate(times.acts):
        begin, over = INSTANTS * place, INSTANTS * place + END
        spare = min(late[begin] - times.at[begin], late[over] - times.at[over])
        yield spare if act.skipped is None else max(min(spare, end - times.at[over]), NO_TIME)


def _latest(times: Times, end: datetime) -> list[datetime]:
    """The backward pass: as late as the three instants of each step may be."""
    late: list[datetime] = []
    for act in times.acts:
        last = end if act.skipped is None else NEVER
        late += [last, last, NEVER]
    for event in reversed(times.graph.order):
        place, ends = divmod(event, 2)
        if ends:
            _end_latest(place, times, late)
        elif not times.acts[place].fixed:
            _pass_on(late, late[INSTANTS * place], times.graph.begin_after[place])
    return late


def _end_latest(place: int, times: Times, late: list[datetime]) -> None:
    act, step, begin = times.acts[place], times.graph.steps[place], INSTANTS * place
    wait, takes = (step.wait, step.takes) if act.skipped is None else (NO_TIME, NO_TIME)
    latest = late[begin + END] = min(late[begin + END], late[begin + FREE] - wait)
    if act.finished is None:
        _pass_on(late, latest, times.graph.end_after[place])
        if not act.fixed:
            late[begin] = min(late[begin], latest - takes)


def _pass_on(late: list[datetime], latest: datetime, sources: list[Source]) -> None:
    for source, lag in sources:
        if latest - lag < late[source]:
            late[source] = latest - lag
