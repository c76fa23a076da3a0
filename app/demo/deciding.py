"""How the invented people hold their gates: they answer, ask for waivers where something critical is open, vote on what
is frozen, and decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, select

from app.actions.gates.answering import answer_criterion
from app.actions.gates.conditions import accept_condition, ask_condition, meet_condition
from app.actions.gates.deciding import decide_gate
from app.actions.gates.voting import cast_vote, open_vote
from app.demo.answers import good_answer
from app.demo.scene import Act, Scene, Step, chance
from app.models import GateCondition, GatePack, GateRecord, Location, ScheduledEntry
from app.plan.format.gates import Gate
from app.queries.gates.evidence import Evidence, evidence_of
from app.queries.rollouts.facts import facts_of
from app.rules.gates.conditions import allowed
from app.rules.gates.needed import tests_of
from app.rules.gates.packs import Pack
from app.rules.people.access import Viewer
from app.stored import playbook_at

UNDECIDED: Final = frozenset({("kestrel-ridge", "go-no-go")})
"""Open in front of whoever looks: the vote is on, a waiver is asked for, and nobody has decided."""
COMMENTS: Final = (
    "The lists are printed and the team has slept.",
    "Only with somebody at the front desk on the first day.",
    "Everything that I asked for was shown to me.",
)
INSTEAD: Final = "Checked by hand twice a day, and reported in the evening call."
WAIVED_FOR: Final = timedelta(days=4)
SHOWN_AFTER: Final = timedelta(days=2)
SHOWN: Final = "Shown to the centre's manager, who is content with it."


@dataclass(frozen=True)
class Deciding:
    """Gives the moments and acts of gates."""

    scene: Scene

    def steps(self) -> Iterator[Step]:
        """In no order; some of them may lie after now."""
        places = {row.id: row for row in self.scene.session.exec(select(Location))}
        statement = select(ScheduledEntry).where(
            ScheduledEntry.rollout_id == self.scene.id, ScheduledEntry.kind == "gate"
        )
        for row in self.scene.session.exec(statement.where(col(ScheduledEntry.due_at).is_not(None))):
            place = places.get(row.location_id) if row.location_id else None
            if row.due_at is None:
                continue
            if (place.slug if place else "", row.entry) in UNDECIDED:
                yield self.scene.now - timedelta(minutes=25), self._opens(row, place)
            else:
                yield row.due_at - timedelta(hours=2), self._prepares(row, place)
                yield row.due_at + timedelta(minutes=20), self._holds(row, place)
                yield row.due_at + SHOWN_AFTER, self._shows(row, place)

    # --- what they do -----------------------------------------------------------------------------------------

    def _prepares(self, row: ScheduledEntry, place: Location | None) -> Act:
        """Whatever is asked of people is answered."""

        def act(at: datetime) -> None:
            gate = self._gate(row, place)
            for criterion in gate.criteria.values():
                for name, test in tests_of(criterion):
                    if test.answer is None:
                        continue
                    owner = test.owner.first if test.owner else gate.owner.first if gate.owner else "director"
                    answer_criterion(
                        self.scene.session, row.id or 0, criterion=name, text=good_answer(test.answer, name), seen=None,
                        by=self._by(owner, place, at), now=at,
                    )  # fmt: skip

        return act

    def _holds(self, row: ScheduledEntry, place: Location | None) -> Act:
        """The gate is held, or put off where more is open than a waiver could carry."""

        def act(at: datetime) -> None:
            gate, found = self._gate(row, place), self._evidence(row, at)
            vetoes = found.pack.vetoes
            limits = allowed(gate)
            most = (limits.at_most or len(vetoes)) if limits else 0
            if found.waits or len(vetoes) > most:
                self._decides(row, place, "deferred", "Too much is open. We meet again when it is closed.", at)
                return
            for line in vetoes:
                self._waives(row, place, line.id, line.criterion.title, at)
            self._votes(row, place, at)
            outcome = "go-with-conditions" if vetoes else "go"
            self._decides(row, place, outcome, "With what is named beside it." if vetoes else "", at)

        return act

    def _shows(self, row: ScheduledEntry, place: Location | None) -> Act:
        """What was waived has been shown since."""

        def act(at: datetime) -> None:
            statement = (
                select(GateCondition)
                .join(GateRecord)
                .where(GateRecord.dated_id == row.id, col(GateCondition.accepted_at).is_not(None))
            )
            for one in self.scene.session.exec(statement).all():
                by = self._by(self._gate(row, place).decide, place, at)
                meet_condition(self.scene.session, row.id or 0, one.id or 0, how=SHOWN, by=by, now=at)

        return act

    def _opens(self, row: ScheduledEntry, place: Location | None) -> Act:
        """The vote is on: two have voted, and a waiver waits for whoever decides."""

        def act(at: datetime) -> None:
            gate, found = self._gate(row, place), self._evidence(row, at)
            if found.waits or gate.votes is None:
                return
            vetoes = found.pack.vetoes
            if vetoes:
                self._asks(row, place, vetoes[0].id, vetoes[0].criterion.title, at)
            opener = self._by(gate.owner.first if gate.owner else gate.decide, place, at)
            open_vote(
                self.scene.session, row.id or 0, measure=self._measure(row, at), waits=(), seen=None, by=opener, now=at
            )
            for number, role in enumerate(gate.votes.roles[:2]):
                self._casts(row, place, role, "no-go" if number else "go-with-conditions", at)

        return act

    def _waives(self, row: ScheduledEntry, place: Location | None, criterion: str, title: str, at: datetime) -> None:
        asked = self._asks(row, place, criterion, title, at)
        gate = self._gate(row, place)
        accept_condition(self.scene.session, row.id or 0, asked, by=self._by(gate.decide, place, at), now=at)

    def _asks(self, row: ScheduledEntry, place: Location | None, criterion: str, title: str, at: datetime) -> int:
        gate = self._gate(row, place)
        by = self._by(gate.owner.first if gate.owner else gate.decide, place, at)
        asked = ask_condition(
            self.scene.session, row.id or 0, criterion=criterion, what=f"{title}: not shown yet.", instead=INSTEAD,
            risk="A mistake may show a day later than it should.", owner=by.person, expires_at=at + WAIVED_FOR, by=by,
            now=at,
        )  # fmt: skip
        return asked.id or 0

    def _votes(self, row: ScheduledEntry, place: Location | None, at: datetime) -> None:
        gate = self._gate(row, place)
        opener = self._by(gate.owner.first if gate.owner else gate.decide, place, at)
        open_vote(
            self.scene.session, row.id or 0, measure=self._measure(row, at), waits=(), seen=None, by=opener, now=at
        )
        voted: set[int] = set()
        for role in gate.votes.roles if gate.votes else ():
            if self._by(role, place, at).person not in voted:
                voted.add(self._by(role, place, at).person)
                self._casts(row, place, role, "go", at)

    def _casts(self, row: ScheduledEntry, place: Location | None, role: str, vote: str, at: datetime) -> None:
        comment = "" if vote == "go" and chance(row.id, role) < 60 else COMMENTS[chance(role) % len(COMMENTS)]
        cast_vote(
            self.scene.session, row.id or 0, role=role, vote=vote, comment=comment, pack=self._pack(row),
            measure=self._measure(row, at), by=self._by(role, place, at), now=at,
        )  # fmt: skip

    def _decides(self, row: ScheduledEntry, place: Location | None, outcome: str, reason: str, at: datetime) -> None:
        decide_gate(
            self.scene.session, row.id or 0, outcome=outcome, reason=reason, pack=self._pack(row),
            measure=self._measure(row, at), waits=self._evidence(row, at).waits, seen=None,
            by=self._by(self._gate(row, place).decide, place, at), now=at,
        )  # fmt: skip

    # --- what they look at ------------------------------------------------------------------------------------

    def _gate(self, row: ScheduledEntry, place: Location | None) -> Gate:
        return playbook_at(self.scene.session, self.scene.rollout, place).gates[row.entry]

    def _by(self, role: str, place: Location | None, at: datetime) -> Viewer:
        holder = self.scene.holder(role, place.slug if place else "")
        return replace(self.scene.viewer(holder, at), proven_at=at)

    def _evidence(self, row: ScheduledEntry, at: datetime) -> Evidence:
        return evidence_of(self.scene.session, facts_of(self.scene.session, self.scene.rollout), row.id or 0, at)

    def _measure(self, row: ScheduledEntry, at: datetime) -> Callable[[], Pack]:
        return lambda: self._evidence(row, at).pack

    def _pack(self, row: ScheduledEntry) -> int:
        statement = select(GatePack.number).join(GateRecord).where(GateRecord.dated_id == row.id)
        return max(self.scene.session.exec(statement), default=0)
