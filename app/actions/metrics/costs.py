"""What the change cost, and what a full position costs: said by somebody, kept with who said it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.events import record
from app.actions.loading import key_of, load
from app.actions.tasks.opening import demand_open
from app.errors import Forbidden, Invalid, NotFound
from app.models import ImplementationCost, Location, PositionCost, Rollout
from app.plan.terms import FIRST_YEAR, LAST_YEAR
from app.rules.metrics.judging import checked_figure
from app.rules.metrics.money import FTE, ISO_4217, worth
from app.rules.people.access import Permission, Viewer
from app.stored import playbook_of

COST: Final = "implementation_cost"
POSITION: Final = "position_cost"
TITLE_LIMIT: Final = 200


def enter_cost(
    session: Session, rollout_id: int, *, title: str, amount: Decimal, currency: str, day: date, location: str = "",
    by: Viewer, now: datetime,
) -> ImplementationCost:  # fmt: skip
    """What was spent on a day, for a location or (empty) for all of them. The very same again is quiet.

    Raises NotFound, Forbidden, Refused for a closed rollout, and Invalid for title, amount, currency, day, location.
    """
    rollout = _rollout(session, rollout_id, by)
    faults = _faults(amount, currency)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        faults["day"] = f"Write a day in the years {FIRST_YEAR} to {LAST_YEAR}."
    place = session.exec(
        select(Location).where(Location.rollout_id == rollout_id, Location.slug == location)
    ).one_or_none()
    if location and place is None:
        faults["location"] = "There is no such place in this rollout."
    if faults:
        raise Invalid(faults)
    said = texts.one_line("title", title, TITLE_LIMIT)
    row = ImplementationCost(
        rollout_id=rollout_id, location_id=place.id if place else None, title=said, amount=amount, currency=currency,
        spent_on=day, by_id=by.person, at=now,
    )  # fmt: skip
    same = _same(session, row)
    if same is not None:
        return same
    session.add(row)
    session.flush()
    record(
        session, f"{COST}.entered", (COST, key_of(row)), by=by, now=now, rollout_id=key_of(rollout),
        location_id=row.location_id,
        after={"title": said, "amount": f"{amount:f}", "currency": currency, "day": day.isoformat()},
    )  # fmt: skip
    return row


def remove_cost(session: Session, cost_id: int, *, by: Viewer, now: datetime) -> ImplementationCost:
    """It counts no more; who entered and who removed it stays. A second time is quiet. Raises NotFound, Forbidden and
    Refused.
    """
    row = load(session, ImplementationCost, cost_id, "cost")
    rollout = _rollout(session, row.rollout_id, by)
    if row.removed_at is None:
        row.removed_at, row.removed_by = now, by.person
        session.add(row)
        record(
            session, f"{COST}.removed", (COST, cost_id), by=by, now=now, rollout_id=key_of(rollout),
            location_id=row.location_id, before={"title": row.title, "amount": f"{row.amount:f}"},
        )  # fmt: skip
    return row


def state_position_cost(
    session: Session, rollout_id: int, metric: str, *, amount: Decimal, currency: str, by: Viewer, now: datetime
) -> PositionCost:
    """What a full position of a metric costs in a year; it takes the place of what was said before.

    Raises NotFound, Forbidden, Refused, and Invalid for metric, amount and currency.
    """
    rollout = _rollout(session, rollout_id, by)
    figures = playbook_of(session, rollout.playbook_version_id).figures
    faults = _faults(amount, currency)
    if metric not in figures or worth(figures, metric) != FTE:
        faults["metric"] = "This figure does not count positions."
    if faults:
        raise Invalid(faults)
    stands = session.exec(
        select(PositionCost)
        .where(
            PositionCost.rollout_id == rollout_id,
            PositionCost.metric == metric,
            col(PositionCost.replaced_at).is_(None),
        )
        .with_for_update()
    ).one_or_none()
    if stands is not None and (stands.amount, stands.currency) == (amount, currency):
        return stands
    if stands is not None:
        stands.replaced_at = now
        session.add(stands)
        session.flush()
    row = PositionCost(rollout_id=rollout_id, metric=metric, amount=amount, currency=currency, by_id=by.person, at=now)
    session.add(row)
    session.flush()
    record(
        session, f"{POSITION}.stated", (POSITION, key_of(row)), by=by, now=now, rollout_id=key_of(rollout),
        before={"amount": f"{stands.amount:f}", "currency": stands.currency} if stands else None,
        after={"metric": metric, "amount": f"{amount:f}", "currency": currency},
    )  # fmt: skip
    return row


def _rollout(session: Session, rollout_id: int, by: Viewer) -> Rollout:
    rollout = load(session, Rollout, rollout_id, "rollout")
    if not by.can(Permission.SEE_PLAN, rollout=rollout_id):
        raise NotFound("rollout")
    if not by.can(Permission.ENTER_FIGURES, rollout=rollout_id):
        raise Forbidden("What the change cost is entered by directors and managers.")
    demand_open(rollout, None)
    return rollout


def _faults(amount: Decimal, currency: str) -> dict[str, str]:
    faults = {}
    if currency not in ISO_4217:
        faults["currency"] = "Write the three letters of a currency, such as USD."
    try:
        if checked_figure(amount) <= 0:
            faults["amount"] = "Write an amount above 0."
    except ValueError as fault:
        faults["amount"] = f"{str(fault)[:1].upper()}{str(fault)[1:]}."
    return faults


def _same(session: Session, row: ImplementationCost) -> ImplementationCost | None:
    """What stands and says the same: a form that was sent twice."""
    statement = select(ImplementationCost).where(
        ImplementationCost.rollout_id == row.rollout_id,
        ImplementationCost.location_id == row.location_id,
        ImplementationCost.title == row.title,
        ImplementationCost.amount == row.amount,
        ImplementationCost.currency == row.currency,
        ImplementationCost.spent_on == row.spent_on,
        col(ImplementationCost.removed_at).is_(None),
    )
    return session.exec(statement.limit(1)).first()
