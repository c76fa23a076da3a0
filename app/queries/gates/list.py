"""All gates of a rollout that somebody may see, as they stand: the number of queries is fixed, and no evidence is
measured.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, func, select

from app.models import GateCondition, GatePack, GateRecord, GateVote
from app.plan.format.gates import Gate
from app.queries.gates.dates import GateDate, gate_dates
from app.queries.gates.held import NOT_HELD, HeldGate, held_gates
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.gates.voting import votable
from app.rules.people.access import Viewer


@dataclass(frozen=True)
class GateLine:
    """One gate: of an open vote how many of the `seats` have voted, and how many vetoes stood when it was frozen; of a
    go how long its first condition lasts. The reader's vote is wanted, and so is a word on what is `asked` for.
    """

    at: GateDate
    gate: Gate
    place: PlaceFacts | None
    held: HeldGate
    cast: int = 0
    vetoes: int = 0
    until: datetime | None = None
    vote_wanted: bool = False
    asked: int = 0

    @property
    def seats(self) -> int:
        return len(self.gate.votes.roles) if self.gate.votes else 0

    @property
    def settled(self) -> bool:
        """Whether a go stands: it is behind us."""
        return bool(self.held.goes_on)


@dataclass(frozen=True)
class _Counted:
    """What hangs on the records, by their keys: votes that stand as (role, person), vetoes as frozen, conditions that
    wait for a word, and the first end of those accepted.
    """

    votes: Mapping[int, list[tuple[str, int]]] = field(default_factory=dict)
    vetoes: Mapping[int, int] = field(default_factory=dict)
    asked: Mapping[int, int] = field(default_factory=dict)
    until: Mapping[int, datetime] = field(default_factory=dict)


def gate_lines(session: Session, rollout: RolloutFacts, viewer: Viewer, now: datetime) -> list[GateLine]:
    """Every gate of the playbooks in use at the network and at the locations of `rollout`, which has only those that
    the reader may see; in the order of their days. Eight queries.
    """
    held, counted = held_gates(session, rollout.id, now), _counted(session, rollout.id, now)
    hand = viewer if rollout.state == "running" else viewer.reading()
    lines = [_line(rollout, at, held.get(at.id, NOT_HELD), counted, hand) for at in _dated(session, rollout)]
    return sorted(lines, key=lambda one: (one.at.due is None, one.at.due or now.date()))


def _dated(session: Session, rollout: RolloutFacts) -> Iterator[GateDate]:
    """Those whose location the reader may see, and whose gate the playbook there still has."""
    here = {place.id for place in rollout.locations}
    waves = {place.wave for place in rollout.locations}
    for at in gate_dates(session, rollout.id):
        seen = at.location in here if at.location is not None else not at.wave or at.wave in waves
        if seen and at.gate in rollout.book_at(at.location).gates:
            yield at


def _line(rollout: RolloutFacts, at: GateDate, held: HeldGate, counted: _Counted, viewer: Viewer) -> GateLine:
    gate, record = rollout.book_at(at.location).gates[at.gate], held.record or 0
    votes = counted.votes.get(record, []) if held.opened_at else []
    own = any(person == viewer.person for _, person in votes)
    roles = frozenset[str]() if viewer.reads_only else _roles(rollout, at, viewer)
    return GateLine(
        at=at,
        gate=gate,
        place=rollout.location(at.location),
        held=held,
        cast=len(votes),
        vetoes=counted.vetoes.get(record, 0) if held.opened_at else 0,
        until=counted.until.get(record),
        vote_wanted=bool(held.opened_at and not own and votable(gate, roles, {role for role, _ in votes})),
        asked=counted.asked.get(record, 0) if gate.decide in roles else 0,
    )


def _roles(rollout: RolloutFacts, at: GateDate, viewer: Viewer) -> frozenset[str]:
    """The roles that the reader holds where the gate is held."""
    if at.location is not None or not at.wave:
        return viewer.roles(rollout.id, at.location)
    return frozenset(role for place in at.places(rollout) for role in viewer.roles(rollout.id, place.id))


def _counted(session: Session, rollout_id: int, now: datetime) -> _Counted:
    votes: dict[int, list[tuple[str, int]]] = {}
    standing = (col(GateVote.voided_at).is_(None), col(GateVote.withdrawn_at).is_(None))
    statement = select(GateVote.record_id, GateVote.role, GateVote.by_id).join(GateRecord).where(*standing)
    open_ = (GateRecord.rollout_id == rollout_id, col(GateRecord.opened_at).is_not(None))
    for record, role, person in session.exec(statement.where(*open_)):
        votes.setdefault(record, []).append((role, person))
    packs = select(GatePack.record_id, GatePack.content).join(GateRecord).where(col(GatePack.ended_at).is_(None))
    vetoes = {record: _vetoes(content) for record, content in session.exec(packs.where(*open_))}
    return _Counted(votes, vetoes, _asked(session, rollout_id, now), _until(session, rollout_id))


def _vetoes(content: str) -> int:
    """The critical criteria that were neither met nor waived when the vote was frozen."""
    criteria = json.loads(content)["criteria"].values()
    return sum(one["critical"] and one["stands"] not in ("met", "waived") for one in criteria)


def _asked(session: Session, rollout_id: int, now: datetime) -> dict[int, int]:
    statement = (
        select(GateCondition.record_id, func.count())
        .join(GateRecord)
        .where(
            GateRecord.rollout_id == rollout_id,
            col(GateCondition.accepted_at).is_(None),
            col(GateCondition.refused_at).is_(None),
            GateCondition.expires_at > now,
        )
        .group_by(col(GateCondition.record_id))
    )
    return dict(session.exec(statement).all())


def _until(session: Session, rollout_id: int) -> dict[int, datetime]:
    statement = (
        select(GateCondition.record_id, func.min(GateCondition.expires_at))
        .join(GateRecord)
        .where(
            GateRecord.rollout_id == rollout_id,
            col(GateCondition.accepted_at).is_not(None),
            col(GateCondition.met_at).is_(None),
            col(GateCondition.expired_at).is_(None),
        )
        .group_by(col(GateCondition.record_id))
    )
    return dict(session.exec(statement).all())
