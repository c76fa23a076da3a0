"""A metric at one location: its trend, its bars, what is left out and why, and the table behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.plan.format.metrics import Metric
from app.queries.metrics.places import PlaceLine
from app.queries.metrics.replaced import Replaced
from app.rules.clock import long_day, plain_day, short_day
from app.rules.metrics.course import Course
from app.rules.metrics.periods import period_words
from app.rules.metrics.readings import Stretch
from app.rules.metrics.standing import Standing
from app.rules.metrics.words import figure, from_to, number
from app.web.metrics.trend import HEIGHT, Dot, Drawn, trend
from app.web.metrics.words import COURSES, change_of, expected_words, target_words


def course_today(found: Standing, today: date) -> Course:
    """Not live yet, whatever was read; else as of the latest reading."""
    live = found.series.days.live
    if found.course is not Course.NO_TARGET and (live is None or live > today):
        return Course.EARLY
    return found.course


def now_of(found: Standing) -> Decimal | None:
    """The latest figure, where its days lie since the go-live; None for one that was read before it."""
    latest, live = found.latest, found.series.days.live
    return latest.value if latest is not None and live is not None and latest.first >= live else None


def target_of(found: Standing) -> Decimal | None:
    target = found.series.metric.target
    return Decimal(repr(target.value)) if target and target.value is not None else None


def drawn_of(found: Standing, cut: date | None) -> Drawn:
    """Everything that its trend shows."""
    known, days = found.series.sorted, found.series.days
    dots = [Dot(one.first, one.last, one.value) for one in known.counted]
    dots += [Dot(one.first, one.last, one.value, "left-out") for one in known.left_out]
    dots += [Dot(one.first, one.last, one.value, "otherwise") for one in known.otherwise]
    lives, cuts = ([day] if day else [] for day in (days.live, cut))
    return Drawn(dots, found.before, target_of(found), lives, days.without, cuts)


def shown_place_line(line: PlaceLine, place: str, zone: str, today: date) -> dict[str, Any]:
    """Everything that the page of a location says of one metric."""
    found, metric = line.standing, line.metric
    course = course_today(found, today)
    now = now_of(found)
    drawn = trend(drawn_of(found, line.cut), height=HEIGHT)
    return {
        "id": metric.id,
        "title": metric.title,
        "note": metric.how,
        "before": figure(found.before, metric.unit),
        "now": figure(now, metric.unit),
        "change": change_of(found.before, now, metric),
        "courses": [{"status": COURSES[course][0], "label": COURSES[course][1]}] if metric.target else [],
        "facts": _facts(line, today),
        "empty": "" if drawn else "No figures yet.",
        "trend": drawn,
        "said": said_of(found, place),
        "about": about_of(found, line.cut, today),
        "words": words_of(found),
        "notes": notes_of(line, zone, today),
        "bars": _bars(found, now, place),
        "rows": rows_of(found),
    }


def _facts(line: PlaceLine, today: date) -> list[tuple[str, str]]:
    found, metric = line.standing, line.metric
    series, known = found.series, found.series.sorted
    facts = []
    if (value := target_of(found)) is not None:
        facts.append(("Target", target_words(value, {series.days.by: 1}, metric.unit, today)))
    if said := expected_words(metric):
        facts.append(("Expected by the playbook", said))
    if found.baseline is not None:
        facts.append(("Baseline", f"{figure(found.baseline, metric.unit)}, signed"))
    elif series.captured:
        facts.append(("Baseline", f"{figure(series.captured.value, metric.unit)}, not signed yet"))
    if series.captured:
        size = f", of {number(series.captured.size)}" if series.captured.size else ""
        facts.append(("Captured from", f"{_readings(series.captured.readings)}{size}"))
    if found.latest:
        size = f", of {number(found.latest.size)}" if found.latest.size else ""
        facts.append(("Latest", f"{period_words((found.latest.first, found.latest.last))}{size}"))
    if found.season:
        facts.append(("Same season a year before", figure(found.season.value, metric.unit)))
    facts.append(("Read", f"{_readings(len(known.counted))} that count"))
    return facts


def _readings(many: int) -> str:
    return "1 reading" if many == 1 else f"{many} readings"


def notes_of(line: PlaceLine, zone: str, today: date) -> list[str]:
    """What is not compared, and why: shown beside every chart that is made from it."""
    found, notes = line.standing, []
    known, days = found.series.sorted, found.series.days
    if known.left_out:
        spans = " and ".join(_days(one, today) for one in days.without)
        notes.append(f"{_readings(len(known.left_out))} left out: the playbook leaves out {spans}.")
    elif days.without:
        notes.append(f"The playbook leaves out {' and '.join(_days(one, today) for one in days.without)}.")
    if line.cut:
        day = f"{plain_day(line.cut)} {line.cut.year}"
        notes.append(f"Definition changed on {day}: what was read before is not compared.")
    return [*notes, *(replaced_words(one, line.metric, zone, today) for one in line.replaced)]


def replaced_words(one: Replaced, metric: Metric, zone: str, today: date) -> str:
    then = one.at.astimezone(ZoneInfo(zone)).date()
    before = figure(Decimal(one.before), metric.unit)
    return f"Baseline replaced on {long_day(then, today)} by {one.by}, {before} before. Reason: {one.reason}"


def _days(one: Stretch, today: date) -> str:
    return f"{short_day(one[0], today)} to {short_day(one[1], today)}"


def said_of(found: Standing, place: str) -> str:
    """What the trend shows, for whoever does not see it."""
    metric, known = found.series.metric, found.series.sorted
    if not known.counted:
        return f"{metric.title} at {place}: no figure that counts yet."
    first, last = known.counted[0], known.counted[-1]
    if first == last:
        moved = f"{figure(last.value, metric.unit)} in {period_words((last.first, last.last))}"
    else:
        moved = f"{from_to(first.value, last.value, metric.unit)}, {period_words((last.first, last.last))} the latest"
    return f"{metric.title} at {place}: {moved}."


def about_of(found: Standing, cut: date | None, today: date) -> str:
    metric, days = found.series.metric, found.series.days
    parts = [f"Baseline {figure(found.before, metric.unit)}"] if found.before is not None else ["No baseline"]
    if (value := target_of(found)) is not None:
        parts.append(f"target {target_words(value, {days.by: 1}, metric.unit, today)}")
    parts += [f"figures count from {short_day(days.live, today)}"] if days.live else []
    parts += [f"left out {_days(one, today)}" for one in days.without]
    parts += [f"new definition from {short_day(cut, today)}"] if cut else []
    return "; ".join(parts) + "."


def words_of(found: Standing) -> Mapping[str, str]:
    """The figures that stand at the lines."""
    unit, words = found.series.metric.unit, {}
    if found.before is not None:
        words["baseline"] = figure(found.before, unit)
    if (value := target_of(found)) is not None:
        words["target"] = figure(value, unit)
    if found.latest:
        words["last"] = figure(found.latest.value, unit)
    return words


def _bars(found: Standing, now: Decimal | None, place: str) -> dict[str, Any] | None:
    """Before and now as two bars from zero; None where one is not known or below zero."""
    before, target, metric = found.before, target_of(found), found.series.metric
    if before is None or now is None or min(before, now, target or Decimal(0)) < 0:
        return None
    most = max(before, now, target or Decimal(0)) * Decimal("1.02") or Decimal(1)

    def bar(value: Decimal) -> dict[str, Any]:
        return {"words": figure(value, metric.unit), "width": round(float(value / most * 100), 2)}

    said = f"{metric.title} at {place}: {figure(before, metric.unit)} before, {figure(now, metric.unit)} now"
    return {
        "before": bar(before),
        "now": bar(now),
        "target": bar(target) if target is not None else None,
        "said": said + (f", target {figure(target, metric.unit)}." if target is not None else "."),
    }


def rows_of(found: Standing) -> list[list[str]]:
    """The table behind the trend, the newest first."""
    known, unit = found.series.sorted, found.series.metric.unit
    kinds = [*((one, "counts") for one in known.counted), *((one, "left out") for one in known.left_out),
             *((one, "another definition") for one in known.otherwise)]  # fmt: skip
    kinds.sort(key=lambda pair: (pair[0].last, pair[0].first), reverse=True)
    return [
        [period_words((one.first, one.last)), figure(one.value, unit), number(one.size) if one.size else "", kind]
        for one, kind in kinds
    ]
