"""The hours of a year in which a radiologist is available to read and perform studies (TASH), and how much of a full
position that is (FTE). Pure.

Source: Radiology Business Management Association, Productivity Measurements, definitions B and C, discussion A.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

WHOLE: Final = Decimal(1)
NOTHING: Final = Decimal(0)


class HourKind(StrEnum):
    """What hours are spent on."""

    NORMAL_DAY = "normal-day"
    CALL_ON_SITE = "call-on-site"
    TRAVEL_BETWEEN = "travel-between"
    VACATION = "vacation"
    CALL_ELSEWHERE = "call-elsewhere"
    EDUCATION = "education"
    STAFF_MEETINGS = "staff-meetings"
    LECTURES = "lectures"
    DAYS_OFF = "days-off"
    LUNCH = "lunch"
    TRAVEL_TO_AND_FROM = "travel-to-and-from"


KIND_WORDS: Final = {
    HourKind.NORMAL_DAY: "Normal work day, at any hour",
    HourKind.CALL_ON_SITE: "Call on site, spent reading",
    HourKind.TRAVEL_BETWEEN: "Travel between offices within the day",
    HourKind.VACATION: "Vacation",
    HourKind.CALL_ELSEWHERE: "Call away from the site",
    HourKind.EDUCATION: "Continuing education",
    HourKind.STAFF_MEETINGS: "Committee and business meetings",
    HourKind.LECTURES: "Lectures",
    HourKind.DAYS_OFF: "Days off",
    HourKind.LUNCH: "Lunch",
    HourKind.TRAVEL_TO_AND_FROM: "Travel to the first and from the last stop",
}
COUNTED: Final = frozenset({HourKind.NORMAL_DAY, HourKind.CALL_ON_SITE, HourKind.TRAVEL_BETWEEN})


@dataclass(frozen=True, slots=True)
class HoursLine:
    """So many `times` a year so many `hours`, shared by so many radiologists. `within`: hours of a kind that is not
    counted, but that lie in what other lines count, and are taken off it.
    """

    kind: HourKind
    times: Decimal
    hours: Decimal
    shared_by: Decimal = WHOLE
    within: bool = False
    note: str = ""

    @property
    def total(self) -> Decimal:
        """Whole hours of a year, as the source rounds each line. Raises `ValueError` where nobody shares it."""
        if self.shared_by <= 0:
            raise ValueError("shared by nobody")
        return (self.times * self.hours / self.shared_by).quantize(WHOLE, ROUND_HALF_UP)

    @property
    def available(self) -> Decimal:
        """What it adds to the available hours, or takes off them."""
        if self.kind in COUNTED:
            return self.total
        return -self.total if self.within else NOTHING


def available_hours(lines: Iterable[HoursLine]) -> Decimal:
    """Of one radiologist, in whole hours a year. Raises `ValueError` where more is taken off than is counted."""
    found = sum((line.available for line in lines), NOTHING)
    if found < 0:
        raise ValueError("more hours are taken off than are counted")
    return found


def fte(weekly: Decimal, full_time: Decimal, worked: Decimal = WHOLE) -> Decimal:
    """The share of a full position, at most 1: `weekly` hours out of the group's `full_time` ones, for the share of
    the year that was `worked`. Raises `ValueError` for hours below 0, a full time of 0, and a share outside 0 to 1.
    """
    if weekly < 0 or full_time <= 0 or not 0 <= worked <= 1:
        raise ValueError("not a share of a full position")
    return min(weekly / full_time, WHOLE) * worked
