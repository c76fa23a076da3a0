"""One gate whole: its evidence, the vote, conditions, decisions, and what the reader may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, select

from app.errors import NotFound
from app.models import (
    GateAnswer,
    GateCondition,
    GateDecision,
    GateFile,
    GatePack,
    GateRecord,
    GateVote,
    Rollout,
    ScheduledEntry,
)
from app.plan.format.gates import Gate
from app.queries.attached import readable_file
from app.queries.events import HistoryLine, history
from app.queries.gates.evidence import Evidence, evidence_of, gate_row
from app.queries.people import Holders, Naming, holders, names_of
from app.queries.rollouts.facts import RolloutFacts, facts_of
from app.rules.gates.access import may_answer, may_ask, may_decide, may_prepare, may_read, may_vote
from app.rules.gates.conditions import ConditionState, Term, counting
from app.rules.gates.deciding import Case, in_the_way
from app.rules.gates.needed import tests_of
from app.rules.gates.voting import Ballot, Count, Outcome, Vote, counted, votable
from app.rules.people.access import Permission, Viewer
from app.rules.signoffs import Change
from app.stored import roles_held

Row = TypeVar("Row", bound=SQLModel)
SUBJECT = "gate"
"""What its events speak of, by the key of the gate in the schedule."""


@dataclass(frozen=True)
class Rights:
    """What the reader may do with the gate as it stands. `answer` names criteria (or parts of one), `vote` the roles
    for which the reader may vote; `director`: by directing the rollout, not by holding the role.
    """

    prepare: bool = False
    ask: bool = False
    decide: bool = False
    answer: frozenset[str] = frozenset()
    vote: tuple[str, ...] = ()
    director: bool = False


@dataclass(frozen=True)
class Seat:
    """A role that votes: who holds it there, and the vote that stands."""

    role: str
    title: str
    must: bool
    names: tuple[str, ...]
    vote: GateVote | None


@dataclass(frozen=True)
class GatePage(Naming):
    """Everything the page of a gate shows. `pack` is the evidence in force, `changes` what is no longer as it was
    frozen; `fallen` are votes that fell with the last pack, `kept` the keys of conditions that expired with a go that
    fell. What people wrote is shown where `detail` says so.
    """

    reader: int
    proven_at: datetime | None
    rollout: RolloutFacts
    dated: ScheduledEntry
    evidence: Evidence
    record: GateRecord | None
    pack: GatePack | None
    packs: tuple[GatePack, ...]
    changes: tuple[Change, ...]
    seats: tuple[Seat, ...]
    count: Count
    fallen: tuple[GateVote, ...]
    conditions: tuple[tuple[GateCondition, ConditionState], ...]
    kept: frozenset[int]
    decisions: tuple[GateDecision, ...]
    answers: Mapping[str, GateAnswer]
    files: tuple[GateFile, ...]
    missing: Mapping[Outcome, tuple[str, ...]]
    rights: Rights
    detail: bool
    people: Mapping[int, str]
    holders: Holders
    names: Mapping[int, str]
    titles: Mapping[str, str]
    history: tuple[HistoryLine, ...] = field(default_factory=tuple)

    @property
    def id(self) -> int:
        return self.dated.id or 0

    @property
    def version(self) -> int:
        """Of what was recorded; 0 for nothing."""
        return self.record.version if self.record else 0

    @property
    def gate(self) -> Gate:
        return self.evidence.gate

    @property
    def zone(self) -> str:
        return self.evidence.zone

    @property
    def open(self) -> bool:
        """Whether a vote is open."""
        return self.record is not None and self.record.opened_at is not None

    @property
    def decision(self) -> GateDecision | None:
        """The last one, whether it stands or fell; none while a new vote is open."""
        last = next((one for one in self.decisions if one.replaced_at is None), None)
        return None if self.open else last

    @property
    def last(self) -> int:
        """The key of the last decision, whatever is open since; 0 for none."""
        return next((one.id or 0 for one in self.decisions if one.replaced_at is None), 0)

    def fell_at(self, decision: GateDecision) -> datetime | None:
        """When a condition of its go expired unmet, told or not."""
        return decision.fell_at if decision.replaced_at is not None else self.evidence.held.fell_at

    @property
    def own_vote(self) -> GateVote | None:
        return next((one.vote for one in self.seats if one.vote and one.vote.by_id == self.reader), None)

    def reads(self, condition: GateCondition) -> bool:
        """Whether what a condition says may be read: also by whoever answers for it."""
        return self.detail or condition.owner_id == self.reader


def seen_gate(session: Session, dated_id: int, viewer: Viewer) -> ScheduledEntry:
    """The gate in the schedule. Raises NotFound for none, and for one at a location that the person may not see."""
    row = gate_row(session, dated_id)
    if not viewer.can(Permission.SEE_PLAN, rollout=row.rollout_id, location=row.location_id):
        raise NotFound("gate")
    return row


def whole_evidence(session: Session, dated_id: int, viewer: Viewer, now: datetime) -> Evidence:
    """The evidence of a gate that the person may see, as things stand. Raises NotFound."""
    row = seen_gate(session, dated_id, viewer)
    rollout = facts_of(session, session.get_one(Rollout, row.rollout_id))
    return evidence_of(session, rollout, dated_id, rollout.as_of(now), viewer.locations(rollout.id))


def gate_page(session: Session, dated_id: int, viewer: Viewer, now: datetime) -> GatePage:
    """The page of a gate. The number of queries is fixed. Raises NotFound."""
    dated = seen_gate(session, dated_id, viewer)
    evidence = whole_evidence(session, dated_id, viewer, now)
    whole, extent = evidence.rollout, viewer.locations(dated.rollout_id)
    at, gate = whole.as_of(now), evidence.gate
    record = session.exec(select(GateRecord).where(GateRecord.dated_id == dated_id)).first()
    packs, votes, conditions, decisions, answers, files = (
        _of(session, model, record) for model in (GatePack, GateVote, GateCondition, GateDecision, GateAnswer, GateFile)
    )
    people = holders(session, whole.id, extent, at)
    standing = [one for one in votes if one.voided_at is None and one.withdrawn_at is None]
    opened = record is not None and record.opened_at is not None
    pack = next((one for one in packs if one.ended_at is None), None)
    ballots = [Ballot(one.role, Vote(one.vote)) for one in standing] if opened else []
    terms, fell_at = {one.id: _term(one) for one in conditions}, _last_fall(evidence, decisions)
    titles = {id_: role.title for id_, role in evidence.playbook.people.items()}
    place: dict[str, Any] = {"rollout": dated.rollout_id, "location": dated.location_id}
    involved = [*(one.by_id for rows in (votes, decisions, answers, files) for one in rows)]
    involved += [who for one in conditions for who in (one.owner_id, one.asked_by, one.accepted_by, one.refused_by)]
    known = people.known()
    hand = viewer if whole.state == "running" else viewer.reading()
    return GatePage(
        reader=viewer.person,
        proven_at=viewer.proven_at,
        rollout=whole.within(extent),
        dated=dated,
        evidence=evidence,
        record=record,
        pack=pack,
        packs=tuple(reversed(packs)),
        changes=evidence.pack.changed_since(pack.content) if pack else (),
        seats=_seats(gate, titles, people, dated.location_id, standing if opened else []),
        count=counted(gate, ballots),
        fallen=_fallen(votes, packs, opened),
        conditions=tuple((one, terms[one.id].state(at)) for one in conditions),
        kept=frozenset(key for key, one in terms.items() if one.fell_with(fell_at, at)),
        decisions=tuple(reversed(decisions)),
        answers={one.criterion: one for one in answers if one.replaced_at is None},
        files=tuple(one for one in files if one.removed_at is None),
        missing=_missing(evidence, ballots if opened else None, counting(terms.values(), fell_at, at), titles),
        rights=_rights(session, hand, evidence, place, {one.role for one in standing if one.by_id != viewer.person}),
        detail=may_read(viewer, gate, place),
        people=known,
        holders=people,
        names=names_of(session, involved, known),
        titles=titles,
        history=tuple(history(session, SUBJECT, dated_id)),
    )


def _of(session: Session, model: type[Row], record: GateRecord | None) -> list[Any]:
    """The rows that hang on a record, in the order in which they were written."""
    if record is None:
        return []
    table: Any = model
    return list(session.exec(select(table).where(table.record_id == record.id).order_by(table.id)))


def _last_fall(evidence: Evidence, decisions: Iterable[GateDecision]) -> datetime | None:
    """When a go of this gate fell last, told or not."""
    falls = (evidence.held.fell_at, *(one.fell_at for one in decisions))
    return max((one for one in falls if one is not None), default=None)


def _term(row: GateCondition) -> Term:
    return Term(row.criterion, row.expires_at, row.accepted_at, row.refused_at, row.met_at, row.expired_at)


def _seats(
    gate: Gate, titles: Mapping[str, str], people: Holders, location: int | None, votes: Iterable[GateVote]
) -> tuple[Seat, ...]:
    given = {one.role: one for one in votes}
    if gate.votes is None:
        return ()
    return tuple(
        Seat(role, titles.get(role, role), role in gate.votes.must, people.names([role], location), given.get(role))
        for role in gate.votes.roles
    )


def _fallen(votes: list[GateVote], packs: list[GatePack], opened: bool) -> tuple[GateVote, ...]:
    """The votes that fell with the evidence before the one in force."""
    last = next((one.id for one in reversed(packs) if one.ended_at is not None and one.changes), None)
    return tuple(one for one in votes if opened and one.voided_at is not None and one.pack_id == last)


def _missing(
    evidence: Evidence, ballots: list[Ballot] | None, states: list[ConditionState], titles: Mapping[str, str]
) -> dict[Outcome, tuple[str, ...]]:
    votes = None if ballots is None else counted(evidence.gate, ballots)
    case = Case(evidence.gate, votes, evidence.pack, states, evidence.waits, titles)
    return {outcome: in_the_way(case, outcome) for outcome in Outcome}


def _rights(session: Session, hand: Viewer, evidence: Evidence, place: dict[str, Any], given: set[str]) -> Rights:
    gate, row = evidence.gate, evidence.at
    if hand.reads_only or (evidence.place is not None and evidence.place.left_at is not None):
        return Rights()
    tests = [part for one in gate.criteria.values() for part in tests_of(one) if part[1].source == "answer"]
    votes = gate.votes.roles if gate.votes else ()
    held = votable(gate, roles_held(session, hand, **place, wave=row.wave), given)
    directs = hand.access(place["rollout"], row.location) == "director"
    may = may_vote(hand, gate, place)
    return Rights(
        prepare=may_prepare(hand, gate, place),
        ask=may_ask(hand, gate, place),
        decide=may_decide(hand, gate, place),
        answer=frozenset(name for name, test in tests if may_answer(hand, gate, test.owner, place)),
        vote=(held or (votable(gate, votes, given) if directs else ())) if may else (),
        director=may and not held and directs,
    )


def gate_file_of(session: Session, dated_id: int, file_id: int, viewer: Viewer, now: datetime) -> GateFile:
    """A file of a gate. Raises NotFound, also for one taken away, and Forbidden for who may not read it."""
    page = gate_page(session, dated_id, viewer, now)
    return readable_file(page.files, file_id, page.detail, "gate")
