"""The forward pass: as early as the steps of a run can begin and end, given what has happened. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from app.plan.minutes import NO_TIME
from app.rules.runbooks.actuals import UNTOUCHED, Actuals
from app.rules.runbooks.graph import BEGIN, END, FREE, INSTANTS, Graph

NEVER: Final = datetime(9999, 1, 1, tzinfo=UTC)


class Times:
    """`at` holds the three instants of each step, in UTC. What has happened is never moved, and nothing begins or ends
    before `now`. Those of a skipped step are when the way through it is free, which may be later than its skipping.

    Raises `ValueError` for a step that waits for nothing and has no hour, where neither `now` nor `zero` is known.
    """

    def __init__(self, graph: Graph, actuals: Actuals, now: datetime | None, zero: datetime | None) -> None:
        self.graph = graph
        self.now = now.astimezone(UTC) if now else None
        self.zero = zero.astimezone(UTC) if zero else None
        self.acts = [actuals.get(step.id, UNTOUCHED) for step in graph.steps]
        self.at = [NEVER] * (INSTANTS * len(graph.steps))
        for event in graph.order:
            place, ends = divmod(event, 2)
            if ends:
                self.at[INSTANTS * place + END] = end = self._end(place)
                skipped = self.acts[place].skipped is not None
                self.at[INSTANTS * place + FREE] = end if skipped else end + graph.steps[place].wait
            else:
                self.at[INSTANTS * place + BEGIN] = self._begin(place)

    def _begin(self, place: int) -> datetime:
        act = self.acts[place]
        if act.fixed and act.begun is not None:
            return utc(act.begun)
        known = [self.at[source] + lag for source, lag in self.graph.begin_after[place]]
        if act.skipped is not None:
            return max([utc(act.skipped), *known])
        if self.now is not None:
            known.append(self.now)
        if (hour := self.graph.steps[place].not_before) is not None:
            known.append(utc(hour))
        if act.blocked and act.expected is not None:
            known.append(utc(act.expected))
        if known:
            return max(known)
        if self.zero is None:
            raise ValueError(f"nothing says when `{self.graph.steps[place].id}` begins")
        return self.zero

    def _end(self, place: int) -> datetime:
        if (finished := self.acts[place].finished) is not None:
            return utc(finished)
        sources = self.graph.end_after[place]
        own = self.own_end(place)
        return max([own, *(self.at[source] + lag for source, lag in sources)]) if sources else own

    def own_end(self, place: int) -> datetime:
        """When a step that is not finished ends by its own work alone."""
        act, takes, begin = self.acts[place], self.graph.steps[place].takes, self.at[INSTANTS * place]
        if act.skipped is not None:
            return begin
        if act.started is None or self.now is None:
            return begin + takes
        until = utc(act.blocked_since or self.now)
        resumes = max(self.now, utc(act.expected)) if act.blocked and act.expected else self.now
        worked = max(until - begin - act.lost, NO_TIME)
        return resumes + max(takes - worked, NO_TIME)


def utc(at: datetime) -> datetime:
    """Time is added up in UTC: by the clock on the wall an hour may be missing."""
    return at.astimezone(UTC)
