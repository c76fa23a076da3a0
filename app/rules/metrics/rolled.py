"""The figure of a metric for many places, also of one that is computed: from its parts as they are rolled up. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from app.plan.format.metrics import Metric
from app.rules.metrics.roll_up import RolledUp, roll_up, weight_metric
from app.rules.metrics.standing import computed

Values = Mapping[str, Mapping[str, Decimal]]
"""By metric and place."""


def rolled(metrics: Mapping[str, Metric], id_: str, values: Values, places: Collection[str] = ()) -> RolledUp:
    """By the rule that the playbook names; `places` are those that should be in it. A computed metric is computed from
    its parts, each rolled up over the places that have all of them: a sum over four is not divided by one over three.
    """
    metric = metrics[id_]
    if metric.formula is None:
        known = values.get(id_, {})
        if not metric.roll_up:
            return RolledUp(None, 0, tuple(places))
        asked = {place: known.get(place) for place in (*known, *(one for one in places if one not in known))}
        return roll_up(metric.roll_up, asked, dict(values.get(weight_metric(metric.roll_up), {})))
    there = _with_all(metrics, id_, values)
    whole = {part: {place: one for place, one in known.items() if place in there} for part, known in values.items()}
    parts = {part: rolled(metrics, part, whole).value for part in metric.formula.metrics}
    without = tuple(place for place in places if place not in there)
    if not there or any(value is None for value in parts.values()):
        return RolledUp(None, 0, without)
    value = computed(metric.formula, {part: value for part, value in parts.items() if value is not None})
    return RolledUp(value, len(there), without)


def follows(metric: Metric) -> frozenset[str]:
    """The metrics that the roll-up of a metric is made from besides itself."""
    parts = set(metric.formula.metrics) if metric.formula else set()
    return frozenset(parts | {weight_metric(metric.roll_up or "")} - {""})


def behind(metrics: Mapping[str, Metric], id_: str) -> frozenset[str]:
    """A metric and everything that its roll-up is made from, directly or not."""
    found: set[str] = set()
    more = {id_}
    while more:
        found |= more
        more = {part for one in more for part in follows(metrics[one]) if part in metrics} - found
    return frozenset(found)


def following(metrics: Mapping[str, Metric], id_: str) -> frozenset[str]:
    """A metric and everything whose roll-up is made from it, directly or not."""
    return frozenset(one for one in metrics if id_ in behind(metrics, one))


def _with_all(metrics: Mapping[str, Metric], id_: str, values: Values) -> frozenset[str]:
    """The places that have every figure from which a metric is computed in the end."""
    read = [one for one in behind(metrics, id_) if metrics[one].formula is None]
    there = [frozenset(values.get(one, {})) for one in read]
    return frozenset.intersection(*there) if there else frozenset()
