"""Everything that is known of training at some locations: staff, what they were asked to and have shown, and the days.

The number of queries is fixed, but for one more for each version of the playbook in use.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.models import Enrolment, Occasion, ScheduledEntry, StaffMember, TrainingResult, TrainingSession
from app.plan import Playbook
from app.plan.facts import Facts
from app.plan.terms import EntryKind, Recurring
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.training.demand import Demand, demand_of
from app.rules.training.standing import Progress, Result, Seat, progress
from app.rules.training.tally import Tally, tally
from app.stored import playbook_of


@dataclass(frozen=True)
class StaffLine:
    """Somebody who works at a location now."""

    id: int
    location: int
    number: str
    name: str
    role: str
    email: str
    shift: str
    person: int | None
    version: int


@dataclass(frozen=True)
class Days:
    """When a training is due at a place (`late_at`: the promise is broken then), and its catch-up day."""

    due: date | None = None
    due_at: datetime | None = None
    late_at: datetime | None = None
    catch_up: date | None = None


NO_DAYS = Days()
Key = tuple[int, str]
"""Somebody of the staff, or a location, and a training."""


@dataclass(frozen=True)
class TrainingFacts:
    """What is known at some locations of one rollout."""

    rollout: RolloutFacts
    staff: Mapping[int, tuple[StaffLine, ...]]
    seats: Mapping[Key, list[Seat]]
    results: Mapping[Key, list[Result]]
    days: Mapping[Key, Days]
    playbooks: Mapping[int, Playbook]

    def playbook(self, place: PlaceFacts) -> Playbook:
        """The version that holds at a location."""
        return self.playbooks[place.playbook_version_id or self.rollout.playbook_version_id]

    def demands(self, place: PlaceFacts) -> list[Demand]:
        """What is trained at a location, in the order of the playbook."""
        facts = Facts(place.wave, place.attributes)
        return [one for training in self.playbook(place).sessions if (one := demand_of(training, facts)) is not None]

    def audience(self, place: PlaceFacts, demand: Demand) -> list[StaffLine]:
        """The staff of a location whom a training is for."""
        return [one for one in self.staff.get(place.id, ()) if one.role in demand.audience]

    def progress(self, one: StaffLine, demand: Demand) -> Progress:
        """How somebody stands with a training."""
        key = (one.id, demand.entry)
        return progress(demand, self.seats.get(key, ()), self.results.get(key, ()))

    def people(self, place: PlaceFacts, demand: Demand) -> dict[int, Progress]:
        """How the audience of a training stands, by key."""
        return {one.id: self.progress(one, demand) for one in self.audience(place, demand)}

    def days_of(self, place: PlaceFacts, demand: Demand) -> Days:
        return self.days.get((place.id, demand.entry), NO_DAYS)

    def tally(self, place: PlaceFacts, demand: Demand, now: datetime) -> Tally:
        """A training at a location, counted."""
        return tally(demand, self.people(place, demand), self.days_of(place, demand).late_at, now)


def training_facts(session: Session, rollout: RolloutFacts, places: Collection[PlaceFacts]) -> TrainingFacts:
    """What is known at these locations. Five queries, and one for each version of the playbook."""
    ids = {place.id for place in places}
    versions = {place.playbook_version_id or rollout.playbook_version_id for place in places}
    return TrainingFacts(
        rollout=rollout,
        staff=_staff(session, ids),
        seats=_seats(session, ids),
        results=_results(session, ids),
        days=_days(session, rollout, places),
        playbooks={version: playbook_of(session, version) for version in versions | {rollout.playbook_version_id}},
    )


def _staff(session: Session, places: Collection[int]) -> dict[int, tuple[StaffLine, ...]]:
    row = StaffMember
    columns = (
        row.id,
        row.location_id,
        row.number,
        row.name,
        row.role,
        row.email,
        row.shift,
        row.person_id,
        row.version,
    )
    statement = select_columns(*columns).where(  # type: ignore[call-overload]
        col(row.location_id).in_(places), col(row.left_at).is_(None)
    )
    found: dict[int, list[StaffLine]] = {}
    for line in session.execute(statement.order_by(col(row.name), col(row.id))):
        found.setdefault(line[1], []).append(StaffLine(*line))
    return {place: tuple(lines) for place, lines in found.items()}


def _seats(session: Session, places: Collection[int]) -> dict[Key, list[Seat]]:
    statement = (
        select_columns(
            col(Enrolment.staff_id),
            col(TrainingSession.entry),
            col(TrainingSession.id),
            col(TrainingSession.starts_at),
            col(Enrolment.attended),
        )
        .join(TrainingSession, col(TrainingSession.id) == col(Enrolment.session_id))
        .join(StaffMember, col(StaffMember.id) == col(Enrolment.staff_id))
        .where(
            col(StaffMember.location_id).in_(places),
            col(Enrolment.ended_at).is_(None),
            col(TrainingSession.called_off_at).is_(None),
        )
    )
    found: dict[Key, list[Seat]] = {}
    for staff, entry, session_id, starts_at, attended in session.execute(statement):
        found.setdefault((staff, entry), []).append(Seat(session_id, starts_at, attended))
    return found


def _results(session: Session, places: Collection[int]) -> dict[Key, list[Result]]:
    row = TrainingResult
    statement = (
        select_columns(col(row.staff_id), col(row.entry), col(row.kind), col(row.passed), col(row.line), col(row.score))
        .join(StaffMember, col(StaffMember.id) == col(row.staff_id))
        .where(col(StaffMember.location_id).in_(places), col(row.withdrawn_at).is_(None))
        .order_by(col(row.id))
    )
    found: dict[Key, list[Result]] = {}
    for staff, entry, *shown in session.execute(statement):
        found.setdefault((staff, entry), []).append(Result(*shown))
    return found


def _days(session: Session, rollout: RolloutFacts, places: Collection[PlaceFacts]) -> dict[Key, Days]:
    """What is dated at the location itself, else for its wave, else once for all."""
    ids = {place.id for place in places}
    dated = ScheduledEntry
    here = or_(col(dated.location_id).in_(ids), col(dated.location_id).is_(None))
    rows = session.exec(
        select(dated).where(dated.rollout_id == rollout.id, dated.kind == EntryKind.TRAINING, here)
    ).all()
    again = select(Occasion).where(
        Occasion.rollout_id == rollout.id,
        Occasion.kind == Recurring.CATCH_UP,
        or_(col(Occasion.location_id).in_(ids), col(Occasion.location_id).is_(None)),
    )
    catch_ups = {(row.location_id, row.wave, row.entry): row.due for row in session.exec(again)}
    found: dict[Key, Days] = {}
    for place in places:
        nearest = [(place.id, place.wave), (place.id, ""), (None, place.wave), (None, "")]
        for row in sorted(rows, key=lambda one: one.location_id is not None):
            if (row.location_id, row.wave) in nearest:
                again_at = next((catch_ups[(*at, row.entry)] for at in nearest if (*at, row.entry) in catch_ups), None)
                found[place.id, row.entry] = Days(row.due, row.due_at, row.late_at, again_at)
    return found
