"""Go, go with conditions, no-go or deferred: decided by whoever decides, on evidence that still holds, and recorded
whole, so that the record can be proved from its hash.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.gates.conditions import expire_conditions, terms
from app.actions.gates.handover import hand_over
from app.actions.gates.opening import Measure, OpenGate, begun, changed, decision_of, open_gate, pack_in_force
from app.actions.gates.packs import end_pack, freeze, refreeze, set_next_look, votes_standing
from app.actions.gates.telling import tell_outcome
from app.actions.loading import key_of
from app.errors import Forbidden, Invalid, ProofWanted, Refused, Stale
from app.models import GateCondition, GateDecision, GatePack, GateRecord, GateVote
from app.rules.gates.access import may_decide
from app.rules.gates.conditions import counting
from app.rules.gates.deciding import Case, in_the_way
from app.rules.gates.packs import Pack
from app.rules.gates.voting import Ballot, Outcome, Vote, counted
from app.rules.people.access import Viewer
from app.rules.signoffs import Change, canonical, fingerprint, is_fresh
from app.stored import roles_held
from app.stored.gates import last_fall


@dataclass(frozen=True)
class Decided:
    """A decision; or none, and what of the evidence had changed meanwhile: every vote is void since."""

    decision: GateDecision | None
    changes: tuple[Change, ...] = ()


def decide_gate(
    session: Session,
    dated_id: int,
    *,
    outcome: str,
    reason: str,
    pack: int | None,
    measure: Measure,
    waits: tuple[str, ...],
    seen: int | None,
    by: Viewer,
    now: datetime,
) -> Decided:
    """Record an outcome. `pack` is the number of the evidence that was read, for one that goes on; what is not go
    freezes the evidence of this minute where no vote is open. `seen` is the key of the last decision that was shown
    (0: none; None: whichever). The same again is quiet.

    Raises NotFound, Forbidden for whoever does not decide, Stale where another decision was recorded meanwhile,
    ProofWanted, Refused with what stands in the way, and Invalid: whatever is not a plain go has a reason.
    """
    opened = open_gate(session, dated_id, by=by)
    if not may_decide(by, opened.gate, opened.place):
        raise Forbidden("You may see this gate, but the decision is not yours.")
    meant, said = _meant(outcome), texts.prose("reason", reason, required=outcome != Outcome.GO)
    row = begun(session, opened)
    expire_conditions(session, opened, now=now)
    standing = decision_of(session, row)
    if standing is not None and row.opened_at is None and _same(standing, meant, said, by):
        return Decided(standing)
    if standing is not None and seen is not None and seen != key_of(standing):
        raise Stale(standing.name, standing.at, "decided")
    evidence = measure()
    if row.opened_at is not None:
        changes = refreeze(session, opened, row, evidence, by=by, now=now)
        if changes and meant.goes_on:
            return Decided(None, changes)
    frozen = pack_in_force(session, row)
    missing = in_the_way(_case(session, opened, row, evidence, waits, now), meant)
    if missing:
        raise Refused("This cannot be decided yet.", missing)
    if meant.goes_on and frozen is not None and frozen.number != pack:
        return Decided(None)
    if not is_fresh(by.proven_at, now):
        raise ProofWanted("a decision")
    if frozen is None:
        frozen = freeze(session, row, evidence, by=by, now=now)
    end_pack(session, row, now=now)
    return Decided(_record(session, opened, row, frozen, standing, meant, said, by, now))


def _case(
    session: Session, opened: OpenGate, row: GateRecord, evidence: Pack, waits: tuple[str, ...], now: datetime
) -> Case:
    return Case(
        gate=opened.gate,
        votes=counted(opened.gate, _ballots(session, row)) if row.opened_at is not None else None,
        pack=evidence,
        conditions=counting(terms(session, opened), last_fall(session, key_of(row), now), now),
        waits=waits,
        titles={id_: role.title for id_, role in opened.playbook.people.items()},
    )


def _meant(outcome: str) -> Outcome:
    if outcome not in list(Outcome):
        raise Invalid({"outcome": "Choose what is decided."})
    return Outcome(outcome)


def _same(standing: GateDecision, outcome: Outcome, reason: str, by: Viewer) -> bool:
    same = (standing.outcome, standing.reason, standing.by_id) == (outcome, reason, by.person)
    return same and standing.fell_at is None


def _ballots(session: Session, row: GateRecord) -> list[Ballot]:
    return [Ballot(one.role, Vote(one.vote)) for one in votes_standing(session, row)]


def _record(
    session: Session,
    opened: OpenGate,
    row: GateRecord,
    frozen: GatePack,
    before: GateDecision | None,
    outcome: Outcome,
    reason: str,
    by: Viewer,
    now: datetime,
) -> GateDecision:
    if before is not None:
        before.replaced_at = now
        session.add(before)
        session.flush()
    held = opened.gate.decide in roles_held(session, by, **opened.spot)
    decided_as = opened.gate.decide if held else by.access(row.rollout_id, row.location_id)
    votes = votes_standing(session, row) if row.opened_at is not None else []
    content = canonical(_content(session, row, frozen, votes, outcome, reason, decided_as, by, now))
    decision = GateDecision(
        record_id=key_of(row), pack_id=key_of(frozen), outcome=outcome, reason=reason, decided_as=decided_as,
        by_id=by.person, name=by.name, at=now, proof="password", content=content, sha256=fingerprint(content),
    )  # fmt: skip
    session.add(decision)
    row.opened_at = row.opened_by = None
    session.flush()
    set_next_look(session, row, now=now)
    after = {"outcome": outcome.value, "sha256": decision.sha256, "decision": key_of(decision)}
    changed(session, opened, "decided", by=by, now=now, after=after)
    tell_outcome(session, opened, "gate_decided", key=f"{key_of(decision)}", by=by, now=now)
    hand_over(session, opened, decision, by=by, now=now)
    return decision


def _content(
    session: Session,
    row: GateRecord,
    frozen: GatePack,
    votes: list[GateVote],
    outcome: Outcome,
    reason: str,
    decided_as: str,
    by: Viewer,
    now: datetime,
) -> dict[str, Any]:
    """The whole record: the evidence, who voted what, what the go carries, and who decided."""
    return {
        "evidence": json.loads(frozen.content),
        "evidence_sha256": frozen.sha256,
        "frozen_at": frozen.frozen_at.isoformat(),
        "votes": {vote.role: _vote(vote) for vote in votes},
        "conditions": {str(key_of(one)): _condition(one) for one in _carried(session, row)},
        "outcome": outcome.value,
        "reason": reason,
        "decided": {"by": by.name, "person": by.person, "as": decided_as, "at": now.isoformat()},
    }


def _vote(vote: GateVote) -> dict[str, Any]:
    facts = {"vote": vote.vote, "by": vote.name, "person": vote.by_id, "as": vote.voted_as, "at": vote.at.isoformat()}
    return facts | {"comment": vote.comment, "instead_of": vote.instead_of}


def _carried(session: Session, row: GateRecord) -> list[GateCondition]:
    statement = select(GateCondition).where(
        GateCondition.record_id == key_of(row),
        col(GateCondition.accepted_at).is_not(None),
        col(GateCondition.met_at).is_(None),
        col(GateCondition.expired_at).is_(None),
    )
    return list(session.exec(statement.order_by(col(GateCondition.id))))


def _condition(one: GateCondition) -> dict[str, Any]:
    return {
        "criterion": one.criterion,
        "what": one.what,
        "instead": one.instead,
        "risk": one.risk,
        "owner": one.owner_id,
        "until": one.expires_at.isoformat(),
    }
