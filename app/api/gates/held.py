"""What was recorded at a gate, from the facts of its page."""

from __future__ import annotations

from app.api.contents import file_facts
from app.api.gates import held_shapes as shapes
from app.models import GateCondition, GateDecision, GateFile, GatePack, GateVote
from app.plan.format.gates import Criterion, Test
from app.queries.gates.page import GatePage, Seat
from app.rules.gates.conditions import ConditionState
from app.rules.gates.needed import tests_of
from app.rules.gates.voting import Outcome, Vote


def answer_lines(page: GatePage) -> list[shapes.AnswerLine]:
    """Everything that is asked there, in the order of the playbook."""
    criteria = [line.criterion for line in page.evidence.pack.lines]
    return [_answer(page, one, name, test) for one in criteria for name, test in tests_of(one) if test.answer]


def _answer(page: GatePage, criterion: Criterion, name: str, test: Test) -> shapes.AnswerLine:
    asked, given = test.answer, page.answers.get(name)
    read = given if page.detail else None
    return shapes.AnswerLine(
        criterion=name,
        title=test.title or criterion.title,
        type=asked.type if asked else "",
        options=list(asked.options) if asked else [],
        unit=asked.unit if asked else "",
        columns=list(asked.columns or ()) if asked else [],
        may_answer=name in page.rights.answer,
        id=given.id or 0 if given else 0,
        value=read.value if read else None,
        note=read.note if read else None,
        at=given.at if given else None,
        by=given.by_id if given else None,
        by_name=page.name(given.by_id) if given else None,
    )


def file_line(page: GatePage, one: GateFile) -> shapes.FileLine:
    facts = file_facts(one, f"/api/v1/gates/{page.id}/files/{one.id}/content", page.name(one.by_id))
    return shapes.FileLine(criterion=one.criterion, url=one.url, by=one.by_id, **facts)


def pack_line(page: GatePage, one: GatePack) -> shapes.PackLine:
    return shapes.PackLine(
        number=one.number,
        sha256=one.sha256,
        content=f"/api/v1/gates/{page.id}/packs/{one.number}",
        frozen_at=one.frozen_at,
        frozen_by=page.name(one.frozen_by) or None,
        ended_at=one.ended_at,
    )


def seat_line(page: GatePage, one: Seat) -> shapes.Seat:
    vote = vote_line(page, one.vote) if one.vote else None
    return shapes.Seat(role=one.role, title=one.title, must=one.must, people=list(one.names), vote=vote)


def vote_line(page: GatePage, one: GateVote) -> shapes.VoteLine:
    return shapes.VoteLine(
        id=one.id or 0,
        role=one.role,
        voted_as=one.voted_as,
        instead_of=one.instead_of,
        vote=Vote(one.vote),
        comment=one.comment if page.detail else None,
        pack=_number(page, one.pack_id) or 0,
        by=one.by_id,
        name=one.name,
        at=one.at,
        voided_at=one.voided_at,
    )


def _number(page: GatePage, pack_id: int | None) -> int | None:
    return next((one.number for one in page.packs if one.id == pack_id), None)


def condition_line(page: GatePage, one: GateCondition, state: ConditionState) -> shapes.ConditionLine:
    texts = ("what", "instead", "risk", "refusal", "met_how")
    moments = ("expires_at", "asked_at", "accepted_at", "refused_at", "met_at", "expired_at")
    people = ("asked_by", "accepted_by", "refused_by", "met_by")
    return shapes.ConditionLine(
        id=one.id or 0,
        criterion=one.criterion,
        state=state,
        owner=one.owner_id,
        owner_name=page.name(one.owner_id),
        **{name: getattr(one, name) if page.reads(one) else None for name in texts},
        **{name: getattr(one, name) for name in moments},
        **{name: page.name(getattr(one, name)) or None for name in people},
    )


def decision_line(page: GatePage, one: GateDecision) -> shapes.DecisionLine:
    return shapes.DecisionLine(
        id=one.id or 0,
        outcome=Outcome(one.outcome),
        reason=one.reason if page.detail else None,
        decided_as=one.decided_as,
        by=one.by_id,
        name=one.name,
        at=one.at,
        pack=_number(page, one.pack_id),
        sha256=one.sha256,
        record=f"/api/v1/decisions/{one.id}/record.json",
        fell_at=page.fell_at(one),
        replaced_at=one.replaced_at,
    )
