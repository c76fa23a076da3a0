"""Forms about the whole run: its T is moved, it goes back, it ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.actions.runs.ending import end_run
from app.actions.runs.retiming import move_zero
from app.actions.runs.returning import go_back
from app.rules.people.access import Permission, Viewer
from app.web.forms import Line, Password, RowId
from app.web.issues.identifiers import Confirmed, warned
from app.web.proof import fault_of_proof, proven
from app.web.runs.fields import when_of
from app.web.runs.page import RunForm, Sending
from app.web.runs.stepping import checked
from app.web.site import Base, Now, ProvingGuard, Token, recognised
from app.web.tasks.forms import Day, Typed
from app.web.told import Told

router = APIRouter()
Decider = Annotated[Viewer, Depends(ProvingGuard(Permission.VOTE))]


@router.post("/runs/{run_id}/zero")
def retime(form: Sending, day: Day = "", time: Line = "", why: Typed = "", confirmed: Confirmed = "") -> Response:
    told = Told(form="retime", typed={"day": day, "time": time, "why": why})

    def act(*where: Any, **given: Any) -> object:
        return move_zero(*where, zero=when_of("zero", day, time, form.room().zone), **given)

    return checked(form, told, {"why": why}, confirmed, lambda: form.make(act, told, why=why))


@router.post("/runs/{run_id}/way-back")
def decide(
    request: Request,
    run_id: RowId,
    viewer: Decider,
    base: Base,
    token: Token,
    now: Now,
    reason: Typed = "",
    password: Password = "",
    confirmed: Confirmed = "",
) -> Response:
    """Three steps where a password is given, so that its slow hash holds no transaction."""
    told = Told(form="back", typed={"reason": reason})
    found = warned({"reason": reason}, confirmed)
    fault = "" if found else fault_of_proof(
        request, base, viewer, token or "", password, now, undone="Nothing was decided."
    )  # fmt: skip
    with base.writing() as session:
        form = RunForm(request, session, recognised(session, token, now), run_id, now)
        if found:
            return form.answer(replace(told, warning=found))
        return form.make(proven(go_back, fault), told, reason=reason)


@router.post("/runs/{run_id}/ending")
def end(form: Sending, reason: Typed = "", confirmed: Confirmed = "") -> Response:
    told = Told(form="end", typed={"reason": reason})
    return checked(form, told, {"reason": reason}, confirmed, lambda: form.make(end_run, told, reason=reason))
