"""Gates from the facts of their pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.gates import shapes
from app.api.gates.held import (
    answer_lines,
    condition_line,
    decision_line,
    file_line,
    pack_line,
    seat_line,
    vote_line,
)
from app.api.tags import answer
from app.plan import Playbook
from app.queries.gates.dates import GateDate
from app.queries.gates.held import HeldGate
from app.queries.gates.page import GatePage, gate_page
from app.queries.rollouts.facts import RolloutFacts
from app.rules.gates.conditions import limit_words
from app.rules.gates.packs import Line, OpenItem
from app.rules.gates.states import gate_state
from app.rules.gates.voting import rule_words
from app.rules.people.access import Viewer
from app.rules.signoffs import Change


def show_gate(
    request: Request, session: Session, gate_id: int, viewer: Viewer, now: datetime, *, status: int = 200
) -> Response:
    """The gate as it is now, with the tag of its version. Raises NotFound."""
    session.flush()
    session.expire_all()
    page = gate_page(session, gate_id, viewer, now)
    return answer(request, whole(page), version=page.version, status=status)


def gate_item(rollout: RolloutFacts, at: GateDate, held: HeldGate) -> shapes.GateItem:
    """A gate of a list."""
    return shapes.GateItem(**_facts(rollout, rollout.book_at(at.location), at, held))


def _facts(rollout: RolloutFacts, playbook: Playbook, at: GateDate, held: HeldGate) -> dict[str, Any]:
    place, opened = rollout.location(at.location), held.opened_at is not None
    return {
        "id": at.id,
        "rollout": rollout.slug,
        "gate": at.gate,
        "title": playbook.gates[at.gate].title,
        "location": place.slug if place else None,
        "wave": "" if place else at.wave,
        "due": at.due,
        "state": gate_state(held.outcome, opened=opened, fallen=held.fallen),
        "decided_at": None if opened else held.decided_at,
    }


def whole(page: GatePage) -> shapes.GateWhole:
    """Everything that the page of a gate shows."""
    seen, gate, record = page.evidence, page.gate, page.record
    return shapes.GateWhole(
        **_facts(page.rollout, seen.playbook, seen.at, seen.held),
        **_rights(page),
        version=page.version,
        why=gate.why,
        owners=list(gate.owner.roles if gate.owner else ()),
        decides=gate.decide,
        rule=rule_words(gate, page.titles),
        conditions_allowed=limit_words(gate),
        waits_for=list(seen.waits),
        criteria=[_criterion(line) for line in seen.pack.lines],
        score=seen.pack.score,
        score_wanted=gate.score,
        open=[_open(item) for item in seen.pack.items],
        opened_at=record.opened_at if record else None,
        opened_by=page.name(record.opened_by) or None if record else None,
        pack=pack_line(page, page.pack) if page.pack else None,
        changes=[_change(page, one) for one in page.changes],
        seats=[seat_line(page, one) for one in page.seats],
        count=_count(page) if page.open else None,
        fallen=[vote_line(page, one) for one in page.fallen],
        outcomes=[shapes.OutcomeLine(outcome=one, missing=list(lines)) for one, lines in page.missing.items()],
        conditions=[condition_line(page, *one) for one in page.conditions],
        decisions=[decision_line(page, one) for one in page.decisions],
        answers=answer_lines(page),
        files=[file_line(page, one) for one in page.files] if page.detail else [],
        packs=[pack_line(page, one) for one in page.packs],
    )


def _rights(page: GatePage) -> dict[str, Any]:
    may = page.rights
    return {
        "detail": page.detail,
        "may_prepare": may.prepare,
        "may_ask": may.ask,
        "may_decide": may.decide,
        "may_answer": sorted(may.answer),
        "may_vote": list(may.vote),
    }


def _criterion(line: Line) -> shapes.CriterionLine:
    return shapes.CriterionLine(
        id=line.id,
        title=line.criterion.title,
        critical=line.criterion.critical,
        weight=line.criterion.weight,
        needed=line.needed,
        measured=line.found.said,
        stands=line.stands,
        waived=line.waived,
    )


def _open(item: OpenItem) -> shapes.OpenItem:
    """The title of an issue is its number here: the one that people typed is where the issue is."""
    issue = item.kind == "issue"
    return shapes.OpenItem(
        criterion=item.criterion,
        kind=item.kind,
        id=item.id,
        title=None if issue else item.title,
        number=int(item.title) if issue else None,
        severity=item.severity,
    )


def _change(page: GatePage, one: Change) -> shapes.ChangeLine:
    was, now = (one.was, one.now) if page.detail else (None, None)
    return shapes.ChangeLine(what=one.what, was=was, now=now)


def _count(page: GatePage) -> shapes.VoteCount:
    found = page.count
    return shapes.VoteCount(
        cast=found.cast,
        for_it=found.for_it,
        against=found.against,
        quorum=found.quorum,
        approve=found.approve,
        missing=list(found.missing),
    )
