"""Forms that record a meeting: it was held, it is called off, something was agreed, a text is taken away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from app.actions.meetings.agreeing import agree_action
from app.actions.meetings.holding import call_off, hold_meeting, redact_meeting
from app.errors import Invalid
from app.queries.meetings.agenda import whole_agenda
from app.queries.meetings.seen import seen_meeting
from app.rules.meetings.agenda import Section
from app.web.forms import Line, day_of
from app.web.issues.identifiers import Confirmed, warned
from app.web.meetings.page import MeetingForm, Recording
from app.web.tasks.forms import Day, Key, Typed, key_of
from app.web.told import Told

router = APIRouter()
Part = Annotated[str, Form(pattern=r"^(notes|reason)?$")]


def _checked(
    form: MeetingForm, told: Told, texts: dict[str, str], confirmed: str, go_on: Callable[[], Response]
) -> Response:
    """Stored only where nothing looks like a patient's data, or somebody says that it is none."""
    found = warned(texts, confirmed)
    if not found:
        return go_on()
    return form.answer(Told(form=told.form, typed=told.typed, warning=found))


def _agenda(form: MeetingForm) -> tuple[Section, ...]:
    occasion = seen_meeting(form.session, form.occasion_id, form.viewer)
    return whole_agenda(form.session, occasion, form.now)


@router.post("/meetings/{occasion_id}/holding")
def hold(
    form: Recording,
    attended: Annotated[list[Key], Form(max_length=5_000)] = [],  # noqa: B006 (FastAPI copies it)
    notes: Typed = "",
    confirmed: Confirmed = "",
) -> Response:
    there = [key_of(one) or 0 for one in attended]
    sent = (*(("attended", str(one)) for one in there), ("notes", notes))
    told = Told(form="hold", label="What was recorded", yours=notes, typed={"notes": notes, "attended": there},
                sent=sent)  # fmt: skip

    def act() -> Response:
        given = {"attended": there, "notes": notes, "agenda": _agenda(form)}
        return form.make(hold_meeting, told, **given, seen=form.seen)

    return _checked(form, told, {"notes": notes}, confirmed, act)


@router.post("/meetings/{occasion_id}/calling-off")
def calling_off(form: Recording, reason: Typed = "", confirmed: Confirmed = "") -> Response:
    told = Told(form="off", label="Called off", yours=reason, typed={"reason": reason}, sent=(("reason", reason),))
    return _checked(
        form, told, {"reason": reason}, confirmed, lambda: form.make(call_off, told, reason=reason, seen=form.seen)
    )


@router.post("/meetings/{occasion_id}/actions")
def agree(
    form: Recording,
    title: Line = "",
    owner: Line = "",
    due: Day = "",
    token: Line = "",
    confirmed: Confirmed = "",
) -> Response:
    """The same form again is quiet: a second click, a phone that sends once more."""
    told = Told(form="agree", label="What was agreed", yours=title, typed={"title": title, "owner": owner, "due": due})

    def act() -> Response:
        try:
            day = day_of("due", due)
        except Invalid as fault:
            return form.answer(Told(form="agree", typed=told.typed, errors=fault.fields))
        kind, _, name = owner.partition(":")
        given = {"role": name if kind == "role" else "", "person": _person(kind, name), "token": token}
        return form.make(agree_action, told, title=title, due=day, agenda=_agenda(form), **given)

    return _checked(form, told, {"title": title}, confirmed, act)


def _person(kind: str, name: str) -> int | None:
    return key_of(name) if kind == "person" and name.isascii() and name.isdigit() and len(name) <= 10 else None


@router.post("/meetings/{occasion_id}/redaction")
def redact(form: Recording, part: Part = "") -> Response:
    told = Told(form="redact")
    if not part:
        return form.answer(Told(form="redact", errors={"part": "Choose what is to be taken away."}))
    return form.make(redact_meeting, told, part=part)
