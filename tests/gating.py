"""A rollout with gates that can be held, and what its people do at one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from app.actions.gates.deciding import Decided, decide_gate
from app.actions.gates.voting import Cast as CastVote
from app.actions.gates.voting import cast_vote, open_vote
from app.models import GatePack, GateRecord, Rollout, ScheduledEntry
from app.queries.gates.evidence import Evidence, evidence_of
from app.queries.rollouts.facts import facts_of
from app.rules.gates.packs import Pack
from tests.cast import NOW, PLAYBOOK, Cast

GATES = """\
gates:
  review:
    title: Readiness review
    when: cutover - 10d 15:00
    owner: ops-manager
    decide: director
    votes: {of: [champion, it-lead, cto], at_least: 2, must: [champion]}
    score: 50 %
    conditions: {at_most: 2, expire: 10d}
    criteria:
      safe: {title: Failover seen, answer: yes-no, owner: champion, critical: true}
      fast: {title: Fast enough, answer: number Mbps, owner: it-lead}
      calm: {title: No standstill, issues: [critical], critical: true}
      few: {title: Few others, issues: [normal], pass: at most 1, weight: 2}
  go:
    title: Go or no-go
    when: cutover - 1wd 15:00
    owner: it-lead
    decide: director
    votes: [director, champion]
    conditions: none
    criteria:
      ready: {title: Readiness done, tasks: [readiness, migration], critical: true}
      reviewed: {title: Reviewed, gate: review, critical: true}
  network-go:
    title: The network goes
    scope: network
    when: week 1 fri 15:00
    owner: director
    decide: cto
    votes: [it-lead, director]
    approve: 1
    criteria:
      agreed: {title: Everybody agrees, answer: yes-no, owner: it-lead, critical: true}
"""
_START = PLAYBOOK.index("gates:\n")
GATED = PLAYBOOK[:_START] + GATES + PLAYBOOK[PLAYBOOK.index("issues:\n") :]


def gate_id(session: Session, cast: Cast, gate: str = "review", place: str = "alder") -> int:
    """A gate in the schedule, at a location or (empty) of the network."""
    location = cast.locations[place] if place else None
    statement = select(ScheduledEntry.id).where(
        ScheduledEntry.kind == "gate", ScheduledEntry.entry == gate, ScheduledEntry.location_id == location
    )
    return session.exec(statement).one() or 0


def evidence(session: Session, cast: Cast, gate: int, now: datetime = NOW) -> Evidence:
    return evidence_of(session, facts_of(session, session.get_one(Rollout, cast.rollout)), gate, now)


def measuring(session: Session, cast: Cast, gate: int, now: datetime = NOW) -> Callable[[], Pack]:
    return lambda: evidence(session, cast, gate, now).pack


def open_it(session: Session, cast: Cast, gate: int, who: str = "opm", now: datetime = NOW) -> GatePack:
    """Open the vote as an entrypoint does."""
    waits = evidence(session, cast, gate, now).waits
    return open_vote(
        session, gate, measure=measuring(session, cast, gate, now), waits=waits, seen=None,
        by=cast.viewer(session, who, now), now=now,
    )  # fmt: skip


def vote(
    session: Session, cast: Cast, gate: int, who: str, vote: str = "go", *, now: datetime = NOW, **given: Any
) -> CastVote:
    """Vote on the evidence in force, just having proved who one is."""
    record = session.exec(select(GateRecord).where(GateRecord.dated_id == gate)).one()
    packs = session.exec(select(GatePack.number).where(GatePack.record_id == record.id)).all()
    values = {"comment": "", "pack": max(packs, default=0), **given}
    return cast_vote(
        session, gate, vote=vote, measure=measuring(session, cast, gate, now), by=cast.proven(session, who, now),
        now=now, **values,
    )  # fmt: skip


def decide(
    session: Session, cast: Cast, gate: int, outcome: str = "go", *, who: str = "dir", now: datetime = NOW, **given: Any
) -> Decided:
    """Decide on the evidence in force."""
    packs = session.exec(select(GatePack.number).join(GateRecord).where(GateRecord.dated_id == gate)).all()
    found = evidence(session, cast, gate, now)
    values = {
        "reason": "" if outcome == "go" else "So we agreed.",
        "pack": max(packs, default=None),
        "seen": None,
        **given,
    }
    return decide_gate(
        session, gate, outcome=outcome, measure=lambda: evidence(session, cast, gate, now).pack, waits=found.waits,
        by=cast.proven(session, who, now), now=now, **values,
    )  # fmt: skip
