"""A reading is taken out."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.actions.metrics.withdrawing import withdraw_reading
from app.api.callers import Db
from app.api.describing import changing
from app.api.fields import Prose, RowId
from app.api.figures.readings import reading_of
from app.api.figures.shapes import Reading
from app.api.guards import Seeing
from app.api.issues.change import Written
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.errors import NotFound
from app.models import MetricReading
from app.request import Now

router = APIRouter(tags=["metrics"], route_class=StrictRoute)


class TakenOut(Written):
    reason: Prose


@router.put(
    "/rollouts/{slug}/readings/{reading_id}/withdrawal", summary="Take a reading out", response_model=Reading,
    responses=changing(),
)  # fmt: skip
def take_out(request: Request, given: TakenOut, desk: Seeing, reading_id: RowId, session: Db, now: Now) -> Response:
    """It is kept and counts no more; another one may be entered for its days. A second time is quiet."""
    row = session.get(MetricReading, reading_id)
    if row is None or row.rollout_id != desk.rollout.id:
        raise NotFound("reading")
    found = withdraw_reading(session, reading_id, reason=given.checked()["reason"], by=desk.viewer, now=now)
    return answer(request, reading_of(desk, found))
