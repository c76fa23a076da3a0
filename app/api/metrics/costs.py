"""What the change cost: listed, entered, taken out."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.metrics.costs import enter_cost, remove_cost
from app.api.callers import Db
from app.api.describing import changing, reading
from app.api.fields import Day, Given, Line, RowId
from app.api.guards import Desk, Seeing
from app.api.metrics.shapes import CostList, CostShape
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.errors import Forbidden, NotFound
from app.models import ImplementationCost
from app.queries.metrics.money import CostLine, money_of
from app.request import Now
from app.rules.people.access import Permission

router = APIRouter(tags=["return"], route_class=StrictRoute)


class NewCost(Given):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"title": "Training", "amount": "12000", "currency": "USD", "day": "2027-02-01"}]
        }
    )

    title: Line
    amount: Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$", description="As a text.")]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217.")]
    day: Day
    location: Line = Field("", description="A location's id; empty for all of them.")


@router.get("/rollouts/{slug}/costs", summary="What the change cost", response_model=CostList, responses=reading())
def list_costs(request: Request, desk: Seeing, session: Db, now: Now) -> Response:
    """Those that were taken out too, and those of a location that has left: they are in no sum. People of single
    locations see the costs of those.
    """
    return answer(request, CostList(costs=[_shape(one) for one in _lines(session, desk, now)]))


@router.post(
    "/rollouts/{slug}/costs", summary="Enter a cost", status_code=201, response_model=CostShape, responses=changing()
)
def enter(request: Request, desk: Seeing, body: NewCost, session: Db, now: Now) -> Response:
    """The very same cost again is the one that stands."""
    row = enter_cost(
        session, desk.rollout.id, title=body.title, amount=Decimal(body.amount), currency=body.currency, day=body.day,
        location=body.location, by=desk.viewer, now=now,
    )  # fmt: skip
    return answer(request, _shape(_line(session, desk, row.id or 0, now)), status=201)


@router.delete(
    "/rollouts/{slug}/costs/{cost_id}", summary="Take a cost out", response_model=CostShape, responses=changing()
)
def remove(request: Request, desk: Seeing, cost_id: RowId, session: Db, now: Now) -> Response:
    """It counts no more; who entered it and who took it out stays."""
    if not desk.viewer.can(Permission.ENTER_FIGURES, rollout=desk.rollout.id):
        raise Forbidden("What the change cost is entered by directors and managers.")
    row = session.get(ImplementationCost, cost_id)
    if row is None or row.rollout_id != desk.rollout.id:
        raise NotFound("cost")
    remove_cost(session, cost_id, by=desk.viewer, now=now)
    return answer(request, _shape(_line(session, desk, cost_id, now)))


def _lines(session: Session, desk: Desk, now: Now) -> list[CostLine]:
    found = money_of(session, desk.rollout, desk.extent, desk.rollout.today(now))
    return sorted((*found.costs, *found.removed), key=lambda one: one.id)


def _line(session: Session, desk: Desk, key: int, now: Now) -> CostLine:
    return next(one for one in _lines(session, desk, now) if one.id == key)


def _shape(one: CostLine) -> CostShape:
    return CostShape(
        id=one.id, title=one.title, amount=f"{one.amount:f}", currency=one.currency, day=one.day,
        location=one.location or None, by=one.by, at=one.at, removed_at=one.removed_at,
    )  # fmt: skip
