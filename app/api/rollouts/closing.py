"""A rollout is closed, taken up again, and followed by another."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from app.actions.intents import once
from app.actions.rollouts.closing import close_rollout, next_rollout, reopen_rollout
from app.api.callers import Db
from app.api.describing import changing, versioned
from app.api.fields import Given, Line, Prose, RowKey
from app.api.guards import Directing
from app.api.intents import IntentKey
from app.api.reading import StrictRoute
from app.api.rollouts.draft import Drafting, new_rollout
from app.api.rollouts.running import Why
from app.api.rollouts.shapes import RolloutWhole
from app.models import Rollout
from app.request import Now

router = APIRouter(tags=["rollouts"], route_class=StrictRoute)


class Closing(Given):
    note: Prose = Field(description="What is to be remembered of it.")


class Following(Given):
    """The next rollout, from the playbook and the people of this one."""

    title: Line
    playbook: RowKey = Field(description="The `id` of this version of the playbook, or of a newer one.")
    locations: bool = Field(False, description="With its locations.")
    people_there: bool = Field(False, description="And who holds a role at them.")


@router.put("/rollouts/{slug}/closing", summary="Close a rollout", response_model=RolloutWhole, responses=versioned())
def close(draft: Drafting, given: Closing) -> Response:
    """It is only read from then on. Closed already is quiet."""
    return draft.make(close_rollout, note=given.note)


@router.put(
    "/rollouts/{slug}/reopening", summary="Take a closed rollout up again", response_model=RolloutWhole,
    responses=versioned(),
)  # fmt: skip
def reopen(draft: Drafting, given: Why) -> Response:
    """With all its dates as they were. Open already is quiet."""
    return draft.make(reopen_rollout, reason=given.reason)


@router.post(
    "/rollouts/{slug}/next", summary="Draft the next rollout", status_code=201, response_model=RolloutWhole,
    responses=changing(),
)  # fmt: skip
def follow(request: Request, given: Following, desk: Directing, session: Db, now: Now, key: IntentKey = "") -> Response:
    """From the playbook of this one, or a newer version of it, and the people of its network."""

    def make() -> Rollout:
        return next_rollout(
            session, desk.rollout.id, title=given.title, playbook_version_id=given.playbook,
            locations=given.locations, people_there=given.people_there, by=desk.viewer, now=now,
        )  # fmt: skip

    asked = {"follows": desk.rollout.id, **given.model_dump()}
    row = once(session, key, Rollout, make, asked=asked, by=desk.viewer, now=now)
    return new_rollout(request, session, row, desk.viewer, now)
