"""On which days a rollout may begin. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from app.plan.calendars import WEEKDAY_NAMES
from app.plan.terms import WEEKDAYS
from app.rules.clock import long_day


def start_fault(wanted: str, day: date) -> str:
    """Why a rollout cannot begin on a day, with the nearest days on which it can; empty where it can.

    `wanted` is the `start_day` of the playbook's calendar: a weekday, or any day.
    """
    if wanted not in WEEKDAYS or day.weekday() == WEEKDAYS.index(wanted):
        return ""
    number = WEEKDAYS.index(wanted)
    before = day - timedelta(days=(day.weekday() - number) % 7)
    near = f"{long_day(before, day)} or {long_day(before + timedelta(days=7), day)}"
    return f"{long_day(day, day)} is no {WEEKDAY_NAMES[number]}: take {near}."
