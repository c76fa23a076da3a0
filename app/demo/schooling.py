"""The invented staff of the demo and their training: lists, sessions, who was there, and what is still short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, select

from app.actions.training.attendance import close_attendance
from app.actions.training.enrolling import enrol_everybody
from app.actions.training.pairing import pair_everybody
from app.actions.training.results import note_check, note_practice
from app.actions.training.roster import roster_shift
from app.actions.training.sessions import plan_session
from app.actions.training.sitting import Sitting
from app.actions.training.staff import Entry, add_staff
from app.demo.scene import Act, Scene, Step, chance
from app.models import Location, StaffMember, TrainingSession
from app.plan.facts import Facts
from app.plan.format.training import Training
from app.rules.training.demand import Demand, demand_of
from app.stored import playbook_at

STAFF: Final[Mapping[str, Sequence[tuple[str, str, str]]]] = {
    "alder-quay": (
        ("Nadia Ferreira", "front-desk", "day"), ("Otis Lang", "front-desk", "day"),
        ("Petra Valdes", "front-desk", "evening"), ("Quentin Abbey", "billing-staff", "day"),
        ("Leo Marchetti", "radiologists", "day"), ("Priya Raman", "technologists", "day"),
        ("Rhea Solberg", "technologists", "evening"), ("Kofi Mensah", "it-staff", "day"),
    ),
    "fenmoor": (
        ("Stella Okoro", "front-desk", "day"), ("Tariq Bell", "front-desk", "day"),
        ("Una Petersen", "billing-staff", "day"), ("Hana Novak", "radiologists", "day"),
        ("Miguel Torres", "technologists", "day"), ("Sunniva Dahl", "it-staff", "day"),
    ),
    "kestrel-ridge": (
        ("Vera Lindholm", "front-desk", "day"), ("Walter Nkemelu", "front-desk", "day"),
        ("Ximena Duarte", "front-desk", "day"), ("Yara Haddon", "front-desk", "evening"),
        ("Zeno Marchand", "billing-staff", "day"), ("Ada Szymanski", "billing-staff", "day"),
        ("Samir Qureshi", "radiologists", "day"), ("Judit Farkas", "technologists", "day"),
        ("Bruno Achterberg", "technologists", "evening"), ("Declan Moore", "it-staff", "day"),
    ),
    "lark-hollow": (
        ("Cleo Rasmussen", "front-desk", "day"), ("Dov Karlsen", "front-desk", "day"),
        ("Esme Holloway", "billing-staff", "day"), ("Ingrid Voss", "radiologists", "day"),
        ("Theo Papadakis", "technologists", "day"), ("Asha Kulkarni", "it-staff", "day"),
    ),
}  # fmt: skip
"""Who works where, in which role and shift."""
PLANNED: Final = ("alder-quay", "fenmoor", "kestrel-ridge")
ABSENT: Final = "Yara Haddon"
PRACTISING: Final = "Ximena Duarte"
FAILED_FIRST: Final = "Walter Nkemelu"
AT: Final = {"train-desk": (6, 10), "train-billing": (6, 13), "train-clinical": (5, 7), "train-it": (7, 8)}
"""Days before the go-live, and the hour."""


@dataclass(frozen=True)
class Schooling:
    """Gives the moments and acts of training."""

    scene: Scene

    def steps(self) -> Iterator[Step]:
        """In no order; some of them may lie after now."""
        for slug in STAFF:
            place = self.scene.place(slug)
            yield self.scene.before_go_live(place, 24, 15), self._lists(place)
            if slug not in PLANNED:
                continue
            yield self.scene.before_go_live(place, 9, 16), self._rosters(place)
            for training in playbook_at(self.scene.session, self.scene.rollout, place).sessions:
                demand = demand_of(training, Facts(place.wave, place.attributes))
                if demand is not None and training.id in AT:
                    yield from self._training(place, training, demand)

    def _training(self, place: Location, training: Training, demand: Demand) -> Iterator[Step]:
        days, hour = AT[training.id]
        starts = self.scene.before_go_live(place, days, hour)
        yield self.scene.before_go_live(place, 17, 14), self._plans(place, demand, starts)
        over = starts + timedelta(minutes=demand.minutes + 5)
        yield over, self._closes(place, demand)
        yield over + timedelta(hours=4), self._shows(place, demand)
        if demand.buddy:
            yield self.scene.before_go_live(place, 5, 16, 30), self._pairs(place, demand)

    def _owner(self, demand: Demand) -> str:
        return self.scene.holder(demand.owners[0])

    def _people(self, place: Location, demand: Demand) -> Sequence[StaffMember]:
        statement = select(StaffMember).where(
            StaffMember.location_id == place.id, col(StaffMember.role).in_(demand.audience)
        )
        return self.scene.session.exec(statement.order_by(col(StaffMember.id))).all()

    def _lists(self, place: Location) -> Act:
        def act(at: datetime) -> None:
            by = self.scene.viewer(self.scene.holder("practice-manager", place.slug), at)
            for number, (name, role, shift) in enumerate(STAFF[place.slug], start=1):
                entry = Entry(f"{place.slug[:2].upper()}-{number:03}", name, role, shift=shift)
                add_staff(self.scene.session, place.id or 0, entry, by=by, now=at)

        return act

    def _rosters(self, place: Location) -> Act:
        """Everybody of the day; who works the evening is not said yet where the go-live lies ahead."""

        def act(at: datetime) -> None:
            by = self.scene.viewer(self.scene.holder("practice-manager", place.slug), at)
            shifts = ("day",) if place.slug == "kestrel-ridge" else ("day", "evening")
            for shift in shifts:
                if any(one[2] == shift for one in STAFF[place.slug]):
                    roster_shift(self.scene.session, place.id or 0, shift, by=by, now=at)

        return act

    def _plans(self, place: Location, demand: Demand, starts: datetime) -> Act:
        def act(at: datetime) -> None:
            by = self.scene.viewer(self._owner(demand), at)
            sitting = Sitting(starts, place="Meeting room", seats=demand.seats, trainer_id=by.person)
            made = plan_session(self.scene.session, place.id or 0, demand.entry, sitting, by=by, now=at)
            enrol_everybody(self.scene.session, made.id or 0, by=by, now=at)

        return act

    def _closes(self, place: Location, demand: Demand) -> Act:
        def act(at: datetime) -> None:
            session, by = self.scene.session, self.scene.viewer(self._owner(demand), at)
            found = session.exec(
                select(TrainingSession).where(
                    TrainingSession.location_id == place.id, TrainingSession.entry == demand.entry
                )
            ).one()
            there = [one.id or 0 for one in self._people(place, demand) if one.name != ABSENT]
            recording = f"https://media.example.org/{demand.entry}-{place.slug}" if demand.recorded else ""
            close_attendance(session, found.id or 0, there, recording=recording, seen=found.version, by=by, now=at)

        return act

    def _shows(self, place: Location, demand: Demand) -> Act:
        """Practice and check of those who were there."""

        def act(at: datetime) -> None:
            by = self.scene.viewer(self._owner(demand), at)
            for one in self._people(place, demand):
                if one.name == ABSENT:
                    continue
                for line, piece in demand.practice.items():
                    passed = piece.wanted if one.name != PRACTISING else piece.wanted * 3 // 5
                    note_practice(
                        self.scene.session, one.id or 0, demand.entry, line, passed=passed, failed=chance(one.id) % 3,
                        by=by, now=at,
                    )  # fmt: skip
                if demand.pass_mark is not None and one.name != PRACTISING:
                    scores = (70, 90) if one.name == FAILED_FIRST else (85 + chance(one.name) % 15,)
                    for score in scores:
                        note_check(self.scene.session, one.id or 0, demand.entry, score=score, by=by, now=at)

        return act

    def _pairs(self, place: Location, demand: Demand) -> Act:
        def act(at: datetime) -> None:
            by = self.scene.viewer(self._owner(demand), at)
            pair_everybody(self.scene.session, place.id or 0, demand.entry, by=by, now=at)

        return act
