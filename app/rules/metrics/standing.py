"""Where a metric stands at one place: what was captured before the go-live, the latest figure, and its course. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.plan.format.metrics import Baseline, Metric
from app.plan.language.formulas import Formula
from app.rules.metrics.course import Course, Target, course
from app.rules.metrics.readings import Mean, Reading, Sorted, Stretch, baseline_of, season_before, sort_out


@dataclass(frozen=True)
class Days:
    """The dates of a metric at a place, in its calendar. `due`: by when its baseline is to be captured; `windows`: the
    days among which its readings may lie, the first that have as many as are wanted count, else those with the most;
    `by`: the day of the target; `without`: stretches that the playbook leaves out; `live`: the go-live, or without one
    the day from which change is measured.
    """

    due: date | None = None
    windows: tuple[Stretch, ...] = ()
    by: date | None = None
    without: tuple[Stretch, ...] = ()
    live: date | None = None


@dataclass(frozen=True)
class Series:
    """A metric at a place: its readings sorted out, and what was captured before the go-live."""

    metric: Metric
    days: Days
    sorted: Sorted
    captured: Mean | None


@dataclass(frozen=True)
class Standing:
    """`baseline` is the signed figure. `season`: the same days of the year before the latest reading."""

    series: Series
    baseline: Decimal | None
    latest: Reading | None
    season: Mean | None
    course: Course

    @property
    def before(self) -> Decimal | None:
        """The signed figure; while there is none, what was captured."""
        if self.baseline is not None:
            return self.baseline
        return self.series.captured.value if self.series.captured else None


def series_of(metric: Metric, readings: Sequence[Reading], days: Days) -> Series:
    """Of a metric that is read."""
    found = sort_out(readings, definition=metric.definition, without=days.without)
    known = [one for first, last in days.windows if (one := baseline_of(found.counted, until=last, since=first))]
    enough = (one for one in known if one.readings >= wanted_readings(metric))
    most = max(known, key=lambda one: one.readings, default=None)
    return Series(metric, days, found, next(enough, most))


def formula_series(metric: Metric, parts: Mapping[str, Series], days: Days) -> Series:
    """Of a metric that is computed: over the days for which each part has a reading, and before the go-live from what
    was captured of its parts.
    """
    formula = metric.formula
    if formula is None:
        raise ValueError(f"{metric.id} is not computed")
    used = [parts[id_] for id_ in formula.metrics]
    counted = tuple(_computed(formula, used, metric.definition))

    whole = Sorted(
        counted,
        _by_days(one for part in used for one in part.sorted.left_out),
        _by_days(one for part in used for one in part.sorted.otherwise),
    )
    return Series(metric, days, whole, _captured(formula, used))


def _computed(formula: Formula, used: Sequence[Series], definition: int) -> list[Reading]:
    by_days = [{(one.first, one.last): one.value for one in part.sorted.counted} for part in used]
    shared = set.intersection(*(set(one) for one in by_days)) if by_days else set()
    found = []
    for first, last in sorted(shared, key=lambda days: (days[1], days[0])):
        known = {part.metric.id: values[first, last] for part, values in zip(used, by_days, strict=True)}
        value = computed(formula, known)
        if value is not None:
            found.append(Reading(first, last, value, definition=definition))
    return found


def _by_days(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """One for each stretch of days, whichever of the parts it is of."""
    return tuple({(one.first, one.last): one for one in readings}.values())


def _captured(formula: Formula, used: Sequence[Series]) -> Mean | None:
    known = {part.metric.id: part.captured for part in used}
    means = [one for one in known.values() if one is not None]
    if len(means) != len(known) or not means:
        return None
    value = computed(formula, {id_: one.value for id_, one in known.items() if one is not None})
    if value is None:
        return None
    first, last = min(one.first for one in means), max(one.last for one in means)
    return Mean(value, min(one.readings for one in means), first, last)


def computed(formula: Formula, known: Mapping[str, Decimal]) -> Decimal | None:
    """None where a part is not known or nothing is divided by."""
    value = formula.value({id_: float(figure) for id_, figure in known.items()})
    return None if value is None else Decimal(repr(value))


def wanted_readings(metric: Metric) -> int:
    """So many readings make its baseline, at least."""
    return metric.baseline.at_least or 1 if isinstance(metric.baseline, Baseline) else 1


def standing(series: Series, baseline: Decimal | None) -> Standing:
    """Judged as of the latest reading: who has not gone live by today is `Course.EARLY` instead. Without a signed
    baseline the line to the target begins at what was captured.
    """
    metric, days, latest = series.metric, series.days, series.sorted.latest
    before = Mean(baseline, 1, date.min, date.min) if baseline is not None else series.captured
    target = (
        Target(Decimal(repr(metric.target.value)), days.by)
        if metric.target and metric.target.value is not None
        else None
    )
    stands = course(before, latest, target, better=metric.better or "higher", live=days.live, today=date.max)
    season = season_before(series.sorted.counted, (latest.first, latest.last)) if latest else None
    return Standing(series, baseline, latest, season, stands)


def series_at(
    metrics: Mapping[str, Metric], readings: Mapping[str, Sequence[Reading]], days: Mapping[str, Days]
) -> dict[str, Series]:
    """Every metric of a place by its id, those that are computed after those that they are computed from; a computed
    one whose parts are not there is left out.
    """
    found = {id_: series_of(one, readings.get(id_, ()), days[id_]) for id_, one in metrics.items() if not one.formula}
    waiting = {id_: one for id_, one in metrics.items() if one.formula}
    while ready := [id_ for id_, one in waiting.items() if one.formula and set(one.formula.metrics) <= found.keys()]:
        for id_ in ready:
            found[id_] = formula_series(waiting.pop(id_), found, days[id_])
    return {id_: found[id_] for id_ in metrics if id_ in found}
