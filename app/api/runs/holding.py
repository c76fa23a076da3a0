"""A step does not go as planned: skipped, blocked, handed over, noted on."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from pydantic import AwareDatetime, ConfigDict, Field
from starlette.responses import Response

from app.actions.days import demand_years
from app.actions.intents import once
from app.actions.runs.blocking import block_step, unblock_step
from app.actions.runs.stepping import hand_over, note_on, skip_step
from app.api.describing import changing, versioned
from app.api.fields import ROLE_PATTERN, Given, Prose, RowKey
from app.api.intents import IntentKey
from app.api.issues.change import Written
from app.api.reading import StrictRoute
from app.api.runs.change import Acting, RunAct, StepId, Stepping
from app.api.runs.shapes import RunWhole
from app.api.runs.step_shapes import StepWhole
from app.api.runs.stepping import Noted
from app.models import RunEntry

router = APIRouter(tags=["runs"], route_class=StrictRoute)
SEEN: Final[dict[str, Any]] = {"response_model": StepWhole, "responses": versioned()}


class Gap(Written):
    reason: Prose = Field("", description="An optional step needs none.")


class Blocked(Written):
    """That a step cannot go on, why, how grave that is, and when it should be over."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"reason": "The console hangs", "severity": "normal", "until": "2027-02-08T05:00:00Z"}]
        }
    )

    reason: Prose
    severity: str = Field("", pattern=rf"^$|{ROLE_PATTERN}", description="Of the issue that is opened.")
    until: AwareDatetime = Field(strict=False, description="When it should be over: the forecast takes it.")


class StepHolder(Given):
    person: RowKey = Field(description="Whose step it is from now on, by id.")


class Text(Written):
    text: Prose


@router.put("/runs/{run_id}/steps/{step}/skipping", summary="Skip a step", **SEEN)
def skip(change: Stepping, given: Gap) -> Response:
    """A critical one never is. Skipped already is quiet."""
    return change.make_seen(skip_step, **given.checked())


@router.put("/runs/{run_id}/steps/{step}/block", summary="Block a step", **SEEN)
def block(change: Stepping, given: Blocked) -> Response:
    """An issue is opened, and the team is told. Blocked already: another hour is entered beside the first."""
    demand_years(until=given.until.date())
    return change.make_seen(block_step, **given.checked())


@router.put("/runs/{run_id}/steps/{step}/unblocking", summary="A step goes on", **SEEN)
def unblock(change: Stepping, given: Noted) -> Response:
    """Its issue stays open until somebody solves it. Not blocked is quiet."""
    return change.make_seen(unblock_step, **given.checked())


@router.put("/runs/{run_id}/steps/{step}/holder", summary="Hand a step over", **SEEN)
def give(change: Stepping, given: StepHolder) -> Response:
    """To somebody of the rollout, who is told. Theirs already is quiet."""
    return change.make_seen(hand_over, person=given.person)


@router.post(
    "/runs/{run_id}/steps/{step}/notes", summary="Write a note on a step", status_code=201, response_model=StepWhole,
    responses=changing(),
)  # fmt: skip
def note_step(act: Acting, step: StepId, given: Text, key: IntentKey = "") -> Response:
    """In the log of the run, in whatever version the step is."""
    _note(act, step, given, key)
    return act.shown_step(step, 201)


@router.post(
    "/runs/{run_id}/notes", summary="Write a note on a run", status_code=201, response_model=RunWhole,
    responses=changing(),
)  # fmt: skip
def note(act: Acting, given: Text, key: IntentKey = "") -> Response:
    """In its log, in whatever version it is; also when it is over."""
    _note(act, "", given, key)
    return act.shown(201)


def _note(act: RunAct, step: str, given: Text, key: str) -> None:
    text = given.checked()["text"]

    def make() -> RunEntry:
        return note_on(act.session, act.id, step=step, text=text, by=act.viewer, now=act.now)

    asked = {"run": act.id, "step": step, "text": text}
    once(act.session, key, RunEntry, make, asked=asked, by=act.viewer, now=act.now)
