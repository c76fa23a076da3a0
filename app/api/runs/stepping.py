"""A step goes on: it begins, is finished, checked, sent back, taken up again."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from pydantic import AwareDatetime, ConfigDict, Field
from starlette.responses import Response

from app.actions.runs.finishing import finish_step, return_step, verify_step
from app.actions.runs.stepping import reopen_step, start_step
from app.api.describing import versioned
from app.api.fields import Line, Prose
from app.api.gates.answers import Answered
from app.api.issues.change import Written
from app.api.reading import StrictRoute
from app.api.runs.change import Checking, Stepping, earlier
from app.api.runs.step_shapes import StepWhole

router = APIRouter(tags=["runs"], route_class=StrictRoute)
SEEN: Final[dict[str, Any]] = {"response_model": StepWhole, "responses": versioned()}


class Begun(Written):
    """That a step begins: now, or earlier and entered from paper."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}, {"happened": "2027-02-08T04:05:00Z"}]})

    happened: AwareDatetime | None = Field(None, strict=False, description="When it began; null: now.")
    why: Prose = Field("", description="Wanted of whoever leads and goes out of order, or before its hour.")


class Done(Answered):
    """That a step is done, with what it asks for."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{}, {"value": "412", "ticks": ["labels"], "note": "Two came twice"}]}
    )

    value: Prose | list[Line] | list[dict[str, Line]] = Field("", max_length=20_000)
    ticks: list[Line] = Field([], max_length=500, description="The paths of the lines of its checklist that hold.")
    happened: AwareDatetime | None = Field(None, strict=False, description="When it ended; null: now.")
    why: Prose = Field("", description="Wanted of whoever leads and goes out of order.")


class Round(Answered):
    """That one more round of a step is done, with the answer of that round."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"value": "3", "note": "Calm"}]})

    value: Prose | list[Line] | list[dict[str, Line]] = Field("", max_length=20_000)
    happened: AwareDatetime | None = Field(None, strict=False, description="When it was done; null: now.")


class Noted(Written):
    note: Prose = ""


class Checked(Noted):
    """That a step is right: now, or earlier and entered from paper."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "Seen at the desk"}]})

    happened: AwareDatetime | None = Field(None, strict=False, description="When it was checked; null: now.")


class Reason(Written):
    reason: Prose


@router.put("/runs/{run_id}/steps/{step}/start", summary="Begin a step", **SEEN)
def start(change: Stepping, given: Begun) -> Response:
    """Begun already is quiet. 409 with `missing` says what it waits for; whoever leads goes out of order with `why`."""
    why = given.checked()["why"]
    return change.make_seen(start_step, why=why, **earlier(given.happened))


@router.put("/runs/{run_id}/steps/{step}/completion", summary="Finish a step", **SEEN)
def finish(change: Stepping, given: Done) -> Response:
    """With its answer, its ticks and a note. Not begun, it began and ended at that moment. Finished already is quiet.
    409 with `missing` where something is still wanted.
    """
    given.checked()
    return change.make_seen(
        finish_step, answer=given.text, rows=given.rows, ticked=given.ticks, note=given.note, why=given.why,
        **earlier(given.happened),
    )  # fmt: skip


@router.post("/runs/{run_id}/steps/{step}/rounds", summary="Say that one more round is done", **SEEN)
def go_round(change: Stepping, given: Round) -> Response:
    """Of a step that is done again and again; it goes on. 409 for one that is done once."""
    given.checked()
    return change.make_seen(
        finish_step, answer=given.text, rows=given.rows, note=given.note, again=True, **earlier(given.happened)
    )


@router.put("/runs/{run_id}/steps/{step}/verification", summary="Say that a step is right", **SEEN)
def verify(change: Checking, given: Checked) -> Response:
    """For a second person, of the roles that check it. Checked already is quiet."""
    return change.make_seen(verify_step, note=given.checked()["note"], **earlier(given.happened))


@router.put("/runs/{run_id}/steps/{step}/return", summary="Send a step back", **SEEN)
def send_back(change: Checking, given: Reason) -> Response:
    """To whoever did it, instead of saying that it is right. It runs again."""
    return change.make_seen(return_step, **given.checked())


@router.put("/runs/{run_id}/steps/{step}/reopening", summary="Take a step up again", **SEEN)
def reopen(change: Stepping, given: Reason) -> Response:
    """It was not over after all: finished or skipped by mistake. For whoever leads the run. Not over is quiet."""
    return change.make_seen(reopen_step, **given.checked())
