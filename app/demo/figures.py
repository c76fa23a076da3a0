"""The invented figures of the demo: what was read before anything changed, the baseline that was signed of it, and what
has been read since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from app.actions.metrics.baselines import sign_baseline
from app.actions.metrics.planned import Given
from app.actions.metrics.recording import record_reading, record_readings
from app.demo.people import DIRECTOR
from app.demo.scene import Act, Scene, Step, chance
from app.models import Location
from app.plan.format.metrics import Metric
from app.plan.terms import Scope
from app.rules.metrics.periods import cadence_of, latest_periods
from app.rules.metrics.readings import Stretch
from app.rules.signoffs import canonical, fingerprint
from app.stored import playbook_at
from app.stored.metrics import baseline_figures, place_at

BEFORE: Final[Mapping[str, int]] = {"week": 8, "month": 3}
"""So many periods are read before anything changes; of quarters one."""
CORRECTED: Final = ("alder-quay", "denial-rate", "9.4", "The claims of one payer were counted twice.")
NETWORK: Final = "launch-time"


@dataclass(frozen=True)
class Course:
    """A metric of the demo: about what it is, by how much it varies, by what it changes in the first two weeks after a
    go-live and from week to week after that. `sums`: it grows with the centre.
    """

    usual: float
    varies: float = 0.0
    dips: float = 0.0
    gains: float = 0.0
    sums: bool = False
    digits: int = 1


COURSES: Final[Mapping[str, Course]] = {
    "ar-days": Course(45, 1, 0.6, -0.8),
    "denial-rate": Course(8, 0.4, 0.3, -0.3),
    "days-to-payment": Course(31, 1, 0.5, -0.4),
    "equipment-utilisation": Course(62, 1.5, -7, 0.9),
    "equipment-downtime": Course(3.5, 0.8, 1.5, -0.1),
    "same-day": Course(14, 1.5, -4, 0.6),
    "no-shows": Course(9, 0.7, 1, -0.4),
    "exam-turnaround": Course(46, 3, 9, -1, digits=0),
    "completed-exams": Course(312, 14, -60, 5, sums=True, digits=0),
    "booking-minutes": Course(11, 0.8, 4, -0.5),
    "staff-turnover": Course(18, 2),
    "onboarding-time": Course(24, 2, digits=0),
    "leave-gaps": Course(5, 2, sums=True, digits=0),
    "refer-backs": Course(2.4, 0.3),
    "report-turnaround": Course(20, 2, digits=0),
    "referrer-satisfaction": Course(7.6, 0.3),
    "billing-spend": Course(7_900, 250, sums=True, digits=0),
    "hr-spend": Course(2_900, 120, sums=True, digits=0),
    "compliance-spend": Course(1_700, 80, sums=True, digits=0),
    "it-spend": Course(3_900, 200, sums=True, digits=0),
    "admin-fte": Course(4.5, 0.2, sums=True),
    "monthly-exams": Course(1_365, 40, sums=True, digits=0),
    "tash": Course(5_727, 90, digits=0),
    "fte": Course(3.25, 0.1, digits=2),
    "pcwrvu": Course(115_369, 1_800, digits=0),
    "procedures": Course(55_302, 900, digits=0),
}
SIZES: Final[Mapping[str, float]] = {"alder-quay": 1.4, "fenmoor": 0.9, "kestrel-ridge": 1.0, "lark-hollow": 0.7}
RATES: Final = frozenset({"denial-rate", "same-day", "no-shows", "refer-backs"})
"""Shares of exams: of how many is known."""


@dataclass(frozen=True)
class Figures:
    """Gives the moments and acts of what is measured."""

    scene: Scene

    def steps(self) -> Iterator[Step]:
        """In no order; some of them may lie after now."""
        start = self.scene.rollout.start
        if start is None:
            return
        places = list(self.scene.session.exec(
            select(Location).where(Location.rollout_id == self.scene.id).order_by(col(Location.id))
        ))  # fmt: skip
        for number, place in enumerate(places):
            yield self.scene.on(place, start + timedelta(days=8), 9, 10 * number), self._captures(place, start)
            yield self.scene.on(place, start + timedelta(days=9), 10, 10 * number), self._signs(place)
        corrected = next(place for place in places if place.slug == CORRECTED[0])
        yield self.scene.on(corrected, start + timedelta(days=8), 15), self._corrects(corrected, start)
        yield self.scene.on(None, start + timedelta(days=8), 16), self._launches(start)
        yield self.scene.on(None, start + timedelta(days=9), 16), self._signs(None)
        last = self.scene.now.date()
        for week in range(1, (last - start).days // 7 + 1):
            monday = start + timedelta(weeks=week)
            yield self.scene.on(None, monday, 11, 30), self._reads(places, monday - timedelta(days=7), monday)

    # --- before anything changes ------------------------------------------------------------------------------

    def _captures(self, place: Location, start: date) -> Act:
        def act(at: datetime) -> None:
            given = [
                one for metric in self._metrics(place) for days in _periods(metric, start, len(BEFORE))
                for one in self._given(place, metric, days)
            ]  # fmt: skip
            first = [replace(one, value=Decimal(CORRECTED[2])) if _is_corrected(one, start) else one for one in given]
            self._record(first, self.scene.holder("practice-manager", place.slug), at)

        return act

    def _corrects(self, place: Location, start: date) -> Act:
        slug, id_, _, why = CORRECTED

        def act(at: datetime) -> None:
            metric = next(one for one in self._metrics(place) if one.id == id_)
            right = next(self._given(place, metric, _periods(metric, start)[0]))
            by = self.scene.viewer(self.scene.holder("practice-manager", slug), at)
            record_reading(self.scene.session, self.scene.id, replace(right, reason=why), by=by, now=at)

        return act

    def _launches(self, start: date) -> Act:
        def act(at: datetime) -> None:
            days = (start - timedelta(days=210), start - timedelta(days=1))
            given = Given(NETWORK, *days, Decimal(30), note="The last centre that was opened the old way.")
            by = self.scene.viewer(DIRECTOR.name, at)
            record_reading(self.scene.session, self.scene.id, given, by=by, now=at)

        return act

    def _signs(self, place: Location | None) -> Act:
        def act(at: datetime) -> None:
            who = self.scene.holder("practice-manager", place.slug) if place else DIRECTOR.name
            figures, _ = baseline_figures(self.scene.session, self.scene.rollout, place_at(self.scene.rollout, place))
            sign_baseline(
                self.scene.session, self.scene.id, place.id if place else None,
                shown=fingerprint(canonical({"metrics": figures})),
                by=replace(self.scene.viewer(who, at), proven_at=at), now=at,
            )  # fmt: skip

        return act

    # --- since then -------------------------------------------------------------------------------------------

    def _reads(self, places: list[Location], first: date, monday: date) -> Act:
        """Every Monday what the days before say that are over since the last one, for all centres in one file."""

        def act(at: datetime) -> None:
            given = [
                one for place in places for metric in self._metrics(place)
                for days in _periods(metric, monday) if first <= days[1] < monday
                for one in self._given(place, metric, days)
            ]  # fmt: skip
            self._record(given, DIRECTOR.name, at)

        return act

    def _record(self, given: list[Given], who: str, at: datetime) -> None:
        by = self.scene.viewer(who, at)
        record_readings(self.scene.session, self.scene.id, given, shown=None, by=by, now=at)

    # --- what they read ---------------------------------------------------------------------------------------

    def _metrics(self, place: Location) -> Iterator[Metric]:
        book = playbook_at(self.scene.session, self.scene.rollout, place)
        yield from (one for one in book.figures.values() if one.scope is Scope.LOCATION and not one.formula)

    def _given(self, place: Location, metric: Metric, days: Stretch) -> Iterator[Given]:
        """Nothing for a metric that the demo does not know."""
        course = COURSES.get(metric.id)
        if course is None:
            return
        size = SIZES.get(place.slug, 1.0) if course.sums else 1 + (chance(place.slug, metric.id) - 50) / 2_500
        off = (chance(place.slug, metric.id, days[0]) - 49.5) / 50 * course.varies
        value = (course.usual + off + _since(course, place, days)) * size
        exams = round(312 * SIZES.get(place.slug, 1.0)) if metric.id in RATES else None
        yield Given(
            metric.id, *days, Decimal(str(round(max(value, 0), course.digits))), place.slug,
            size=Decimal(exams) if exams else None,
        )  # fmt: skip


def _periods(metric: Metric, day: date, most: int = 1) -> list[Stretch]:
    """The latest ones that are over, and at first as many as make a baseline."""
    cadence = cadence_of(metric.every)
    if cadence is None:
        return []
    number = BEFORE.get(cadence.unit, 1) if cadence.amount == 1 and most > 1 else 1
    return latest_periods(cadence, day, number)


def _is_corrected(given: Given, start: date) -> bool:
    """The last week before the rollout begins, where the demo corrects a figure."""
    return (given.location, given.metric) == CORRECTED[:2] and given.last == start - timedelta(days=1)


def _since(course: Course, place: Location, days: Stretch) -> float:
    """What the go-live has changed by then: at first it gets worse, and then better week by week."""
    live = place.cutover_at.astimezone(ZoneInfo(place.zone)).date() if place.cutover_at else days[1]
    weeks = ((days[1] - live).days + 1) // 7
    if weeks <= 0:
        return 0.0
    return course.dips if weeks <= 1 else course.dips / 2 + course.gains if weeks == 2 else course.gains * weeks
