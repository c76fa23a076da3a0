"""A playbook that Muster ships, lived through from its first day to the end of its first phase, by its own people.

Each act is the product's own, and tasks, selections and gates are done as the demo does them; only who counts which
figure and signs it is told here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.actions.metrics.baselines import sign_baseline
from app.actions.metrics.planned import Given
from app.actions.metrics.recording import record_readings
from app.actions.schedule.starting import start_rollout
from app.demo.choosing import Choosing
from app.demo.deciding import Deciding
from app.demo.history import Teller, doings
from app.demo.opening import Book, accounts, drafted
from app.demo.people import ADMINISTRATOR, DIRECTOR, Somebody
from app.demo.scene import NETWORK_ZONE, Scene
from app.models import Installation, Location, Occasion, Rollout
from app.plan.format.metrics import Metric
from app.plan.places import NETWORK
from app.plan.terms import Recurring
from app.rules.metrics.periods import cadence_of, latest_periods
from app.rules.metrics.readings import Stretch
from app.rules.metrics.standing import wanted_readings
from app.rules.signoffs import canonical, fingerprint
from app.storage import EvidenceStore
from app.stored import playbook_at
from app.stored.metrics import MetricDays, Place, baseline_figures, metrics_at, place_at
from app.stored.timelines import timeline_now
from tests.cast import PASSWORD
from tests.journeys.sixteen_weeks import Journey

BASIS: Final = {"period": "2026", "rvu-year": 2026, "included-hours": ["normal shifts"]}
NIGHT: Final = time(23, 30)
Act = Callable[[datetime], object]


@dataclass
class FirstPhase(Journey):
    """The rollout of a book. `signer` is the role that signs the baseline of a place; whoever `joined` can sign in."""

    book: Book = field(default_factory=lambda: Book("", "", (), ()))
    files: Path = Path()
    start: date = date(2027, 1, 4)
    signer: str = ""
    zone: ZoneInfo = NETWORK_ZONE
    joined: Sequence[Somebody] = (ADMINISTRATOR, DIRECTOR)

    def begin(self) -> None:
        """Everybody has an account, the book's rollout is started and planned."""
        before = datetime.combine(self.start - timedelta(days=14), time(9), self.zone).astimezone(UTC)
        self.now = datetime.combine(self.start, time(8), self.zone).astimezone(UTC)
        with self.database.writing() as session:
            session.add(Installation(mark="tests", created_at=before))
        with self.database.writing() as session:
            passwords = {who.email: PASSWORD for who in self.joined}
            self.keys = accounts(session, passwords, before, self.book.people)
            rollout = drafted(session, self.keys, self.start, before, self.book)
            self.rollout = rollout.id or 0
            start_rollout(session, self.rollout, seen=rollout.version, by=self.director(session), now=self.now)
        self.work()

    def scene(self, session: Session) -> Scene:
        rollout = session.get_one(Rollout, self.rollout)
        return Scene(session, rollout, self.keys, self.now, self.book.people, self.zone)

    def last_day(self) -> date:
        """Of the first phase of the playbook."""
        with self.database.reading() as session:
            rollout = session.get_one(Rollout, self.rollout)
            phase = next(iter(playbook_at(session, rollout).phases.values()))
            end = timeline_now(session, rollout).stretch(phase.when, NETWORK).end
            assert end is not None
            return end.day

    def live_through(self) -> None:
        """Day by day: what is due is done by its people, what recurs is held; the worker looks at noon and at night."""
        last = self.last_day()
        for number in range((last - self.start).days + 1):
            day = self.start + timedelta(days=number)
            noon, night = (datetime.combine(day, hour, self.zone).astimezone(UTC) for hour in (time(12), NIGHT))
            for until in (noon, night):
                self._live(day, last, until)
                self.now = until
                self.work()

    def _live(self, day: date, last: date, until: datetime) -> None:
        """What falls between now and a moment of that day."""
        since = self.now
        with self.database.writing() as session:
            acts = [one for one in self._acts(session, day, last, until) if since < one[0] <= until]
            for at, act in sorted(acts, key=lambda one: one[0]):
                self.now = at
                act(at)
                session.flush()

    def _acts(self, session: Session, day: date, last: date, until: datetime) -> Iterator[tuple[datetime, Act]]:
        scene = replace(self.scene(session), now=until)
        teller = Teller(scene, EvidenceStore(self.files, 1_000_000))
        for doing in doings(scene):
            if doing.task.due is not None and doing.task.due <= last and doing.day() == day:
                yield from ((step.at, step.act) for step in teller.whole(doing))
        yield from Choosing(scene).steps()
        yield from Deciding(scene).steps()
        yield from self._recurring(scene, day)
        yield from self._figures(scene, day)

    def _recurring(self, scene: Scene, day: date) -> Iterator[tuple[datetime, Act]]:
        """Meetings and counts of a day, at their hour; in the afternoon where the playbook names none."""
        kinds = (Recurring.MEETING, Recurring.RECONCILIATION)
        statement = select(Occasion).where(
            Occasion.rollout_id == self.rollout, Occasion.due == day, col(Occasion.kind).in_(kinds)
        )
        for row in scene.session.exec(statement.order_by(col(Occasion.id))):
            yield row.due_at or scene.on(None, day, 15).astimezone(UTC), self._does(scene.session, row)

    def _does(self, session: Session, row: Occasion) -> Act:
        return lambda _: self._do(session, row)

    # --- figures ---------------------------------------------------------------------------------------------

    def _figures(self, scene: Scene, day: date) -> Iterator[tuple[datetime, Act]]:
        """On the day on which the baseline of a place is due its figures are entered, and then signed."""
        days = MetricDays(scene.session, scene.rollout)
        rows = scene.session.exec(select(Location).where(Location.rollout_id == scene.id).order_by(col(Location.id)))
        for location in (*rows, None):
            place = place_at(scene.rollout, location)
            metrics = [one for one in self._metrics(scene, place).values() if one.baseline]
            if metrics and {days.at(place, one).due for one in metrics} == {day}:
                yield scene.on(location, day, 9).astimezone(UTC), self._enters(scene, place, metrics, day)
                yield scene.on(location, day, 10).astimezone(UTC), self._signs(scene, place)

    def _metrics(self, scene: Scene, place: Place) -> dict[str, Metric]:
        return metrics_at(playbook_at(scene.session, scene.rollout, place.location), place)

    def _enters(self, scene: Scene, place: Place, metrics: Sequence[Metric], day: date) -> Act:
        """Each owner enters what is read, over the latest periods that are over."""

        def act(at: datetime) -> None:
            by_owner: dict[str, list[Given]] = {}
            for metric in metrics:
                if metric.formula is None and metric.owner is not None:
                    by_owner.setdefault(metric.owner.first, []).extend(given(metric, place, day))
            for owner, figures in by_owner.items():
                by = scene.viewer(scene.holder(owner, slug(place)), at)
                record_readings(scene.session, scene.id, figures, shown=None, source="form", by=by, now=at)

        return act

    def _signs(self, scene: Scene, place: Place) -> Act:
        def act(at: datetime) -> None:
            name = scene.holder(self.signer, slug(place)) if place.location else DIRECTOR.name
            by = replace(scene.viewer(name, at), proven_at=at)
            figures, missing = baseline_figures(scene.session, scene.rollout, place)
            assert missing == ()
            shown = fingerprint(canonical({"metrics": figures}))
            key = place.location.id if place.location else None
            sign_baseline(scene.session, scene.id, key, shown=shown, by=by, now=at)

        return act


def slug(place: Place) -> str:
    return place.location.slug if place.location else ""


def given(metric: Metric, place: Place, day: date) -> list[Given]:
    """As many figures as the baseline needs, the latest last."""
    return [
        Given(metric.id, first, last, figure_of(metric), location=slug(place), basis=based(metric))
        for first, last in reversed(periods(metric, day))
    ]


def periods(metric: Metric, day: date) -> list[Stretch]:
    cadence = cadence_of(metric.every)
    if cadence is None:
        return [(date(day.year - 1, 1, 1), date(day.year - 1, 12, 31))]
    return latest_periods(cadence, day, wanted_readings(metric))


def figure_of(metric: Metric) -> Decimal:
    """What the source says, or something that is plausible for the metric."""
    stated = getattr(metric.baseline, "stated", None)
    return Decimal(repr(stated)) if stated is not None else Decimal(12)


def based(metric: Metric) -> dict[str, Any]:
    return {id_: BASIS[id_] for id_ in metric.basis or {}}
