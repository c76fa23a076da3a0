"""Forms that change a day: its counts, handing it in, closing it and giving it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form
from sqlmodel import Session
from starlette.responses import Response

from app.actions.reconciliations.counting import enter_counts
from app.actions.reconciliations.handing import hand_in
from app.actions.reconciliations.redacting import redact_day
from app.actions.reconciliations.reviewing import reopen_day, review_day, send_back
from app.errors import Invalid
from app.plan.format.rhythm import Reconciliation as Asked
from app.queries.reconciliations.page import day_page
from app.rules.people.access import Viewer
from app.rules.reconciliations.judging import Given, count_of
from app.rules.tasks.answers import AnswerError
from app.web.issues.identifiers import Confirmed, warned
from app.web.reconciliations.page import Checking, Counting, CountsForm, DayForm, Handing, Managing
from app.web.tasks.forms import Typed, key_of
from app.web.told import Told

router = APIRouter()
Part = Annotated[str, Form(pattern=r"^(|(count|return|file)-[0-9]{1,10})$")]
"""A text of the day: what it belongs to, and its id."""


@router.post("/reconciliations/{occasion_id}/counts")
def count(counting: Counting) -> Response:
    """Keep what was counted so far, and with the button that says so hand the day in: whatever is still missing for
    that, what was counted is kept.
    """
    form = counting.form
    asked = day_page(form.session, form.occasion_id, form.viewer, form.now).asked
    sent = {name: counting.text(name) for name in _fields(asked)}
    told = Told(form="counts", label="Your counts", yours=_yours(asked, sent), typed=_again(asked, counting),
                sent=tuple(sent.items()))  # fmt: skip
    texts = {name: text for name, text in sent.items() if name.startswith("reason-") or _is_prose(asked, name)}
    if found := warned(texts, counting.text("no_patient")):
        return form.answer(Told(form="counts", typed=told.typed, warning=found))
    if counting.text("hand_in"):
        return form.make_then(_count, hand_in, told, asked=asked, sent=sent)
    return form.make_seen(_count, told, asked=asked, sent=sent)


def _fields(asked: Asked) -> list[str]:
    """The names of the fields of every line."""
    found = []
    for id_, line in asked.lines.items():
        found += [f"answer-{id_}"] if line.answer else [f"left-{id_}", f"right-{id_}"]
        found.append(f"reason-{id_}")
    return found


def _is_prose(asked: Asked, name: str) -> bool:
    line = asked.lines.get(name.removeprefix("answer-")) if name.startswith("answer-") else None
    return line is not None and line.answer is not None and line.answer.type in ("text", "person", "table")


def _again(asked: Asked, counting: CountsForm) -> dict[str, Any]:
    """What was typed, as the page shows it again."""
    return {name: counting.text(name) for name in _fields(asked)}


def _yours(asked: Asked, sent: Mapping[str, str]) -> str:
    """What was meant, in a line."""
    said = []
    for id_, line in asked.lines.items():
        values = [sent.get(f"{name}-{id_}", "") for name in ("left", "right", "answer")]
        if any(values):
            said.append(f"{line.title}: {' / '.join(filter(None, values))}")
    return "; ".join(said)


def _count(
    session: Session, occasion_id: int, *, asked: Asked, sent: Mapping[str, str], seen: int, by: Viewer, now: datetime
) -> None:
    enter_counts(session, occasion_id, given_of(asked, sent), seen=seen, by=by, now=now)


def given_of(asked: Asked, sent: Mapping[str, str]) -> list[Given]:
    """The lines of which anything was typed. Raises Invalid for what is no count."""
    found, faults = [], {}
    for id_, line in asked.lines.items():
        texts = {name: sent.get(f"{name}-{id_}", "") for name in ("left", "right", "answer", "reason")}
        if not any(texts.values()):
            continue
        values: dict[str, Any] = {}
        for name in ("left", "right") if line.compare else ():
            try:
                values[name] = count_of(texts[name]) if texts[name] else None
            except AnswerError as fault:
                faults[f"{name}-{id_}"] = str(fault)
        found.append(Given(id_, **values, answer=texts["answer"], reason=texts["reason"]))
    if faults:
        raise Invalid(faults)
    return found


@router.post("/reconciliations/{occasion_id}/hand-in")
def hand_in_day(form: Handing) -> Response:
    return form.make_seen(hand_in, Told(form="hand-in", label="Hand in", yours="Hand the day in"))


@router.post("/reconciliations/{occasion_id}/closing")
def close(form: Checking) -> Response:
    return form.make_seen(review_day, Told(form="close", label="Close", yours="Close the day"))


@router.post("/reconciliations/{occasion_id}/return")
def give_back(form: Checking, reason: Typed = "", confirmed: Confirmed = "") -> Response:
    return _with_reason(form, "back", "Send back", send_back, reason, confirmed)


@router.post("/reconciliations/{occasion_id}/reopening")
def reopen(form: Managing, reason: Typed = "", confirmed: Confirmed = "") -> Response:
    return _with_reason(form, "reopen", "Open again", reopen_day, reason, confirmed)


def _with_reason(form: DayForm, name: str, label: str, change: Any, reason: str, confirmed: str) -> Response:
    typed = {"reason": reason}
    if found := warned(typed, confirmed):
        return form.answer(Told(form=name, typed=typed, warning=found))
    told = Told(form=name, label=label, yours=reason, typed=typed, sent=(("reason", reason),))
    return form.make_seen(change, told, reason=reason)


@router.post("/reconciliations/{occasion_id}/redaction")
def redact(form: Handing, part: Part = "") -> Response:
    kind, _, number = part.partition("-")
    return form.make(redact_day, Told(form="redact"), part=kind, row_id=key_of(number) or 0)
