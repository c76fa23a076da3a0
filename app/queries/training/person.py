"""One of the staff: how they stand with each training, and everything that they have shown."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.errors import Forbidden, NotFound
from app.models import Person, Rollout, StaffMember, TrainingResult, TrainingSession
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.queries.training.facts import Days, StaffLine, TrainingFacts, training_facts
from app.queries.training.network import reads_names
from app.rules.people.access import Permission, Viewer
from app.rules.training.demand import Demand
from app.rules.training.standing import Progress, Standing


@dataclass(frozen=True)
class Noted:
    """One thing that was noted, and by whom."""

    row: TrainingResult
    by: str


@dataclass(frozen=True)
class OneOf:
    """A training of theirs. `may_note`: the reader may note what they have shown; `may_watch`: may say that they have
    watched the recording, which is `recording` (where it is).
    """

    demand: Demand
    progress: Progress
    days: Days
    noted: tuple[Noted, ...]
    recording: str
    may_note: bool
    may_watch: bool


@dataclass(frozen=True)
class StaffPage:
    """Somebody of the staff with the trainings that the reader may know of; `own`: it is the reader."""

    rollout: RolloutFacts
    place: PlaceFacts
    member: StaffMember
    line: StaffLine
    trainings: tuple[OneOf, ...]
    own: bool
    may_keep: bool


def staff_page(session: Session, staff_id: int, viewer: Viewer) -> StaffPage:
    """Their page, for themselves, for those who work at their place, and for the owners of their trainings.

    Raises NotFound and Forbidden. The number of queries is fixed.
    """
    row = session.get(StaffMember, staff_id)
    if row is None or not viewer.can(Permission.SEE_PLAN, rollout=row.rollout_id, location=row.location_id):
        raise NotFound("person")
    rollout = facts_of(session, session.get_one(Rollout, row.rollout_id)).within(viewer.locations(row.rollout_id))
    place = rollout.location(row.location_id)
    if place is None:
        raise NotFound("person")
    facts = training_facts(session, rollout, [place])
    own = row.person_id is not None and row.person_id == viewer.person
    mine = [one for one in facts.demands(place) if row.role in one.audience]
    seen = [one for one in mine if own or reads_names(viewer, rollout.id, place.id, one)]
    if not seen and not own and not reads_names(viewer, rollout.id, place.id):
        raise Forbidden("You may see this location, but not who works there.")
    hand = viewer if rollout.state == "running" and row.left_at is None else viewer.reading()
    line = StaffLine(
        staff_id, place.id, row.number, row.name, row.role, row.email, row.shift, row.person_id, row.version
    )
    noted = _noted(session, staff_id)
    recordings = _recordings(session, place.id)
    return StaffPage(
        rollout=rollout,
        place=place,
        member=row,
        line=line,
        trainings=tuple(_one(facts, place, line, demand, noted, recordings, hand, own) for demand in seen),
        own=own,
        may_keep=hand.can(Permission.CHECK_OFF, rollout=rollout.id, location=place.id),
    )


def _noted(session: Session, staff_id: int) -> list[Noted]:
    rows = session.exec(
        select(TrainingResult, Person.name)
        .join(Person, col(Person.id) == col(TrainingResult.by_id))
        .where(TrainingResult.staff_id == staff_id)
        .order_by(col(TrainingResult.id).desc())
    )
    return [Noted(row, name) for row, name in rows]


def _recordings(session: Session, place: int) -> dict[str, str]:
    """Where the newest recording of each training is."""
    rows = session.exec(
        select(TrainingSession.entry, TrainingSession.recording)
        .where(TrainingSession.location_id == place, TrainingSession.recording != "")
        .order_by(col(TrainingSession.starts_at))
    )
    return dict(rows.all())


def _one(
    facts: TrainingFacts,
    place: PlaceFacts,
    line: StaffLine,
    demand: Demand,
    noted: list[Noted],
    recordings: dict[str, str],
    hand: Viewer,
    own: bool,
) -> OneOf:
    found = facts.progress(line, demand)
    holds = hand.can(Permission.CHECK_OFF, rollout=facts.rollout.id, location=place.id, named=demand.owners)
    owes = found.standing is Standing.RECORDING or (
        demand.recorded and any(seat.attended is False for seat in facts.seats.get((line.id, demand.entry), ()))
        and found.standing is Standing.ENROLLED
    )  # fmt: skip
    return OneOf(
        demand=demand,
        progress=found,
        days=facts.days_of(place, demand),
        noted=tuple(one for one in noted if one.row.entry == demand.entry),
        recording=recordings.get(demand.entry, ""),
        may_note=holds and not own,
        may_watch=owes and (holds or own) and not hand.reads_only,
    )
