"""Conditions and waivers: asked for, accepted or refused, met."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from fastapi import APIRouter
from pydantic import AwareDatetime, ConfigDict, Field
from starlette.responses import Response

from app.actions.gates.conditions import accept_condition, ask_condition, meet_condition, refuse_condition
from app.actions.intents import once
from app.api.describing import changing
from app.api.fields import ROLE_PATTERN, Prose, RowId, RowKey
from app.api.gates.change import Acting
from app.api.gates.shapes import GateWhole
from app.api.intents import IntentKey
from app.api.issues.change import Written
from app.api.kinds import PROOF_WANTED
from app.api.reading import StrictRoute
from app.errors import Invalid
from app.models import GateCondition

router = APIRouter(tags=["gates"], route_class=StrictRoute)
LATEST: Final = datetime(9999, 12, 30, tzinfo=UTC)
"""The last instant that has a day in every zone."""


class Asking(Written):
    """What is still open, what is done instead, who answers for it and until when."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"what": "Two lines wait", "instead": "4G", "owner": 3, "expires_at": "2027-02-20T17:00:00Z"}]
        }
    )

    criterion: str = Field("", pattern=rf"^$|{ROLE_PATTERN}", description="The criterion to waive; empty: a condition.")
    what: Prose
    instead: Prose = Field(description="What is done instead.")
    risk: Prose = ""
    owner: RowKey = Field(description="Who answers for it: a person of the rollout, by id.")
    expires_at: AwareDatetime = Field(strict=False)


class Reason(Written):
    reason: Prose


class How(Written):
    how: Prose


@router.post(
    "/gates/{gate_id}/conditions", summary="Ask for a condition, or for a waiver", status_code=201,
    response_model=GateWhole, responses=changing(),
)  # fmt: skip
def ask(act: Acting, given: Asking, key: IntentKey = "") -> Response:
    """In whatever version the gate is. Whoever decides is told."""
    said = given.checked()
    if given.expires_at > LATEST:
        raise Invalid({"expires": "This is too far away."})

    def make() -> GateCondition:
        return ask_condition(act.session, act.id, **said, by=act.viewer, now=act.now)

    once(act.session, key, GateCondition, make, asked={"gate": act.id, **said}, by=act.viewer, now=act.now)
    return act.shown(201)


@router.put(
    "/gates/{gate_id}/conditions/{condition_id}/acceptance", summary="Accept a condition", response_model=GateWhole,
    responses=changing(PROOF_WANTED),
)  # fmt: skip
def accept(act: Acting, condition_id: RowId) -> Response:
    """Refused to every token: it asks for a fresh proof of who you are, which only the page of the gate takes. Accepted
    already is quiet.
    """
    return act.make(accept_condition, condition_id)


@router.put(
    "/gates/{gate_id}/conditions/{condition_id}/refusal", summary="Refuse a condition", response_model=GateWhole,
    responses=changing(),
)  # fmt: skip
def refuse(act: Acting, condition_id: RowId, given: Reason) -> Response:
    """What was accepted can be taken back so as long as no go rests on it. Refused already is quiet."""
    return act.make(refuse_condition, condition_id, **given.checked())


@router.put(
    "/gates/{gate_id}/conditions/{condition_id}/meeting", summary="Say that a condition is met",
    response_model=GateWhole, responses=changing(),
)  # fmt: skip
def meet(act: Acting, condition_id: RowId, given: How) -> Response:
    """For its owner, and for whoever prepares the gate. Met already is quiet."""
    return act.make(meet_condition, condition_id, **given.checked())
