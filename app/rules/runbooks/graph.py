"""The beginnings and ends of steps in an order in which each stands after all that it waits for. Pure.

The order is of events, not of steps: a step that may begin with another and without which that one may not finish is
no circle.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from app.rules.runbooks.steps import Before, RunStep

BEGIN, END, FREE = 0, 1, 2
INSTANTS: Final = 3
"""A step has three instants: it begins, it ends, and after its wait those who wait for it are free to begin."""

Source = tuple[int, timedelta]
"""An instant that is waited for (3 × the place of its step + `BEGIN`, `END` or `FREE`), and the lag after it."""


class Graph:
    """Steps with what they wait for, looked up once; made anew only when the steps themselves change.

    `begin_after` and `end_after` hold by the place of a step what its beginning and its end wait for; links to steps
    that are not among them are left out. `order` holds the beginnings (2 × place) and ends (2 × place + 1).
    Raises `ValueError` for a circle.
    """

    def __init__(self, steps: Sequence[RunStep]) -> None:
        self.steps = tuple(steps)
        self.place = {step.id: place for place, step in enumerate(self.steps)}
        self.begin_after = [self._sources(step.after, FREE) for step in self.steps]
        self.end_after = [self._sources(step.done_after, END) for step in self.steps]
        self.order = self._ordered()

    def _sources(self, links: Iterable[Before], finish: int) -> list[Source]:
        known = [link for link in links if link.step in self.place]
        return [(INSTANTS * self.place[one.step] + (BEGIN if one.start else finish), one.lag) for one in known]

    def _ordered(self) -> list[int]:
        left = [0] * (2 * len(self.steps))
        after: list[list[int]] = [[] for _ in left]
        for event, earlier in self._waits():
            left[event] += 1
            after[earlier].append(event)
        ready = deque(event for event, number in enumerate(left) if not number)
        order: list[int] = []
        while ready:
            event = ready.popleft()
            order.append(event)
            for later in after[event]:
                left[later] -= 1
                if not left[later]:
                    ready.append(later)
        if len(order) < len(left):
            circle = ", ".join(dict.fromkeys(self.steps[event // 2].id for event, n in enumerate(left) if n))
            raise ValueError(f"steps wait for each other: {circle}")
        return order

    def _waits(self) -> Iterator[tuple[int, int]]:
        """Pairs of events: a later one and one that it waits for."""
        for place in range(len(self.steps)):
            yield 2 * place + 1, 2 * place
            for event, sources in ((2 * place, self.begin_after[place]), (2 * place + 1, self.end_after[place])):
                for instant, _ in sources:
                    yield event, _event(instant)


def _event(instant: int) -> int:
    place, which = divmod(instant, INSTANTS)
    return 2 * place + (which != BEGIN)
