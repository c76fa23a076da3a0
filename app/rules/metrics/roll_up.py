"""One figure for many places, by the rule that the playbook names. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Final

BY: Final = "mean by "


@dataclass(frozen=True, slots=True)
class RolledUp:
    """The figure of `places` places. `without` are those that have none, or no weight: they are not in it, and whoever
    shows it says so.
    """

    value: Decimal | None
    places: int
    without: tuple[str, ...] = ()


def weight_metric(rule: str) -> str:
    """The metric that weighs; empty where none does."""
    return rule.removeprefix(BY) if rule.startswith(BY) else ""


def roll_up(
    rule: str, values: Mapping[str, Decimal | None], weights: Mapping[str, Decimal | None] | None = None
) -> RolledUp:
    """`sum`, `mean`, `median`, or `mean by <metric>` with the `weights` of that metric at the same places; all by
    place. A mean by weights that add up to nothing has no value. Raises `ValueError` for another rule.
    """
    known = {place: value for place, value in values.items() if value is not None}
    if weight_metric(rule):
        given = weights or {}
        weighed = {place: weight for place in known if (weight := given.get(place)) is not None and weight > 0}
        left = tuple(place for place in values if place not in weighed)
        whole = sum(weighed.values(), Decimal(0))
        total = sum((known[place] * weight for place, weight in weighed.items()), Decimal(0))
        return RolledUp(total / whole if whole else None, len(weighed), left)
    left = tuple(place for place in values if place not in known)
    if not known:
        return RolledUp(None, 0, left)
    figures = list(known.values())
    match rule:
        case "sum":
            value = sum(figures, Decimal(0))
        case "mean":
            value = sum(figures, Decimal(0)) / len(figures)
        case "median":
            value = median(figures)
        case _:
            raise ValueError(f"no way to roll up: {rule}")
    return RolledUp(value, len(known), left)
