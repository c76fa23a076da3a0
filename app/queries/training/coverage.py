"""What gates ask of training: what share has passed, and who covers go-live day, trained and on the roster."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from app.models import Membership, RosterDay
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.training.facts import StaffLine, TrainingFacts, training_facts
from app.rules.training.cover import Cell, Helpers, Worker, cells, helpers, percent
from app.rules.training.tally import Tally
from app.stored import members_among


@dataclass(frozen=True)
class Cover:
    """Go-live day at a location (None: it has none yet). `rostered` are those who work, by key, with their shift."""

    day: date | None
    cells: tuple[Cell, ...] = ()
    helpers: tuple[Helpers, ...] = ()
    rostered: Mapping[int, str] | None = None

    @property
    def percent(self) -> float | None:
        """How much of it is there, in percent; None where nobody is on the roster yet."""
        return percent(self.cells, self.helpers)

    def percent_of(self, entry: str) -> float | None:
        """The same for one entry of cover with a ratio."""
        return percent((), [one for one in self.helpers if one.entry == entry])


def training_shares(
    session: Session, rollout: RolloutFacts, places: Collection[PlaceFacts], now: datetime
) -> dict[tuple[int, str], Tally]:
    """Every training at every one of these locations, counted, by location and entry: a criterion of a gate that asks
    for `at least 100 %` compares `share`, which is None with nobody on the list.
    """
    facts = training_facts(session, rollout, places)
    return {
        (place.id, demand.entry): facts.tally(place, demand, now) for place in places for demand in facts.demands(place)
    }


def coverage_percents(
    session: Session, rollout: RolloutFacts, places: Collection[PlaceFacts], entry: str = ""
) -> dict[int, float | None]:
    """How much of go-live day is covered at each of these locations, or of one entry of cover with a ratio."""
    found = covers(session, training_facts(session, rollout, places), places)
    return {place: one.percent_of(entry) if entry else one.percent for place, one in found.items()}


def covers(session: Session, facts: TrainingFacts, places: Collection[PlaceFacts]) -> dict[int, Cover]:
    """Go-live day at each of these locations. Two queries."""
    rosters = _rosters(session, places)
    held = _held(session, facts, places)
    return {place.id: _cover(facts, place, rosters.get(place.id, {}), held) for place in places}


def _rosters(session: Session, places: Collection[PlaceFacts]) -> dict[int, dict[int, str]]:
    """Who works on the day of the cutover, and in which shift, by location."""
    days = {place.id: place.cutover.date() for place in places if place.cutover}
    row = RosterDay
    columns = (col(row.location_id), col(row.day), col(row.staff_id), col(row.shift))
    statement = select_columns(*columns).where(
        col(row.location_id).in_(days), col(row.day).in_(set(days.values())), col(row.ended_at).is_(None)
    )
    found: dict[int, dict[int, str]] = {}
    for location, day, staff, shift in session.execute(statement.order_by(col(row.shift), col(row.id))):
        if day == days[location]:
            found.setdefault(location, {})[staff] = shift
    return found


Held = Mapping[tuple[int, int], frozenset[str]]
"""The roles that an account holds at a location, by person and location."""


def _held(session: Session, facts: TrainingFacts, places: Collection[PlaceFacts]) -> Held:
    people = {one.person for place in places for one in facts.staff.get(place.id, ()) if one.person is not None}
    found: dict[tuple[int, int], set[str]] = {}
    here = (col(Membership.rollout_id) == facts.rollout.id, col(Membership.person_id).in_(people))
    for member in members_among(session, *here):
        for place in places:
            if member.location in (None, place.id):
                found.setdefault((member.person, place.id), set()).add(member.role)
    return {key: frozenset(roles) for key, roles in found.items()}


def _cover(facts: TrainingFacts, place: PlaceFacts, rostered: Mapping[int, str], held: Held) -> Cover:
    staff = facts.staff.get(place.id, ())
    workers = [_worker(one, place, held) for one in staff]
    demands = facts.demands(place)
    asked: dict[str, list[str]] = {}
    for demand in demands:
        for role in demand.audience:
            asked.setdefault(role, []).append(demand.entry)
    passed = {
        one.id: [
            demand.entry for demand in demands if one.role in demand.audience and facts.progress(one, demand).passed
        ]
        for one in staff
    }
    standing = {one.id for one in staff}
    shifts: dict[str, list[int]] = {}
    for key, shift in rostered.items():
        if key in standing:
            shifts.setdefault(shift, []).append(key)
    entries = facts.playbook(place).coverage.values()
    return Cover(
        day=place.cutover.date() if place.cutover else None,
        cells=tuple(cells(workers, shifts, asked, passed)),
        helpers=tuple(helpers(entries, workers, shifts, asked, passed)),
        rostered={key: shift for key, shift in rostered.items() if key in standing},
    )


def _worker(one: StaffLine, place: PlaceFacts, held: Held) -> Worker:
    own = held.get((one.person, place.id), frozenset()) if one.person is not None else frozenset()
    return Worker(one.id, own | {one.role})
