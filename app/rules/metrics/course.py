"""How a metric has changed since its baseline, and whether it is on course to its target. Pure.

On course is a straight line from the baseline on the day of the go-live to the target on the day that the playbook
names: nothing in a rollout says that a figure improves faster first, and a line can be checked by eye.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.rules.metrics.readings import Mean, Reading

RULE = (
    "On course means at least as good as a straight line from the baseline, on the first day that counts, to the target"
    " on its day; on that day and after it, as good as the target. Figures count from a centre's go-live on; where"
    " nobody goes live, from the day after the baseline was due."
)


class Course(StrEnum):
    """`UNDATED`: the target has no day, so nobody can be late. `EARLY`: not live yet."""

    MET = "met"
    ON_COURSE = "on-course"
    BEHIND = "behind"
    MISSED = "missed"
    UNDATED = "undated"
    EARLY = "early"
    UNKNOWN = "unknown"
    NO_TARGET = "no-target"


@dataclass(frozen=True, slots=True)
class Target:
    """`by`: the day in this place's calendar, or None where the playbook names none."""

    value: Decimal
    by: date | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """From the baseline to a later figure. `percent` of the baseline is None where that is 0; `better`: whether it went
    the way that it should (None: it did not move, or nobody said which way is better).
    """

    by: Decimal
    percent: Decimal | None
    better: bool | None


def change(baseline: Decimal, value: Decimal, better: str | None) -> Change:
    """`better` is `higher` or `lower`, or None."""
    by = value - baseline
    percent = by / abs(baseline) * 100 if baseline else None
    way = None if by == 0 or better is None else (by > 0) == (better == "higher")
    return Change(by, percent, way)


def at_least_as_good(value: Decimal, wanted: Decimal, better: str) -> bool:
    return value >= wanted if better == "higher" else value <= wanted


def expected_on(day: date, baseline: Decimal, target: Target, live: date) -> Decimal | None:
    """Where the line stands on a day; the baseline before the go-live, the target from its day on. None without one."""
    if target.by is None:
        return None
    if day >= target.by:
        return target.value
    if day <= live:
        return baseline
    share = Decimal((day - live).days) / Decimal((target.by - live).days)
    return baseline + (target.value - baseline) * share


def course(
    baseline: Mean | None, latest: Reading | None, target: Target | None, *, better: str, live: date | None, today: date
) -> Course:
    """Where a metric stands at one place. `latest` is the last reading that counts; a target is met where it reached
    it, and missed where its day has passed and the last reading of then or later is not as good.
    """
    if target is None:
        return Course.NO_TARGET
    if live is None or today < live:
        return Course.EARLY
    if latest is None or latest.first < live:
        return Course.UNKNOWN
    if at_least_as_good(latest.value, target.value, better):
        return Course.MET
    if target.by is None:
        return Course.UNDATED
    if latest.last >= target.by:
        return Course.MISSED
    if baseline is None:
        return Course.UNKNOWN
    line = expected_on(latest.last, baseline.value, target, live)
    return Course.ON_COURSE if line is not None and at_least_as_good(latest.value, line, better) else Course.BEHIND
