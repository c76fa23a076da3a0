"""The record of a decision as facts for a sheet of paper."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from app.documents import gate_record as document
from app.documents.typesetting import Paper
from app.queries.gates.record import RecordPage
from app.rules.clock import short_day
from app.rules.gates.packs import Standing
from app.rules.gates.records import Record, RecordLine, RecordVote, in_fours
from app.rules.gates.voting import OUTCOME_WORDS, VOTE_WORDS
from app.web.gates.recorded import LEFT_OUT, STATES, VETO, condition_values, criteria_words, dated, voter_words


def sheet(page: RecordPage, record: Record, site: str, paper: Paper) -> document.GateRecord:
    """The facts of the sheet of paper; they are the same whenever it is printed."""
    decided = f"{record.by}, {page.title(record.decided_as)}, {dated(record.at, page.zone)}"
    frozen = f"frozen {dated(record.frozen_at, page.zone)}, SHA-256 {' '.join(in_fours(record.evidence_sha256))}"
    return document.GateRecord(
        rollout=page.rollout.title,
        gate=record.evidence.gate,
        where=record.evidence.where,
        mark=record.outcome.value,
        outcome=OUTCOME_WORDS[record.outcome],
        facts=(("Decided", decided), ("Evidence", frozen), ("Playbook", record.evidence.playbook)),
        criteria_said=criteria_words(record.evidence),
        criteria=tuple(_criterion_line(one) for one in record.evidence.criteria),
        votes_said="" if record.votes else "No vote was cast.",
        votes=tuple(_vote_line(page, one) for one in record.votes),
        conditions=tuple(document.ConditionLine(**condition_values(page, one)) for one in record.conditions),
        reason=record.reason if page.detail else "",
        left_out="" if page.detail else LEFT_OUT,
        sha256=in_fours(page.sha256),
        address=f"{site}/records/{page.sha256}",
        paper=paper,
    )


def _criterion_line(one: RecordLine) -> document.CriterionLine:
    state = VETO[1] if one.vetoes else STATES[one.stands][1]
    met = one.stands is Standing.MET
    return document.CriterionLine(state, one.title, one.critical, one.needed, one.measured, met, bad=one.vetoes)


def _vote_line(page: RecordPage, one: RecordVote) -> document.VoteLine:
    there = one.at.astimezone(ZoneInfo(page.zone))
    when = f"{short_day(there.date(), there.date())}, {there:%H:%M}"
    comment = one.comment if page.detail else ""
    return document.VoteLine(page.title(one.role), VOTE_WORDS[one.vote], voter_words(page, one), when, comment)
