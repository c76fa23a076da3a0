"""What the change cost and saved, as the return shows it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from app.queries.metrics.money import CostLine, Money, SavedLine
from app.rules.clock import NBSP, count, long_day, short_day
from app.rules.metrics.money import MONTHS, RULE, Payback, volume_of
from app.rules.metrics.words import number


def shown_money(found: Money, today: date) -> dict[str, Any]:
    """Everything that the section says; `empty` where there is nothing yet."""
    return {
        "rule": RULE,
        "sums": [_sum(currency, one, found.whole, today) for currency, one in found.paybacks.items()],
        "lines": [_line(one) for one in found.lines],
        "costs": [_cost(one, today) for one in found.costs],
        "removed": [_cost(one, today) for one in found.removed],
        "positions": [(one.metric.id, one.metric.title) for one in found.lines if one.positions],
        "currencies": sorted({one.currency for one in found.lines if one.currency}),
        "empty": not found.paybacks,
    }


def amount(value: Decimal, currency: str) -> str:
    """`USD 12,400`."""
    whole = value.quantize(Decimal(1)) if abs(value) >= 100 else value
    return f"{currency}{NBSP}{number(whole)}"


def _sum(currency: str, one: Payback, whole: bool, today: date) -> dict[str, Any]:
    said = f"{amount(one.saved, currency)} saved so far"
    if whole:
        said = f"{amount(one.spent, currency)} spent, {said}"
    return {"currency": currency, "said": said, "status": "done" if one.since else "", "when": _when(one, whole, today)}


def _when(one: Payback, whole: bool, today: date) -> str:
    if not whole:
        return "What the change cost is known for the whole network only, and so is the day on which it is paid back."
    if not one.spent:
        return "No costs are entered, so there is nothing to pay back yet."
    if one.since:
        return f"Paid back: since {long_day(one.since, today)} the savings have covered the costs."
    if not one.months:
        if not one.saved:
            return "Nothing was saved that can be counted yet, so no day can be said."
        return "No whole calendar month has passed since the savings began, so no day can be said yet."
    months = count(one.months, "whole month") if one.months > 1 else "whole month"
    if one.on is None:
        return f"No day can be said: at the pace of the last {months} nothing is saved."
    said = f"Paid back around {long_day(one.on, today)} at the mean pace of the last {months}"
    first = long_day(one.earliest, today) if one.earliest else ""
    last = f"by {long_day(one.latest, today)} at the pace of the worst" if one.latest else "never at that of the worst"
    return f"{said}: on {first} at the pace of the best of them, {last}."


def _line(one: SavedLine) -> dict[str, Any]:
    metric = one.metric
    recent = list(one.months.items())[-MONTHS:]
    if one.positions and one.position is None:
        worth = "no money: nobody has said what a position costs"
        how = "Positions saved: the baseline less each reading. Say what a full one costs in a year to see its worth."
    elif one.positions and one.position:
        worth = amount(one.saved, one.currency)
        how = f"Positions saved × {amount(one.position.amount, one.currency)} a year, as {one.position.by} said it."
        if not one.added:
            how += " Shown beside and not added to the sum: the spend may hold it already."
    else:
        worth = amount(one.saved, one.currency)
        how = _how(one)
    months = [f"{day:%b %Y} {amount(value, one.currency)}" for day, value in recent] if one.currency else []
    return {
        "title": metric.title,
        "worth": worth if one.readings else "nothing yet",
        "how": how,
        "readings": count(one.readings, "period"),
        "months": "; ".join(months),
        "added": one.added and bool(one.currency),
    }


def _how(one: SavedLine) -> str:
    if volume_of(one.metric):
        return "(Baseline − the figure) × how many there were in the same days, centre by centre."
    return "Baseline − the figure of each period that counts and is about as long as those of the baseline."


def _cost(one: CostLine, today: date) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "amount": amount(one.amount, one.currency),
        "day": short_day(one.day, today),
        "place": f"{one.place} (left, not counted)" if one.left else one.place or "All centres",
        "by": one.by,
        "removed": short_day(one.removed_at.date(), today) if one.removed_at else "",
    }
