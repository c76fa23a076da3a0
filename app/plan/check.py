"""Check a playbook: every mistake at once, each with its place, and the playbook where it has no error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.plan.lint.conditions import lint_conditions
from app.plan.lint.dates import lint_dates, lint_words
from app.plan.lint.names import lint_names
from app.plan.lint.runbooks import lint_minutes
from app.plan.lint.sections import lint_sections
from app.plan.lint.work import lint_circles, lint_work
from app.plan.playbook import PLAYBOOK, Playbook, settled
from app.plan.problems import TOP, Problem
from app.plan.reading import Reading
from app.plan.sites import network_calendar, sample_sites
from app.plan.source import read_source
from app.plan.terms import MAX_PLANNED, MAX_PROBLEMS
from app.plan.timeline import Timeline, first_start
from app.plan.unmodified import demand_as_it_is

# A Monday to judge from where neither the file nor the caller names a day; only dates of a year depend on it.
ANY_MONDAY = date(2024, 1, 1)


@dataclass(frozen=True)
class Report:
    """What a check found, in file order: at most 50 problems, `more` counts the rest. `playbook` is None on errors.

    `reading` knows where every key and value of the file stands.
    """

    name: str
    problems: tuple[Problem, ...]
    more: int
    playbook: Playbook | None
    reading: Reading

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level == "warning")

    @property
    def notes(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level == "note")

    @property
    def ok(self) -> bool:
        return self.playbook is not None


class PlaybookError(ValueError):
    """A playbook with errors; `report` lists them."""

    def __init__(self, report: Report) -> None:
        first = report.errors[0]
        super().__init__(f"{report.name}:{first.line}:{first.column}: {first.id} {first.message}")
        self.report = report


def check(data: bytes, name: str = "playbook.yaml", today: date | None = None) -> Report:
    """Judge a file. `today` picks the Monday its dates are judged from where it names no start of its own."""
    root, problems = read_source(data)
    reading = Reading()
    reading.problems.extend(problems)
    if root is None:
        return _report(name, reading, None)
    reading.place(root)
    raw = PLAYBOOK.read(root, (), reading)
    if raw is None:
        return _report(name, reading, None)
    book = settled(raw)
    lint_names(book, reading)
    lint_work(book, reading)
    lint_circles(book, reading)
    lint_conditions(book, reading)
    lint_sections(book, reading)
    lint_words(book, reading)
    if (cost := len(book.waves) * len(book.entries)) > MAX_PLANNED:
        planned = f"{len(book.entries):,} dated entries in {len(book.waves):,} waves are {cost:,} dates"
        say = f"{planned}; at most {MAX_PLANNED:,} can be judged"
        reading.problem("F1", TOP, (), say)
    else:
        _plan_once(book, reading, today or ANY_MONDAY)
    return _report(name, reading, demand_as_it_is(book))


def _plan_once(book: Playbook, reading: Reading, today: date) -> None:
    """One location a wave, without holidays: what a date means, judged before any rollout."""
    start = first_start(book, today)
    network = network_calendar(book, start, holidays=False)
    timeline = Timeline(book, start, sample_sites(book, network), network)
    lint_dates(book, reading, timeline, stated=book.start is not None)
    lint_minutes(book, reading, timeline)


def load(data: bytes, name: str = "playbook.yaml") -> Playbook:
    """The playbook of a file. Raises `PlaybookError` with the full report where it has errors."""
    report = check(data, name)
    if report.playbook is None:
        raise PlaybookError(report)
    return report.playbook


def _report(name: str, reading: Reading, book: Playbook | None) -> Report:
    problems = reading.problems
    # errors first when the list must be cut, so that none is hidden by warnings
    order = {"error": 0, "warning": 1, "note": 2}
    kept = sorted(problems, key=lambda p: order[p.level])[:MAX_PROBLEMS]
    kept.sort(key=lambda p: (p.line, p.column, p.id))
    failed = any(problem.level == "error" for problem in problems)
    return Report(name, tuple(kept), len(problems) - len(kept), None if failed else book, reading)
