"""The evidence that was frozen for a vote, proved anew each time it is read, and the decisions that rest on it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import Event, GateDecision, GatePack, GateRecord, Person, Rollout, ScheduledEntry
from app.queries.gates.page import SUBJECT, seen_gate
from app.queries.gates.record import proved, told_hash
from app.queries.rollouts.facts import RolloutFacts, facts_of
from app.rules.gates.records import FrozenEvidence, read_evidence
from app.rules.people.access import Viewer
from app.rules.signoffs import fingerprint

FREEZING = (f"{SUBJECT}.vote_opened", f"{SUBJECT}.evidence_changed")


@dataclass(frozen=True)
class PackPage:
    """Frozen evidence, None once it is not as it was frozen; `by` is empty where Muster froze it anew."""

    pack: GatePack
    dated: ScheduledEntry
    rollout: RolloutFacts
    evidence: FrozenEvidence | None
    decisions: tuple[GateDecision, ...]
    by: str

    @property
    def zone(self) -> str:
        place = self.rollout.location(self.dated.location_id)
        return place.zone if place else self.rollout.zone


def pack_of_hash(session: Session, sha256: str, viewer: Viewer) -> PackPage:
    """The evidence with this hash, as it was frozen last at a gate that the person may see: what was the same has the
    same hash, at one gate at two times or in two rollouts. Raises NotFound.
    """
    statement = select(GatePack).where(GatePack.sha256 == sha256).order_by(col(GatePack.id).desc())
    packs = session.exec(statement).all()
    pack, dated = _first_seen(session, packs, viewer)
    rollout = facts_of(session, session.get_one(Rollout, dated.rollout_id))
    same = [one.id for one in packs if one.record_id == pack.record_id]
    resting = select(GateDecision).where(col(GateDecision.pack_id).in_(same)).order_by(col(GateDecision.id))
    decisions = tuple(session.exec(resting))
    by = session.get(Person, pack.frozen_by) if pack.frozen_by is not None else None
    told = _told(session, dated, decisions)
    return PackPage(
        pack=pack,
        dated=dated,
        rollout=rollout.within(viewer.locations(rollout.id)),
        evidence=read_evidence(pack.content) if fingerprint(pack.content) == sha256 and sha256 in told else None,
        decisions=decisions,
        by=by.name if by else "",
    )


def _first_seen(session: Session, packs: Sequence[GatePack], viewer: Viewer) -> tuple[GatePack, ScheduledEntry]:
    for pack in packs:
        with suppress(NotFound):
            return pack, seen_gate(session, session.get_one(GateRecord, pack.record_id).dated_id, viewer)
    raise NotFound("record")


def _told(session: Session, dated: ScheduledEntry, decisions: tuple[GateDecision, ...]) -> set[str]:
    """The hashes of evidence that were told when it was frozen, or that stand in the record of a decision."""
    statement = select(Event.data).where(
        Event.subject_kind == SUBJECT, Event.subject_id == dated.id, col(Event.verb).in_(FREEZING)
    )
    records = (proved(one, told_hash(session, dated.id, one)) for one in decisions)
    return {data["after"]["sha256"] for data in session.exec(statement)} | {
        record.evidence_sha256 for record in records if record
    }
