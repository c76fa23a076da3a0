"""The record of a decision, and the evidence of a vote, as values for their pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.queries.gates.frozen import PackPage
from app.queries.gates.record import RecordPage
from app.queries.people import ELSEWHERE
from app.rules.clock import count, instant, moment, short_day, zone_name
from app.rules.gates.packs import Standing
from app.rules.gates.records import FrozenEvidence, Record, RecordCondition, RecordLine, RecordVote, in_fours
from app.rules.gates.voting import OUTCOME_WORDS, VOTE_WORDS, Outcome
from app.web.gates.words import OUTCOME_MARKS, VOTE_MARKS

STATES: Final = {
    Standing.MET: ("met", "Met"),
    Standing.WAIVED: ("waived", "Waived"),
    Standing.UNMET: ("open", "Not met"),
    Standing.UNKNOWN: ("unknown", "Unknown"),
}
VETO: Final = ("blocked", "Veto")
LEFT_OUT: Final = (
    "What people wrote is left out: why it was decided so, comments, and the words of conditions are for those who work"
    " there or have a part in the gate."
)


def shown(page: RecordPage, now: datetime) -> dict[str, Any]:
    """Everything the page of a record needs, frame apart; `record` is None for one that was changed."""
    return {
        "id": page.id,
        "gate": page.dated.title,
        "gate_href": f"/gates/{page.dated.id}",
        "hash": " ".join(in_fours(page.sha256)),
        "standing": _standing(page, now),
        "detail": page.detail,
        "left_out": "" if page.detail else LEFT_OUT,
        "record": _shown(page, page.record, now) if page.record else None,
    }


def _standing(page: RecordPage, now: datetime) -> dict[str, Any]:
    """Whether the decision stands, in a word and a sentence, and what took its place."""
    row, said = page.decision, []
    if page.fell_at is not None:
        said.append(f"It fell {moment(page.fell_at, page.zone, now)}: a condition of it was not met by its end.")
    if row.replaced_at is not None:
        said.append(f"Another decision took its place {moment(row.replaced_at, page.zone, now)}.")
    elif page.reopened:
        said.append("A new vote is open.")
    label = "Replaced" if row.replaced_at is not None else "Fell" if page.fell_at is not None else "Stands"
    status = ("done" if page.record else "unknown") if page.stands else "void"
    return {
        "status": status,
        "label": "Unknown" if status == "unknown" else label,
        "said": " ".join(said),
        "next": f"/records/{page.next.sha256}" if page.next and row.replaced_at is not None else "",
    }


def _shown(page: RecordPage, record: Record, now: datetime) -> dict[str, Any]:
    return {
        "title": f"{record.evidence.gate}, {record.evidence.where}",
        "decided": instant(record.at, page.zone, now),
        "by": record.by,
        "decided_as": page.title(record.decided_as),
        "outcome": (OUTCOME_MARKS[record.outcome], OUTCOME_WORDS[record.outcome]),
        "frozen": instant(record.frozen_at, page.zone, now),
        "evidence": " ".join(in_fours(record.evidence_sha256)),
        "playbook": record.evidence.playbook,
        "reason": record.reason if page.detail else "",
        "criteria_said": criteria_words(record.evidence),
        "criteria": [_criterion(one) for one in record.evidence.criteria],
        "votes": [_vote(page, one, now) for one in record.votes],
        "conditions": [condition_values(page, one) for one in record.conditions],
    }


def criteria_words(found: FrozenEvidence) -> str:
    """`15 of 17 met, 1 veto, 1 waived`."""
    said = [f"{found.met} of {len(found.criteria)} met"]
    said += [count(found.vetoes, "veto")] if found.vetoes else []
    said += [f"{found.waived} waived"] if found.waived else []
    return ", ".join(said)


def _criterion(one: RecordLine) -> dict[str, Any]:
    status, label = VETO if one.vetoes else STATES[one.stands]
    named = {"title": one.title, "critical": one.critical, "needed": one.needed, "measured": one.measured}
    return named | {"status": status, "label": label}


def _vote(page: RecordPage, one: RecordVote, now: datetime) -> dict[str, Any]:
    return {
        "role": page.title(one.role),
        "status": VOTE_MARKS[one.vote],
        "label": VOTE_WORDS[one.vote],
        "by": voter_words(page, one),
        "when": moment(one.at, page.zone, now),
        "comment": one.comment if page.detail else "",
    }


def voter_words(page: RecordPage, one: RecordVote) -> str:
    """Who voted, whom they stood in for, and as what, where that is not the role."""
    instead = f" for {one.instead_of}" if one.instead_of else ""
    other = f", as {page.title(one.voted_as)}" if one.voted_as != one.role else ""
    return f"{one.by}{instead}{other}"


def condition_values(page: RecordPage, one: RecordCondition) -> dict[str, str]:
    """What it says is left out for whoever may not read it."""
    written = {"what": one.what, "instead": one.instead, "risk": one.risk}
    return {
        "waives": one.criterion,
        "owner": page.names.get(one.owner, ELSEWHERE),
        "until": dated(one.until, page.zone),
        **(written if page.detail else dict.fromkeys(written, "")),
    }


def shown_pack(page: PackPage, now: datetime) -> dict[str, Any]:
    """Everything the page of frozen evidence needs, frame apart; `evidence` is None for one that was changed."""
    found = page.evidence
    return {
        "gate": page.dated.title,
        "gate_href": f"/gates/{page.dated.id}",
        "hash": " ".join(in_fours(page.pack.sha256)),
        "frozen": instant(page.pack.frozen_at, page.zone, now),
        "by": page.by or "Muster",
        "decisions": [
            {
                "text": f"{OUTCOME_WORDS[Outcome(one.outcome)]}, {instant(one.at, page.zone, now)}",
                "href": f"/records/{one.sha256}",
                "status": OUTCOME_MARKS[Outcome(one.outcome)],
            }
            for one in page.decisions
        ],
        "evidence": {
            "title": f"{found.gate}, {found.where}",
            "playbook": found.playbook,
            "criteria_said": criteria_words(found),
            "criteria": [_criterion(one) for one in found.criteria],
        }
        if found
        else None,
    }


def dated(at: datetime, zone: str) -> str:
    """`Sat 21 Nov 2026, 07:00 Mountain`: for paper the year always stands beside it."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{short_day(there.date(), there.date())} {there.year}, {there:%H:%M} {zone_name(zone, at)}"
