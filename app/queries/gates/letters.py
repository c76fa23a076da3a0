"""What a message says of a gate: a vote that is wanted or void, a condition, a decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from app.models import (
    Delivery,
    GateCondition,
    GateDecision,
    GatePack,
    GateRecord,
    GateVote,
    Location,
    Rollout,
    ScheduledEntry,
)
from app.plan import Playbook
from app.queries.dropped import GONE, NotToSend
from app.rules.clock import instant, near_day
from app.rules.gates.access import may_read
from app.rules.gates.conditions import ConditionState, Term
from app.rules.gates.voting import OUTCOME_WORDS, Outcome
from app.rules.people.access import Permission, Viewer
from app.stored import playbook_at

Letter = tuple[str, dict[str, str]]
OVER: Final = "The vote is closed."
VOTED: Final = "They have voted on the evidence that is in force."
SETTLED: Final = "The condition was decided, met or taken back since, or its time is over."
REPLACED: Final = "Another decision took its place."


def gate_facts(session: Session, row: Delivery, viewer: Viewer, now: datetime) -> Letter:
    """The path of a gate, which one it is and where, its day, and of a decision the outcome. The words of a condition
    are for those who may read them there. Raises NotToSend.
    """
    dated = session.get(ScheduledEntry, row.subject_id)
    if dated is None or not viewer.can(Permission.SEE_PLAN, rollout=dated.rollout_id, location=dated.location_id):
        raise NotToSend(GONE)
    rollout = session.get_one(Rollout, dated.rollout_id)
    location = session.get(Location, dated.location_id) if dated.location_id is not None else None
    playbook = playbook_at(session, rollout, location)
    gate = playbook.gates.get(dated.entry)
    if gate is None:
        raise NotToSend(GONE)
    own = _still(session, row, viewer, now)
    facts = {
        "title": ", ".join(filter(None, (gate.title, _where(dated, location, playbook)))),
        "rollout": rollout.title,
        "due": _due(dated, location.zone if location else playbook.calendar.zone, now),
        **own,
    }
    place: dict[str, Any] = {"rollout": dated.rollout_id, "location": dated.location_id}
    return f"/gates/{dated.id}", facts if may_read(viewer, gate, place) else {**facts, "text": ""}


def _where(dated: ScheduledEntry, location: Location | None, playbook: Playbook) -> str:
    """At a location, or for a wave; empty for the whole network."""
    wave = playbook.waves.get(dated.wave)
    return location.name if location else wave.title if wave else ""


def _due(dated: ScheduledEntry, zone: str, now: datetime) -> str:
    if dated.due_at is not None:
        return instant(dated.due_at, zone, now)
    return near_day(dated.due, now.astimezone(ZoneInfo(zone)).date()) if dated.due else ""


def _still(session: Session, row: Delivery, viewer: Viewer, now: datetime) -> dict[str, str]:
    """What only this kind says. Raises NotToSend where it says nothing any more."""
    about = int(row.data.get("about", 0))
    match row.kind:
        case "gate_vote" | "gate_void":
            return _vote(session, row, viewer)
        case "gate_waiver":
            return _condition(session, about, now, ConditionState.ASKED)
        case "gate_condition":
            return _condition(session, about, now, ConditionState.ACCEPTED)
        case "gate_closed":
            return _condition(session, about, now, ConditionState.EXPIRED)
        case "gate_decided":
            return _decision(session, about)
    return {}


def _vote(session: Session, row: Delivery, viewer: Viewer) -> dict[str, str]:
    """Nothing more is said. Whoever has voted anew hears neither that a vote is wanted nor that an older one fell."""
    record = session.exec(select(GateRecord).where(GateRecord.dated_id == row.subject_id)).first()
    if row.kind == "gate_vote" and (record is None or record.opened_at is None):
        raise NotToSend(OVER)
    voted = (
        select(GateVote.id)
        .join(GatePack, col(GatePack.id) == col(GateVote.pack_id))
        .where(
            GateVote.record_id == (record.id if record else None),
            GateVote.by_id == viewer.person,
            col(GateVote.voided_at).is_(None),
            col(GateVote.withdrawn_at).is_(None),
            col(GatePack.ended_at).is_(None),
        )
    )
    if session.exec(voted).first() is not None:
        raise NotToSend(VOTED)
    return {}


def _condition(session: Session, about: int, now: datetime, wanted: ConditionState) -> dict[str, str]:
    row = session.get(GateCondition, about)
    if row is None:
        raise NotToSend(GONE)
    term = Term(row.criterion, row.expires_at, row.accepted_at, row.refused_at, row.met_at, row.expired_at)
    asked_too_long = wanted is ConditionState.ASKED and row.expires_at <= now
    if term.state(now) is not wanted or asked_too_long:
        raise NotToSend(SETTLED)
    return {"text": row.what}


def _decision(session: Session, about: int) -> dict[str, str]:
    row = session.get(GateDecision, about)
    if row is None or row.replaced_at is not None:
        raise NotToSend(REPLACED)
    return {"note": f"Decided: {OUTCOME_WORDS[Outcome(row.outcome)]}."}
