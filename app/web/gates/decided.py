"""What was decided at a gate, with the record of each decision, and the form of whoever decides."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from app.models import GateDecision
from app.queries.gates.page import GatePage
from app.rules.clock import instant
from app.rules.gates.conditions import ConditionState
from app.rules.gates.sentence import Situation, Verdict, Veto
from app.rules.gates.voting import OUTCOME_WORDS, Outcome
from app.rules.rollouts.readiness import BarState
from app.rules.signoffs import is_fresh
from app.web.gates.lines import standing_pack, states
from app.web.gates.words import OUTCOME_MARKS, spaced
from app.web.held import listed
from app.web.told import Told

FEW: Final = 2
"""As many vetoes are named one by one in what a go still wants."""


def situation(page: GatePage, now: datetime) -> Situation:
    """The gate as its sentence needs it."""
    found = states(page, now)
    hard = [line for line in page.evidence.pack.vetoes if found.get(line.id) is BarState.VETO]
    vetoes = hard or page.evidence.pack.vetoes
    still = sum(state in (BarState.OPEN, BarState.RISK, BarState.UNKNOWN) for state in found.values())
    return Situation(
        gate=page.gate,
        total=len(page.evidence.pack.lines),
        vetoes=[Veto(line.criterion.title, _asked_by(page, line.id)) for line in vetoes],
        pressing=bool(hard),
        open=still,
        waits=page.evidence.waits,
        count=page.count if page.open else None,
        way=min((page.missing[one] for one in (Outcome.GO, Outcome.CONDITIONS)), key=len),
        verdict=_verdict(page, now),
        prepares=_holders(page, page.gate.owner.roles if page.gate.owner else ()),
        decides=_holders(page, (page.gate.decide,)),
        titles=page.titles,
    )


def _holders(page: GatePage, roles: tuple[str, ...]) -> str:
    """Who holds it, by name, else the title of the role."""
    names = page.holders.names(roles[:1], page.dated.location_id)
    return listed(names[:1]) or next((page.titles.get(role, role) for role in roles), "")


def _asked_by(page: GatePage, criterion: str) -> str:
    """Who asks for a waiver of it that is still to be decided."""
    asked = (row for row, state in page.conditions if state is ConditionState.ASKED and row.criterion == criterion)
    row = next(asked, None)
    return page.name(row.asked_by) if row else ""


def _verdict(page: GatePage, now: datetime) -> Verdict | None:
    one = page.decision
    if one is None:
        return None
    left = [row.expires_at for row, state in page.conditions if state is ConditionState.ACCEPTED]
    until = instant(min(left), page.zone, now) if left else ""
    when = instant(one.at, page.zone, now)
    return Verdict(Outcome(one.outcome), one.name, when, len(left), until, page.fell_at(one) is not None)


def decisions(page: GatePage, now: datetime) -> list[dict[str, Any]]:
    """Every decision, the last one first."""
    return [_decision(page, one, now) for one in page.decisions]


def _decision(page: GatePage, one: GateDecision, now: datetime) -> dict[str, Any]:
    outcome = Outcome(one.outcome)
    role = page.titles.get(one.decided_as, one.decided_as)
    fell_at = page.fell_at(one)
    fell = f" Closed again {instant(fell_at, page.zone, now)}: a condition expired unmet." if fell_at else ""
    gone = f" Replaced {instant(one.replaced_at, page.zone, now)}." if one.replaced_at else ""
    return {
        "status": "void" if fell_at or one.replaced_at else OUTCOME_MARKS[outcome],
        "label": OUTCOME_WORDS[outcome],
        "said": f"{one.name}, as {role}, {instant(one.at, page.zone, now)}.{fell}{gone}",
        "reason": one.reason if page.detail else "",
        "print": f"/decisions/{one.id}/record.pdf",
        "record": f"/records/{one.sha256}",
        "hash": spaced(one.sha256),
        "stands": one.replaced_at is None and fell_at is None,
    }


def decide_form(page: GatePage, told: Told, now: datetime) -> dict[str, Any] | None:
    """The form of whoever decides: each outcome, closed ones with what they still want."""
    if not page.rights.decide:
        return None
    go_on = not page.missing[Outcome.GO] or not page.missing[Outcome.CONDITIONS]
    errors = {name: told.fault("decide", name) for name in ("outcome", "reason", "password")}
    return {
        "pack": page.pack.number if page.pack else "",
        "seen": page.last,
        "options": [_option(page, outcome) for outcome in Outcome],
        "missing": _wanted(page) if page.open and not go_on else [],
        "outcome": told.value("decide", "outcome", None),
        "reason": told.value("decide", "reason"),
        "errors": errors,
        "password": not is_fresh(page.proven_at, now) or bool(errors["password"]),
        "folded": not go_on and told.form != "decide",
        "anew": page.decision is not None,
        "primary": go_on and (page.own_vote is not None or page.rights.director or not page.rights.vote),
    }


def _wanted(page: GatePage) -> list[str]:
    """What a go still wants, the vetoes in one line: the criteria tell them one by one."""
    missing, vetoes = page.missing[Outcome.GO], [line.criterion.title for line in page.evidence.pack.vetoes]
    others = [one for one in missing if not one.startswith("veto: ")]
    if len(vetoes) <= FEW:
        return list(missing)
    return [*others, f"{len(vetoes)} vetoes: {listed(vetoes)}"]


def _option(page: GatePage, outcome: Outcome) -> dict[str, Any]:
    missing = page.missing[outcome]
    more = f", and {len(missing) - 1} more" if len(missing) > 1 else ""
    return {
        "value": outcome.value,
        "label": OUTCOME_WORDS[outcome],
        "hint": f"{missing[0][:1].upper()}{missing[0][1:]}{more}" if missing else None,
        "disabled": bool(missing),
    }


def prepare_form(page: GatePage, told: Told) -> dict[str, Any] | None:
    """What whoever prepares may do now: open the vote, or call it off."""
    if not page.rights.prepare:
        return None
    stands = standing_pack(page) is not None
    return {
        "open": page.open,
        "may_open": not page.open and not page.evidence.waits and not stands,
        "waits": list(page.evidence.waits) if not page.open and not stands else [],
        "primary": not page.evidence.pack.vetoes,
    }
