"""A long night: what a change of one step costs, against walking once over the same steps and links."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from graphlib import TopologicalSorter
from statistics import median

from app.plan.format.runbooks import Step
from app.rules.runbooks.actuals import Actual
from app.rules.runbooks.forecast import forecast
from app.rules.runbooks.graph import Graph
from app.rules.runbooks.steps import Before, RunStep

STEPS, LINKS, NEARBY, LIMIT = 500, 2_000, 20, 50
CHANGES = 200
T = datetime(2027, 2, 8, 13, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ASKED = Step(id="asked", title="Asked")


def runs() -> Iterator[str]:
    steps = night()
    before = {step.id: [link.step for link in (*step.after, *step.done_after)] for step in steps}
    waits, after = _prepared(before)
    graph, changes = Graph(steps), iter(_changes(steps))
    ours = _seconds(lambda: forecast(graph, *next(changes)))
    walk = _seconds(lambda: _walk(waits, after))
    sorter = _seconds(lambda: list(TopologicalSorter(before).static_order()))
    anew = _seconds(lambda: Graph(steps))
    links = sum(len(one) for one in before.values())
    yield f"{STEPS} steps, {links:,} links, one step changed: times, longest chain and slack in {ours * 1e3:.2f} ms"
    yield f"  a walk in topological order over links that are at hand {walk * 1e6:.0f} µs: {ours / walk:.1f} times" \
          f" (bar {LIMIT}); graphlib {sorter * 1e6:.0f} µs: {ours / sorter:.1f} times"  # fmt: skip
    yield f"  looking the links up anew, where the steps themselves change: {anew * 1e3:.2f} ms more"


def night() -> list[RunStep]:
    """Steps that wait for four of the twenty before them, one link in five of another kind than finish to start."""
    chance = random.Random(1959)
    steps: list[RunStep] = []
    left = LINKS
    for number in range(STEPS):
        count = min(number, NEARBY, -(-left // (STEPS - number)))
        left -= count
        links = [
            (f"s{place}", chance.random()) for place in chance.sample(range(max(0, number - NEARBY), number), count)
        ]
        steps.append(
            RunStep(
                id=f"s{number}",
                number=number + 1,
                title=f"Step {number}",
                asked=ASKED,
                takes=chance.randint(1, 30) * MINUTE,
                wait=chance.choice([0, 0, 10]) * MINUTE,
                not_before=T + number * MINUTE if number % 25 == 0 else None,
                after=tuple(Before(name, kind > 0.9, 2 * MINUTE) for name, kind in links if kind >= 0.1),
                done_after=tuple(Before(name, kind > 0.05) for name, kind in links if kind < 0.1),
            )
        )
    return steps


def _changes(steps: list[RunStep]) -> list[tuple[dict[str, Actual], datetime]]:
    """The run after each of so many steps has begun, with all before it finished."""
    found = []
    for number in range(CHANGES):
        done = {step.id: Actual(T + at * MINUTE, T + (at + 1) * MINUTE) for at, step in enumerate(steps[:number])}
        done[steps[number].id] = Actual(T + number * MINUTE)
        found.append((done, T + (number + 1) * MINUTE))
    return found


def _prepared(before: dict[str, list[str]]) -> tuple[list[int], list[list[int]]]:
    place = {name: number for number, name in enumerate(before)}
    after: list[list[int]] = [[] for _ in before]
    for name, earlier in before.items():
        for one in earlier:
            after[place[one]].append(place[name])
    return [len(earlier) for earlier in before.values()], after


def _walk(waits: list[int], after: list[list[int]]) -> list[int]:
    """As little as it takes (Kahn, 1962)."""
    left = waits.copy()
    order = [step for step, number in enumerate(left) if not number]
    for step in order:
        for later in after[step]:
            left[later] -= 1
            if not left[later]:
                order.append(later)
    return order


def _seconds(work: Callable[[], object]) -> float:
    took = []
    for _ in range(CHANGES):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return median(took)
