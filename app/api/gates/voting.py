"""The vote at a gate: opened, called off, taken back. A token casts none and decides nothing, for it proves nobody."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter
from pydantic import ConfigDict, Field
from starlette.responses import Response

from app.actions.gates.deciding import decide_gate
from app.actions.gates.voting import cast_vote, close_vote, open_vote, withdraw_vote
from app.api.describing import changing, versioned
from app.api.fields import LARGEST_ID, ROLE_PATTERN, Prose, RowId, RowKey
from app.api.gates.change import Acting, Changing
from app.api.gates.shapes import GateWhole
from app.api.issues.change import Written
from app.api.kinds import PROOF_WANTED, REFUSED, STALE
from app.api.problems import problem
from app.api.reading import StrictRoute
from app.rules.gates.voting import Outcome, Vote
from app.rules.signoffs import Change as Changed

router = APIRouter(tags=["gates"], route_class=StrictRoute)


class Ballot(Written):
    """A vote on the evidence that was read."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"vote": "go", "pack": 1}]})

    vote: Vote = Field(strict=False)
    comment: Prose = Field("", description="Why; asked for unless you vote go.")
    role: str = Field("", pattern=rf"^$|{ROLE_PATTERN}", description="Empty: the first for which you may vote.")
    pack: RowKey = Field(description="The number of the evidence that you read.")


class Decision(Written):
    """An outcome, on the evidence that was read."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outcome": "deferred", "reason": "The line is late"}]})

    outcome: Outcome = Field(strict=False)
    reason: Prose = Field("", description="Asked for unless the outcome is go.")
    pack: RowKey | None = Field(None, description="The number of the evidence that you read, for what goes on.")
    seen: int | None = Field(
        None, ge=0, le=LARGEST_ID, description="The id of the last decision that you saw, 0 for none."
    )


@router.put("/gates/{gate_id}/voting", summary="Open the vote", response_model=GateWhole, responses=versioned())
def open_voting(change: Changing) -> Response:
    """The evidence of this minute is frozen, and everybody who votes is told. Open already is quiet. 409 with `missing`
    where the gate may not be held yet, and where a go stands.
    """
    return change.make_seen(open_vote, measure=change.measure, waits=change.evidence().waits)


@router.delete("/gates/{gate_id}/voting", summary="Call the vote off", response_model=GateWhole, responses=versioned())
def close_voting(change: Changing) -> Response:
    """What was cast is void. None open is quiet."""
    return change.make_seen(close_vote)


@router.post("/gates/{gate_id}/votes", summary="Vote", response_model=GateWhole, responses=changing(PROOF_WANTED))
def vote(act: Acting, given: Ballot) -> Response:
    """Refused to every token: a vote asks for a fresh proof of who you are, which only the page of the gate takes.
    Where the evidence has changed since it was frozen every vote falls, it is frozen anew, and 409 says what changed.
    """
    cast = cast_vote(act.session, act.id, **given.checked(), measure=act.measure, by=act.viewer, now=act.now)
    return act.shown() if cast.vote else _changed(cast.changes)


@router.put(
    "/gates/{gate_id}/votes/{vote_id}/withdrawal", summary="Take your vote back", response_model=GateWhole,
    responses=changing(),
)  # fmt: skip
def withdraw(act: Acting, vote_id: RowId) -> Response:
    """As long as the vote is open. Taken back or void already is quiet. It asks for no proof of who you are."""
    return act.make(withdraw_vote, vote_id)


@router.post(
    "/gates/{gate_id}/decisions", summary="Decide", response_model=GateWhole, responses=changing(PROOF_WANTED, STALE)
)
def decide(act: Acting, given: Decision) -> Response:
    """Refused to every token, as a vote is. 409 says what stands in the way, or what of the evidence has changed: then
    every vote has fallen, and nothing is decided. 412 where another decision was recorded than the one that you saw.
    """
    decided = decide_gate(
        act.session, act.id, **given.checked(), measure=act.measure, waits=act.evidence().waits, by=act.viewer,
        now=act.now,
    )  # fmt: skip
    return act.shown() if decided.decision else _changed(decided.changes)


def _changed(changes: Iterable[Changed]) -> Response:
    """An answer and no exception: that the votes fell, and what was frozen anew, is kept."""
    said = "The evidence is not the one that you read: what was voted on it is void. Read it again, then vote."
    lines = [f"{one.what}: {one.was or 'nothing'} → {one.now or 'nothing'}" for one in changes]
    return problem(REFUSED, said, {"missing": lines})
