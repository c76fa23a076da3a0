"""Training at one location: its sessions, its people and how they stand, go-live day, buddies, the staff list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, col, select

from app.models import Leave, Membership, Pairing, Person, StaffMember
from app.queries.people import ELSEWHERE
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.training.coverage import covers
from app.queries.training.facts import StaffLine, TrainingFacts, training_facts
from app.queries.training.network import PlaceCounted, place_counted, reads_names
from app.queries.training.sessions import SessionLine, sessions_at
from app.rules.people.access import Permission, Viewer
from app.rules.people.responsibility import Member
from app.rules.training.demand import Demand
from app.rules.training.pairs import Pair, Trouble, troubles
from app.rules.training.standing import Progress
from app.stored import members_among


@dataclass(frozen=True)
class PairLine:
    """Somebody's buddy for a training, and what is wrong with it."""

    row: Pairing
    buddy: str
    trouble: Trouble | None


@dataclass(frozen=True)
class OneTraining:
    """A training at the location. `people` only for a reader who may know their names; `may_hold`: the reader may plan
    its sessions and note what was shown. `buddies` are those who may be one, by name.
    """

    demand: Demand
    sessions: tuple[SessionLine, ...]
    people: tuple[tuple[StaffLine, Progress], ...] | None
    may_hold: bool
    pairs: Mapping[int, PairLine] = field(default_factory=dict)
    buddies: tuple[tuple[int, str], ...] = ()

    @property
    def proposed(self) -> int:
        """How many more sessions seat everybody who has none to come to and was in none."""
        waiting = len(self.waiting)
        return self.demand.sessions_for(waiting) if waiting else 0

    @property
    def waiting(self) -> tuple[StaffLine, ...]:
        """Those who are asked to no session and were in none."""
        return tuple(one for one, found in self.people or () if found.standing in ("unasked", "missed"))


@dataclass(frozen=True)
class PlacePage:
    """Everything that the page shows. `staff` is None for a reader who may not know names; `may_keep`: may change it.
    `trainers` are those who may hold a session, by name.
    """

    rollout: RolloutFacts
    place: PlaceFacts
    counted: PlaceCounted
    trainings: tuple[OneTraining, ...]
    staff: tuple[StaffLine, ...] | None
    may_keep: bool
    trainers: tuple[tuple[int, str], ...]
    facts: TrainingFacts

    def training(self, entry: str) -> OneTraining | None:
        return next((one for one in self.trainings if one.demand.entry == entry), None)


def place_page(session: Session, rollout: RolloutFacts, place: PlaceFacts, viewer: Viewer, now: datetime) -> PlacePage:
    """The page of a location that the reader may see. The number of queries is fixed."""
    facts = training_facts(session, rollout, [place])
    sessions = sessions_at(session, facts, [place]).get(place.id, [])
    hand = viewer if rollout.state == "running" else viewer.reading()
    members = _members(session, rollout, place)
    pairs = _pairs(session, rollout)
    trainings = tuple(
        _training(facts, place, demand, sessions, viewer, hand, pairs, members) for demand in facts.demands(place)
    )
    return PlacePage(
        rollout=rollout,
        place=place,
        counted=place_counted(facts, place, covers(session, facts, [place]), viewer, now),
        trainings=trainings,
        staff=facts.staff.get(place.id, ()) if reads_names(viewer, rollout.id, place.id) else None,
        may_keep=hand.can(Permission.CHECK_OFF, rollout=rollout.id, location=place.id),
        trainers=_by_name(members),
        facts=facts,
    )


def trainers_at(session: Session, rollout: RolloutFacts, place: PlaceFacts) -> tuple[tuple[int, str], ...]:
    """Those who may hold a session at the place, by name. One query."""
    return _by_name(_members(session, rollout, place))


def _by_name(members: Collection[Member]) -> tuple[tuple[int, str], ...]:
    return tuple(sorted({(one.person, one.name) for one in members}, key=lambda pair: pair[1]))


def _training(
    facts: TrainingFacts,
    place: PlaceFacts,
    demand: Demand,
    sessions: Sequence[SessionLine],
    viewer: Viewer,
    hand: Viewer,
    pairs: Mapping[str, Mapping[int, PairLine]],
    members: Collection[Member],
) -> OneTraining:
    named = reads_names(viewer, facts.rollout.id, place.id, demand)
    people = tuple((one, facts.progress(one, demand)) for one in facts.audience(place, demand)) if named else None
    return OneTraining(
        demand=demand,
        sessions=tuple(line for line in sessions if line.row.entry == demand.entry),
        people=people,
        may_hold=hand.can(Permission.CHECK_OFF, rollout=facts.rollout.id, location=place.id, named=demand.owners),
        pairs=pairs.get(demand.entry, {}) if named else {},
        buddies=_buddies(demand, place, members),
    )


def _members(session: Session, rollout: RolloutFacts, place: PlaceFacts) -> list[Member]:
    """Everybody with a role at the place or for the network."""
    here = col(Membership.location_id).is_(None) | (col(Membership.location_id) == place.id)
    return members_among(session, col(Membership.rollout_id) == rollout.id, here)


def _buddies(demand: Demand, place: PlaceFacts, members: Collection[Member]) -> tuple[tuple[int, str], ...]:
    held = [one for one in members if demand.buddy and one.role == demand.buddy]
    nearest = [one for one in held if one.location == place.id] or held
    return tuple({one.person: (one.person, one.name) for one in nearest}.values())


def _pairs(session: Session, rollout: RolloutFacts) -> dict[str, dict[int, PairLine]]:
    """The pairs of the whole rollout, by training and newcomer: a buddy may be wanted at two places. Three queries."""
    rows = session.exec(
        select(Pairing, Person.name)
        .join(StaffMember, col(StaffMember.id) == col(Pairing.staff_id))
        .join(Person, col(Person.id) == col(Pairing.buddy_id))
        .where(
            StaffMember.rollout_id == rollout.id, col(Pairing.ended_at).is_(None), col(StaffMember.left_at).is_(None)
        )
        .order_by(col(Pairing.id))
    ).all()
    away = _away(session, {row.buddy_id for row, _ in rows})
    found: dict[str, dict[int, PairLine]] = {}
    wrong = troubles([Pair(row.staff_id, row.buddy_id, row.first, row.last) for row, _ in rows], away)
    for row, name in rows:
        found.setdefault(row.entry, {})[row.staff_id] = PairLine(row, name or ELSEWHERE, wrong.get(row.staff_id))
    return found


def pairs_of(session: Session, staff_id: int) -> dict[str, int]:
    """Somebody's buddies, by training."""
    found = select(Pairing.entry, Pairing.buddy_id).where(Pairing.staff_id == staff_id, col(Pairing.ended_at).is_(None))
    return dict(session.exec(found).all())


def _away(session: Session, people: Collection[int]) -> dict[int, list[tuple[date, date]]]:
    found: dict[int, list[tuple[date, date]]] = {}
    rows = session.exec(select(Leave).where(col(Leave.person_id).in_(people), col(Leave.ended_at).is_(None)))
    for row in rows:
        found.setdefault(row.person_id, []).append((row.first, row.last))
    return found
