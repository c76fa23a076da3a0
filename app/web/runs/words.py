"""Runs in words: what kind a run is, its hours on the clock of the place, the marks of its colours and of its steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.models import Run
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.clock import NBSP, short_day
from app.rules.runbooks.ledger import StepState
from app.rules.runbooks.position import Colour

COLOURS: Final = {Colour.GREEN: ("done", "Green"), Colour.AMBER: ("risk", "Amber"), Colour.RED: ("blocked", "Red")}
"""A mark and a word: nobody has to tell colours apart."""
STEP_MARKS: Final = {
    StepState.TODO: "todo",
    StepState.RUNNING: "running",
    StepState.BLOCKED: "blocked",
    StepState.CHECK: "wait",
    StepState.DONE: "done",
    StepState.SKIPPED: "waived",
}
OUTCOMES: Final = {
    "finished": ("done", "Finished"),
    "backed-out": ("waived", "Backed out"),
    "abandoned": ("missed", "Abandoned"),
}
BROADCASTS: Final = {"off": "off", "test": "as a test, to the team", "on": "on"}
TONIGHT: Final = timedelta(hours=18)
"""So near an hour needs no day beside it."""


def kind_words(run: Run) -> str:
    """`Live run`, `Rehearsal 2, straight through`."""
    if run.live:
        return "Live run"
    return f"Rehearsal {run.number}{', straight through' if run.straight else ''}"


def where_words(rollout: RolloutFacts, place: PlaceFacts | None, wave: str) -> str:
    """Its location, the title of its wave, or the whole network."""
    if place is not None:
        return place.name
    known = rollout.playbook.waves.get(wave)
    return known.title if known else wave or "The whole network"


def clock_words(at: datetime, zone: str, now: datetime, bare: timedelta = TONIGHT) -> str:
    """`04:08`; further away than `bare` `Thu 04:08`, and of another week `Sat 21 Nov, 04:08`: always by the clock of
    the place.
    """
    there, here = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    hour = f"{there:%H:%M}"
    if there.date() == here.date() or abs(at - now) < bare:
        return hour
    day = short_day(there.date(), here.date())
    return f"{day[:3]}{NBSP}{hour}" if abs((there.date() - here.date()).days) < 6 else f"{day}, {hour}"


def numbers_words(numbers: Sequence[int], most: int = 5) -> str:
    """`13, 14, 17`; of many the first ones `and 12 more`."""
    words = ", ".join(map(str, numbers[:most]))
    return f"{words} and {len(numbers) - most} more" if len(numbers) > most else words


def times_words(number: int) -> str:
    """`once`, `twice`, `3 times`."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
