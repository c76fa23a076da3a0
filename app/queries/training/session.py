"""One session: who is asked to it, who was there, and what the reader may do with it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from app.errors import NotFound
from app.models import Enrolment, Rollout, StaffMember, TrainingSession
from app.queries.events import HistoryLine, history
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts, facts_of
from app.queries.training.facts import Days, StaffLine, TrainingFacts, training_facts
from app.queries.training.network import reads_names
from app.queries.training.place import trainers_at
from app.queries.training.sessions import SessionLine, sessions_at
from app.rules.people.access import Permission, Viewer
from app.rules.training.demand import Demand
from app.rules.training.standing import Progress


@dataclass(frozen=True)
class Asked:
    """Somebody who is asked to the session. `progress` is how they stand with the training."""

    id: int
    name: str
    number: str
    role: str
    shift: str
    has_email: bool
    invited: bool
    attended: bool | None
    left: bool
    progress: Progress | None


@dataclass(frozen=True)
class SessionPage:
    """Everything that the page shows. `asked` and `others` (of the audience, not asked to this one) only for a reader
    who may know their names; `own` is the reader's own line, where they are asked.
    """

    rollout: RolloutFacts
    place: PlaceFacts
    demand: Demand
    line: SessionLine
    days: Days
    asked: tuple[Asked, ...] | None
    others: tuple[tuple[StaffLine, Progress], ...] | None
    own: StaffLine | None
    may_hold: bool
    trainers: tuple[tuple[int, str], ...]
    history: tuple[HistoryLine, ...]
    facts: TrainingFacts


def session_page(session: Session, session_id: int, viewer: Viewer) -> SessionPage:
    """The page of a session at a location that the reader may see. Raises NotFound. The number of queries is fixed."""
    row = session.get(TrainingSession, session_id)
    seen = row is not None and viewer.can(Permission.SEE_PLAN, rollout=row.rollout_id, location=row.location_id)
    if row is None or not seen:
        raise NotFound("session")
    rollout = facts_of(session, session.get_one(Rollout, row.rollout_id)).within(viewer.locations(row.rollout_id))
    place = rollout.location(row.location_id)
    if place is None:
        raise NotFound("session")
    facts = training_facts(session, rollout, [place])
    demand = next((one for one in facts.demands(place) if one.entry == row.entry), Demand(row.entry, row.entry, ()))
    line = sessions_at(session, facts, [place], TrainingSession.id == session_id)[place.id][0]
    named = reads_names(viewer, rollout.id, place.id, demand) or viewer.answers_for(row.trainer_id)
    asked = _asked(session, facts, place, demand, session_id)
    hand = viewer if rollout.state == "running" else viewer.reading()
    holds = hand.can(Permission.CHECK_OFF, rollout=rollout.id, location=place.id, named=demand.owners)
    trains = viewer.answers_for(row.trainer_id) and rollout.state == "running"
    return SessionPage(
        rollout=rollout,
        place=place,
        demand=demand,
        line=line,
        days=facts.days_of(place, demand),
        asked=asked if named else None,
        others=_others(facts, place, demand, asked) if named else None,
        own=_own(facts, place, viewer, asked),
        may_hold=holds or trains,
        trainers=trainers_at(session, rollout, place) if holds or trains else (),
        history=tuple(history(session, "session", session_id)) if named else (),
        facts=facts,
    )


def _asked(
    session: Session, facts: TrainingFacts, place: PlaceFacts, demand: Demand, session_id: int
) -> tuple[Asked, ...]:
    lines = {one.id: one for one in facts.staff.get(place.id, ())}
    statement = (
        select_columns(StaffMember, col(Enrolment.invited_at), col(Enrolment.attended))
        .join(Enrolment, col(Enrolment.staff_id) == col(StaffMember.id))
        .where(col(Enrolment.session_id) == session_id, col(Enrolment.ended_at).is_(None))
        .order_by(col(StaffMember.name), col(StaffMember.id))
    )
    return tuple(
        Asked(
            id=row.id or 0, name=row.name, number=row.number, role=row.role, shift=row.shift,
            has_email=bool(row.email), invited=invited is not None, attended=attended, left=row.left_at is not None,
            progress=facts.progress(lines[row.id or 0], demand) if row.id in lines else None,
        )
        for row, invited, attended in session.execute(statement)
    )  # fmt: skip


def _others(
    facts: TrainingFacts, place: PlaceFacts, demand: Demand, asked: tuple[Asked, ...]
) -> tuple[tuple[StaffLine, Progress], ...]:
    there = {one.id for one in asked}
    return tuple((one, facts.progress(one, demand)) for one in facts.audience(place, demand) if one.id not in there)


def _own(facts: TrainingFacts, place: PlaceFacts, viewer: Viewer, asked: tuple[Asked, ...]) -> StaffLine | None:
    there = {one.id for one in asked}
    return next((one for one in facts.staff.get(place.id, ()) if one.person == viewer.person and one.id in there), None)
