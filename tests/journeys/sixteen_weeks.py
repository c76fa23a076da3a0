"""The playbook that Muster ships, lived through from its first week: people count, meet, learn and teach by its days.

Each act is the product's own; only who does what on which day is told here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from app import worker
from app.actions.meetings.holding import hold_meeting
from app.actions.people.viewers import viewer_of
from app.actions.reconciliations.counting import enter_counts
from app.actions.reconciliations.handing import hand_in
from app.actions.reconciliations.reviewing import review_day
from app.actions.schedule.starting import start_rollout
from app.actions.training.attendance import close_attendance
from app.actions.training.enrolling import enrol_everybody
from app.actions.training.results import note_check, note_practice, watch_recording
from app.actions.training.sessions import plan_session
from app.actions.training.sitting import Sitting
from app.actions.training.staff import Entry, add_staff
from app.db import Database
from app.demo.opening import accounts, drafted
from app.demo.people import CARDS, DIRECTOR
from app.demo.scene import Scene
from app.demo.schooling import STAFF
from app.models import Installation, Location, Occasion, Rollout, StaffMember, TrainingSession
from app.plan.facts import Facts
from app.plan.terms import Recurring
from app.queries.meetings.agenda import whole_agenda
from app.rules.people.access import Viewer
from app.rules.reconciliations.judging import Given
from app.rules.training.demand import Demand, demand_of
from app.stored import playbook_at

START: Final = date(2027, 1, 4)
MORNING: Final = datetime(2027, 1, 4, 14, tzinfo=UTC)
MISSED: Final = ("alder-quay", date(2027, 2, 11))
VARIANCE: Final = ("fenmoor", date(2027, 2, 16))
ABSENT: Final = "Petra Valdes"


@dataclass
class Journey:
    """The rollout at a moment that only goes forward."""

    database: Database
    keys: dict[str, int] = field(default_factory=dict)
    rollout: int = 0
    now: datetime = MORNING

    def begin(self) -> None:
        """Everybody has an account, the rollout of the four example locations is started and planned."""
        before = MORNING - timedelta(days=14)
        with self.database.writing() as session:
            session.add(Installation(mark="tests", created_at=before))
        with self.database.writing() as session:
            self.keys = accounts(session, {who.email: "a sentence to sign in with" for who, _ in CARDS}, before)
            rollout = drafted(session, self.keys, START, before)
            self.rollout = rollout.id or 0
            director = viewer_of(session, self.keys[DIRECTOR.email], now=MORNING)
            start_rollout(session, self.rollout, seen=rollout.version, by=director, now=MORNING)
        self.work()

    def scene(self, session: Session) -> Scene:
        return Scene(session, session.get_one(Rollout, self.rollout), self.keys, self.now)

    def director(self, session: Session) -> Viewer:
        return viewer_of(session, self.keys[DIRECTOR.email], now=self.now)

    def work(self) -> None:
        """One look of the worker."""
        with self.database.writing() as session:
            worker.tick(session, self.now)

    def live_until(self, moment: datetime) -> None:
        """Everything that recurs is done by its people at its hour, but for what is meant to go wrong; the worker looks
        after each and at the end.
        """
        while (found := self._next(moment)) is not None:
            self.now, keys = found
            with self.database.writing() as session:
                for key in keys:
                    self._do(session, session.get_one(Occasion, key))
            self.work()
        self.now = moment
        self.work()

    def _next(self, moment: datetime) -> tuple[datetime, list[int]] | None:
        """The next moment at which something recurs, and everything that does."""
        mine = (
            Occasion.rollout_id == self.rollout,
            col(Occasion.kind).in_((Recurring.RECONCILIATION, Recurring.MEETING)),
        )
        with self.database.reading() as session:
            after = select(func.min(Occasion.due_at)).where(
                *mine, col(Occasion.due_at) > self.now, col(Occasion.due_at) <= moment
            )
            at = session.exec(after).one()
            if at is None:
                return None
            found = select(Occasion.id).where(*mine, Occasion.due_at == at).order_by(col(Occasion.id))
            return at, [key for key in session.exec(found) if key]

    def _do(self, session: Session, row: Occasion) -> None:
        place = session.get(Location, row.location_id) if row.location_id else None
        if row.kind == Recurring.MEETING:
            self._meet(session, row, place)
        else:
            self._count(session, row, place)

    def _meet(self, session: Session, row: Occasion, place: Location | None) -> None:
        scene = self.scene(session)
        owner = playbook_at(session, scene.rollout, place).meetings[row.entry].owner
        if owner is None:
            return
        by = scene.viewer(scene.holder(owner.first, place.slug if place else ""), self.now)
        agenda = whole_agenda(session, row, self.now)
        hold_meeting(
            session, row.id or 0, attended=[by.person], notes="", agenda=agenda, seen=None, by=by, now=self.now
        )

    def _count(self, session: Session, row: Occasion, place: Location | None) -> None:
        scene, slug = self.scene(session), place.slug if place else ""
        asked = playbook_at(session, scene.rollout, place).reconciliation[row.entry]
        if (slug, row.due) == MISSED and row.entry == "daily":
            return
        lines = [*given_lines(row, asked.lines, apart=(slug, row.due) == VARIANCE and row.entry == "daily")]
        counter, checker = (
            scene.viewer(scene.holder(who.first, slug), self.now) for who in (asked.owner, asked.verify) if who
        )
        enter_counts(session, row.id or 0, lines, seen=None, by=counter, now=self.now)
        hand_in(session, row.id or 0, seen=None, by=counter, now=self.now)
        review_day(session, row.id or 0, seen=None, by=checker, now=self.now)

    # --- training --------------------------------------------------------------------------------------------

    def at(self, slug: str, days: int, hour: int) -> datetime:
        """So many days before a place goes live, by its clock."""
        with self.database.reading() as session:
            scene = self.scene(session)
            return scene.before_go_live(scene.place(slug), days, hour).astimezone(UTC)

    def list_staff(self, slug: str) -> None:
        with self.database.writing() as session:
            scene = self.scene(session)
            place = scene.place(slug)
            by = scene.viewer(scene.holder("practice-manager", slug), self.now)
            for number, (name, role, shift) in enumerate(STAFF[slug], start=1):
                add_staff(session, place.id or 0, Entry(str(number), name, role, shift=shift), by=by, now=self.now)

    def train(self, slug: str) -> None:
        """Every training of the place is held now; whoever was absent watches the recording the day after."""
        with self.database.writing() as session:
            scene = self.scene(session)
            place = scene.place(slug)
            for demand in demands(session, scene.rollout, place):
                self._teach(session, scene, place, demand)

    def _teach(self, session: Session, scene: Scene, place: Location, demand: Demand) -> None:
        by = scene.viewer(scene.holder(demand.owners[0]), self.now)
        starts = self.now + timedelta(hours=1)
        made = plan_session(session, place.id or 0, demand.entry, Sitting(starts), by=by, now=self.now)
        enrol_everybody(session, made.id or 0, by=by, now=self.now)
        after = starts + timedelta(minutes=demand.minutes)
        people = audience(session, place, demand)
        there = [one.id or 0 for one in people if one.name != ABSENT]
        row = session.get_one(TrainingSession, made.id)
        url = "https://media.example.org/recording" if demand.recorded else ""
        close_attendance(session, made.id or 0, there, recording=url, seen=row.version, by=by, now=after)
        for one in people:
            if one.name != ABSENT:
                shows(session, one, demand, by, after)

    def catch_up(self, slug: str) -> None:
        """Whoever was absent has watched the recording, and shows what the others have shown."""
        with self.database.writing() as session:
            scene = self.scene(session)
            place = scene.place(slug)
            for demand in demands(session, scene.rollout, place):
                by = scene.viewer(scene.holder(demand.owners[0]), self.now)
                for one in audience(session, place, demand):
                    if one.name == ABSENT:
                        watch_recording(session, one.id or 0, demand.entry, by=by, now=self.now)
                        shows(session, one, demand, by, self.now)


def given_lines(row: Occasion, lines: object, *, apart: bool) -> Iterator[Given]:
    """Counts that agree, but for the first line where they are meant to be apart."""
    for number, (line, wanted) in enumerate(lines.items()):  # type: ignore[attr-defined]
        if not wanted.compare:
            yield Given(line, answer="pass")
            continue
        less = 6 if apart and number == 0 else 0
        count = Decimal(100 + (row.id or 0) % 17)
        yield Given(line, count, count - less, reason="The last batch went after midnight." if less else "")


def demands(session: Session, rollout: Rollout, place: Location) -> Iterator[Demand]:
    for training in playbook_at(session, rollout, place).sessions:
        demand = demand_of(training, Facts(place.wave, place.attributes))
        if demand is not None:
            yield demand


def audience(session: Session, place: Location, demand: Demand) -> list[StaffMember]:
    statement = select(StaffMember).where(
        StaffMember.location_id == place.id, col(StaffMember.role).in_(demand.audience)
    )
    return list(session.exec(statement.order_by(col(StaffMember.id))))


def shows(session: Session, one: StaffMember, demand: Demand, by: Viewer, at: datetime) -> None:
    for line, piece in demand.practice.items():
        note_practice(session, one.id or 0, demand.entry, line, passed=piece.wanted, by=by, now=at)
    if demand.pass_mark is not None:
        note_check(session, one.id or 0, demand.entry, score=90, by=by, now=at)


def noon(day: date, zone: str = "America/Chicago") -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).astimezone(UTC)
