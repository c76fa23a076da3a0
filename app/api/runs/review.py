"""The review of a run, and measured minutes proposed for the playbook."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.runs.proposing import propose_minutes
from app.api.callers import Db
from app.api.describing import changing, reading
from app.api.fields import Given, RowId
from app.api.guards import Guard, Reader
from app.api.intents import IntentKey
from app.api.kinds import MISTAKES
from app.api.reading import StrictRoute
from app.api.runs.review_shapes import ReviewWhole
from app.api.runs.reviewed import review_whole
from app.api.tags import answer
from app.errors import Invalid
from app.queries.runs.review import review_page
from app.request import Now
from app.rules.people.access import Permission, Viewer

router = APIRouter(tags=["runs"], route_class=StrictRoute)
Proposer = Annotated[Viewer, Depends(Guard(Permission.CHANGE_PLAYBOOK))]


class Figure(Given):
    """A step, and the minutes that the review has for it."""

    step: str = Field(pattern=r"^[a-z0-9-]{1,200}$", description="The id of the step.")
    minutes: int = Field(ge=0, le=99_999, description="`minutes` of its drift.")


class Figures(Given):
    model_config = ConfigDict(json_schema_extra={"examples": [{"drifts": [{"step": "freeze", "minutes": 45}]}]})

    drifts: list[Figure] = Field(max_length=300, description="What is proposed; each step once.")

    @property
    def by_step(self) -> dict[str, int]:
        """Raises Invalid for a step that is named twice."""
        found = {one.step: one.minutes for one in self.drifts}
        if len(found) != len(self.drifts):
            raise Invalid({"drifts": "Name each step once."})
        return found


@router.get("/runs/{run_id}/review", summary="The review of a run", response_model=ReviewWhole, responses=reading())
def show(request: Request, run_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    """Planned against real, and what all runs of the runbook measured. What was typed is in the log of the run."""
    return _shown(request, session, run_id, viewer, now)


@router.post(
    "/runs/{run_id}/review/proposals", summary="Propose measured minutes", status_code=201,
    response_model=ReviewWhole, responses=changing(MISTAKES),
)  # fmt: skip
def propose(
    request: Request, run_id: RowId, given: Figures, viewer: Proposer, session: Db, now: Now, key: IntentKey = ""
) -> Response:
    """For the playbook, as a proposal that is decided as every other: `Location` leads to it. 409 where other minutes
    are measured by now, or these were proposed before; those that wait in a proposal just so are quiet.
    """
    row = propose_minutes(session, run_id, minutes=given.by_step, token=key, by=viewer, now=now)
    return _shown(request, session, run_id, viewer, now, status=201, location=f"/api/v1/proposals/{row.id}")


def _shown(
    request: Request, session: Session, run_id: int, viewer: Viewer, now: datetime, *, status: int = 200,
    location: str = "",
) -> Response:  # fmt: skip
    session.flush()
    session.expire_all()
    page = review_page(session, run_id, viewer, now)
    return answer(request, review_whole(page), version=page.room.run.version, status=status, location=location)
