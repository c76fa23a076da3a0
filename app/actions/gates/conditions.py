"""Conditions and waivers: asked for, accepted or refused by whoever decides, met, or expired."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.gates.opening import OpenGate, begun, changed, decision_of, open_gate
from app.actions.gates.packs import set_next_look
from app.actions.gates.telling import tell_outcome, tell_owner, tell_roles
from app.actions.loading import key_of, load
from app.actions.people.viewers import viewer_of
from app.errors import Forbidden, Invalid, NotFound, ProofWanted, Refused
from app.models import GateCondition, GateDecision
from app.rules.clock import instant
from app.rules.gates.access import may_ask, may_decide, may_prepare
from app.rules.gates.conditions import ConditionState, Term, allowed, latest_end
from app.rules.gates.voting import Outcome
from app.rules.people.access import Permission, Viewer
from app.rules.signoffs import is_fresh
from app.stored.gates import go_stands, last_fall, run_out


def ask_condition(
    session: Session,
    dated_id: int,
    *,
    criterion: str = "",
    what: str,
    instead: str,
    risk: str = "",
    owner: int | None,
    expires_at: datetime | None,
    by: Viewer,
    now: datetime,
) -> GateCondition:
    """Ask for a condition, or for the waiver of a `criterion`: what is still open, what is done instead, who answers
    for it and until when. Whoever decides is told.

    Raises NotFound, Forbidden, Refused at a gate that knows no conditions, and Invalid.
    """
    opened = open_gate(session, dated_id, by=by)
    if not may_ask(by, opened.gate, opened.place):
        raise Forbidden("You may see this gate, but not ask for a condition.")
    if allowed(opened.gate) is None:
        raise Refused("This gate knows no conditions and no waivers.")
    if criterion and criterion not in opened.gate.criteria:
        raise Invalid({"criterion": "Choose a criterion of this gate."})
    faults: dict[str, str] = {}
    what, instead, risk = (
        _text(faults, "what", what), _text(faults, "instead", instead), _text(faults, "risk", risk, required=False)
    )  # fmt: skip
    _judge_end(faults, opened, expires_at, now)
    _judge_owner(session, faults, opened, owner, now)
    if faults or owner is None or expires_at is None:
        raise Invalid(faults)
    row = GateCondition(
        record_id=key_of(begun(session, opened)),
        criterion=criterion,
        what=what,
        instead=instead,
        risk=risk,
        owner_id=owner,
        expires_at=expires_at,
        asked_by=by.person,
        asked_at=now,
    )
    session.add(row)
    session.flush()
    after = {"condition": key_of(row), "criterion": criterion}
    changed(session, opened, "condition_asked", by=by, now=now, after=after)
    tell_roles(session, opened, "gate_waiver", key=f"{row.id}", by=by, now=now, roles=(opened.gate.decide,))
    return row


def _text(faults: dict[str, str], name: str, text: str, *, required: bool = True) -> str:
    try:
        return texts.prose(name, text, required=required)
    except Invalid as fault:
        faults.update(fault.fields)
        return ""


def _judge_end(faults: dict[str, str], opened: OpenGate, expires_at: datetime | None, now: datetime) -> None:
    if expires_at is None:
        faults["expires"] = "Say until when."
        return
    latest = latest_end(opened.gate, now, opened.calendar)
    if expires_at <= now:
        faults["expires"] = "This is past."
    elif latest is not None and expires_at > latest:
        faults["expires"] = f"At this gate it may last until {instant(latest, str(opened.calendar.zone), now)}."


def _judge_owner(session: Session, faults: dict[str, str], opened: OpenGate, owner: int | None, now: datetime) -> None:
    if owner is None:
        faults["owner"] = "Say who answers for it."
        return
    try:
        if viewer_of(session, owner, now=now).can(Permission.SEE_PLAN, **opened.place):
            return
    except NotFound:
        pass
    faults["owner"] = "Choose somebody of this rollout."


def accept_condition(session: Session, dated_id: int, condition_id: int, *, by: Viewer, now: datetime) -> GateCondition:
    """Accept what was asked for; its owner is told. Accepted already is quiet.

    Raises NotFound, Forbidden for whoever does not decide, ProofWanted without a fresh proof, and Refused where it is
    refused or its time is over.
    """
    opened, row = _deciding(session, dated_id, condition_id, by)
    if row.accepted_at is not None:
        return row
    state = term(row).state(now)
    if state is not ConditionState.ASKED or row.expires_at <= now:
        raise Refused("It was refused, or its time is over. Ask for it again.")
    if not is_fresh(by.proven_at, now):
        raise ProofWanted("a waiver" if row.criterion else "a condition")
    row.accepted_by, row.accepted_at = by.person, now
    return _done(session, opened, row, "condition_accepted", by, now, tell=True)


def refuse_condition(
    session: Session, dated_id: int, condition_id: int, *, reason: str, by: Viewer, now: datetime
) -> GateCondition:
    """Refuse what was asked for, with a reason; what was accepted can be taken back so as long as no go rests on it.
    What expired with a go that fell stays with it.

    Refused already is quiet. Raises NotFound, Forbidden, Refused, and Invalid.
    """
    opened, row = _deciding(session, dated_id, condition_id, by)
    if row.refused_at is not None:
        return row
    said = texts.prose("reason", reason)
    if row.accepted_at is not None and _carries(session, row.record_id, now):
        raise Refused("The go rests on it. Say that it is met, or decide anew.")
    if term(row).fell_with(last_fall(session, row.record_id, now), now):
        raise Refused("The go that rested on it has fallen, and it stays with that. It bars no new decision.")
    row.accepted_by = row.accepted_at = None
    row.refused_by, row.refused_at, row.refusal = by.person, now, said
    return _done(session, opened, row, "condition_refused", by, now)


def meet_condition(
    session: Session, dated_id: int, condition_id: int, *, how: str, by: Viewer, now: datetime
) -> GateCondition:
    """Say that a condition is met, and how: its owner, or whoever prepares the gate. Met already is quiet.

    Raises NotFound, Forbidden, Refused for one that is not accepted or has expired, and Invalid.
    """
    opened = open_gate(session, dated_id, by=by)
    row = _condition(session, opened, condition_id)
    if row.owner_id != by.person and not may_prepare(by, opened.gate, opened.place):
        raise Forbidden("This condition is for its owner to meet.")
    if row.met_at is not None:
        return row
    said = texts.prose("how", how)
    if term(row).state(now) is not ConditionState.ACCEPTED:
        raise Refused("Only what was accepted, and is not over, can be met.")
    row.met_by, row.met_at, row.met_how = by.person, now, said
    return _done(session, opened, row, "condition_met", by, now)


def term(row: GateCondition) -> Term:
    """The condition as the rules see it."""
    return Term(row.criterion, row.expires_at, row.accepted_at, row.refused_at, row.met_at, row.expired_at)


def terms(session: Session, opened: OpenGate) -> list[Term]:
    """All conditions of a gate."""
    if opened.row is None:
        return []
    statement = select(GateCondition).where(GateCondition.record_id == key_of(opened.row))
    return [term(row) for row in session.exec(statement.order_by(col(GateCondition.id)))]


def expire_conditions(session: Session, opened: OpenGate, *, now: datetime) -> bool:
    """What was accepted and is unmet at its end has expired: a go that rests on it falls, and then everybody of the
    gate is told. Returns whether anything expired.
    """
    if opened.row is None:
        return False
    statement = select(GateCondition).where(GateCondition.record_id == key_of(opened.row), run_out(now))
    over = session.exec(statement).all()
    for row in over:
        row.expired_at = now
        session.add(row)
    decision = decision_of(session, opened.row)
    falls = bool(over) and decision is not None and decision.outcome == "go-with-conditions" and not decision.fell_at
    if decision is not None and falls:
        decision.fell_at = now
        session.add(decision)
    for row in over:
        after = {"condition": key_of(row), "closed": falls}
        changed(session, opened, "condition_expired", by=None, now=now, after=after)
        if falls:
            tell_outcome(session, opened, "gate_closed", key=f"{row.id}", by=None, now=now)
    return bool(over)


def _carries(session: Session, record_id: int, now: datetime) -> bool:
    """Whether a go with conditions stands."""
    with_conditions = GateDecision.outcome == Outcome.CONDITIONS.value
    statement = select(GateDecision.id).where(GateDecision.record_id == record_id, with_conditions, go_stands(now))
    return session.exec(statement).first() is not None


def _deciding(session: Session, dated_id: int, condition_id: int, by: Viewer) -> tuple[OpenGate, GateCondition]:
    opened = open_gate(session, dated_id, by=by)
    row = _condition(session, opened, condition_id)
    if not may_decide(by, opened.gate, opened.place):
        raise Forbidden("Only whoever decides at this gate accepts or refuses what it carries.")
    return opened, row


def _condition(session: Session, opened: OpenGate, condition_id: int) -> GateCondition:
    row = load(session, GateCondition, condition_id, "condition")
    if opened.row is None or row.record_id != key_of(opened.row):
        raise NotFound("condition")
    return row


def _done(
    session: Session,
    opened: OpenGate,
    row: GateCondition,
    verb: str,
    by: Viewer,
    now: datetime,
    *,
    tell: bool = False,
) -> GateCondition:
    session.add(row)
    session.flush()
    set_next_look(session, begun(session, opened), now=now)
    changed(session, opened, verb, by=by, now=now, after={"condition": key_of(row), "criterion": row.criterion})
    if tell:
        tell_owner(session, opened, row, by=by, now=now)
    return row
