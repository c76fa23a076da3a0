"""Days to reconcile in words: their states with the mark of each, and how many there are of which."""

from __future__ import annotations

from datetime import date
from typing import Final

from app.queries.reconciliations.rows import DayRow
from app.rules.clock import count, long_day, short_day
from app.rules.reconciliations.days import DayState, Runs
from app.rules.rollouts.sentences import Part

STATES: Final[dict[DayState, tuple[str, str]]] = {
    DayState.AHEAD: ("", "To come"),
    DayState.OPEN: ("open", "Open"),
    DayState.COUNTED: ("wait", "Waits for review"),
    DayState.CLEAN: ("clean", "Clean"),
    DayState.VARIANCE: ("variance", "Variance"),
    DayState.MISSED: ("missed", "Missed"),
    DayState.NOT_ASKED: ("", "Not asked for"),
}


def state_words(row: DayRow) -> str:
    """`Missed, entered later`, and that it still waits to be closed."""
    word = STATES[row.state][1]
    if row.state is DayState.MISSED and row.facts.counted_at is not None:
        return f"{word}, entered later"
    return word


def day_href(row: DayRow) -> str:
    return f"/reconciliations/{row.occasion}"


def day_words(row: DayRow, today: date) -> str:
    return short_day(row.day, today)


def sums_words(runs: Runs) -> str:
    """`14 of 15 closed, 1 with variance, 1 missed, 1 waits for review`; `no day yet`."""
    if not runs.due:
        return "no day yet"
    words = [f"{runs.closed} of {runs.due} closed"]
    if runs.variance:
        words.append(f"{runs.variance} with variance")
    if runs.missed:
        words.append(f"{runs.missed} missed")
    if runs.waiting:
        words.append(f"{runs.waiting} {'waits' if runs.waiting == 1 else 'wait'} for review")
    return ", ".join(words)


def run_words(run: int) -> str:
    """`10 clean days in a row`."""
    return f"{count(run, 'clean day')} in a row" if run else "No run of clean days now"


def sums_sentence(runs: Runs, where: str, which: str) -> list[Part]:
    """`14 of 15 days of the last three weeks are closed, 1 out of tolerance, 1 missed.`"""
    if not runs.due:
        return [Part(f"Nothing has been counted {where} yet.")]
    verb = "is" if runs.closed == 1 else "are"
    said = [Part(f"{runs.closed:,} of {count(runs.due, 'day')}{which} {verb} closed")]
    if runs.variance:
        said += [Part(", "), Part(f"{runs.variance:,} out of tolerance", "variance")]
    if runs.missed:
        said += [Part(", "), Part(f"{runs.missed:,} missed", "missed")]
    if not runs.variance and not runs.missed and runs.closed:
        said += [Part(", "), Part("all of them clean", "clean")]
    return [*said, Part(".")]


def titled_day(title: str, place: str, day: date) -> str:
    """What a page about one day is called."""
    return f"{title}, {place}, {long_day(day, day)} {day.year}"
