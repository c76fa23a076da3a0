"""Where a metric stands at many places together: its figure before and now over the same places. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from app.plan.format.metrics import Metric
from app.plan.terms import Scope
from app.rules.metrics.course import Course, change
from app.rules.metrics.roll_up import weight_metric
from app.rules.metrics.rolled import behind, rolled
from app.rules.metrics.wins import IN_A_ROW

NAMED: Final = 5
"""Places that are named where more are not in a figure, and the best of those that have a win."""
RULE: Final = (
    "The figure of all centres compares the same centres before and now: those that have a baseline and a reading"
    " that counts. Where the playbook names no weight, each centre counts alike. A computed figure is computed from"
    " the sums or means of its parts, not as a mean of the centres' own results."
)


@dataclass(frozen=True, slots=True)
class At:
    """A metric at one place. `before` and `now` hold its baseline and its latest figure under its own id, and beside it
    what weighs, or of a computed metric instead what it is computed from, over the same days. `run`: readings in a row
    since the go-live that are clearly better than the baseline, up to the latest.
    """

    place: str
    before: Mapping[str, Decimal] = field(default_factory=dict)
    now: Mapping[str, Decimal] = field(default_factory=dict)
    baseline: Decimal | None = None
    latest: Decimal | None = None
    signed: bool = False
    readings: int = 0
    left_out: int = 0
    otherwise: int = 0
    first: date | None = None
    last: date | None = None
    target: Decimal | None = None
    by: date | None = None
    live: date | None = None
    course: Course = Course.UNKNOWN
    run: int = 0


Standing = tuple[Course, str, date | None]
"""The course at a place as of its latest reading; better, worse, same or empty for unknown; and its go-live."""


@dataclass(frozen=True)
class Network:
    """A metric at `of` places together. `places` of them are in both figures, `without` are the first that are not;
    while none is, `baseline` is that of those that have one, and there is no latest figure. `signed` have a signed
    baseline. `first` to `last`: the days of the latest figures. `wins`: the places with the
    newest and greatest gains.
    """

    baseline: Decimal | None = None
    latest: Decimal | None = None
    places: int = 0
    of: int = 0
    signed: int = 0
    without: tuple[str, ...] = ()
    readings: int = 0
    left_out: int = 0
    otherwise: int = 0
    first: date | None = None
    last: date | None = None
    counts: Mapping[Standing, int] = field(default_factory=dict)
    targets: Mapping[tuple[Decimal, date | None], int] = field(default_factory=dict)
    wins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tally:
    """How many places stand where, on a day: by course, `EARLY` for those not live by then; and of those that are
    `live` how many are better or worse than their baseline.
    """

    courses: Mapping[Course, int]
    live: int = 0
    better: int = 0
    worse: int = 0


def network_of(metrics: Mapping[str, Metric], id_: str, rows: Sequence[At]) -> Network:
    """One metric at some places, in their order."""
    metric = metrics[id_]
    needed = _needed(metrics, id_)
    based = [one for one in rows if _complete(one.before, needed)]
    inside = [one for one in based if _complete(one.now, needed) and _since_live(one)]
    baseline = _figure(metrics, metric, inside or based, "before")
    latest = _figure(metrics, metric, inside, "now")
    in_it = {one.place for one in inside} if baseline is not None and latest is not None else set()
    days = [one for one in rows if one.place in in_it and one.first and one.last]
    targets = Counter((one.target, one.by) for one in rows if one.target is not None)
    wins = sorted((one for one in rows if one.run >= IN_A_ROW), key=lambda one: _gain_order(one, metric), reverse=True)
    return Network(
        baseline=baseline,
        latest=latest,
        places=len(in_it),
        of=len(rows),
        signed=sum(one.signed for one in rows),
        without=tuple(one.place for one in rows if one.place not in in_it)[:NAMED],
        readings=sum(one.readings for one in rows),
        left_out=sum(one.left_out for one in rows),
        otherwise=sum(one.otherwise for one in rows),
        first=min((one.first for one in days if one.first), default=None),
        last=max((one.last for one in days if one.last), default=None),
        counts=Counter((one.course, way(one, metric.better), one.live) for one in rows),
        targets={(value, by): number for (value, by), number in targets.items() if value is not None},
        wins=tuple(one.place for one in wins[:NAMED]),
    )


def _needed(metrics: Mapping[str, Metric], id_: str) -> frozenset[str]:
    """The metrics that are read, and without which a place is in no figure."""
    return frozenset(one for one in behind(metrics, id_) if one in metrics and metrics[one].formula is None)


def _complete(values: Mapping[str, Decimal], needed: Iterable[str]) -> bool:
    return all(one in values for one in needed)


def _since_live(one: At) -> bool:
    return one.live is not None and one.first is not None and one.first >= one.live


def _figure(metrics: Mapping[str, Metric], metric: Metric, rows: Sequence[At], side: str) -> Decimal | None:
    if metric.scope is not Scope.LOCATION:
        # What is read once is its own figure.
        values = [getattr(one, side)[metric.id] for one in rows if metric.id in getattr(one, side)]
        return values[0] if len(values) == 1 else None
    by_metric: dict[str, dict[str, Decimal]] = {}
    for one in rows:
        for id_, value in getattr(one, side).items():
            by_metric.setdefault(id_, {})[one.place] = value
    return rolled(metrics, metric.id, by_metric).value


def way(one: At, better: str | None) -> str:
    """Whether the latest figure is better or worse than the baseline, or the same; empty where nobody knows."""
    if one.baseline is None or one.latest is None:
        return ""
    found = change(one.baseline, one.latest, better)
    return "same" if found.by == 0 else "" if found.better is None else "better" if found.better else "worse"


def _gain_order(one: At, metric: Metric) -> tuple[date, Decimal]:
    if one.baseline is None or one.latest is None:
        return (date.min, Decimal(0))
    return (one.last or date.min, abs(change(one.baseline, one.latest, metric.better).percent or Decimal(0)))


def tally(counts: Mapping[Standing, int], today: date) -> Tally:
    """Of a metric that has a target or not: a place that is not live by `today` is `EARLY`, whatever it read."""
    courses: Counter[Course] = Counter()
    live: Counter[str] = Counter()
    for (course, which, opened), number in counts.items():
        early = opened is None or opened > today
        courses[Course.EARLY if early and course is not Course.NO_TARGET else course] += number
        if not early:
            live[which] += number
    return Tally(dict(courses), sum(live.values()), live["better"], live["worse"])


def rule_words(metrics: Mapping[str, Metric], metric: Metric) -> str:
    """How locations add up to the figure of all, in words."""
    if metric.scope is not Scope.LOCATION:
        return "read once for the whole network"
    if metric.formula is not None:
        return f"computed from the figures of all centres: {formula_words(metrics, metric)}"
    rule = metric.roll_up or ""
    if weight_metric(rule):
        weight = metrics.get(weight_metric(rule))
        return f"mean of the centres, weighed by {weight.title.lower() if weight else weight_metric(rule)}"
    said = {"sum": "sum of the centres", "mean": "mean of the centres", "median": "median of the centres"}
    return f"{said[rule]}, each counted alike" if rule in ("mean", "median") else said.get(rule, "not added up")


def formula_words(metrics: Mapping[str, Metric], metric: Metric) -> str:
    """The formula with the titles of what it is computed from."""
    words = metric.formula.text.split(" ") if metric.formula else []
    return " ".join(metrics[word].title if word in metrics else word for word in words)
