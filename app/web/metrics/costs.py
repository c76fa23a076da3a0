"""What the change cost, and what a full position costs: entered and taken out again by those who run the rollout."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.responses import Response

from app.actions.metrics.costs import enter_cost, remove_cost, state_position_cost
from app.errors import Invalid, NotFound, Refused
from app.models import ImplementationCost
from app.queries.metrics.money import money_of
from app.rules.metrics.judging import figure_of
from app.rules.people.access import Permission
from app.web.answers import see_other
from app.web.forms import Line, RowId, demanded_day
from app.web.frame import in_rollout, rail
from app.web.issues.identifiers import Confirmed, warned
from app.web.metrics.money import shown_money
from app.web.site import AllowingGuard, Db, Desk, Now
from app.web.templating import html
from app.web.told import Told

router = APIRouter()


def enters_costs(desk: Desk) -> bool:
    """What a whole rollout cost is entered by those who enter figures of the network."""
    return desk.can(Permission.ENTER_FIGURES)


GUARD = AllowingGuard(
    Permission.ENTER_FIGURES, "What the change cost is entered by directors and managers.", enters_costs
)
Costing = Annotated[Desk, Depends(GUARD)]


@router.get("/rollouts/{slug}/costs")
def show(desk: Costing, session: Db, now: Now) -> Response:
    return _page(desk, session, Told(), now)


@router.post("/rollouts/{slug}/costs")
def enter(
    desk: Costing, session: Db, now: Now, title: Line = "", amount: Line = "", currency: Line = "", day: Line = "",
    location: Line = "", confirmed: Confirmed = "",
) -> Response:  # fmt: skip
    """Sent twice it is one cost."""
    typed = {"title": title, "amount": amount, "currency": currency, "day": day, "location": location}
    if found := warned({"title": title}, confirmed):
        return _page(desk, session, Told(form="cost", typed=typed, warning=found), now)
    try:
        enter_cost(
            session, desk.rollout.id, title=title, amount=_amount(amount), currency=currency.upper(),
            day=demanded_day("day", day), location=location, by=desk.viewer, now=now,
        )  # fmt: skip
    except (Invalid, Refused) as fault:
        session.rollback()
        return _page(desk, session, Told(form="cost", typed=typed).refused(fault), now)
    return see_other(_address(desk))


@router.post("/rollouts/{slug}/costs/{cost_id}/removal")
def remove(desk: Costing, cost_id: RowId, session: Db, now: Now) -> Response:
    row = session.get(ImplementationCost, cost_id)
    if row is None or row.rollout_id != desk.rollout.id:
        raise NotFound("cost")
    try:
        remove_cost(session, cost_id, by=desk.viewer, now=now)
    except Refused as fault:
        session.rollback()
        return _page(desk, session, Told().refused(fault), now)
    return see_other(_address(desk))


@router.post("/rollouts/{slug}/costs/positions")
def position(
    desk: Costing, session: Db, now: Now, metric: Line = "", amount: Line = "", currency: Line = ""
) -> Response:
    typed = {"metric": metric, "amount": amount, "currency": currency}
    try:
        state_position_cost(
            session, desk.rollout.id, metric, amount=_amount(amount), currency=currency.upper(), by=desk.viewer, now=now
        )
    except (Invalid, Refused) as fault:
        session.rollback()
        return _page(desk, session, Told(form="position", typed=typed).refused(fault), now)
    return see_other(_address(desk))


def _amount(text: str) -> Decimal:
    try:
        return figure_of(text)
    except ValueError as fault:
        raise Invalid({"amount": f"{str(fault)[:1].upper()}{str(fault)[1:]}."}) from None


def _address(desk: Desk) -> str:
    return f"/rollouts/{desk.rollout.slug}/costs"


def _page(desk: Desk, session: Session, told: Told, now: datetime) -> Response:
    rollout, at = desk.rollout, desk.rollout.as_of(now)
    money = shown_money(money_of(session, rollout, desk.extent, rollout.today(at)), rollout.today(at))
    values: dict[str, Any] = {
        "weeks": rail(rollout, at),
        "return_href": f"/rollouts/{rollout.slug}/return",
        "address": _address(desk),
        "money": money,
        "currency": money["currencies"][0] if money["currencies"] else "USD",
        "places": [("", "All centres"), *((place.slug, place.name) for place in rollout.locations)],
        "told": told,
        "may_change": rollout.state == "running",
    }
    return html("metrics/costs.html", told.status, **in_rollout(desk, "Return"), **values)
