"""Forms that move a step on: it begins, is finished, checked, sent back, taken up again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from app.actions.runs.finishing import finish_step, return_step, verify_step
from app.actions.runs.stepping import reopen_step, start_step
from app.web.forms import Line
from app.web.issues.identifiers import Confirmed, warned
from app.web.runs.fields import when_of
from app.web.runs.page import Checking, RunForm, Stepping
from app.web.tasks.changes import Cells, ColumnId, Part
from app.web.tasks.forms import Day, Typed
from app.web.tasks.tables import rows_of_cells
from app.web.told import Told

router = APIRouter()
Ticked = Annotated[str, Form(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$", max_length=400)]


def earlier(form: RunForm, change: Callable[..., object], day: str, time: str) -> Callable[..., object]:
    """The same change of what happened earlier and was written on paper, where an hour is given."""
    if not time:
        return change

    def act(*where: Any, **given: Any) -> object:
        return change(*where, happened=when_of("happened", day, time, form.room().zone), paper=True, **given)

    return act


def checked(
    form: RunForm, told: Told, texts: dict[str, str], confirmed: str, go_on: Callable[[], Response]
) -> Response:
    """Stored only where nothing looks like a patient's data, or somebody says that it is none."""
    if found := warned(texts, confirmed):
        return form.answer(Told(form=told.form, typed=told.typed, warning=found))
    return go_on()


@router.post("/runs/{run_id}/steps/{step}/start")
def start(form: Stepping, day: Day = "", time: Line = "", why: Typed = "", confirmed: Confirmed = "") -> Response:
    typed = {"day": day, "time": time, "why": why}
    told = Told(form="start", yours="Begin it", typed=typed, sent=tuple(typed.items()))
    act = earlier(form, start_step, day, time)
    return checked(form, told, {"why": why}, confirmed, lambda: form.make_step(act, told, why=why))


@router.post("/runs/{run_id}/steps/{step}/completion")
def finish(
    form: Stepping,
    answer: Annotated[list[Typed], Form()] = [],  # noqa: B006 (FastAPI copies it)
    column: Annotated[list[ColumnId], Form(max_length=100)] = [],  # noqa: B006
    cell: Cells = [],  # noqa: B006
    tick: Annotated[list[Ticked], Form(max_length=500)] = [],  # noqa: B006
    note: Typed = "",
    why: Typed = "",
    day: Day = "",
    time: Line = "",
    part: Part = "",
    confirmed: Confirmed = "",
) -> Response:
    """With the answer, the ticks and a note. `part` round: one more round is done; row only adds rows to the form."""
    text, rows = "\n".join(answer), rows_of_cells(column, cell) if column else None
    given = {"note": note, "why": why, "day": day, "time": time}
    typed = {"answer": text if rows is None else rows, "ticks": set(tick), **given}
    if part == "row" and rows is not None:
        return form.again(Told(form="completion", typed={**typed, "answer": [*rows, {}]}))
    lists = {"answer": answer, "column": column, "cell": cell, "tick": tick}
    sent = (*((name, one) for name, found in lists.items() for one in found), *given.items(), ("part", part))
    yours = "One more round" if part == "round" else "It is done"
    told = Told(form="completion", yours=yours, typed=typed, sent=sent)
    words = {"answer": text or "\n".join(" | ".join(row.values()) for row in rows or ()), "note": note, "why": why}
    said = {"answer": text, "rows": rows, "ticked": tick, "note": note, "why": why, "again": part == "round"}
    act = earlier(form, finish_step, day, time)
    return checked(form, told, words, confirmed, lambda: form.make_step(act, told, **said))


@router.post("/runs/{run_id}/steps/{step}/verification")
def verify(form: Checking, note: Typed = "", day: Day = "", time: Line = "", confirmed: Confirmed = "") -> Response:
    typed = {"note": note, "day": day, "time": time}
    told = Told(form="verification", yours="It is right", typed=typed, sent=tuple(typed.items()))
    act = earlier(form, verify_step, day, time)
    return checked(form, told, {"note": note}, confirmed, lambda: form.make_step(act, told, note=note))


@router.post("/runs/{run_id}/steps/{step}/return")
def send_back(form: Checking, reason: Typed = "", confirmed: Confirmed = "") -> Response:
    told = Told(form="return", yours=f"Send it back: {reason}", typed={"reason": reason}, sent=(("reason", reason),))
    return checked(form, told, {"reason": reason}, confirmed, lambda: form.make_step(return_step, told, reason=reason))


@router.post("/runs/{run_id}/steps/{step}/reopening")
def reopen(form: Stepping, reason: Typed = "", confirmed: Confirmed = "") -> Response:
    told = Told(form="reopening", yours="Take it up again", typed={"reason": reason}, sent=(("reason", reason),))
    return checked(form, told, {"reason": reason}, confirmed, lambda: form.make_step(reopen_step, told, reason=reason))
