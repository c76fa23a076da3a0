"""The record of one decision at a gate, proved anew each time it is read, and what became of it since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.errors import Forbidden, NotFound
from app.models import Event, GateDecision, GateRecord, Rollout, ScheduledEntry
from app.queries.gates.page import SUBJECT, seen_gate
from app.queries.people import names_of
from app.queries.rollouts.facts import RolloutFacts, facts_of
from app.rules.gates.access import may_read
from app.rules.gates.records import Record, read_record
from app.rules.people.access import Viewer
from app.rules.signoffs import fingerprint
from app.stored.gates import fell

DECIDED = f"{SUBJECT}.decided"


@dataclass(frozen=True)
class RecordPage:
    """A decision and its record, which is None once anything of it is not as it was recorded. `sha256` is the hash
    that was told when it was; what people wrote is shown where `detail` says so. `fell_at`: when a condition of it ran
    out unmet, told or not. `next` took its place; `reopened`: a vote is open again.
    """

    decision: GateDecision
    dated: ScheduledEntry
    rollout: RolloutFacts
    sha256: str
    record: Record | None
    fell_at: datetime | None
    next: GateDecision | None
    reopened: bool
    detail: bool
    titles: Mapping[str, str]
    names: Mapping[int, str]

    @property
    def id(self) -> int:
        return self.decision.id or 0

    @property
    def zone(self) -> str:
        place = self.rollout.location(self.dated.location_id)
        return place.zone if place else self.rollout.zone

    @property
    def stands(self) -> bool:
        return self.decision.replaced_at is None and self.fell_at is None

    def title(self, role: str) -> str:
        """That of a role; an access by which somebody acted is its own."""
        return self.titles.get(role, role)


def decision_record(session: Session, decision_id: int, viewer: Viewer, now: datetime) -> RecordPage:
    """The record of a decision. The number of queries is fixed. Raises NotFound, also for a gate that the person may
    not see.
    """
    row = session.get(GateDecision, decision_id)
    if row is None:
        raise NotFound("decision")
    return _page(session, row, viewer, now)


def record_of_hash(session: Session, sha256: str, viewer: Viewer, now: datetime) -> RecordPage:
    """The record that has this hash, or had it when it was recorded. Raises NotFound as `decision_record` does."""
    statement = select(GateDecision).where(GateDecision.sha256 == sha256).order_by(col(GateDecision.id))
    row = session.exec(statement).first() or _recorded_with(session, sha256)
    if row is None:
        raise NotFound("record")
    return _page(session, row, viewer, now)


def record_text(session: Session, decision_id: int, viewer: Viewer, now: datetime) -> RecordPage:
    """The same for somebody who reads its very text. Raises NotFound, and Forbidden for who may not."""
    page = decision_record(session, decision_id, viewer, now)
    if not page.detail:
        raise Forbidden("You may see this decision, but not read what people wrote in its record.")
    return page


def _recorded_with(session: Session, sha256: str) -> GateDecision | None:
    """The decision that was told to have this hash: events are never changed, whatever became of the row."""
    told = select(Event.data).where(Event.subject_kind == SUBJECT, Event.verb == DECIDED)
    found = next((data["after"] for data in session.exec(told) if data["after"]["sha256"] == sha256), None)
    return session.get(GateDecision, found["decision"]) if found else None


def _page(session: Session, row: GateDecision, viewer: Viewer, now: datetime) -> RecordPage:
    held = session.get_one(GateRecord, row.record_id)
    dated = seen_gate(session, held.dated_id, viewer)
    rollout = facts_of(session, session.get_one(Rollout, dated.rollout_id))
    playbook = rollout.book_at(dated.location_id)
    place: dict[str, Any] = {"rollout": dated.rollout_id, "location": dated.location_id}
    told = told_hash(session, dated.id, row)
    record = proved(row, told)
    later = select(GateDecision).where(GateDecision.record_id == row.record_id, col(GateDecision.id) > row.id)
    return RecordPage(
        decision=row,
        dated=dated,
        rollout=rollout.within(viewer.locations(rollout.id)),
        sha256=told or row.sha256,
        record=record,
        fell_at=session.scalar(select(fell(now)).where(col(GateDecision.id) == row.id)),
        next=session.exec(later.order_by(col(GateDecision.id))).first(),
        reopened=held.opened_at is not None,
        detail=may_read(viewer, playbook.gates.get(dated.entry), place),
        titles={id_: role.title for id_, role in playbook.people.items()},
        names=names_of(session, [one.owner for one in record.conditions] if record else []),
    )


def told_hash(session: Session, dated_id: int | None, row: GateDecision) -> str:
    """The hash that was told with the decision; empty where nothing was."""
    statement = select(Event.data).where(
        Event.subject_kind == SUBJECT, Event.subject_id == dated_id, Event.verb == DECIDED
    )
    found = (data["after"] for data in session.exec(statement))
    return next((after["sha256"] for after in found if after["decision"] == row.id), "")


def proved(row: GateDecision, told: str) -> Record | None:
    """What was recorded, if the hash of the text is still that of the row and of the event, and the row says the same
    as its text.
    """
    if not told or {fingerprint(row.content), row.sha256} != {told}:
        return None
    record = read_record(row.content)
    said = (record.outcome, record.reason, record.decided_as, record.person, record.by, record.at)
    return record if said == (row.outcome, row.reason, row.decided_as, row.by_id, row.name, row.at) else None
