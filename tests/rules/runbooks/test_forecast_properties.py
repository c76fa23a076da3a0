"""Random runs with all kinds of links, at any moment, against a second way to find the same figures.

The second way knows no order: every constraint is applied again and again until nothing moves (Bellman and Ford), a
slack is tried out by holding its step up, and a chain is believed link by link. A thousand runs with `run.py prove`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules.runbooks.actuals import UNTOUCHED, Actual
from app.rules.runbooks.forecast import Forecast, forecast
from app.rules.runbooks.graph import Graph
from app.rules.runbooks.steps import RunStep
from tests.rules.runbooks.night import T, at, minute, numbered, step

Run = tuple[tuple[RunStep, ...], Mapping[str, Actual], float | None]
Instants = dict[tuple[str, bool], float]
"""When each step begins (False) and ends (True), in minutes from T; of a skipped one, when the way through is free."""

KINDS = st.sampled_from(["FS", "FS", "FS", "SS", "FF", "SF"])
LENGTH = st.one_of(st.just(0), st.integers(0, 90))
HOUR = st.one_of(st.none(), st.integers(-200, 300))
STATES = st.sampled_from(["finished", "running", "blocked", "skipped"])
A_SECOND = timedelta(seconds=1)


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """Up to fourteen steps with links to earlier ones, some of them only of their beginning to a later one's; numbered
    in another order than they wait; with `now` a beginning of them has happened."""
    count = draw(st.integers(1, 14))
    steps: list[RunStep] = []
    for number in range(count):
        links: dict[str, list[str]] = {"after": [], "done_after": []}
        for other in draw(st.lists(st.integers(0, number - 1), max_size=3, unique=True)) if number else []:
            kind, lag = draw(KINDS), draw(LENGTH)
            link = f"{'start of ' if kind[0] == 'S' else ''}s{other}" + (f" + {lag}" if lag else "")
            links["after" if kind[1] == "S" else "done_after"].append(link)
        keys: dict[str, Any] = {"at": hour} if (hour := draw(HOUR)) is not None else {}
        told = {word: ", ".join(found) for word, found in links.items()}
        steps.append(step(f"s{number}", draw(LENGTH), wait=draw(st.sampled_from([0, 0, 25])), **told, **keys))
    steps = _hammocks(draw, steps)
    now = draw(st.one_of(st.none(), st.integers(-250, 400)))
    actuals = {} if now is None else _happened(draw, steps, now)
    return numbered(*draw(st.permutations(steps))), actuals, now


def _hammocks(draw: st.DrawFn, steps: list[RunStep]) -> list[RunStep]:
    """The end of an earlier step may wait for one that only began with it."""
    if len(steps) < 2 or not draw(st.booleans()):
        return steps
    first, second = steps[0], steps[-1]
    if any(link.step == first.id and not link.start for one in steps for link in (*one.after, *one.done_after)):
        return steps
    return [step(first.id, first.takes.total_seconds() / 60, done_after=second.id), *steps[1:]]


def _happened(draw: st.DrawFn, steps: list[RunStep], now: float) -> dict[str, Actual]:
    """Some of the first steps are over or on their way; a few others blocked or skipped ahead of their time."""
    found: dict[str, Actual] = {}
    for one in steps[: draw(st.integers(0, len(steps)))]:
        begin = now - draw(st.integers(0, 120))
        later = draw(st.integers(int(begin), int(now)))
        block = {"blocked_since": at(later), "expected": draw(st.one_of(st.none(), st.just(at(now + 40))))}
        lost = timedelta(minutes=draw(st.integers(0, 20)))
        found[one.id] = {
            "finished": Actual(started=at(begin), finished=at(later), lost=lost),
            "running": Actual(started=at(begin), lost=lost),
            "blocked": Actual(started=at(begin), lost=lost, **block),
            "skipped": Actual(started=draw(st.sampled_from([None, at(begin)])), skipped=at(later)),
        }[draw(STATES)]
    for one in steps:
        if one.id not in found and draw(st.integers(0, 5)) == 0:
            ahead = [Actual(skipped=at(now - 3)), Actual(blocked_since=at(now - 5), expected=at(now + 70))]
            found[one.id] = draw(st.sampled_from(ahead))
    return found


def relaxed(run: Run, held: str = "", by: float = 0, least: Instants | None = None) -> Instants:
    """The least instants that satisfy every constraint; `held` begins and ends at least `by` later than in `least`,
    whatever has happened to it.
    """
    steps, actuals, _ = run
    found: Instants = {(one.id, ends): float("-inf") for one in steps for ends in (False, True)}
    moved = True
    while moved:
        moved = False
        for one in steps:
            act = actuals.get(one.id, UNTOUCHED)
            for ends in (False, True):
                known = [*_demands(one, ends, act, run, found)]
                if held == one.id and least is not None:
                    known.append(least[held, ends] + by)
                if max(known) > found[one.id, ends]:
                    found[one.id, ends], moved = max(known), True
    return found


def _demands(one: RunStep, ends: bool, act: Actual, run: Run, found: Instants) -> Iterator[float]:
    steps, actuals, now = run
    happened = None if act.skipped else act.finished if ends else act.started or act.finished
    if happened is not None:
        yield minute(happened)
        return
    linked = [link for link in (one.done_after if ends else one.after) if any(link.step == other.id for other in steps)]
    for link in linked:
        other = next(other for other in steps if other.id == link.step)
        waits = not ends and not link.start and actuals.get(other.id, UNTOUCHED).skipped is None
        yield found[link.step, not link.start] + _minutes(link.lag) + (_minutes(other.wait) if waits else 0)
    if act.skipped is not None:
        yield found[one.id, False] if ends else minute(act.skipped)
    elif ends:
        yield _own_end(one, act, now, found)
    else:
        hour = None if one.not_before is None else minute(one.not_before)
        expected = minute(act.expected) if act.blocked_since and act.expected else None
        bounds = [bound for bound in (now, hour, expected) if bound is not None]
        yield max(bounds) if bounds else float("-inf") if linked else 0.0


def _own_end(one: RunStep, act: Actual, now: float | None, found: Instants) -> float:
    takes = _minutes(one.takes)
    if act.started is None or now is None:
        return found[one.id, False] + takes
    until = now if act.blocked_since is None else minute(act.blocked_since)
    resumes = now if act.expected is None or act.blocked_since is None else max(now, minute(act.expected))
    return resumes + max(takes - max(until - minute(act.started) - _minutes(act.lost), 0), 0)


def _minutes(length: timedelta) -> float:
    return length.total_seconds() / 60


def end_of(run: Run, found: Instants) -> float:
    """A skipped step ends when it was skipped, whenever the way through it is free."""
    return max(
        minute(skip) if (skip := run[1].get(one.id, UNTOUCHED).skipped) is not None else found[one.id, True]
        for one in run[0]
    )


def made(run: Run) -> Forecast:
    steps, actuals, now = run
    return forecast(Graph(steps), actuals, None if now is None else at(now), zero=T)


def agrees(run: Run) -> None:
    found, least = made(run), relaxed(run)
    end = end_of(run, least)
    assert minute(found.end) == end
    for one in run[0]:
        act, span = run[1].get(one.id, UNTOUCHED), found.spans[one.id]
        if act.skipped is not None:
            assert (span.begin, span.end) == (act.started or act.skipped, act.skipped)
        else:
            assert (minute(span.begin), minute(span.end)) == (least[one.id, False], least[one.id, True])
            _slack_holds(run, one.id, found.slack[one.id], least, end)
    _chain_holds(run, found, least)


def _slack_holds(run: Run, name: str, spare: timedelta, least: Instants, end: float) -> None:
    """So much later, all ends as before; a second more, and it ends later."""
    assert spare >= timedelta(0)
    assert end_of(run, relaxed(run, name, _minutes(spare), least)) == pytest.approx(end)
    assert end_of(run, relaxed(run, name, _minutes(spare + A_SECOND), least)) > end + 0.01


def _chain_holds(run: Run, found: Forecast, least: Instants) -> None:
    steps = {one.id: one for one in run[0]}
    for earlier, later in zip(found.chain, found.chain[1:], strict=False):
        assert _binds(steps, run, earlier, later, least)
    last = [name for name in found.chain if found.spans[name].end == found.end]
    assert found.chain[-1] in last or any(_binds(steps, run, found.chain[-1], name, least) for name in last)
    for name in found.chain:
        assert found.slack[name] == timedelta(0)


def _binds(steps: Mapping[str, RunStep], run: Run, earlier: str, later: str, least: Instants) -> bool:
    """Whether a link between the two leaves no time between them."""
    skipped = run[1].get(earlier, UNTOUCHED).skipped is not None
    wait = 0.0 if skipped else _minutes(steps[earlier].wait)
    for ends, links in ((False, steps[later].after), (True, steps[later].done_after)):
        for link in links:
            gap = _minutes(link.lag) + (0 if ends or link.start else wait)
            if link.step == earlier and least[earlier, not link.start] + gap == least[later, ends]:
                return True
    return False


@settings(max_examples=60, deadline=None)
@given(runs())
def test_a_forecast_is_what_relaxing_every_constraint_finds(run: Run) -> None:
    agrees(run)


@pytest.mark.prove
@settings(max_examples=1_000, deadline=None)
@given(runs())
def test_a_thousand_forecasts(run: Run) -> None:
    agrees(run)
