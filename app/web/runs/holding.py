"""Forms about a step that does not go as planned: left out, blocked, handed over, noted on, its hour set right."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from app.actions.runs.blocking import block_step, unblock_step
from app.actions.runs.ending import correct_entry
from app.actions.runs.stepping import hand_over, note_on, skip_step
from app.errors import Invalid
from app.web.forms import Line, RowId
from app.web.issues.identifiers import Confirmed
from app.web.runs.fields import when_of
from app.web.runs.page import RunForm, Sending, Stepping
from app.web.runs.stepping import checked
from app.web.tasks.forms import Day, Key, Typed, key_of
from app.web.told import Told

router = APIRouter()
Severity = Annotated[str, Form(pattern=r"^[a-z0-9-]{0,80}$")]


@router.post("/runs/{run_id}/steps/{step}/skipping")
def skip(form: Stepping, reason: Typed = "", confirmed: Confirmed = "") -> Response:
    told = Told(form="skipping", yours=f"Leave it out: {reason}", typed={"reason": reason}, sent=(("reason", reason),))
    return checked(form, told, {"reason": reason}, confirmed, lambda: form.make_step(skip_step, told, reason=reason))


@router.post("/runs/{run_id}/steps/{step}/block")
def block(
    form: Stepping,
    reason: Typed = "",
    severity: Severity = "",
    day: Day = "",
    time: Line = "",
    confirmed: Confirmed = "",
) -> Response:
    typed = {"reason": reason, "severity": severity, "day": day, "time": time}
    told = Told(form="block", yours=f"Blocked: {reason}", typed=typed, sent=tuple(typed.items()))

    def act(*where: Any, **given: Any) -> object:
        # Without an hour the action says what is missing; a day alone is no hour.
        until = when_of("until", day, time, form.room().zone) if time else None
        return block_step(*where, until=until, **given)

    return checked(
        form, told, {"reason": reason}, confirmed,
        lambda: form.make_step(act, told, reason=reason, severity=severity),
    )  # fmt: skip


@router.post("/runs/{run_id}/steps/{step}/unblocking")
def unblock(form: Stepping, note: Typed = "", confirmed: Confirmed = "") -> Response:
    told = Told(form="unblocking", yours="It goes on", typed={"note": note}, sent=(("note", note),))
    return checked(form, told, {"note": note}, confirmed, lambda: form.make_step(unblock_step, told, note=note))


@router.post("/runs/{run_id}/steps/{step}/holder")
def give(form: Stepping, person: Key = "") -> Response:
    told = Told(form="holder", yours="Hand it over", typed={"person": person}, sent=(("person", person),))
    return form.make_step(hand_over, told, person=key_of(person) or 0)


@router.post("/runs/{run_id}/steps/{step}/notes")
def note_step(form: Stepping, text: Typed = "", confirmed: Confirmed = "") -> Response:
    return _note(form, text, confirmed)


@router.post("/runs/{run_id}/notes")
def note(form: Sending, text: Typed = "", confirmed: Confirmed = "") -> Response:
    return _note(form, text, confirmed)


def _note(form: RunForm, text: str, confirmed: str) -> Response:
    told = Told(form="note", typed={"text": text})
    return checked(form, told, {"text": text}, confirmed, lambda: form.make(note_on, told, step=form.step, text=text))


@router.post("/runs/{run_id}/steps/{step}/entries/{entry_id}/correction")
def correct(
    form: Stepping, entry_id: RowId, day: Day = "", time: Line = "", why: Typed = "", confirmed: Confirmed = ""
) -> Response:
    typed = {"day": day, "time": time, "why": why}
    told = Told(form=f"correction-{entry_id}", typed=typed)

    def act(*where: Any, **given: Any) -> object:
        at = when_of("happened", day, time, form.room().zone)
        if at is None:
            raise Invalid({"happened": "Say when it was."})
        return correct_entry(*where, happened=at, **given)

    return checked(form, told, {"why": why}, confirmed, lambda: form.make(act, told, entry_id, why=why))
