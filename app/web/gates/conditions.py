"""Forms of what a go carries: a condition or a waiver is asked for, accepted, refused, met."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.actions.gates.conditions import accept_condition, ask_condition, meet_condition, refuse_condition
from app.errors import Invalid
from app.models import GateCondition
from app.queries.gates.page import whole_evidence
from app.rules.people.access import Viewer
from app.web.forms import Line, Password, RowId
from app.web.gates.page import Proving, Sending
from app.web.gates.voting import Role
from app.web.issues.identifiers import Confirmed, warned
from app.web.tasks.forms import Day, Key, Typed, key_of
from app.web.told import Told
from app.web.training.fields import instant_of

router = APIRouter()


@router.post("/gates/{gate_id}/conditions")
def ask(
    form: Sending,
    criterion: Role = "",
    what: Typed = "",
    instead: Typed = "",
    risk: Typed = "",
    owner: Key = "",
    day: Day = "",
    time: Line = "",
    confirmed: Confirmed = "",
) -> Response:
    texts = {"what": what, "instead": instead, "risk": risk}
    typed = {**texts, "criterion": criterion, "owner": owner, "day": day, "time": time}
    told = Told(form="ask", label="What is asked for", yours=what, typed=typed, sent=tuple(typed.items()))
    if found := warned(texts, confirmed):
        return form.answer(Told(form="ask", typed=typed, warning=found))

    def act(session: Session, gate_id: int, *, by: Viewer, now: datetime) -> GateCondition:
        zone = whole_evidence(session, gate_id, by, now).zone
        ends, faults = _end(day, time, zone)
        try:
            return ask_condition(
                session, gate_id, criterion=criterion, **texts, owner=key_of(owner), expires_at=ends, by=by, now=now
            )
        except Invalid as fault:
            raise Invalid({**fault.fields, **faults}) from fault

    return form.make(act, told)


def _end(day: str, time: str, zone: str) -> tuple[datetime | None, dict[str, str]]:
    """Until when, by the clock of the place; what is wrong with it goes with what else is wrong in the form."""
    if not day:
        return None, {}
    try:
        return instant_of(day, time, zone), {}
    except Invalid as fault:
        return None, {"expires": next(iter(fault.fields.values()))}


@router.post("/gates/{gate_id}/conditions/{condition_id}/acceptance")
def accept(form: Proving, condition_id: RowId, password: Password = "") -> Response:
    told = Told(form=f"accept-{condition_id}")
    return form.make(lambda _: accept_condition, told, password, condition_id)


@router.post("/gates/{gate_id}/conditions/{condition_id}/refusal")
def refuse(form: Sending, condition_id: RowId, reason: Typed = "", confirmed: Confirmed = "") -> Response:
    told = Told(form=f"refuse-{condition_id}", label="Refused", yours=reason, typed={"reason": reason})
    if found := warned({"reason": reason}, confirmed):
        return form.answer(Told(form=told.form, typed=told.typed, warning=found))
    return form.make(refuse_condition, told, condition_id, reason=reason)


@router.post("/gates/{gate_id}/conditions/{condition_id}/fulfilment")
def meet(form: Sending, condition_id: RowId, how: Typed = "", confirmed: Confirmed = "") -> Response:
    told = Told(form=f"meet-{condition_id}", label="Met", yours=how, typed={"how": how})
    if found := warned({"how": how}, confirmed):
        return form.answer(Told(form=told.form, typed=told.typed, warning=found))
    return form.make(meet_condition, told, condition_id, how=how)
