"""The evidence of one gate as things stand: every criterion measured, what is open behind the critical ones.

It is the same for whoever asks: read over everything that the gate speaks for. The number of queries is fixed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import GateCondition, GateFile, Issue, Person, SameIssue, ScheduledEntry, Task
from app.plan import Playbook
from app.plan.format.gates import DAILY, UNOWNED, Gate
from app.queries.gates.dates import GateDate, gate_dates
from app.queries.gates.held import NOT_HELD, HeldGate, held_gates
from app.queries.gates.issues import nobodys
from app.queries.gates.rolls import Counts, asked_at, measured
from app.queries.gates.sources import Asked, sources_of
from app.queries.gates.waits import EVERYWHERE, Reached, waits_of
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.runs.dates import runbook_dates
from app.queries.selection.chosen import unchosen
from app.queries.tasks.alone import is_open
from app.queries.tasks.rows import task_rows
from app.queries.tasks.standing import standing
from app.rules.gates.needed import needed_words, tests_of
from app.rules.gates.packs import Line, OpenItem, Pack
from app.rules.people.access import Extent


@dataclass(frozen=True)
class Evidence:
    """A gate with its evidence; `waits` are what it may not be held before, in words."""

    rollout: RolloutFacts
    at: GateDate
    gate: Gate
    playbook: Playbook
    held: HeldGate
    places: tuple[PlaceFacts, ...]
    pack: Pack
    waits: tuple[str, ...]

    @property
    def place(self) -> PlaceFacts | None:
        """The location of a gate that is held at one."""
        return self.rollout.location(self.at.location)

    @property
    def zone(self) -> str:
        return self.place.zone if self.place else self.rollout.zone

    @property
    def where(self) -> str:
        """Where it is held, in words."""
        wave = self.playbook.waves.get(self.at.wave)
        return self.place.name if self.place else wave.title if wave else "The whole network"


def gate_row(session: Session, dated_id: int) -> ScheduledEntry:
    """The gate in the schedule. Raises NotFound."""
    row = session.get(ScheduledEntry, dated_id) if 0 < dated_id < 2**31 else None
    if row is None or row.kind != "gate":
        raise NotFound("gate")
    return row


def evidence_of(
    session: Session, rollout: RolloutFacts, dated_id: int, now: datetime, extent: Extent = EVERYWHERE
) -> Evidence:
    """The evidence of a gate; `rollout` is whole, whoever asks, and only what it waits for is told by the `extent` of
    the reader. Raises NotFound for one the playbook has no more.
    """
    dates = gate_dates(session, rollout.id)
    at = next((one for one in dates if one.id == dated_id), None)
    playbook = rollout.book_at(at.location if at else None)
    if at is None or at.gate not in playbook.gates:
        raise NotFound("gate")
    held = held_gates(session, rollout.id, now)
    places = at.places(rollout)
    asked = asked_at(rollout, at, places)
    tasks = standing(session, rollout, Extent(False, frozenset(place.id for place in places)), now)
    counts = Counts(tasks.groups)
    sources = sources_of(session, rollout, [asked], dates, held, now)
    own = held.get(at.id, NOT_HELD)
    gate = playbook.gates[at.gate]
    found = measured(asked, counts, sources)
    lines = tuple(
        Line(id_, one, needed_words(one), found[id_], waived=id_ in own.waived) for id_, one in asked.criteria.items()
    )
    pack = Pack(
        gate=_named(at, gate, rollout, playbook),
        playbook={"id": playbook.id, "version": playbook.version},
        lines=lines,
        items=_open_items(session, rollout, asked, [line for line in lines if line.vetoes]),
        conditions=_conditions(session, own),
        proofs=_proofs(session, own),
    )
    open_ = unchosen(session, rollout, gate.after)
    reached = Reached(rollout, dates, held, runbook_dates(session, rollout.id), counts, open_, extent)
    return Evidence(rollout, at, gate, playbook, own, places, pack, waits_of(reached, at, gate.after))


def _named(at: GateDate, gate: Gate, rollout: RolloutFacts, playbook: Playbook) -> Mapping[str, str]:
    place = rollout.location(at.location)
    wave = playbook.waves.get(at.wave)
    return {
        "id": at.gate,
        "title": gate.title,
        "place": place.slug if place else "",
        "where": place.name if place else wave.title if wave else rollout.title,
        "due": at.due.isoformat() if at.due else "",
    }


def _open_items(session: Session, rollout: RolloutFacts, asked: Asked, vetoes: Sequence[Line]) -> tuple[OpenItem, ...]:
    """The open tasks and issues behind the criteria that veto; of how much comes in nothing is open. Two queries at
    most.
    """
    inside = rollout.book_at(asked.places[0].id if len(asked.places) == 1 else None).inside
    behind: dict[str, str] = {}
    severe: dict[str, str] = {}
    nobody: dict[str, str] = {}
    for line in vetoes:
        for _, test in tests_of(line.criterion):
            for name in test.names:
                if test.source == "tasks":
                    behind |= {leaf: line.id for leaf in inside.get(name, ()) if leaf not in behind}
                if test.source == "issues" and test.counts != DAILY:
                    (nobody if test.counts == UNOWNED else severe).setdefault(name, line.id)
    return (*_tasks(session, rollout, asked, behind), *_issues(session, rollout, asked, severe, nobody))


def _tasks(session: Session, rollout: RolloutFacts, asked: Asked, behind: Mapping[str, str]) -> list[OpenItem]:
    if not behind:
        return []
    ids, waves = {place.id for place in asked.places}, {"", *(place.wave for place in asked.places)}
    meant = or_(col(Task.location_id).in_(ids), col(Task.location_id).is_(None) & col(Task.wave).in_(waves))
    rows = task_rows(session, rollout.id, ids, col(Task.entry).in_(sorted(behind)), meant, is_open())
    return [OpenItem(behind[row.entry], "task", row.id, row.title) for row in rows]


def _issues(
    session: Session, rollout: RolloutFacts, asked: Asked, severe: Mapping[str, str], nobody: Mapping[str, str]
) -> list[OpenItem]:
    """By severity the criterion that counts all of them, or those that are nobody's."""
    if not severe and not nobody:
        return []
    ids = [place.id for place in asked.places]
    too = select(SameIssue.issue_id).where(col(SameIssue.location_id).in_(ids))
    here = or_(col(Issue.location_id).in_(ids), col(Issue.location_id).is_(None), col(Issue.id).in_(too))
    counted = or_(col(Issue.severity).in_(severe), and_(col(Issue.severity).in_(nobody), nobodys()))
    statement = (
        select(Issue)
        .where(Issue.rollout_id == rollout.id, col(Issue.resolved_at).is_(None), counted, here)
        .order_by(col(Issue.number))
    )
    return [
        OpenItem(severe.get(row.severity) or nobody[row.severity], "issue", row.id or 0, f"{row.number}", row.severity)
        for row in session.exec(statement)
    ]


def _conditions(session: Session, own: HeldGate) -> dict[str, dict[str, str]]:
    """Those that were accepted and are neither met nor over, in words."""
    if own.record is None:
        return {}
    statement = (
        select(GateCondition, Person.name)
        .join(Person, col(Person.id) == col(GateCondition.owner_id))
        .where(
            GateCondition.record_id == own.record,
            col(GateCondition.accepted_at).is_not(None),
            col(GateCondition.met_at).is_(None),
            col(GateCondition.expired_at).is_(None),
        )
        .order_by(col(GateCondition.id))
    )
    return {
        str(row.id): {
            "criterion": row.criterion,
            "what": row.what,
            "instead": row.instead,
            "owner": name,
            "until": row.expires_at.isoformat(),
        }
        for row, name in session.exec(statement)
    }


def _proofs(session: Session, own: HeldGate) -> dict[str, str]:
    """What stands behind the answers: the key of each, and what is attached to it by its hash or its address."""
    if own.record is None:
        return {}
    found = {f"answer {criterion}": str(key) for criterion, (key, _) in own.answers.items()}
    files = select(GateFile).where(GateFile.record_id == own.record, col(GateFile.removed_at).is_(None))
    for row in session.exec(files.order_by(col(GateFile.id))):
        found[f"{row.criterion} {row.id}"] = row.url or row.sha256
    return found
